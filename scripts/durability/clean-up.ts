/** Cleans up mounts, processes, and directories, even after an error. */

export interface CleanUp {
  /** Registers a cleanup. Returns a function that runs it immediately. Each cleanup runs only once. */
  readonly add: (undo: () => Promise<void>) => () => Promise<void>;
  /** Runs all remaining cleanups, newest first. Continues if a cleanup fails. */
  readonly runAll: () => Promise<void>;
}

export function createCleanUp(): CleanUp {
  const remaining = new Set<() => Promise<void>>();
  return {
    add: (undo) => {
      let done: Promise<void> | undefined;
      const once = () => {
        remaining.delete(once);
        done ??= undo();
        return done;
      };
      remaining.add(once);
      return once;
    },
    runAll: async () => {
      // Running operations may add cleanups during this loop.
      for (let undo = [...remaining].pop(); undo; undo = [...remaining].pop()) {
        await undo().catch((error: unknown) => {
          process.stderr.write(`A cleanup failed: ${String(error)}\n`);
        });
      }
    },
  };
}
