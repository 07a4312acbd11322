/** The notifications that are to be sent and those that were: written with the result, leased to whoever sends, never deleted. */
import type { Kysely } from "kysely";
import { nextDue } from "../notifier/schedule.ts";
import { notificationBody } from "../vaulting/answers.ts";
import type { Vaulting } from "../vaulting/vaulting.ts";
import type { Engine, Transaction } from "./engine.ts";
import type { AttemptRow, NotificationRow, NotificationState, Tables } from "./schema.ts";
import { statement } from "./statement.ts";

export type Attempt = Omit<AttemptRow, "seq" | "notificationSeq" | "number">;

export interface Outbox {
  /** In the transaction of the result. */
  readonly put: (tx: Transaction, vaulting: Vaulting, now: number) => Promise<void>;
  /** The hosts for which something is due that nobody is at. */
  readonly dueHosts: (times: Times) => Promise<readonly string[]>;
  /** Takes some of a host's due notifications, so that nobody else sends them before `until`. */
  readonly claim: (claim: Claim) => Promise<readonly NotificationRow[]>;
  /** Records what came of an attempt. Of a notification that somebody else has taken meanwhile, only the attempt is recorded. */
  readonly finish: (notification: NotificationRow, attempt: Attempt) => Promise<void>;
  /** Gives a notification back that was not sent, and is not to be before a time on the sandbox's clock. */
  readonly postpone: (notification: NotificationRow, dueAt: number) => Promise<void>;
  /** Gives back what a process had taken that is gone: only where no other process can be at work. */
  readonly releaseAll: () => Promise<void>;
  /** Begins the schedule anew, at once. `undefined` where there is no such notification. */
  readonly resend: (seq: number, now: number) => Promise<NotificationRow | undefined>;
  readonly list: (options: OutboxListOptions) => Promise<readonly NotificationRow[]>;
  readonly find: (seq: number) => Promise<NotificationRow | undefined>;
  readonly attemptsOf: (notificationSeqs: readonly number[]) => Promise<readonly AttemptRow[]>;
  readonly pending: () => Promise<number>;
}

export interface Times {
  /** The sandbox's clock. */
  readonly now: number;
  /** The machine's clock: leases are a matter of processes. */
  readonly real: number;
}

export interface Claim extends Times {
  readonly host: string;
  readonly limit: number;
  readonly until: number;
  /** A name that nobody else uses. */
  readonly lease: string;
}

export interface OutboxListOptions {
  readonly clientId?: string | undefined;
  readonly vaultingRequestId?: string | undefined;
  readonly state?: NotificationState | undefined;
  readonly limit: number;
}

export function createOutbox(engine: Engine, db: Kysely<Tables>): Outbox {
  const queries = queriesOf(db, engine.name === "postgresql");
  return {
    put: async (tx, vaulting, now) => {
      const { clientId, vaultingRequestId, notificationUrl: url } = vaulting;
      const body = notificationBody(vaulting);
      await tx.all(queries.insert({ clientId, vaultingRequestId, url, host: hostOf(url), body, now }));
    },
    dueHosts: async (times) => (await engine.read(queries.dueHosts(times))).map(({ host }) => host),
    claim: (claim) => engine.transact((tx) => tx.all(queries.claim(claim))),
    finish: ({ seq, lease, roundAt, attempts: before }, attempt) =>
      engine.transact(async (tx) => {
        const attempts = before + 1;
        await tx.all(queries.insertAttempt({ ...attempt, notificationSeq: seq, number: attempts }));
        const due = nextDue(roundAt, attempts);
        const state = attempt.outcome === "ACKNOWLEDGED" ? "ACKNOWLEDGED" : due === undefined ? "EXHAUSTED" : "PENDING";
        await tx.all(queries.settle({ seq, lease, state, attempts, dueAt: due ?? attempt.at }));
      }),
    postpone: async ({ seq, lease, state, attempts }, dueAt) => {
      await engine.transact((tx) => tx.all(queries.settle({ seq, lease, state, attempts, dueAt })));
    },
    releaseAll: async () => {
      await engine.transact((tx) => tx.all(queries.releaseAll({})));
    },
    resend: async (seq, now) => (await engine.transact((tx) => tx.all(queries.resend({ seq, now }))))[0],
    list: async ({ clientId, vaultingRequestId, state, limit }) => {
      let query = db.selectFrom("notification").selectAll().orderBy("seq", "desc").limit(limit);
      if (clientId !== undefined) query = query.where("clientId", "=", clientId);
      if (vaultingRequestId !== undefined) query = query.where("vaultingRequestId", "=", vaultingRequestId);
      if (state !== undefined) query = query.where("state", "=", state);
      return engine.read(statement<object, NotificationRow>(() => query)({}));
    },
    find: async (seq) => (await engine.read(queries.find({ seq })))[0],
    attemptsOf: async (seqs) => {
      if (seqs.length === 0) return [];
      const query = db
        .selectFrom("attempt")
        .selectAll()
        .where("notificationSeq", "in", [...seqs])
        .orderBy("seq");
      return engine.read(statement<object, AttemptRow>(() => query)({}));
    },
    pending: async () => Number((await engine.read(queries.pending({})))[0]?.count ?? 0),
  };
}

