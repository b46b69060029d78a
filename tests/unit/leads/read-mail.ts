import { spawnSync } from 'node:child_process';
import { simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import { z } from 'zod';
import type { ComposedMail } from '#lib/leads/mails.ts';

/** A mail as a reader's program understands it. Header names are in lower case and in the order of the mail. */
const readMailSchema = z.object({
  headerNames: z.array(z.string()),
  from: z.array(z.string()),
  to: z.array(z.string()),
  replyTo: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
});
type ReadMail = z.infer<typeof readMailSchema>;

/** What every parser on this machine reads from the mail; the second is left out where Python is missing. */
export async function readings(raw: Buffer): Promise<ReadMail[]> {
  return (await readingsOfAll([raw]))[0] ?? [];
}

/** The same for many mails, mail by mail, with one process for all. */
export async function readingsOfAll(raws: readonly Buffer[]): Promise<ReadMail[][]> {
  const byMailparser = await Promise.all(raws.map(readByMailparser));
  const byPython = hasPython ? readByPython(raws) : [];
  return byMailparser.map((read, index) => [read, ...(byPython[index] ? [byPython[index]] : [])]);
}

/** The bytes and the envelope that nodemailer hands to an SMTP server (which always sees CRLF). */
export async function built(mail: ComposedMail): Promise<{ raw: Buffer; envelope: { from: unknown; to: string[] } }> {
  const message = new MailComposer({ ...mail, newline: 'windows' }).compile();
  const { from, to } = message.getEnvelope();
  return { raw: await message.build(), envelope: { from, to } };
}

async function readByMailparser(raw: Buffer): Promise<ReadMail> {
  const parsed = await simpleParser(raw);
  const addresses = (field: typeof parsed.to | typeof parsed.from): string[] =>
    [field ?? []].flat().flatMap((list) => list.value.map((mailbox) => mailbox.address ?? ''));
  return {
    headerNames: parsed.headerLines.map((line) => line.key),
    from: addresses(parsed.from),
    to: addresses(parsed.to),
    replyTo: addresses(parsed.replyTo),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || '',
  };
}

/** Whether the second parser, Python's `email`, is on this machine. */
export const hasPython = spawnSync('python3', ['-c', 'import email.policy']).status === 0;

const PYTHON = `
import base64, email, email.policy, json, sys
def read(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    def addresses(name):
        return [m.addr_spec for field in mail.get_all(name, []) for m in field.addresses]
    return {
        "headerNames": [name.lower() for name in mail.keys()],
        "from": addresses("from"), "to": addresses("to"), "replyTo": addresses("reply-to"),
        "subject": mail["subject"],
        "text": mail.get_body(("plain",)).get_content(),
        "html": (mail.get_body(("html",)) and mail.get_body(("html",)).get_content()) or "",
    }
print(json.dumps([read(base64.b64decode(line)) for line in sys.stdin]))`;

function readByPython(raws: readonly Buffer[]): ReadMail[] {
  const input = raws.map((raw) => `${raw.toString('base64')}\n`).join('');
  const python = spawnSync('python3', ['-c', PYTHON], { input, maxBuffer: 2 ** 30 });
  if (python.status !== 0) throw new Error(`python3: ${python.stderr}`);
  const read = z.array(readMailSchema).parse(JSON.parse(String(python.stdout)));
  if (read.length !== raws.length) throw new Error(`python3 read ${read.length} of ${raws.length} mails`);
  return read;
}
