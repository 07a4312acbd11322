/** The sandbox's clock: the machine's, moved by as much as a test wants. Schedules and expiries run on it; the times in messages do not. */

export interface SandboxClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly offsetMs: () => number;
  /** Moves the clock to an offset from the machine's, or to one made of the present offset. What is due by then happens at once. */
  readonly moveTo: (next: number | ((offsetMs: number) => number)) => Promise<void>;
  /** Takes over an offset that another process has set. */
  readonly follow: (offsetMs: number) => void;
}

export function createClock(
  offset: number,
  { keep, moved }: { readonly keep: (offsetMs: number) => Promise<void>; readonly moved: () => void },
): SandboxClock {
  let offsetMs = offset;
  let moving: Promise<void> = Promise.resolve();

  async function move(next: number): Promise<void> {
    await keep(next);
    offsetMs = next;
    moved();
  }

  return {
    now: () => Date.now() + offsetMs,
    offsetMs: () => offsetMs,
    // One after the other, so that two who advance it at once advance it by both.
    moveTo: (next) => {
      const mine = moving.then(() => move(typeof next === "number" ? next : next(offsetMs)));
      moving = mine.catch(() => {});
      return mine;
    },
    follow: (next) => {
      if (next === offsetMs) return;
      offsetMs = next;
      moved();
    },
  };
}
