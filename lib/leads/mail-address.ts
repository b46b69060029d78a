import '#server-only';
import { domainToASCII } from 'node:url';

// The atoms and dots of RFC 5322 in any order: docomo and au handed out `a..b@` and `a.@`, which nodemailer quotes.
const LOCAL_PART = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}$/;
// domainToASCII parses a URL's host: it cuts `b/c.jp` at the slash, drops line breaks and reads `1.2.3` as a number.
const WRITTEN_DOMAIN = /^(?:[a-zA-Z\d.-]|\P{ASCII})+$/u;
const DOMAIN = /^(?:[a-z\d-]+\.)*[a-z][a-z\d-]*$/i;

/**
 * The form of `address` that may stand in a mail's header and envelope: one address, ASCII, its domain in punycode.
 * Undefined for what no server would deliver to without SMTPUTF8 (a non-ASCII local part) and for anything that is not
 * plainly one address: comma, line break, quotes, angle brackets, encoded words, more than 254 characters. Such a
 * visitor gets no mail; the team reads the address in the text of theirs.
 */
export function deliverable(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const [local, written] = [address.slice(0, Math.max(at, 0)), address.slice(at + 1)];
  // `=?` opens an encoded word, which lax readers decode even inside an address.
  if (address.length > 254 || !LOCAL_PART.test(local) || local.includes('=?') || !WRITTEN_DOMAIN.test(written)) {
    return undefined;
  }
  const domain = domainToASCII(written);
  return DOMAIN.test(domain) && local.length + 1 + domain.length <= 254 ? `${local}@${domain}` : undefined;
}
