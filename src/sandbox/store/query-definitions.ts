/**
 * Every query of the store, for both engines. They are compiled by `npm run generate` into `generated/queries.ts`; nothing imports this file
 * at run time, since loading a query builder takes longer than all else of the sandbox's start.
 */
import { type Compilable, type Generated, type Kysely, sql } from "kysely";
import type { EngineName } from "./database-engine.ts";
import type { AttemptRow, Claim, ClientRow, NotificationRow, NotificationState, Times, VaultingRow } from "./rows.ts";

type Table<Row, Counted extends keyof Row = never> = {
  [Column in keyof Row]: Column extends Counted ? Generated<Row[Column]> : Row[Column];
};

/** The tables, as the query builder sees them. */
export interface Tables {
  readonly vaulting: Table<VaultingRow, "seq">;
  readonly notification: Table<NotificationRow, "seq">;
  readonly attempt: Table<AttemptRow, "seq">;
  readonly client: ClientRow;
  readonly setting: { readonly name: string; readonly value: string };
}

/** Stands for a value that differs from run to run. */
export class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Written out, as the condition of the index is, so that every planner sees that it fits. */
const PENDING = sql<"PENDING">`'PENDING'`;

/** A query, the values that it takes and the rows that it gives. */
export interface Definition<Parameters extends object, Row> {
  readonly query: Compilable;
  /** Never there: it keeps the types. */
  readonly types?: (parameters: Parameters) => Row;
}

/** Where a value belongs that differs from run to run, the query has `parameter("name")`. */
function define<Parameters extends object, Row = never>(
  build: (parameter: <Name extends keyof Parameters & string>(name: Name) => Parameters[Name]) => Compilable,
): Definition<Parameters, Row> {
  // The builder takes any object for a value and hands it through, which is all that is wanted of it.
  return { query: build((name) => new Parameter(name) as never) };
}

/** `null` stands for "any". */
interface VaultingFilter {
  readonly clientId: string | null;
  readonly status: string | null;
  readonly before: number;
  readonly limit: number;
}

/** A search looks at the vaultings of a range of numbers and no others, so that it takes no longer however many there are. */
interface VaultingSearch extends VaultingFilter {
  readonly from: number;
  /** Patterns of LIKE, with `\\` before what is meant as it stands. */
  readonly idLike: string;
  readonly tokenLike: string;
  readonly cardLike: string;
}

interface NotificationFilter {
  readonly clientId: string | null;
  readonly vaultingRequestId: string | null;
  readonly state: string | null;
  readonly limit: number;
}

type NewVaulting = Omit<VaultingRow, "seq" | "version">;

