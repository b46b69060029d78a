import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The local mailbox of a site, read anew each time: what has a mail's name, and not what a crash left aside. */
export type KeptMails = {
  /** Whole files, by the Message-ID that stands in them: the same mail under two names is there twice. */
  readonly arrivals: readonly { messageId: string }[];
  /** Names of files that end before their last part does. */
  notWhole(): string[];
};

const CLOSED = /\r\n--[^\r\n]+--\r\n$/;

export function keptIn(folder: string): KeptMails {
  const files = () =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => name.endsWith('.eml'))
      .map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));
  return {
    get arrivals() {
      return files().flatMap(({ text }) => {
        const messageId = /^Message-ID: (\S+)/im.exec(text)?.[1];
        return messageId !== undefined && CLOSED.test(text) ? [{ messageId }] : [];
      });
    },
    notWhole: () => files().flatMap(({ name, text }) => (CLOSED.test(text) ? [] : [name])),
  };
}
