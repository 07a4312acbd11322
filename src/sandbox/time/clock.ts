/** The sandbox's clock: the machine's, moved by as much as a test wants. Schedules and expiries run on it; the times in messages do not. */

export type SandboxClock = Readonly<ReturnType<typeof createClock>>;

export function createClock(
  offset: number,
  { store, onMove }: { readonly store: (offsetMs: number) => Promise<void>; readonly onMove: () => void },
) {
  let offsetMs = offset;
  let moving: Promise<void> = Promise.resolve();

  async function move(next: number): Promise<void> {
    await store(next);
    offsetMs = next;
    onMove();
  }

  return {
    /** Milliseconds since 1970. */
    now: () => Date.now() + offsetMs,
    offsetMs: () => offsetMs,
    /** Moves the clock to an offset from the machine's, or to one made of the present offset. What is due by then happens at once. */
    moveTo: (next: number | ((offsetMs: number) => number)): Promise<void> => {
      // One after the other, so that two who advance it at once advance it by both.
      const mine = moving.then(() => move(typeof next === "number" ? next : next(offsetMs)));
      moving = mine.catch(() => {});
      return mine;
    },
    /** Takes over an offset that another process has set. */
    adoptOffset: (next: number): void => {
      if (next === offsetMs) return;
      offsetMs = next;
      onMove();
    },
  };
}