interface NewNotification {
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

export const definitions = (db: Kysely<Tables>, engine: EngineName) => ({
  ...vaultingQueries(db),
  ...notificationQueries(db, engine === "postgresql"),
  ...otherQueries(db),
});

export type Definitions = ReturnType<typeof definitions>;

function vaultingQueries(db: Kysely<Tables>) {
  const all = () => db.selectFrom("vaulting").selectAll();
  return {
    vaultingById: define<{ clientId: string; vaultingRequestId: string }, VaultingRow>((parameter) =>
      all()
        .where("clientId", "=", parameter("clientId"))
        .where("vaultingRequestId", "=", parameter("vaultingRequestId")),
    ),
    vaultingByChallenge: define<{ challengeId: string }, VaultingRow>((parameter) =>
      all().where("challengeId", "=", parameter("challengeId")),
    ),
    vaultingByCardPage: define<{ cardPageId: string }, VaultingRow>((parameter) =>
      all().where("cardPageId", "=", parameter("cardPageId")),
    ),
    vaultingExpired: define<{ time: number }, VaultingRow>((parameter) =>
      all().where("expiresAt", "<=", parameter("time")).orderBy("expiresAt").limit(100),
    ),
    vaultingCount: define<Record<never, never>, { count: number }>(() =>
      db.selectFrom("vaulting").select((each) => each.fn.countAll<number>().as("count")),
    ),
    vaultingInsert: define<NewVaulting, { seq: number }>((parameter) =>
      db
        .insertInto("vaulting")
        .values({
          version: 0,
          clientId: parameter("clientId"),
          vaultingRequestId: parameter("vaultingRequestId"),
          origin: parameter("origin"),
          status: parameter("status"),
          resultCode: parameter("resultCode"),
          verificationFailed: parameter("verificationFailed"),
          brand: parameter("brand"),
          maskedCardNo: parameter("maskedCardNo"),
          cardToken: parameter("cardToken"),
          notificationUrl: parameter("notificationUrl"),
          redirectUrl: parameter("redirectUrl"),
          metadata: parameter("metadata"),
          fingerprint: parameter("fingerprint"),
          cardPageId: parameter("cardPageId"),
          sessionId: parameter("sessionId"),
          sessionData: parameter("sessionData"),
          sessionExpiresAt: parameter("sessionExpiresAt"),
          sessionThreeDS: parameter("sessionThreeDS"),
          challengeId: parameter("challengeId"),
          challengeScript: parameter("challengeScript"),
          pendingVerdict: parameter("pendingVerdict"),
          endedBy: parameter("endedBy"),
          wrongCodes: parameter("wrongCodes"),
          expiresAt: parameter("expiresAt"),
          createdAt: parameter("createdAt"),
          finishedAt: parameter("finishedAt"),
        })
        .onConflict((conflict) => conflict.columns(["clientId", "vaultingRequestId"]).doNothing())
        .returning("seq"),
    ),
    // What a vaulting was asked with never changes; what became of it does.
    vaultingUpdate: define<VaultingRow & { next: number }, { seq: number }>((parameter) =>
      db
        .updateTable("vaulting")
        .set({
          version: parameter("next"),
          status: parameter("status"),
          resultCode: parameter("resultCode"),
          verificationFailed: parameter("verificationFailed"),
          brand: parameter("brand"),
          maskedCardNo: parameter("maskedCardNo"),
          cardToken: parameter("cardToken"),
          challengeId: parameter("challengeId"),
          challengeScript: parameter("challengeScript"),
          pendingVerdict: parameter("pendingVerdict"),
          endedBy: parameter("endedBy"),
          wrongCodes: parameter("wrongCodes"),
          expiresAt: parameter("expiresAt"),
          finishedAt: parameter("finishedAt"),
        })
        .where("seq", "=", parameter("seq"))
        .where("version", "=", parameter("version"))
        .where("status", "=", "PROCESSING")
        .returning("seq"),
    ),
    vaultingList: define<VaultingFilter, VaultingRow>((parameter) =>
      all()
        .where("clientId", "=", sql<string>`coalesce(${parameter("clientId")}, "clientId")`)
        .where("status", "=", sql<VaultingRow["status"]>`coalesce(${parameter("status")}, "status")`)
        .where("seq", "<", parameter("before"))
        .orderBy("seq", "desc")
        .limit(parameter("limit")),
    ),
    vaultingSearch: define<VaultingSearch, VaultingRow>((parameter) =>
      all()
        .where("clientId", "=", sql<string>`coalesce(${parameter("clientId")}, "clientId")`)
        .where("status", "=", sql<VaultingRow["status"]>`coalesce(${parameter("status")}, "status")`)
        .where("seq", "<", parameter("before"))
        .where("seq", ">=", parameter("from"))
        .where(
          sql<boolean>`("vaultingRequestId" like ${parameter("idLike")} escape '\\' or "cardToken" like ${parameter("tokenLike")} escape '\\' or "maskedCardNo" like ${parameter("cardLike")} escape '\\')`,
        )
        .orderBy("seq", "desc")
        .limit(parameter("limit")),
    ),
    vaultingNewest: define<Record<never, never>, { seq: number | null }>(() =>
      db.selectFrom("vaulting").select((each) => each.fn.max("seq").as("seq")),
    ),
  };
}

function notificationQueries(db: Kysely<Tables>, shared: boolean) {
  const free = (parameter: (name: "now" | "real") => number) =>
    db
      .selectFrom("notification")
      .where("state", "=", PENDING)
      .where("dueAt", "<=", parameter("now"))
      .where("leasedUntil", "<=", parameter("real"));
  return {
    notificationInsert: define<NewNotification>((parameter) =>
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
    notificationDueHosts: define<Times, { host: string }>((parameter) =>
      db
        // From host to host along the index, one step for each: what waits for one of them may be a million.
        .withRecursive("each(host)", (from) =>
          from
            .selectFrom("notification")
            .where("state", "=", PENDING)
            .select(({ fn }) => fn.min<string | null>("host").as("host"))
            .unionAll(
              from
                .selectFrom("each")
                .select((each) =>
                  each
                    .selectFrom("notification")
                    .where("state", "=", PENDING)
                    .whereRef("notification.host", ">", "each.host")
                    .select(({ fn }) => fn.min("notification.host").as("host"))
                    .as("host"),
                )
                .where("each.host", "is not", null),
            ),
        )
        .with("waiting", (from) =>
          from
            .selectFrom("each")
            .select([
              "each.host",
              (each) =>
                free(parameter)
                  .whereRef("notification.host", "=", each.ref("each.host"))
                  .select("dueAt")
                  .orderBy("dueAt")
                  .limit(1)
                  .as("since"),
            ]),
        )
        .selectFrom("waiting")
        .where("since", "is not", null)
        .select("host")
        // Whoever has waited longest comes first, so that many busy hosts keep no other waiting for ever.
        .orderBy("since")
        .limit(64),
    ),
    notificationClaim: define<Claim, NotificationRow>((parameter) => {
      const some = free(parameter)
        .select("seq")
        .where("host", "=", parameter("host"))
        .orderBy("dueAt")
        .limit(parameter("limit"));
      return (
        db
          // Two processes that look at once do not wait for each other, and do not take the same. PostgreSQL may run a query that stands in
          // the condition of an update for each row, and each time for others: so it stands before the update, where it is run once.
          .with("some", () => (shared ? some.forUpdate().skipLocked() : some))
          .updateTable("notification")
          .set({ leasedUntil: parameter("until"), lease: parameter("lease") })
          .where("seq", "in", (from) => from.selectFrom("some").select("some.seq"))
          .returningAll()
      );
    }),
    attemptInsert: define<Omit<AttemptRow, "seq">>((parameter) =>
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
    notificationSettle: define<Settle, { seq: number }>((parameter) =>
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
        .where("lease", "=", parameter("lease"))
        .returning("seq"),
    ),
    notificationRenew: define<{ seq: number; lease: string | null; until: number }>((parameter) =>
      db
        .updateTable("notification")
        .set({ leasedUntil: parameter("until") })
        .where("seq", "=", parameter("seq"))
        .where("lease", "=", parameter("lease")),
    ),
    notificationReleaseAll: define<Record<never, never>>(() =>
      db
        .updateTable("notification")
        .set({ leasedUntil: 0, lease: null })
        .where("state", "=", "PENDING")
        .where("lease", "is not", null),
    ),
    notificationResend: define<{ seq: number; now: number }, NotificationRow>((parameter) =>
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
    notificationFind: define<{ seq: number }, NotificationRow>((parameter) =>
      db.selectFrom("notification").selectAll().where("seq", "=", parameter("seq")),
    ),
    notificationPending: define<Record<never, never>, { count: number }>(() =>
      db
        .selectFrom("notification")
        .select((each) => each.fn.countAll<number>().as("count"))
        .where("state", "=", "PENDING"),
    ),
    notificationList: define<NotificationFilter, NotificationRow>((parameter) =>
      db
        .selectFrom("notification")
        .selectAll()
        .where("clientId", "=", sql<string>`coalesce(${parameter("clientId")}, "clientId")`)
        .where("vaultingRequestId", "=", sql<string>`coalesce(${parameter("vaultingRequestId")}, "vaultingRequestId")`)
        .where("state", "=", sql<NotificationState>`coalesce(${parameter("state")}, "state")`)
        .orderBy("seq", "desc")
        .limit(parameter("limit")),
    ),
    notificationOfVaulting: define<{ clientId: string; vaultingRequestId: string }, NotificationRow>((parameter) =>
      db
        .selectFrom("notification")
        .selectAll()
        .where("clientId", "=", parameter("clientId"))
        .where("vaultingRequestId", "=", parameter("vaultingRequestId")),
    ),
    attemptsOfNotification: define<{ notificationSeq: number }, AttemptRow>((parameter) =>
      db.selectFrom("attempt").selectAll().where("notificationSeq", "=", parameter("notificationSeq")).orderBy("seq"),
    ),
  };
}

function otherQueries(db: Kysely<Tables>) {
  return {
    clientList: define<Record<never, never>, ClientRow>(() => db.selectFrom("client").selectAll().orderBy("createdAt")),
    clientInsert: define<ClientRow, { clientId: string }>((parameter) =>
      db
        .insertInto("client")
        .values({
          clientId: parameter("clientId"),
          publicKey: parameter("publicKey"),
          createdAt: parameter("createdAt"),
        })
        .onConflict((conflict) => conflict.column("clientId").doNothing())
        .returning("clientId"),
    ),
    settingGet: define<{ name: string }, { value: string }>((parameter) =>
      db.selectFrom("setting").select("value").where("name", "=", parameter("name")),
    ),
    settingSet: define<{ name: string; value: string }>((parameter) =>
      db
        .insertInto("setting")
        .values({ name: parameter("name"), value: parameter("value") })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: parameter("value") })),
    ),
    settingTable: define<Record<never, never>>(() =>
      db.schema
        .createTable("setting")
        .ifNotExists()
        .addColumn("name", "text", (column) => column.primaryKey())
        .addColumn("value", "text", (column) => column.notNull()),
    ),
    forgetAttempts: define<Record<never, never>>(() => db.deleteFrom("attempt")),
    forgetNotifications: define<Record<never, never>>(() => db.deleteFrom("notification")),
    forgetVaultings: define<Record<never, never>>(() => db.deleteFrom("vaulting")),
  };
}
