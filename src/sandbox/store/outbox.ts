/** The outbox. Each notification is stored in the same transaction as the final result, and leased to the process that sends it. */
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
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
  /** Selects only notifications to this client. Default: all clients. */
  readonly clientId?: string | undefined;
  /** Selects only notifications of this vaulting. */
  readonly vaultingRequestId?: string | undefined;
  /** Selects only notifications in this state: `PENDING`, `ACKNOWLEDGED`, or `EXHAUSTED`. */
  readonly state?: NotificationState | undefined;
  /** Selects only notifications whose last attempt had this outcome. */
  readonly outcome?: ControlSchemas["AttemptOutcome"] | undefined;
  /** Selects only notifications to this host. Include the port, unless it is the default port of the URL. */
  readonly host?: string | undefined;
  /** Selects only notifications whose vaultingRequestId, client ID, URL, or body contains this text, ignoring the case of ASCII letters. */
  readonly text?: string | undefined;
  /** Selects only notifications with a smaller sequence number. */
  readonly before?: number | undefined;
  /** The maximum number of notifications. Default in `notifications.list`: 100. */
  readonly limit: number;
}

/**
 * The number of notifications per query, and the number of queries per search and per count. SQLite needs about 4 ms for 1,000 rows, and blocks
 * other queries during that time.
 */
const SLICE_SIZE = 1_000;
const MAX_SLICES = 100;
const COUNTED_SLICES = 2;

export function createOutbox(engine: Engine, queries: Queries, notify: (notification: NotificationRow) => void) {
  async function summarizePending() {
    const [summary] = await engine.read(queries.notificationCountPending({}));
    return { count: Number(summary?.count ?? 0), firstDueAt: Number(summary?.firstDueAt ?? Number.POSITIVE_INFINITY) };
  }

  const { search, countMatches } = createSearch(engine, queries);
  const find = async (seq: number) => (await engine.read(queries.notificationFind({ seq })))[0];
  const listAttempts = (notificationSeq: number) => engine.read(queries.attemptList({ notificationSeq }));

  return {
    /** Adds the notification in the transaction that stores the result. */
    add: async (tx: Transaction, vaulting: Final, now: number): Promise<void> => {
      const { clientId, vaultingRequestId, notificationUrl: url } = vaulting;
      const body = toNotificationBody(vaulting);
      await tx.all(queries.notificationInsert({ clientId, vaultingRequestId, url, host: getHost(url), body, now }));
    },
    /** Lists up to 64 hosts that have a due notification without a lease. The host that has waited longest is first. */
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
          // The notification might have been deleted, and SQLite reuses sequence numbers.
          const [found] = await tx.all(queries.notificationFindByVaulting(notification));
          if (found?.seq !== seq || found.body !== notification.body) return;
        }
        await tx.all(queries.attemptInsert({ ...attempt, notificationSeq: seq, number: attempts }));
      });
      notify(notification);
    },
    /** Releases a notification without counting an attempt, and postpones it to a time on the sandbox's clock. */
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
    /** Lists notifications, newest first. */
    list: async (options: NotificationListOptions): Promise<readonly NotificationRow[]> =>
      (await search(options, Number.POSITIVE_INFINITY)).found,
    search,
    countMatches,
    find,
    /** Returns the notification of a vaulting, or `undefined` if the vaulting does not exist or is not final. */
    findByVaulting: async (vaulting: VaultingId) =>
      (await engine.read(queries.notificationFindByVaulting(vaulting)))[0],
    listAttempts,
    /** Returns a notification and its attempts as they were at the same moment. Reads both again if the notification changed in between. */
    readWithAttempts: async (notification: NotificationRow) => {
      for (let row = notification; ; ) {
        const attempts = await listAttempts(row.seq);
        const { state, roundAt, attempts: count } = row;
        const after = await find(row.seq);
        if (!after || (after.state === state && after.roundAt === roundAt && after.attempts === count))
          return { row, attempts };
        row = after;
      }
    },
    /** Returns the number of pending notifications, and the earliest time at which one is due. */
    summarizePending,
    countPending: async () => (await summarizePending()).count,
  };
}

/** Creates functions that search and count notifications in slices, so that other queries do not wait long. */
function createSearch(engine: Engine, queries: Queries) {
  /**
   * Searches the newest notifications first. `next` is the `before` option of the next search, or `undefined` if no notifications remain. By
   * default, reads up to 100,000 notifications per call.
   */
  async function search({ limit, before, text = "", ...options }: NotificationListOptions, maxSlices = MAX_SLICES) {
    const { clientId = null, vaultingRequestId = null, state = null, outcome = null, host = null } = options;
    const like = toLikePattern(text);
    const filter = { clientId, vaultingRequestId, state, outcome, host, like };
    const found: NotificationRow[] = [];
    const newest = Number((await engine.read(queries.notificationGetNewest({})))[0]?.seq ?? 0);
    let end = Math.min(before ?? Number.MAX_SAFE_INTEGER, newest + 1);
    for (let slice = 0; slice < maxSlices && end > 1 && found.length < limit; slice++) {
      // Lets waiting calls run between two slices.
      if (slice > 0) await new Promise((resolve) => setImmediate(resolve));
      const from = Math.max(1, end - SLICE_SIZE);
      const query = queries.notificationSearch({ ...filter, before: end, from, limit: limit - found.length });
      found.push(...(await engine.read(query)));
      end = from;
    }
    const next = found.length < limit ? end : (found.at(-1)?.seq ?? 1);
    return { found, next: next > 1 ? next : undefined };
  }

  /**
   * Counts the matches in each state among the newest notifications. `isComplete` is false if there are more notifications than this function
   * reads.
   */
  async function countMatches({ text = "", clientId, outcome }: Omit<NotificationListOptions, "limit">) {
    const like = toLikePattern(text);
    const filter = { clientId: clientId ?? null, outcome: outcome ?? null, vaultingRequestId: null, host: null, like };
    const counts = new Map<string, number>();
    let end = Number((await engine.read(queries.notificationGetNewest({})))[0]?.seq ?? 0) + 1;
    for (let slice = 0; slice < COUNTED_SLICES && end > 1; slice++) {
      if (slice > 0) await new Promise((resolve) => setImmediate(resolve));
      const from = Math.max(1, end - SLICE_SIZE);
      const rows = await engine.read(queries.notificationCountByState({ ...filter, before: end, from }));
      for (const { state, count } of rows) counts.set(state, (counts.get(state) ?? 0) + Number(count));
      end = from;
    }
    return { counts, isComplete: end <= 1 };
  }

  return { search, countMatches };
}

const toLikePattern = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** Returns the host of a notification URL. Returns the first 255 characters of an invalid URL, whose delivery fails later. */
function getHost(url: string): string {
  try {
    return new URL(addDefaultScheme(url)).host;
  } catch {
    return url.slice(0, 255);
  }
}
