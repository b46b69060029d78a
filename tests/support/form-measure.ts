import type { Browser } from 'playwright';
import type { PersonId } from './form-people.ts';
import { type Visit, visitForm } from './form-visit.ts';
import { ERROR_FACTOR, LIMIT_SECONDS, MODES, type Mode, OPERATORS, promisedSeconds, secondsOf } from './klm.ts';

export const PERSON_IDS: readonly PersonId[] = ['short', 'usual', 'long'];

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/**
 * Every mode as every person, on the site at `url`, and the constants that turn it into seconds: what lib/claim.ts reads.
 * The site's answer knows neither mode nor person, so its time is the `middle` of all that were measured.
 * @throws when what happened is not what the document demands: then nothing was measured.
 */
export async function measureForm(
  browser: Browser,
  url: string,
  { commit, middle }: { commit: string; middle: (values: readonly number[]) => number },
) {
  const visits: { mode: Mode; person: PersonId; visit: Visit }[] = [];
  for (const mode of MODES) {
    for (const person of PERSON_IDS) {
      const visit = await visitForm(browser, url, { mode, person });
      const [happened, demanded] = [JSON.stringify(visit.happened), JSON.stringify(visit.demanded)];
      if (happened !== demanded)
        throw new Error(`${mode} ${person}: counted ${happened}, the form demands ${demanded}`);
      visits.push({ mode, person, visit });
    }
  }
  const responseSeconds = rounded(middle(visits.map(({ visit }) => visit.responseSeconds)));
  const runs = visits.map(({ mode, person, visit: { happened: operators } }) => ({
    mode,
    person,
    operators,
    responseSeconds,
    seconds: rounded(secondsOf(operators, mode) + responseSeconds),
    promisedSeconds: rounded(promisedSeconds(operators, mode, responseSeconds)),
    limitSeconds: LIMIT_SECONDS[mode],
  }));
  const constants = Object.entries(OPERATORS).map(([id, operator]) => ({ id, ...operator }));
  return { measuredAt: new Date().toISOString(), commit, errorFactor: ERROR_FACTOR, constants, runs };
}
