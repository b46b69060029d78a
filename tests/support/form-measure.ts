import type { Browser } from 'playwright';
import type { PersonId } from './form-people.ts';
import { type Visit, visitForm } from './form-visit.ts';
import { ERROR_FACTOR, LIMIT_SECONDS, MODES, type Mode, OPERATORS, promisedSeconds, secondsOf } from './klm.ts';

export const PERSON_IDS: readonly PersonId[] = ['short', 'usual', 'long'];

/** What the site's answer takes differs from time to time: the middle of so many counts. The operators do not. */
const VISITS = 3;

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** One run as it is written down (lib/claim.ts). @throws when what happened is not what the document demands. */
export function recorded(visit: Visit, mode: Mode, person: PersonId) {
  const [happened, demanded] = [JSON.stringify(visit.happened), JSON.stringify(visit.demanded)];
  if (happened !== demanded) throw new Error(`${mode} ${person}: counted ${happened}, the form demands ${demanded}`);
  const { happened: operators, responseSeconds } = visit;
  return {
    mode,
    person,
    operators,
    responseSeconds: rounded(responseSeconds),
    seconds: rounded(secondsOf(operators, mode) + responseSeconds),
    promisedSeconds: rounded(promisedSeconds(operators, mode, responseSeconds)),
    limitSeconds: LIMIT_SECONDS[mode],
  };
}

/** Every mode as every person, on the site at `url`, and the constants that turn it into seconds. */
export async function measureForm(browser: Browser, url: string, commit: string) {
  const runs: ReturnType<typeof recorded>[] = [];
  for (const mode of MODES) {
    for (const person of PERSON_IDS) {
      const visits: Visit[] = [];
      for (let visit = 0; visit < VISITS; visit++) visits.push(await visitForm(browser, url, { mode, person }));
      const waited = visits.toSorted((a, b) => a.responseSeconds - b.responseSeconds);
      const middle = waited[Math.floor(VISITS / 2)];
      if (middle) runs.push(recorded(middle, mode, person));
    }
  }
  const constants = Object.entries(OPERATORS).map(([id, operator]) => ({ id, ...operator }));
  return { measuredAt: new Date().toISOString(), commit, errorFactor: ERROR_FACTOR, constants, runs };
}
