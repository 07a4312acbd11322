/** The sandbox's clock: the machine's, moved by as much as a test wants. Schedules and expiries run on it; the times in messages do not. */

export interface SandboxClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly offsetMs: () => number;
  /** Moves the clock to an offset from the machine's. What is due by then happens at once. */
  readonly moveTo: (offsetMs: number) => Promise<void>;
  /** Takes over an offset that another process has set. */
  readonly follow: (offsetMs: number) => void;
}

export function createClock(
  offset: number,
  { keep, moved }: { readonly keep: (offsetMs: number) => Promise<void>; readonly moved: () => void },
): SandboxClock {
  let offsetMs = offset;
  return {
    now: () => Date.now() + offsetMs,
    offsetMs: () => offsetMs,
    moveTo: async (next) => {
      await keep(next);
      offsetMs = next;
      moved();
    },
    follow: (next) => {
      if (next === offsetMs) return;
      offsetMs = next;
      moved();
    },
  };
}
