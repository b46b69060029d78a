import { z } from 'zod';
import { CTA_PLACES } from '#lib/site.ts';

/**
 * The one description of what a visitor answers: order, words, limits and messages, for the browser, the server, the
 * store and the mails. Pure: no Node, no phone library (lib/leads/phone.ts refines the number on the server).
 */

export const START_CHOICES = {
  now: 'すぐに',
  month: '1か月以内',
  quarter: '3か月以内',
  undecided: '未定・情報収集',
} as const;
export type Start = keyof typeof START_CHOICES;

/** The four questions in the order of the form, which is also the order of faults, mails and exports. */
export const QUESTIONS = ['name', 'email', 'phone', 'start'] as const;

/** Under which name a tab keeps what was typed, in its session storage. */
export const DRAFT_KEY = 'register';
export type Question = (typeof QUESTIONS)[number];

export const LABELS: Record<Question, string> = {
  name: 'お名前',
  email: 'メールアドレス',
  phone: '電話番号',
  start: 'いつから稼働できますか',
};

const MESSAGES = {
  nameEmpty: 'お名前を入力してください',
  nameLong: 'お名前は80文字以内で入力してください',
  emailEmpty: 'メールアドレスを入力してください',
  emailForm: 'メールアドレスは「name@example.jp」のように、@とドメインを含めて入力してください',
  emailLong: 'メールアドレスは254文字以内で入力してください',
  phoneEmpty: '電話番号を入力してください',
  phoneForm: '電話番号は「090-1234-5678」のように数字で入力してください',
  phoneShort: '電話番号の桁数が足りません。市外局番から入力してください',
  phoneLong: '電話番号の桁数が多すぎます。番号を1つだけ入力してください',
  startEmpty: 'いつから稼働できるかを選んでください',
} as const;

export { MESSAGES as ANSWER_MESSAGES };

/**
 * Whether a text has more than `most` characters as people count them. The segmenter is made when one may be too long:
 * that takes longer than all other checks, and browsers without it (Firefox before 125) must be able to load this file.
 */
const isLonger = (text: string, most: number): boolean =>
  text.length > most && [...new Intl.Segmenter('ja', { granularity: 'grapheme' }).segment(text)].length > most;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** What a visitor typed, without what no keyboard types: control characters and unpaired surrogates. */
const typedLine = z.string().transform((text) => text.toWellFormed().replace(CONTROL, ''));

/** Full-width ASCII as its half-width twin. Not NFKC: that would also change characters that people mean. */
export function halfWidth(text: string): string {
  return text.replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ');
}

/** A mail address as people mean it: full-width typing, Japanese full stops and stray spaces mended, case kept. */
export function mendEmail(typed: string): string {
  return halfWidth(typed)
    .replace(/[。｡．]/g, '.')
    .replace(/[\s\u200b\u200e\u200f\u2060\ufeff]/g, '')
    .replace(/^mailto:/i, '');
}

/** A telephone number reduced to what is dialled: digits with an optional leading `+`. */
export function dialled(typed: string): string {
  return halfWidth(typed).replace(/[^\d+]/g, '');
}

// Deliberately looser than RFC 5322 and than z.email(): docomo and au handed out addresses with `..` and `.@`.
const EMAIL = /^[^\s@"(),:;<>[\]\\]{1,64}@(?:[^\s@"(),:;<>[\]\\.]+\.)+[^\s@"(),:;<>[\]\\.\d-][^\s@"(),:;<>[\]\\.]*$/u;

const name = typedLine
  .transform((text) => text.trim())
  .superRefine((text, context) => {
    if (text === '') context.addIssue(MESSAGES.nameEmpty);
    else if (isLonger(text, 80)) context.addIssue(MESSAGES.nameLong);
  });

const email = typedLine.transform(mendEmail).superRefine((address, context) => {
  if (address === '') context.addIssue(MESSAGES.emailEmpty);
  else if (address.length > 254) context.addIssue(MESSAGES.emailLong);
  else if (!EMAIL.test(address)) context.addIssue(MESSAGES.emailForm);
});

const phone = typedLine
  .transform((text) => text.trim())
  .superRefine((text, context) => {
    const digits = dialled(text).replace('+', '').length;
    if (text === '') context.addIssue(MESSAGES.phoneEmpty);
    else if (/\p{L}/u.test(halfWidth(text).replaceAll('ー', '')) || digits === 0) context.addIssue(MESSAGES.phoneForm);
    else if (digits < 10) context.addIssue(MESSAGES.phoneShort);
    else if (digits > 15) context.addIssue(MESSAGES.phoneLong);
  });

