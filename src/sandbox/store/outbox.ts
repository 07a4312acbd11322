/** The outbox. Each notification is stored in the same transaction as its result, and leased to the process that sends it. */
import { addDefaultScheme } from "../../protocol/add-default-scheme.ts";
import { toNotificationBody } from "../vaulting/responses.ts";
import type { Final } from "../vaulting/state-machine.ts";
import type { Engine, Transaction } from "./database-engine.ts";
import type { Queries } from "./queries.ts";
import { getNextAttemptAt } from "./retry-schedule.ts";
import type { AttemptRow, Claim, NotificationRow, NotificationState, Times, VaultingId } from "./rows.ts";

export type Attempt = Omit<AttemptRow, "seq" | "notificationSeq" | "number">;

export type Outbox = Readonly<ReturnType<typeof createOutbox>>;

/** The filters and the limit for a list of notifications. */
export interface NotificationListOptions {
  /** Returns only notifications to this client. Default: all clients. */
  readonly clientId?: string | undefined;
  /** Returns only notifications of this vaulting. */
  readonly vaultingRequestId?: string | undefined;
  /** Returns only notifications in this state: `PENDING`, `ACKNOWLEDGED`, or `EXHAUSTED`. */
  readonly state?: NotificationState | undefined;
  /** The maximum number of notifications. Default in `notifications.list`: 100. */
  readonly limit: number;
}

export function createOutbox(engine: Engine, queries: Queries, notify: (notification: NotificationRow) => void) {
  async function summarizePending() {
    const [summary] = await engine.read(queries.notificationCountPending({}));
    return { count: Number(summary?.count ?? 0), firstDueAt: Number(summary?.firstDueAt ?? Number.POSITIVE_INFINITY) };
  }

  return {
    /** Adds the notification in the transaction that stores the result. */
    add: async (tx: Transaction, vaulting: Final, now: number): Promise<void> => {
      const { clientId, vaultingRequestId, notificationUrl: url } = vaulting;
      const body = toNotificationBody(vaulting);
      await tx.all(queries.notificationInsert({ clientId, vaultingRequestId, url, host: getHost(url), body, now }));
    },
    /** Lists hosts that have a due notification without a lease. */
    listDueHosts: async (times: Times) =>
      (await engine.read(queries.notificationListDueHosts(times))).map(({ host }) => host),
    /** Leases due notifications of a host, so that no other process sends them before `until`. */
    claim: (claim: Claim) => engine.transact((tx) => tx.all(queries.notificationClaim(claim))),
    renew: (notifications: readonly NotificationRow[], until: number): Promise<void> =>
      engine.transact(async (tx) => {
        for (const { seq, lease } of notifications) await tx.all(queries.notificationRenew({ seq, lease, until }));
      }),
    /** Records an attempt. The notification changes only if this process still has the lease. Stores nothing if the notification was deleted. */
    recordAttempt: async (notification: NotificationRow, attempt: Attempt): Promise<void> => {
      await engine.transact(async (tx) => {
        const { seq, lease, roundAt } = notification;
        const attempts = notification.attempts + 1;
        const due = getNextAttemptAt(roundAt, attempts);
        const state = attempt.outcome === "ACKNOWLEDGED" ? "ACKNOWLEDGED" : due === undefined ? "EXHAUSTED" : "PENDING";
        const released = await tx.all(
          queries.notificationRelease({ seq, lease, state, attempts, dueAt: due ?? attempt.at }),
        );
        if (released.length === 0) {
          // The notification may have been deleted, and SQLite reuses sequence numbers.
          const [found] = await tx.all(queries.notificationFindByVaulting(notification));
          if (found?.seq !== seq || found.body !== notification.body) return;
        }
        await tx.all(queries.attemptInsert({ ...attempt, notificationSeq: seq, number: attempts }));
      });
      notify(notification);
    },
    /** Releases an unsent notification, and postpones it to a time on the sandbox's clock. */
    postpone: async ({ seq, lease, state, attempts }: NotificationRow, dueAt: number): Promise<void> => {
      await engine.transact((tx) => tx.all(queries.notificationRelease({ seq, lease, state, attempts, dueAt })));
    },
    /** Releases all leases. Call it only if no other process can have one. */
    releaseAll: async (): Promise<void> => {
      await engine.transact((tx) => tx.all(queries.notificationReleaseAll({})));
    },
    /** Restarts the retry schedule of a notification, and returns its row, or `undefined` if it does not exist. */
    resend: async (seq: number, now: number): Promise<NotificationRow | undefined> => {
      const [row] = await engine.transact((tx) => tx.all(queries.notificationResend({ seq, now })));
      if (row) notify(row);
      return row;
    },
    list: ({ clientId, vaultingRequestId, state, limit }: NotificationListOptions) => {
      const filter = { clientId: clientId ?? null, vaultingRequestId: vaultingRequestId ?? null, state: state ?? null };
      return engine.read(queries.notificationList({ ...filter, limit }));
    },
    find: async (seq: number) => (await engine.read(queries.notificationFind({ seq })))[0],
    /** Returns the notification of a vaulting, or `undefined` if the vaulting does not exist or is not final. */
    findByVaulting: async (vaulting: VaultingId) =>
      (await engine.read(queries.notificationFindByVaulting(vaulting)))[0],
    listAttempts: (notificationSeq: number) => engine.read(queries.attemptList({ notificationSeq })),
    /** Returns the number of pending notifications, and the earliest time at which one is due. */
    summarizePending,
    countPending: async () => (await summarizePending()).count,
  };
}

/** Returns the host of a notification URL, or the first 255 characters of an invalid URL, whose delivery fails later. */
function getHost(url: string): string {
  try {
    return new URL(addDefaultScheme(url)).host;
  } catch {
    return url.slice(0, 255);
  }
}
