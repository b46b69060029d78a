import '#server-only';

/** What every answer carries, whatever it is. */
const EVERYWHERE: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  // `no-referrer` would make the form's own posts carry `Origin: null`, which Next refuses.
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};

const NOTHING_BUT =
  "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; img-src 'self' data:";

/** Two years, as browsers' preload lists ask; only sent where the site itself is served over https. */
const STRICT_TRANSPORT = 'max-age=63072000; includeSubDomains';

/** Headers for an answer of any kind. `policy` is its Content-Security-Policy, from one of the functions below. */
export function securityHeaders(siteUrl: string, policy: string): Record<string, string> {
  return {
    ...EVERYWHERE,
    'content-security-policy': policy,
    ...(siteUrl.startsWith('https:') ? { 'strict-transport-security': STRICT_TRANSPORT } : {}),
  };
}

/** For a finished page: no script at all, and no style but those written into it. */
export function readerPolicy(styleHashes: readonly string[]): string {
  // Speculation rules prefetch under default-src; without 'self' Chromium fetches nothing ahead.
  const styles = styleHashes.length > 0 ? styleHashes.join(' ') : "'self'";
  return `${NOTHING_BUT}; script-src 'none'; style-src ${styles}; connect-src 'self'`;
}

/** For the form: scripts that carry this answer's nonce and what they load. */
export function formPolicy(nonce: string): string {
  return `${NOTHING_BUT}; script-src 'nonce-${nonce}' 'strict-dynamic'; style-src 'self' 'nonce-${nonce}'; connect-src 'self'; font-src 'self'`;
}

/** For a reader page that had to be served as Next made it: its inline scripts move content into place. */
export function unfinishedPolicy(): string {
  return `${NOTHING_BUT}; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; connect-src 'self'; font-src 'self'`;
}
