import type { Page } from 'playwright';

/** A question put into the served page after `after`: what a marketing meeting would add. It is not sent. */
async function insert(page: Page, after: string, html: string): Promise<void> {
  await page.evaluate(
    ([selector = '', markup = '']) => {
      const question = document.querySelector(`main form [name=${selector}]`)?.closest('.question');
      if (!question) throw new Error(`no question ${selector}`);
      question.insertAdjacentHTML('afterend', markup);
    },
    [after, html],
  );
}

const field = (question: string, label: string, type = 'text'): string =>
  `<div class="question"><label class="question-label" for="x-${question}">${label}</label>
  <input class="field" id="x-${question}" data-question="${question}" type="${type}"></div>`;

const JOBS = ['PM', 'PMO', 'PdM', 'ITコンサルタント', '事業企画'];

/** Forms that must not be called 60 seconds. Each changes the page as it was served, not the site. */
export const MUTANTS: Record<string, (page: Page) => Promise<void>> = {
  フリガナの欄: (page) => insert(page, 'name', field('kana', 'フリガナ')),
  メールアドレスの確認入力: (page) => insert(page, 'email', field('email2', 'メールアドレス（確認）', 'email')),
  三つに分かれた電話番号: async (page) => {
    const part = (number: number) => `<input data-question="phone${number}" type="tel" aria-label="電話番号${number}">`;
    await insert(page, 'phone', `<div class="question" id="x-phone">${[1, 2, 3].map(part).join(' - ')}</div>`);
    await page.evaluate(() => {
      const whole = document.querySelector<HTMLInputElement>('main form [name=phone]');
      const parts = document.querySelectorAll<HTMLInputElement>('#x-phone input');
      const join = (): void => {
        if (whole) whole.value = [...parts].map(({ value }) => value).join('-');
      };
      if (whole) whole.style.display = 'none';
      document.querySelector('#x-phone')?.addEventListener('input', join);
    });
  },
  確認画面: (page) =>
    page.evaluate(() => {
      const form = document.querySelector<HTMLFormElement>('main form');
      const shown = [...(form?.children ?? [])].filter((child): child is HTMLElement => child instanceof HTMLElement);
      const review = (event: Event): void => {
        event.preventDefault();
        event.stopImmediatePropagation();
        for (const child of shown) child.style.display = 'none';
        const data = new FormData(form ?? undefined);
        const answers = ['name', 'email', 'phone', 'start'].map((name) => `<dd>${String(data.get(name))}</dd>`);
        const labels = ['お名前', 'メールアドレス', '電話番号', 'いつから稼働できますか'];
        const list = labels.map((label, index) => `<dt>${label}</dt>${answers[index]}`).join('');
        form?.insertAdjacentHTML(
          'beforeend',
          `<h2>入力内容の確認</h2><dl>${list}</dl><p>この内容でよろしければ、登録を押してください。</p><button>登録する</button>`,
        );
        form?.querySelector('button:last-of-type')?.scrollIntoView({ block: 'nearest' });
      };
      window.addEventListener('submit', review, { capture: true, once: true });
    }),
  自由記述の欄: (page) =>
    insert(
      page,
      'start',
      `<div class="question"><label class="question-label" for="x-wishes">ご希望の条件</label>
      <textarea class="field" id="x-wishes" data-question="wishes"></textarea></div>`,
    ),
  職種の複数選択: (page) =>
    insert(
      page,
      'start',
      `<fieldset class="question"><legend class="question-label">ご希望の職種（複数選択）</legend><div class="choices">${JOBS.map(
        (job) => `<label class="choice"><input type="checkbox" data-question="jobs">${job}</label>`,
      ).join('')}</div></fieldset>`,
    ),
};
