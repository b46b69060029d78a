import '#server-only';
import { hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type Listing, listContent } from './folder.ts';
import type { Fault, Figure } from './schema.ts';

const faultSchema = z.object({
  path: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
  severity: z.enum(['fault', 'warning']).exactOptional(),
});
const inspectedSchema = z.object({
  faults: z.array(faultSchema),
  links: z.array(z.object({ url: z.string(), offset: z.int() })),
  ids: z.array(z.string()),
});
const keptSchema = z.object({
  code: z.string(),
  figures: z.string(),
  state: z.string(),
  from: z.number(),
  until: z.number().nullable(),
  articles: z.int(),
  faults: z.array(faultSchema),
  inspected: z.record(z.string(), z.object({ hash: z.string(), inspected: inspectedSchema })),
});
type Kept = z.infer<typeof keptSchema>;

/** What one article says about itself, its pictures included, whatever the other files say. */
export type Inspected = { faults: Fault[]; links: { url: string; offset: number }[]; ids: string[] };

type Whole = { articles: number; faults: Fault[] };
type Validity = { listing: Listing; figures: readonly Figure[]; from: Date; until: Date | undefined };

/** What earlier checks of a folder have found. */
export type Memory = {
  /** What the last check found, where no file and no deadline has changed it since. */
  recall(now: Date): Whole | undefined;
  inspected(file: string, sourceHash: string, figures: readonly Figure[]): Inspected | undefined;
  keepInspected(file: string, sourceHash: string, inspected: Inspected): void;
  keep(whole: Whole, validity: Validity): void;
};

/** For checks that remember nothing. */
export const forgetful: Memory = {
  recall: () => undefined,
  inspected: () => undefined,
  keepInspected: () => undefined,
  keep: () => undefined,
};

/**
 * Remembers checks of the content folder `root` in one file of `folder`, as long as the code of the check is the same.
 * A file counts as unchanged by its signature (lib/articles/folder.ts) or its hash. What cannot be read is forgotten, and
 * where nothing can be written nothing is kept: only time is lost.
 */
export function openMemory(root: string, folder: string): Memory {
  const file = path.join(folder, `${digest([process.cwd(), root])}.json`);
  const code = codeKey();
  const before = read(file, code);
  const inspected: Kept['inspected'] = {};
  return {
    recall(now) {
      if (!before || now.getTime() < before.from || (before.until !== null && now.getTime() >= before.until)) {
        return undefined;
      }
      return stateOf(listContent(root)) === before.state ? before : undefined;
    },
    inspected(article, sourceHash, figures) {
      const known = before?.figures === digest(figures) ? before.inspected[article] : undefined;
      return known?.hash === sourceHash ? known.inspected : undefined;
    },
    keepInspected(article, sourceHash, found) {
      inspected[article] = { hash: sourceHash, inspected: found };
    },
    keep({ articles, faults }, { listing, figures, from, until }) {
      const kept: Kept = {
        code,
        figures: digest(figures),
        state: stateOf(listing),
        from: from.getTime(),
        until: until?.getTime() ?? null,
        articles,
        faults,
        inspected,
      };
      write(file, JSON.stringify(kept));
    },
  };
}

function read(file: string, code: string): Kept | undefined {
  if (!fs.existsSync(file)) return undefined;
  try {
    const kept = keptSchema.safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
    return kept.success && kept.data.code === code ? kept.data : undefined;
  } catch {
    // Cut off or out of reach: as if it were not there.
    return undefined;
  }
}

function write(file: string, text: string): void {
  const scratch = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(scratch, text);
    fs.renameSync(scratch, file);
  } catch {
    // A full or read-only disk: the next check takes its time again.
  }
}

/** Differs whenever a check by this code may differ from one by another. */
function codeKey(): string {
  const project = path.resolve(import.meta.dirname, '../..');
  const sources = fs.globSync('lib/articles/**/*.ts', { cwd: project }).sort();
  const files = [...sources, 'lib/site.ts', 'package-lock.json'];
  return digest([process.version, ...files.map((file) => fs.readFileSync(path.join(project, file), 'utf8'))]);
}

function stateOf(listing: Listing): string {
  return listing.status === 'missing' ? '' : digest([[...listing.files], listing.faults]);
}

function digest(parts: unknown): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 22);
}
