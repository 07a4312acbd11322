/** The sandbox's clock: the system clock plus an offset. Retry schedules and expiry times use this clock; the times in message headers do not. */

export type SandboxClock = Readonly<ReturnType<typeof createClock>>;

export function createClock(
  offset: number,
  { store, onMove }: { readonly store: (offsetMs: number) => Promise<void>; readonly onMove: () => void },
) {
  let offsetMs = offset;
  let movedAt = Date.now();
  let moving: Promise<void> = Promise.resolve();

  async function move(next: number): Promise<void> {
    await store(next);
    set(next);
  }

  function set(next: number): void {
    offsetMs = next;
    movedAt = Date.now();
    onMove();
  }

  return {
    /** Returns the time, in milliseconds since the Unix epoch. */
    now: () => Date.now() + offsetMs,
    offsetMs: () => offsetMs,
    /** Returns the delay of work that was due at `time`, in milliseconds. The delay does not exceed the time since the clock was last moved. */
    getDelayMs: (time: number): number => Math.max(0, Math.min(Date.now() + offsetMs - time, Date.now() - movedAt)),
    /** Sets the offset to a number of milliseconds, or computes it from the current offset. Work that becomes due runs immediately. */
    moveTo: (next: number | ((offsetMs: number) => number)): Promise<void> => {
      // Moves run one after the other, so that concurrent moves add up.
      const ownMove = moving.then(() => move(typeof next === "number" ? next : next(offsetMs)));
      moving = ownMove.catch(() => {});
      return ownMove;
    },
    /** Applies an offset that a different process has stored. */
    adoptOffset: (next: number): void => {
      if (next === offsetMs) return;
      set(next);
    },
  };
}
