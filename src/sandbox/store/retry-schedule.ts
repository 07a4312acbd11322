/**
 * Antom's retry schedule for notifications. A round of attempts starts when a notification is created or resent. A late attempt does not delay
 * the attempts after it.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const INTERVALS_MS: readonly number[] = [0, 2 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR];

/** The due time of each attempt, in milliseconds from the start of the round. */
export const RETRY_OFFSETS_MS: readonly number[] = INTERVALS_MS.map((_, index) =>
  INTERVALS_MS.slice(0, index + 1).reduce((sum, interval) => sum + interval),
);

/** Returns when the next attempt of a round is due after `attempts` attempts, or `undefined` after the last attempt. */
export function getNextAttemptAt(roundAt: number, attempts: number): number | undefined {
  const due = RETRY_OFFSETS_MS[attempts];
  return due === undefined ? undefined : roundAt + due;
}