/** The host of a merchant's address, which may have no scheme. What cannot be read is its own host: it fails when it is sent. */
function hostOf(url: string): string {
  try {
    return new URL(/^https?:\/\//i.test(url) ? url : `https://${url}`).host;
  } catch {
    return url.slice(0, 255);
  }
}

interface Insert {
  readonly clientId: string;
  readonly vaultingRequestId: string;
  readonly url: string;
  readonly host: string;
  readonly body: string;
  readonly now: number;
}

interface Settle {
  readonly seq: number;
  readonly lease: string | null;
  readonly state: NotificationState;
  readonly attempts: number;
  readonly dueAt: number;
}

function queriesOf(db: Kysely<Tables>, shared: boolean) {
  const free = (parameter: (name: "now" | "real") => number) =>
    db
      .selectFrom("notification")
      .where("state", "=", "PENDING")
      .where("dueAt", "<=", parameter("now"))
      .where("leasedUntil", "<=", parameter("real"));
  return {
    insert: statement<Insert>((parameter) =>
      db
        .insertInto("notification")
        .values({
          clientId: parameter("clientId"),
          vaultingRequestId: parameter("vaultingRequestId"),
          url: parameter("url"),
          host: parameter("host"),
          body: parameter("body"),
          state: "PENDING",
          attempts: 0,
          roundAt: parameter("now"),
          dueAt: parameter("now"),
          leasedUntil: 0,
          lease: null,
        })
        .onConflict((conflict) => conflict.columns(["clientId", "vaultingRequestId"]).doNothing()),
    ),
    dueHosts: statement<Times, { host: string }>((parameter) => free(parameter).select("host").distinct().limit(64)),
    claim: statement<Claim, NotificationRow>((parameter) => {
      const free_ = free(parameter)
        .select("seq")
        .where("host", "=", parameter("host"))
        .orderBy("dueAt")
        .limit(parameter("limit"));
      return (
        db
          .updateTable("notification")
          .set({ leasedUntil: parameter("until"), lease: parameter("lease") })
          // Two processes that look at once do not wait for each other, and do not take the same.
          .where("seq", "in", shared ? free_.forUpdate().skipLocked() : free_)
          .returningAll()
      );
    }),
    insertAttempt: statement<Omit<AttemptRow, "seq">>((parameter) =>
      db.insertInto("attempt").values({
        notificationSeq: parameter("notificationSeq"),
        number: parameter("number"),
        at: parameter("at"),
        durationMs: parameter("durationMs"),
        outcome: parameter("outcome"),
        httpStatus: parameter("httpStatus"),
        detail: parameter("detail"),
      }),
    ),
    settle: statement<Settle>((parameter) =>
      db
        .updateTable("notification")
        .set({
          state: parameter("state"),
          attempts: parameter("attempts"),
          dueAt: parameter("dueAt"),
          leasedUntil: 0,
          lease: null,
        })
        .where("seq", "=", parameter("seq"))
        .where("lease", "=", parameter("lease")),
    ),
    releaseAll: statement<object>(() =>
      db.updateTable("notification").set({ leasedUntil: 0, lease: null }).where("state", "=", "PENDING"),
    ),
    resend: statement<{ seq: number; now: number }, NotificationRow>((parameter) =>
      db
        .updateTable("notification")
        .set({
          state: "PENDING",
          attempts: 0,
          roundAt: parameter("now"),
          dueAt: parameter("now"),
          leasedUntil: 0,
          lease: null,
        })
        .where("seq", "=", parameter("seq"))
        .returningAll(),
    ),
    find: statement<{ seq: number }, NotificationRow>((parameter) =>
      db.selectFrom("notification").selectAll().where("seq", "=", parameter("seq")),
    ),
    pending: statement<object, { count: number }>(() =>
      db
        .selectFrom("notification")
        .select((each) => each.fn.countAll<number>().as("count"))
        .where("state", "=", "PENDING"),
    ),
  };
}
