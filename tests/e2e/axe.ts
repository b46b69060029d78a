import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules that look at colours: of all, only these can judge the same page otherwise in another colour scheme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What breaks WCAG 2.2 AA or axe's best practices in the page as it is; `colours`: the rules about colours alone. */
export async function violationsIn(
  page: Page,
  rules: 'all' | 'colours' = 'all',
): Promise<[rule: string, at: unknown][]> {
  // No page has frames, so axe needs no page of its own to bring their results together; and nobody asks for what
  // passed. Together a third of the time.
  const builder = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await (rules === 'all' ? builder.withTags(TAGS) : builder.withRules(COLOURS)).analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]);
}

export async function expectNoViolations(page: Page, rules: 'all' | 'colours' = 'all'): Promise<void> {
  expect(await violationsIn(page, rules)).toEqual([]);
}
