import '#server-only';
import type { Compiled } from './compile.ts';
import { illustrate, takePictures } from './images/illustrate.ts';
import type { Shown, Version } from './kept.ts';
import type { Fault } from './schema.ts';
import type { Workshop } from './workshop.ts';

/** What a body turned out to be: its faults, or the pictures that it shows. */
export type Outcome = { faults: readonly Fault[]; shown: Shown | undefined };

/** The bodies of one content folder. */
export type Bodies = {
  /** A body whole, its pictures in place; the same object for the same file, as long as it is among the last. */
  compile(version: Version, workshop: Workshop): Promise<Compiled>;
  /** What `compile` would find, without carrying the body over. */
  look(version: Version, workshop: Workshop): Promise<Outcome>;
};

/** How many compiled bodies are kept: a page is compiled for its head and its body, and shortly after it was saved. */
const BODIES_KEPT = 32;

/** Compiles and illustrates bodies of the content folder `root`. */
export function keepBodies(root: string): Bodies {
  const kept = new Map<string, Compiled>();
  return {
    async compile(version, workshop) {
      const known = kept.get(version.sourceHash);
      if (known) return known;
      const compiled = await illustrate(root, version, await workshop.compile(version.source), workshop.take);
      const [oldest] = kept.keys();
      if (kept.size >= BODIES_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(version.sourceHash, compiled);
      return compiled;
    },
    async look(version, workshop) {
      const { faults, images } = await workshop.look(version.source);
      const pictures = await takePictures(root, version, images, workshop.take);
      return { faults: [...faults, ...pictures.faults], shown: pictures.shown };
    },
  };
}

/** The outcome of a compilation. */
export function outcomeOf(compiled: Compiled): Outcome {
  return compiled.status === 'broken'
    ? { faults: compiled.faults, shown: undefined }
    : { faults: [], shown: compiled.body.shown };
}