const start = z
  .string({ error: MESSAGES.startEmpty })
  .pipe(z.enum(Object.keys(START_CHOICES) as [Start, ...Start[]], { error: MESSAGES.startEmpty }));

/** The four answers as they are kept: mended where the contract allows, otherwise byte for byte. */
export const answersSchema = z.object({ name, email, phone, start });
export type Answers = z.infer<typeof answersSchema>;

/** What stood in the fields, right or wrong, so that it can be shown again. */
export type Typed = Partial<Record<Question, string>>;

/** One thing to mend: the same words stand in the summary and at the field. */
export type Fault = { field: Question; message: string };

/** Where a visitor came from. Unknown or malformed values are left out: they never cost a lead. */
export const sourceSchema = z.object({
  article: z
    .string()
    .regex(/^[a-z0-9-]{1,100}$/)
    .optional()
    .catch(undefined),
  cta: z.enum(CTA_PLACES).optional().catch(undefined),
  referrer: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional()
    .catch(undefined),
  utm: z
    .string()
    .regex(/^[\w.~%&=+-]{1,500}$/)
    .optional()
    .catch(undefined),
});
export type Source = z.infer<typeof sourceSchema>;

/** Minted in the page, once a form; the same id is one lead however often it arrives. */
export const submissionIdSchema = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);

/** A piece of work for the visitor's browser (ALTCHA, first version): the number below `maxnumber` that gives `challenge`. */
export type Challenge = {
  algorithm: 'SHA-256';
  challenge: string;
  maxnumber: number;
  salt: string;
  signature: string;
};

/**
 * The field that nobody sees. Free text under a name that machines like to fill in; no autofill and no password manager
 * has anything for it.
 */
export const TRAP = 'message';

/** What a visitor is told after acceptance, and what the address of the thanks page stands for. */
export type Receipt = { leadId: string; number: string; receivedAt: Date; replyDueAt: Date };

/** What became of a submission. The visitor's page, the status and the words all follow from `status` alone. */
export type SubmitOutcome =
  | { status: 'accepted'; receipt: Receipt }
  | { status: 'invalid'; faults: Fault[]; typed: Typed }
  | { status: 'limited'; retryAt: Date; typed: Typed }
  | { status: 'unstored'; typed: Typed };

/**
 * What the browser is told of a `SubmitOutcome`; it travels as JSON between builds of different age, so a field may
 * be added here but none renamed. `retryFrom` is in words.
 */
export const formAnswerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), thanks: z.string().startsWith('/register/thanks') }),
  z.object({
    status: z.literal('invalid'),
    faults: z.array(z.object({ field: z.enum(QUESTIONS), message: z.string() })),
  }),
  z.object({ status: z.literal('limited'), retryFrom: z.string() }),
  z.object({ status: z.literal('unstored') }),
]);
export type FormAnswer = z.infer<typeof formAnswerSchema>;

/** The two mails of a lead; one row of the outbox for each recipient. */
export const MAIL_KINDS = ['agent', 'visitor'] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/**
 * A lead as it is stored and exported (README "Lead record"). Instants are `Date` in the process and ISO 8601 with
 * `+09:00` in an export. `revision` counts what one form sent: 2 is the first correction.
 */
export const leadSchema = z.object({
  id: z.uuid(),
  number: z.string(),
  revision: z.number().int().min(1),
  receivedAt: z.coerce.date(),
  replyDueAt: z.coerce.date(),
  name: z.string(),
  email: z.string(),
  phone: z.string(),
  phoneE164: z.string(),
  start: z.enum(Object.keys(START_CHOICES) as [Start, ...Start[]]),
  followUp: z.record(z.string(), z.string()).optional(),
  /** What this revision is for, when it is not the form's own answers. */
  occasion: z.enum(['follow-up', 'withdrawal']).optional(),
  source: sourceSchema,
  consent: z.object({ version: z.string(), at: z.coerce.date() }),
  state: z.enum(['new', 'quarantined', 'answered']),
  reason: z.string().optional(),
  mails: z.array(
    z.object({
      kind: z.enum(MAIL_KINDS),
      messageId: z.string(),
      state: z.enum(['pending', 'sent', 'dead']),
      attempts: z.number().int(),
      lastError: z.string().optional(),
      sentAt: z.coerce.date().optional(),
    }),
  ),
});
export type Lead = z.infer<typeof leadSchema>;

/** What is left of a lead once its person was erased: that there was one, and when. */
export const erasedLeadSchema = leadSchema
  .pick({ id: true, number: true, receivedAt: true, replyDueAt: true })
  .extend({ state: z.literal('erased') });
export type ErasedLead = z.infer<typeof erasedLeadSchema>;

/** A row of the agent team's records. */
export type LeadRecord = Lead | ErasedLead;
