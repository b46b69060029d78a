import { createHash, createVerify, type KeyObject } from 'node:crypto';

// The receiver's half of DKIM, written from RFC 6376 and sharing nothing with nodemailer: relaxed/relaxed, rsa-sha256.

export type Verdict =
  | { status: 'pass'; domain: string; selector: string; signedHeaders: string[] }
  | { status: string };

/** What a receiver that found `key` in the DNS makes of the mail. `none`: it is not signed. */
export function verifyDkim(raw: Buffer, key: KeyObject): Verdict {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  // A header field goes on in lines that begin with a blank.
  const fields = text.slice(0, end).split(/\r\n(?![ \t])/);
  const field = fields.find((one) => nameOf(one) === 'dkim-signature');
  if (field === undefined) return { status: 'none' };
  const tags = readTags(field.slice(field.indexOf(':') + 1));
  if (tags.a !== 'rsa-sha256' || tags.c !== 'relaxed/relaxed') return { status: 'unknown algorithm' };
  const bodyHash = createHash('sha256')
    .update(relaxBody(text.slice(end + 4)), 'latin1')
    .digest('base64');
  if (bodyHash !== tags.bh) return { status: 'body changed' };
  const signedHeaders = (tags.h ?? '').toLowerCase().split(':');
  const unread = fields.map((one) => ({ name: nameOf(one), field: one }));
  const signed = signedHeaders.map((name) => {
    // Of fields with the same name the last counts first (section 5.4.2).
    const index = unread.findLastIndex((one) => one.name === name);
    return index === -1 ? '' : `${relaxField(unread.splice(index, 1)[0]?.field ?? '')}\r\n`;
  });
  const unsigned = relaxField(field).replace(/(^|;)( ?b=)[^;]*/, '$1$2');
  const verifier = createVerify('sha256').update(signed.join('') + unsigned, 'latin1');
  if (!verifier.verify(key, tags.b ?? '', 'base64')) return { status: 'headers changed' };
  return { status: 'pass', domain: tags.d ?? '', selector: tags.s ?? '', signedHeaders };
}

const nameOf = (field: string): string => field.slice(0, field.indexOf(':')).trim().toLowerCase();

function readTags(list: string): Record<string, string> {
  return Object.fromEntries(
    list
      .replace(/\s+/g, '')
      .split(';')
      .filter(Boolean)
      .map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
  );
}

/** Section 3.4.2. */
function relaxField(field: string): string {
  const value = field.slice(field.indexOf(':') + 1).replaceAll('\r\n', '');
  return `${nameOf(field)}:${value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')}`;
}

/** Section 3.4.4. */
function relaxBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${line}\r\n`).join('');
}
