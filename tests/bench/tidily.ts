type Undo = () => unknown;

/**
 * Runs `work`. What it hands to `afterwards` is done at the end, last first: also when it throws, and when the person
 * at the keyboard stops it. Processes and temporary folders of a bench end here.
 */
export async function tidily<T>(work: (afterwards: (undo: Undo) => void) => Promise<T>): Promise<T> {
  const undos: Undo[] = [];
  async function tidy(): Promise<void> {
    for (let undo = undos.pop(); undo; undo = undos.pop()) await undo();
  }
  const stop = (): void => void tidy().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await work((undo) => undos.push(undo));
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await tidy();
  }
}
