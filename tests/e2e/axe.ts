import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules that look at colours: of all, only these can judge the same page otherwise in another colour scheme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** No violation of WCAG 2.2 AA or of axe's best practices in the page as it is; `colours`: of the rules about colours. */
export async function expectNoViolations(page: Page, rules: 'all' | 'colours' = 'all'): Promise<void> {
  const builder = new AxeBuilder({ page });
  const { violations } = await (rules === 'all' ? builder.withTags(TAGS) : builder.withRules(COLOURS)).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
}
