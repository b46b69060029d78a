import { test as base } from 'playwright/test';
import { type Inbox, openInbox } from '../support/inbox.ts';
import { type RunningSite, runSite } from '../support/running-site.ts';

type Site = RunningSite & { inbox: Inbox };

/** Every worker gets the built site with a folder, a port and a real mail server of its own. */
export const test = base.extend<{ startSite: typeof runSite }, { site: Site }>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from this pattern.
    async ({}, use) => {
      const inbox = await openInbox();
      const site = await runSite({
        SMTP_URL: inbox.smtpUrl,
        LEADS_TO: 'team@example.jp',
        MAIL_FROM: 'site@example.jp',
      });
      await use(Object.assign(site, { inbox }));
      await site.remove();
      await inbox.close();
    },
    { scope: 'worker' },
  ],
  /** Sites of one test, with settings of its own; gone after it, also when it ran out of time. */
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from this pattern.
  startSite: async ({}, use) => {
    const sites: RunningSite[] = [];
    await use(async (environment) => {
      const site = await runSite(environment);
      sites.push(site);
      return site;
    });
    await Promise.all(sites.map((site) => site.remove('SIGKILL')));
  },
  baseURL: async ({ site }, use) => use(site.url),
});
