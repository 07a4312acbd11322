/** The retry schedule of notifications: Antom's documented intervals, each from the previous attempt. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** 0 s, 2 min, 10 min, 10 min, 1 h, 2 h, 6 h, 15 h. */
const INTERVALS_MS: readonly number[] = [0, 2 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR];

/** When each attempt is due, in milliseconds from the result: 0 s, 2, 12, 22 min, 1 h 22, 3 h 22, 9 h 22, 24 h 22. */
export const RETRY_OFFSETS_MS: readonly number[] = INTERVALS_MS.map((_, at) =>
  INTERVALS_MS.slice(0, at + 1).reduce((sum, interval) => sum + interval),
);

/** When the next attempt of a round is due after `attempts` of them, or `undefined` where there is none left. */
export function getNextAttemptAt(roundAt: number, attempts: number): number | undefined {
  const due = RETRY_OFFSETS_MS[attempts];
  return due === undefined ? undefined : roundAt + due;
}
