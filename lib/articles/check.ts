import '#server-only';
import { ageingOf } from './ageing.ts';
import { openCatalog } from './catalog.ts';
import { forgetful, type Inspected, type Memory } from './check-memory.ts';
import { deadLink, type Reader } from './dead-links.ts';
import { displayPath, listContent, readText } from './folder.ts';
import { altFault } from './images/alt.ts';
import { takePictures } from './images/illustrate.ts';
import { slugOf } from './kept.ts';
import type { Article, Fault, Figure } from './schema.ts';
import { placeOf, placeOfKey, type Source, splitArticle } from './source.ts';
import { byPlace } from './stock.ts';
import type { Workshop } from './workshop.ts';
import { openCrew } from './workshop-thread.ts';

export type Checked =
  | { status: 'checked'; articles: number; faults: Fault[] }
  /** The folder is not there or cannot be read. */
  | { status: 'unreadable'; fault: Fault };

/** Articles in hand at the same time: enough that no thread waits, few enough that their texts are no burden. */
const LANES = 6;

/**
 * Finds every fault in a content folder: what keeps an article from being served, what an editor should mend before
 * readers see it, and, as warnings, what may have gone out of date. Sorted by file, line and column. `now` decides
 * whether the target of a link is public. What `memory` knows of a file that has not changed is not looked for again.
 */
export async function checkContent(
  root: string,
  now: Date,
  workshop: Workshop = openCrew(),
  memory: Memory = forgetful,
): Promise<Checked> {
  try {
    return await check(root, now, workshop, memory);
  } finally {
    workshop.close();
  }
}

async function check(root: string, now: Date, workshop: Workshop, memory: Memory): Promise<Checked> {
  const listing = listContent(root);
  if (listing.status === 'missing') return { status: 'unreadable', fault: listing.fault };
  const catalog = openCatalog(root);
  const snapshot = catalog.snapshot(now);
  const figures = catalog.figures();
  const faults = catalog.problems();
  const inspected = new Map<string, { source: Source; inspected: Inspected }>();
  const waiting = [...listing.files.keys()].filter((file) => file.startsWith('articles/')).values();
  const lane = async () => {
    for (const file of waiting) {
      const found = readText(root, file);
      // What cannot be read or split has been said by the catalog already.
      const split = found.status === 'read' ? splitArticle(displayPath(root, file), found.text) : undefined;
      if (found.status !== 'read' || split?.status !== 'read') continue;
      const { source } = split.value;
      const article = catalog.article(slugOf(file));
      const own =
        memory.inspected(file, found.hash, figures) ??
        (await inspectFile({ root, file, source, article, figures }, workshop));
      memory.keepInspected(file, found.hash, own);
      inspected.set(slugOf(file), { source, inspected: own });
      faults.push(...own.faults);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  for (const [slug, { source, inspected: own }] of inspected) {
    const from = catalog.article(slug);
    const reader: Reader = {
      // A reader of a scheduled article comes when it is public, and follows its links then.
      snapshot: from && !from.draft && from.publishedAt > now ? catalog.snapshot(from.publishedAt) : snapshot,
      mayFollowHidden: from?.draft ?? true,
      article: catalog.article,
      idsOf: (target) => inspected.get(target)?.inspected.ids,
    };
    for (const link of own.links) {
      const message = deadLink(link, slug, reader);
      if (message !== undefined) faults.push({ ...placeOf(source, link.offset), message });
    }
  }
  const ageing = ageingOf(root, catalog, now);
  faults.push(...ageing.warnings);
  const checked: Checked = { status: 'checked', articles: inspected.size, faults: faults.sort(byPlace) };
  const ends = [snapshot.nextChangeAt, ageing.nextAt].flatMap((end) => (end ? [end.getTime()] : []));
  memory.keep(checked, {
    listing,
    figures,
    from: now,
    until: ends.length > 0 ? new Date(Math.min(...ends)) : undefined,
  });
  return checked;
}

type Inspectable = {
  root: string;
  file: string;
  source: Source;
  article: Article | undefined;
  figures: readonly Figure[];
};

/** What one article and the pictures beside it say about themselves. */
async function inspectFile(
  { root, file, source, article, figures }: Inspectable,
  workshop: Workshop,
): Promise<Inspected> {
  const { faults, links, ids, images } = await workshop.inspect(source, figures);
  const image = article?.image;
  const pictures = await takePictures(root, { file, source, matter: { image: image?.file } }, images, workshop.take);
  const unsaid = image && altFault(image.alt, image.file, 'imageAlt');
  const alt = unsaid === undefined ? [] : [{ ...placeOfKey(source, 'imageAlt'), message: unsaid }];
  return { faults: [...faults, ...pictures.faults, ...alt], links, ids };
}
