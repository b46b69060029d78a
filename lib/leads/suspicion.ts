import type { PageMark } from './page-mark.ts';
import type { Verdict } from './store.ts';

// What a submission looks like, and what is thought of it. Pure: the same signs give the same verdict, with words that
// the agent team can weigh. No sign that a person may show (autofill in a hidden field, an old page, a browser that
// hides itself) is enough alone (docs/decisions/0015-weigh-submissions.md).

/** What was seen of one submission. */
export type Signs = {
  name: string;
  email: string;
  /** Whether the field that people do not see was filled in. */
  trapFilled: boolean;
  mark: PageMark;
  /** How many forms were sent with the same mark, and with the same mail address, this one included. */
  sentWithMark: number;
  sentWithAddress: number;
  /** Whether the form's own number came with it, and what every browser says of the page it sends from. */
  hasSubmissionId: boolean;
  fromPage: boolean;
  /** `solved` proof of work, or none at an ordinary time, or none while the site is flooded. */
  proof: 'solved' | 'unneeded' | 'missing';
};

const ENOUGH = 3;

const FASTEST_SECONDS = 1.5;
const OLD_SECONDS = 30 * 24 * 60 * 60;
/** Back, corrected, a duplicated tab, sent again: one page becomes a few submissions, never many. */
const SENT_FROM_ONE_PAGE = 5;
const SENT_BY_ONE_PERSON = 3;
const MANY_TO_ONE_ADDRESS = 10;

const LINK = /https?:\/\/|\bwww\.|<\s*a\b|\[url|\]\(/i;
const DOMAIN = /[a-z0-9-]\.(?:com|net|org|info|biz|xyz|top|site|online|shop|click|link|ru|cn|io|me|co|jp)\b/i;

type Sign = { weight: number; words: string };

/**
 * Welcome, or quarantined with what spoke against it: Japanese, without anything that was typed. The visitor is
 * answered the same either way; `leads release` sends the mails.
 */
export function judge(signs: Signs): Verdict {
  const found = [name(signs), trap(signs), page(signs), address(signs), sender(signs), flood(signs)].flat();
  const weight = found.reduce((sum, sign) => sum + sign.weight, 0);
  if (weight < ENOUGH) return { status: 'welcome' };
  return { status: 'quarantined', reason: `自動送信の疑い：${found.map(({ words }) => words).join('、')}` };
}

function name({ name, email }: Signs): Sign[] {
  if (LINK.test(name)) return [{ weight: 3, words: 'お名前にリンクがある' }];
  // A password manager may put the login, a mail address, into the name.
  if (name.toLowerCase() === email.toLowerCase() || !DOMAIN.test(name)) return [];
  return [{ weight: 2, words: 'お名前にサイトの名前がある' }];
}

function trap({ trapFilled }: Signs): Sign[] {
  return trapFilled ? [{ weight: 2, words: '人には見えない欄に入力がある' }] : [];
}

/** What the page's mark says, once: its signs are not independent of each other, and an old page has the same. */
function page({ mark, sentWithMark }: Signs): Sign[] {
  const words = doubts(mark, sentWithMark);
  return words === undefined ? [] : [{ weight: 1, words }];
}

function doubts(mark: PageMark, sentWithMark: number): string | undefined {
  if (mark.status === 'absent') return 'フォームの印がない';
  if (mark.status === 'forged') return 'フォームの印が本物でない';
  if (sentWithMark > SENT_FROM_ONE_PAGE) return '1つの画面から何件も送られている';
  if (mark.ageSeconds >= 0 && mark.ageSeconds < FASTEST_SECONDS) return '画面を開いてから送信までが早すぎる';
  return mark.ageSeconds > OLD_SECONDS ? '30日より前に開いた画面から送られている' : undefined;
}

function address({ sentWithAddress }: Signs): Sign[] {
  if (sentWithAddress <= SENT_BY_ONE_PERSON) return [];
  const weight = sentWithAddress > MANY_TO_ONE_ADDRESS ? 3 : 1;
  return [{ weight, words: '同じメールアドレスで何件も送られている' }];
}

function sender({ hasSubmissionId, fromPage }: Signs): Sign[] {
  return [
    ...(hasSubmissionId ? [] : [{ weight: 1, words: 'フォームの番号がない' }]),
    ...(fromPage ? [] : [{ weight: 1, words: 'ブラウザーの画面から送られていない' }]),
  ];
}

/** While the site is flooded, who was asked for a proof of work must bring it; who was not must be above doubt. */
function flood({ proof, mark }: Signs): Sign[] {
  if (proof !== 'missing') return [];
  return mark.status === 'ours' && mark.asked
    ? [{ weight: 3, words: '送信が集中している間に、計算の証明（JavaScriptが必要）なしで送られた' }]
    : [{ weight: 2, words: '送信が集中している' }];
}
