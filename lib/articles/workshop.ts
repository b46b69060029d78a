import '#server-only';
import { type Compiled, compile } from './compile.ts';
import { type Listing, listContent } from './folder.ts';
import { type Inspection, inspect } from './inspect.ts';
import type { Fault, Figure } from './schema.ts';
import type { Source } from './source.ts';

/** The slow work on articles: compiling a body, looking a whole folder through. */
export type Workshop = {
  compile(source: Source): Promise<Compiled>;
  /** What `compile` would refuse, without carrying the compiled body over. */
  faultsOf(source: Source): Promise<Fault[]>;
  /** Everything an editor should know of one body, without a look at other files. */
  inspect(source: Source, figures: readonly Figure[]): Promise<Inspection>;
  list(root: string): Promise<Listing>;
  close(): void;
};

/** Work on the spot, for commands and tests. */
export const onTheSpot: Workshop = {
  compile: async (source) => compile(source),
  faultsOf: async (source) => faultsOf(compile(source)),
  inspect: async (source, figures) => inspect(source, figures),
  list: async (root) => listContent(root),
  close: () => undefined,
};

/** What the thread is asked for. */
export type Task =
  | { kind: 'compile' | 'faultsOf'; source: Source }
  | { kind: 'inspect'; source: Source; figures: readonly Figure[] }
  | { kind: 'list'; root: string };

/** The faults of a compilation. */
export function faultsOf(compiled: Compiled): Fault[] {
  return compiled.status === 'broken' ? compiled.faults : [];
}
