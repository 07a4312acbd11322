/** What is to be undone, whatever happens: mounts, processes, folders. */

export interface CleanUp {
  /** Remembers how something is undone. What it gives undoes it now, once. */
  readonly add: (undo: () => Promise<void>) => () => Promise<void>;
  /** Undoes all that is left, the newest first. What cannot be undone keeps nothing else from it. */
  readonly runAll: () => Promise<void>;
}

export function createCleanUp(): CleanUp {
  const left = new Set<() => Promise<void>>();
  return {
    add: (undo) => {
      let done: Promise<void> | undefined;
      const once = () => {
        left.delete(once);
        done ??= undo();
        return done;
      };
      left.add(once);
      return once;
    },
    runAll: async () => {
      // What is under way meanwhile may add to it.
      for (let undo = [...left].pop(); undo; undo = [...left].pop()) {
        await undo().catch((error: unknown) => {
          process.stderr.write(`durability: something could not be cleaned up: ${String(error)}\n`);
        });
      }
    },
  };
}
