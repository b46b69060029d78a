/**
 * One value for the whole process, made on first use.
 *
 * Next bundles `lib/` a second time for its own pages, so a module variable exists twice: once for `server.ts`, once
 * for the pages. Two catalogs would read every article twice and could disagree about what is published; two lead
 * stores would be two writers. The registry on `globalThis` is the one thing both copies see.
 */
export function perProcess<T>(name: string, create: () => T): T {
  const key = Symbol.for(`site.${name}`);
  const registry = globalThis as typeof globalThis & Record<symbol, T | undefined>;
  registry[key] ??= create();
  return registry[key];
}
