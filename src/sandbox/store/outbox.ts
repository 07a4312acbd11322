/** The notifications that are to be sent and those that were: written with the result, leased to whoever sends, never deleted. */
import { completeUrl } from "../../protocol/complete-url.ts";
import { toNotificationBody } from "../vaulting/responses.ts";
import type { Final } from "../vaulting/state-machine.ts";
import type { Engine, Transaction } from "./database-engine.ts";
import type { Queries } from "./queries.ts";
import { getNextAttemptAt } from "./retry-schedule.ts";
import type { AttemptRow, Claim, NotificationRow, NotificationState, Times, VaultingId } from "./rows.ts";

export type Attempt = Omit<AttemptRow, "seq" | "notificationSeq" | "number">;

export type Outbox = Readonly<ReturnType<typeof createOutbox>>;

export interface OutboxListOptions {
  readonly clientId?: string | undefined;
  readonly vaultingRequestId?: string | undefined;
  readonly state?: NotificationState | undefined;
  readonly limit: number;
}

export function createOutbox(engine: Engine, queries: Queries, tell: (notification: NotificationRow) => void) {
  return {
    /** In the transaction of the result. */
    add: async (tx: Transaction, vaulting: Final, now: number): Promise<void> => {
      const { clientId, vaultingRequestId, notificationUrl: url } = vaulting;
      const body = toNotificationBody(vaulting);
      await tx.all(queries.notificationInsert({ clientId, vaultingRequestId, url, host: getHost(url), body, now }));
    },
    /** The hosts for which something is due that nobody is at. */
    listDueHosts: async (times: Times) =>
      (await engine.read(queries.notificationListDueHosts(times))).map(({ host }) => host),
    /** Takes some of a host's due notifications, so that nobody else sends them before `until`. */
    claim: (claim: Claim) => engine.transact((tx) => tx.all(queries.notificationClaim(claim))),
    /** Keeps what was taken from others for longer. */
    renew: (notifications: readonly NotificationRow[], until: number): Promise<void> =>
      engine.transact(async (tx) => {
        for (const { seq, lease } of notifications) await tx.all(queries.notificationRenew({ seq, lease, until }));
      }),
    /** Records what came of an attempt. Of a notification that somebody else has taken meanwhile, only the attempt is recorded; of one that was forgotten, nothing. */
    recordAttempt: async (notification: NotificationRow, attempt: Attempt): Promise<void> => {
      await engine.transact(async (tx) => {
        const { seq, lease, roundAt } = notification;
        const attempts = notification.attempts + 1;
        const due = getNextAttemptAt(roundAt, attempts);
        const state = attempt.outcome === "ACKNOWLEDGED" ? "ACKNOWLEDGED" : due === undefined ? "EXHAUSTED" : "PENDING";
        const settled = await tx.all(
          queries.notificationRelease({ seq, lease, state, attempts, dueAt: due ?? attempt.at }),
        );
        if (settled.length === 0) {
          // It may have been forgotten, and SQLite gives its number to another.
          const [found] = await tx.all(queries.notificationFindByVaulting(notification));
          if (found?.seq !== seq || found.body !== notification.body) return;
        }
        await tx.all(queries.attemptInsert({ ...attempt, notificationSeq: seq, number: attempts }));
      });
      tell(notification);
    },
    /** Gives a notification back that was not sent, and is not to be before a time on the sandbox's clock. */
    postpone: async ({ seq, lease, state, attempts }: NotificationRow, dueAt: number): Promise<void> => {
      await engine.transact((tx) => tx.all(queries.notificationRelease({ seq, lease, state, attempts, dueAt })));
    },
    /** Gives back what a process had taken that is gone: only where no other process can be at work. */
    releaseAll: async (): Promise<void> => {
      await engine.transact((tx) => tx.all(queries.notificationReleaseAll({})));
    },
    /** Begins the schedule anew, at once. `undefined` where there is no such notification. */
    resend: async (seq: number, now: number): Promise<NotificationRow | undefined> => {
      const [row] = await engine.transact((tx) => tx.all(queries.notificationResend({ seq, now })));
      if (row) tell(row);
      return row;
    },
    list: ({ clientId, vaultingRequestId, state, limit }: OutboxListOptions) => {
      const filter = { clientId: clientId ?? null, vaultingRequestId: vaultingRequestId ?? null, state: state ?? null };
      return engine.read(queries.notificationList({ ...filter, limit }));
    },
    find: async (seq: number) => (await engine.read(queries.notificationFind({ seq })))[0],
    /** The one notification that a vaulting has, once it is final. */
    findByVaulting: async (vaulting: VaultingId) =>
      (await engine.read(queries.notificationFindByVaulting(vaulting)))[0],
    listAttempts: (notificationSeq: number) => engine.read(queries.attemptList({ notificationSeq })),
    countPending: async () => Number((await engine.read(queries.notificationCountPending({})))[0]?.count ?? 0),
  };
}

/** The host of a merchant's address, which may have no scheme. What cannot be read is its own host: it fails when it is sent. */
function getHost(url: string): string {
  try {
    return new URL(completeUrl(url)).host;
  } catch {
    return url.slice(0, 255);
  }
}
