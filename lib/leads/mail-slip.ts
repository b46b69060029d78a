/**
 * Domains that people in Japan write most, and what they mistype them to. A page of our own: the packages for it know no
 * Japanese carrier (docs/decisions/0018). Pure.
 */
const KNOWN = [
  ...['docomo.ne.jp', 'ezweb.ne.jp', 'au.com', 'softbank.ne.jp', 'i.softbank.jp', 'ymobile.ne.jp', 'ymobile1.ne.jp'],
  ...['gmail.com', 'yahoo.co.jp', 'yahoo.ne.jp', 'icloud.com', 'outlook.jp', 'outlook.com', 'outlook.co.jp'],
  ...['hotmail.co.jp', 'hotmail.com', 'live.jp', 'msn.com', 'me.com', 'mac.com', 'googlemail.com', 'proton.me'],
  ...['nifty.com', 'biglobe.ne.jp', 'ocn.ne.jp', 'so-net.ne.jp', 'plala.or.jp', 'dion.ne.jp', 'uqmobile.jp'],
  ...['rakuten.jp', 'rakumail.jp', 'excite.co.jp', 'infoseek.jp', 'jcom.home.ne.jp', 'eonet.ne.jp', 'asahi-net.or.jp'],
] as const;

/** Real domains that look like slips of the ones above. */
const REAL = new Set(['ymail.com', 'mail.com', 'email.com', 'gmx.com', 'aol.com', 'yahoo.com', 'live.com', 'pm.me']);

/** Endings that no registry has, with what was meant. */
const ENDINGS: readonly [RegExp, string][] = [
  [/\.(?:con|cim|vom|xom|cpm|ocm|cmo|comm|coml|comn)$/, '.com'],
  [/\.(ne|co|or|ac|go)\.(?:jo|jpp|jpn|ip|hp|kp|lp|jp\d)$/, '.$1.jp'],
  [/\.(?:(ne|co|or|ac|go)jp)$/, '.$1.jp'],
  [/\.(?:jpp|jpn|jo\.jp)$/, '.jp'],
];

/** A shorter domain is one slip away from too many others. */
const SHORTEST = 8;

/**
 * What `email` was likely meant to be, when its domain looks mistyped; undefined otherwise. Something to offer and never
 * to insist on: any domain may exist.
 */
export function likelyMeant(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1).toLowerCase();
  if (at < 1 || isKnown(domain) || REAL.has(domain)) return undefined;
  const meant = nearest(mendEnding(domain)) ?? mendEnding(domain);
  return meant === domain ? undefined : `${email.slice(0, at)}@${meant}`;
}

function isKnown(domain: string): boolean {
  return (KNOWN as readonly string[]).includes(domain);
}

function mendEnding(domain: string): string {
  for (const [ending, meant] of ENDINGS) if (ending.test(domain)) return domain.replace(ending, meant);
  return domain;
}

/** The known domain that is one slip away: one character more, less or other, or two neighbours swapped. */
function nearest(domain: string): string | undefined {
  if (isKnown(domain)) return domain;
  return KNOWN.find((known) => known.length >= SHORTEST && isOneSlip(domain, known));
}

function isOneSlip(typed: string, meant: string): boolean {
  let start = 0;
  while (start < meant.length && typed[start] === meant[start]) start += 1;
  const [left, right] = [typed.slice(start), meant.slice(start)];
  const isSwapped = left.slice(0, 2) === `${right[1]}${right[0]}` && left.slice(2) === right.slice(2);
  return left.slice(1) === right || left === right.slice(1) || left.slice(1) === right.slice(1) || isSwapped;
}
