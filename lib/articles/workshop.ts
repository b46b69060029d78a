import '#server-only';
import { type Compiled, compile } from './compile.ts';
import { type Listing, listContent } from './folder.ts';
import { takeDrawing } from './images/drawing.ts';
import type { ImageUse } from './images/illustrate.ts';
import type { Taken } from './images/picture.ts';
import { type Inspection, inspect } from './inspect.ts';
import type { Fault, Figure } from './schema.ts';
import type { Source } from './source.ts';

/** The slow work on articles: compiling a body, looking a whole folder through. */
export type Workshop = {
  compile(source: Source): Promise<Compiled>;
  /** What `compile` would refuse and which pictures it names, without carrying the compiled body over. */
  look(source: Source): Promise<Look>;
  /** Everything an editor should know of one body, without a look at other files. */
  inspect(source: Source, figures: readonly Figure[]): Promise<Inspection>;
  list(root: string): Promise<Listing>;
  /** What stands in an image file. @throws when it could not be kept. */
  take(file: string): Promise<Taken>;
  /** Lets go of pictures that have long been out of use; `inUse` are hashes. */
  tidy(inUse: ReadonlySet<string>): Promise<void>;
  close(): void;
};

export type Look = { faults: Fault[]; images: ImageUse[] };

/** Work on the spot, for commands and tests. It draws no photographs: their decoder belongs into a process of its own. */
export const onTheSpot: Workshop = {
  compile: async (source) => compile(source),
  look: async (source) => lookAt(compile(source)),
  inspect: async (source, figures) => inspect(source, figures),
  list: async (root) => listContent(root),
  async take(file) {
    if (file.endsWith('.svg')) return takeDrawing(file);
    throw new Error(`${file} needs a workshop with a gallery (lib/articles/workshop-thread.ts)`);
  },
  tidy: async () => undefined,
  close: () => undefined,
};

/** What the thread is asked for. */
export type Task =
  | { kind: 'compile' | 'look'; source: Source }
  | { kind: 'inspect'; source: Source; figures: readonly Figure[] }
  | { kind: 'list'; root: string }
  | { kind: 'drawing'; file: string };

/** What is worth knowing of a compilation beside its trees. */
export function lookAt(compiled: Compiled): Look {
  return compiled.status === 'broken'
    ? { faults: compiled.faults, images: [] }
    : { faults: [], images: compiled.body.images };
}
