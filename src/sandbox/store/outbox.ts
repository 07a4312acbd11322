/** The notifications that are to be sent and those that were: written with the result, leased to whoever sends, never deleted. */
import { completeUrl } from "../../protocol/complete-url.ts";
import { notificationBody } from "../vaulting/responses.ts";
import type { Final } from "../vaulting/state-machine.ts";
import type { Engine, Transaction } from "./database-engine.ts";
import type { Queries } from "./queries.ts";
import { nextDue } from "./retry-schedule.ts";
import type { AttemptRow, Claim, NotificationRow, NotificationState, Times, VaultingId } from "./rows.ts";
import type { StoreEvents } from "./store-events.ts";

export type Attempt = Omit<AttemptRow, "seq" | "notificationSeq" | "number">;

export interface Outbox {
  /** In the transaction of the result. */
  readonly put: (tx: Transaction, vaulting: Final, now: number) => Promise<void>;
  /** The hosts for which something is due that nobody is at. */
  readonly dueHosts: (times: Times) => Promise<readonly string[]>;
  /** Takes some of a host's due notifications, so that nobody else sends them before `until`. */
  readonly claim: (claim: Claim) => Promise<readonly NotificationRow[]>;
  /** Keeps what was taken from others for longer. */
  readonly renew: (notifications: readonly NotificationRow[], until: number) => Promise<void>;
  /** Records what came of an attempt. Of a notification that somebody else has taken meanwhile, only the attempt is recorded; of one that was forgotten, nothing. */
  readonly finish: (notification: NotificationRow, attempt: Attempt) => Promise<void>;
  /** Gives a notification back that was not sent, and is not to be before a time on the sandbox's clock. */
  readonly postpone: (notification: NotificationRow, dueAt: number) => Promise<void>;
  /** Gives back what a process had taken that is gone: only where no other process can be at work. */
  readonly releaseAll: () => Promise<void>;
  /** Begins the schedule anew, at once. `undefined` where there is no such notification. */
  readonly resend: (seq: number, now: number) => Promise<NotificationRow | undefined>;
  readonly list: (options: OutboxListOptions) => Promise<readonly NotificationRow[]>;
  readonly find: (seq: number) => Promise<NotificationRow | undefined>;
  /** The one notification that a vaulting has, once it is final. */
  readonly ofVaulting: (vaulting: VaultingId) => Promise<NotificationRow | undefined>;
  readonly attemptsOf: (notificationSeqs: readonly number[]) => Promise<readonly AttemptRow[]>;
  readonly pending: () => Promise<number>;
}

export interface OutboxListOptions {
  readonly clientId?: string | undefined;
  readonly vaultingRequestId?: string | undefined;
  readonly state?: NotificationState | undefined;
  readonly limit: number;
}

export function createOutbox(engine: Engine, queries: Queries, tell: StoreEvents["onNotification"] = () => {}): Outbox {
  return {
    put: async (tx, vaulting, now) => {
      const { clientId, vaultingRequestId, notificationUrl: url } = vaulting;
      const body = notificationBody(vaulting);
      await tx.all(queries.notificationInsert({ clientId, vaultingRequestId, url, host: hostOf(url), body, now }));
    },
    dueHosts: async (times) => (await engine.read(queries.notificationDueHosts(times))).map(({ host }) => host),
    claim: (claim) => engine.transact((tx) => tx.all(queries.notificationClaim(claim))),
    renew: (notifications, until) =>
      engine.transact(async (tx) => {
        for (const { seq, lease } of notifications) await tx.all(queries.notificationRenew({ seq, lease, until }));
      }),
    finish: async (notification, attempt) => {
      await engine.transact(async (tx) => {
        const { seq, lease, roundAt } = notification;
        const attempts = notification.attempts + 1;
        const due = nextDue(roundAt, attempts);
        const state = attempt.outcome === "ACKNOWLEDGED" ? "ACKNOWLEDGED" : due === undefined ? "EXHAUSTED" : "PENDING";
        const settled = await tx.all(
          queries.notificationSettle({ seq, lease, state, attempts, dueAt: due ?? attempt.at }),
        );
        if (settled.length === 0) {
          // It may have been forgotten, and SQLite gives its number to another.
          const [found] = await tx.all(queries.notificationOfVaulting(notification));
          if (found?.seq !== seq || found.body !== notification.body) return;
        }
        await tx.all(queries.attemptInsert({ ...attempt, notificationSeq: seq, number: attempts }));
      });
      tell(notification);
    },
    postpone: async ({ seq, lease, state, attempts }, dueAt) => {
      await engine.transact((tx) => tx.all(queries.notificationSettle({ seq, lease, state, attempts, dueAt })));
    },
    releaseAll: async () => {
      await engine.transact((tx) => tx.all(queries.notificationReleaseAll({})));
    },
    resend: async (seq, now) => {
      const [row] = await engine.transact((tx) => tx.all(queries.notificationResend({ seq, now })));
      if (row) tell(row);
      return row;
    },
    list: ({ clientId = null, vaultingRequestId = null, state = null, limit }) =>
      engine.read(queries.notificationList({ clientId, vaultingRequestId, state, limit })),
    ofVaulting: async (vaulting) => (await engine.read(queries.notificationOfVaulting(vaulting)))[0],
    find: async (seq) => (await engine.read(queries.notificationFind({ seq })))[0],
    attemptsOf: async (seqs) => {
      const each = seqs.map((notificationSeq) => engine.read(queries.attemptsOfNotification({ notificationSeq })));
      return (await Promise.all(each)).flat();
    },
    pending: async () => Number((await engine.read(queries.notificationPending({})))[0]?.count ?? 0),
  };
}

/** The host of a merchant's address, which may have no scheme. What cannot be read is its own host: it fails when it is sent. */
function hostOf(url: string): string {
  try {
    return new URL(completeUrl(url)).host;
  } catch {
    return url.slice(0, 255);
  }
}
