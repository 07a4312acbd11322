/** Measures how long the event loop of this process is blocked. */
import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 50;
const PERIOD_MS = 60_000;

let current: ReturnType<typeof monitorEventLoopDelay> | undefined;
let previousMaxMs = 0;

/** Starts the measurement, unless it is already running. */
export function watchEventLoop(): void {
  if (current) return;
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  current = histogram;
  setInterval(() => {
    previousMaxMs = toMilliseconds(histogram.max);
    histogram.reset();
  }, PERIOD_MS).unref();
}

/** Returns the longest time in milliseconds for which the event loop was blocked during the last 1 to 2 minutes. */
export const getMaxBlockedMs = (): number => Math.max(previousMaxMs, toMilliseconds(current?.max ?? 0));

const toMilliseconds = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 1e6) - RESOLUTION_MS);
