/** The SQL statements of the store. `:name` is a parameter. Each statement is written once, and differs between the engines only where necessary. */
import type { BoundQuery, EngineName, SqlValue } from "./database-engine.ts";
import type { AttemptRow, CallRow, Claim, ClientRow, NotificationRow, Times, VaultingId, VaultingRow } from "./rows.ts";

/** A filter for vaultings. `null` matches any value. */
interface VaultingFilter {
  readonly clientId: string | null;
  readonly status: string | null;
  readonly before: number;
  readonly limit: number;
}

/** A filter for vaultings in a range of sequence numbers. The range makes the duration of a query independent of the size of the table. */
interface VaultingRange {
  readonly from: number;
  readonly before: number;
  readonly clientId: string | null;
  /** LIKE patterns, in which `\` escapes the next character. */
  readonly textLike: string;
  readonly tokenLike: string;
  readonly cardLike: string;
}

interface NewNotification extends VaultingId {
  readonly url: string;
  readonly host: string;
  readonly body: string;
  readonly now: number;
}

/** A filter for notifications in a range of sequence numbers. `null` matches any value. */
interface NotificationSearch {
  readonly clientId: string | null;
  readonly vaultingRequestId: string | null;
  readonly state: string | null;
  readonly host: string | null;
  /** The outcome of the last attempt. */
  readonly outcome: string | null;
  /** A LIKE pattern. */
  readonly like: string;
  readonly from: number;
  readonly before: number;
  readonly limit: number;
}

/** A filter for the earliest and the latest calls of a vaulting: those numbered up to `first`, and those numbered `last` or higher. */
interface CallFilter extends VaultingId {
  readonly first: number;
  readonly last: number;
}

/** A filter for calls to delete: up to the number `seq`, before a position, or logged before a time. Only the oldest `limit` calls are checked. */
interface CallPruning extends Pick<CallRow, "seq" | "position" | "loggedAt"> {
  readonly limit: number;
}

type ReleasedNotification = Pick<NotificationRow, "seq" | "lease" | "state" | "attempts" | "dueAt">;

type NoParameters = Record<never, never>;

type Query = <Parameters extends { readonly [Name in keyof Parameters]: SqlValue }, Row = never>(
  sql: string,
) => (parameters: Parameters) => BoundQuery<Row>;

export type Queries = ReturnType<typeof createQueries>;

/** Returns the statements by name. Each is a function that binds its parameters. */
export function createQueries(engine: EngineName) {
  const query: Query = (sql) => bind(translate(sql, engine));
  return {
    ...createVaultingQueries(query, engine),
    ...createNotificationQueries(query, engine),
    ...createAttemptQueries(query),
    ...createCallQueries(query),
    ...createOtherQueries(query),
  };
}

/** Replaces each `:name` with the placeholder of the engine. `names` lists the parameters in the order of the values. */
function translate(statement: string, engine: EngineName) {
  const names: string[] = [];
  const sql = statement.replace(/:(\w+)/g, (_, name: string) => {
    names.push(name);
    return engine === "sqlite" ? "?" : `$${names.length}`;
  });
  return { sql, names };
}

function bind({ sql, names }: ReturnType<typeof translate>) {
  return (parameters: object): BoundQuery<never> => {
    // `Query` ensures that every parameter is a value.
    const byName = parameters as Readonly<Record<string, SqlValue | undefined>>;
    const values = names.map((name) => {
      const value = byName[name];
      if (value === undefined) throw new Error(`The statement has no value for :${name}.`);
      return value;
    });
    return { sql, values };
  };
}

function createVaultingQueries(query: Query, engine: EngineName) {
  // LIKE ignores the case of ASCII letters in SQLite, but not in PostgreSQL.
  const like = engine === "postgresql" ? "ilike" : "like";
  const matches = ["vaultingRequestId", "clientId", "status", "resultCode", "brand"]
    .map((column) => `"${column}" ${like} :textLike escape '\\'`)
    .concat(`"cardToken" like :tokenLike escape '\\'`, `"maskedCardNo" like :cardLike escape '\\'`)
    .join(" or ");
  return {
    vaultingFind: query<VaultingId, VaultingRow>(
      `select * from "vaulting" where "clientId" = :clientId and "vaultingRequestId" = :vaultingRequestId`,
    ),
    vaultingFindByChallenge: query<{ challengeId: string }, VaultingRow>(
      `select * from "vaulting" where "challengeId" = :challengeId`,
    ),
    vaultingFindByCardPage: query<{ cardPageId: string }, VaultingRow>(
      `select * from "vaulting" where "cardPageId" = :cardPageId`,
    ),
    vaultingListExpired: query<{ time: number }, VaultingRow>(
      `select * from "vaulting" where "expiresAt" <= :time order by "expiresAt" limit 100`,
    ),
    vaultingCount: query<NoParameters, { count: number }>(`select count(*) as "count" from "vaulting"`),
    vaultingGetNewest: query<NoParameters, { seq: number | null }>(`select max("seq") as "seq" from "vaulting"`),
    vaultingInsert: query<Omit<VaultingRow, "seq" | "version">, { seq: number }>(
      `insert into "vaulting" (
        "version", "clientId", "vaultingRequestId", "origin", "status", "resultCode", "verificationFailed",
        "brand", "maskedCardNo", "cardDetails", "cardToken", "notificationUrl", "redirectUrl", "metadata", "fingerprint",
        "cardPageId", "sessionId", "sessionData", "sessionExpiresAt", "sessionThreeDS",
        "challengeId", "challengeScript", "pendingVerdict", "endedBy", "wrongCodes",
        "expiresAt", "createdAt", "finishedAt"
      ) values (
        0, :clientId, :vaultingRequestId, :origin, :status, :resultCode, :verificationFailed,
        :brand, :maskedCardNo, :cardDetails, :cardToken, :notificationUrl, :redirectUrl, :metadata, :fingerprint,
        :cardPageId, :sessionId, :sessionData, :sessionExpiresAt, :sessionThreeDS,
        :challengeId, :challengeScript, :pendingVerdict, :endedBy, :wrongCodes,
        :expiresAt, :createdAt, :finishedAt
      )
      on conflict ("clientId", "vaultingRequestId") do nothing
      returning "seq"`,
    ),
    // The fields of the request never change, so they are not written again.
    vaultingUpdate: query<VaultingRow & { next: number }, { seq: number }>(
      `update "vaulting" set
        "version" = :next,
        "status" = :status,
        "resultCode" = :resultCode,
        "verificationFailed" = :verificationFailed,
        "brand" = :brand,
        "maskedCardNo" = :maskedCardNo,
        "cardDetails" = :cardDetails,
        "cardToken" = :cardToken,
        "challengeId" = :challengeId,
        "challengeScript" = :challengeScript,
        "pendingVerdict" = :pendingVerdict,
        "endedBy" = :endedBy,
        "wrongCodes" = :wrongCodes,
        "expiresAt" = :expiresAt,
        "finishedAt" = :finishedAt
      where "seq" = :seq and "version" = :version and "status" = 'PROCESSING'
      returning "seq"`,
    ),
    vaultingList: query<VaultingFilter, VaultingRow>(
      `select * from "vaulting"
      where "clientId" = coalesce(:clientId, "clientId") and "status" = coalesce(:status, "status") and "seq" < :before
      order by "seq" desc limit :limit`,
    ),
    // Looks up each client in the index of vaultings, because several clients can use the same ID.
    vaultingListById: query<{ vaultingRequestId: string; clientId: string | null; limit: number }, VaultingRow>(
      `select "vaulting".* from "client" cross join "vaulting"
      where "vaulting"."clientId" = "client"."clientId" and "client"."clientId" = coalesce(:clientId, "client"."clientId")
        and "vaultingRequestId" = :vaultingRequestId
      order by "seq" desc limit :limit`,
    ),
    vaultingSearch: query<VaultingRange & Pick<VaultingFilter, "status" | "limit">, VaultingRow>(
      `select * from "vaulting"
      where "clientId" = coalesce(:clientId, "clientId") and "status" = coalesce(:status, "status")
        and "seq" < :before and "seq" >= :from and (${matches})
      order by "seq" desc limit :limit`,
    ),
    vaultingCountByStatus: query<VaultingRange, { status: string; count: number }>(
      `select "status", count(*) as "count" from "vaulting"
      where "clientId" = coalesce(:clientId, "clientId") and "seq" < :before and "seq" >= :from and (${matches})
      group by "status"`,
    ),
  };
}

function createNotificationQueries(query: Query, engine: EngineName) {
  // With this clause, concurrent claims neither wait for each other nor return the same notification. SQLite does not need the clause,
  // because it runs one query at a time.
  const skipLocked = engine === "postgresql" ? "for update skip locked" : "";
  // LIKE ignores the case of ASCII letters in SQLite, but not in PostgreSQL.
  const like = engine === "postgresql" ? "ilike" : "like";
  const matches = `"seq" < :before and "seq" >= :from
    and "clientId" = coalesce(:clientId, "clientId")
    and "vaultingRequestId" = coalesce(:vaultingRequestId, "vaultingRequestId")
    and "host" = coalesce(:host, "host")
    and ("vaultingRequestId" ${like} :like escape '\\' or "url" ${like} :like escape '\\'
      or "clientId" ${like} :like escape '\\' or "body" ${like} :like escape '\\')
    and (cast(:outcome as text) is null or :outcome = (
      select "outcome" from "attempt" where "notificationSeq" = "notification"."seq" order by "attempt"."seq" desc limit 1
    ))`;
  return {
    notificationInsert: query<NewNotification>(
      `insert into "notification" (
        "clientId", "vaultingRequestId", "url", "host", "body",
        "state", "attempts", "roundAt", "dueAt", "leasedUntil", "lease"
      ) values (
        :clientId, :vaultingRequestId, :url, :host, :body,
        'PENDING', 0, :now, :now, 0, null
      )
      on conflict ("clientId", "vaultingRequestId") do nothing`,
    ),
    // Steps through the index from host to host, because a million notifications might wait for one host. The host whose notification
    // has waited longest is first, so that busy hosts do not starve the others.
    notificationListDueHosts: query<Times, { host: string }>(
      `with recursive
        "hosts"("host") as (
          select min("host") from "notification" where "state" = 'PENDING'
          union all
          select (
            select min("notification"."host") from "notification"
            where "state" = 'PENDING' and "notification"."host" > "hosts"."host"
          )
          from "hosts" where "hosts"."host" is not null
        ),
        "waiting" as (
          select "hosts"."host", (
            select "dueAt" from "notification"
            where "state" = 'PENDING' and "dueAt" <= :now and "leasedUntil" <= :real
              and "notification"."host" = "hosts"."host"
            order by "dueAt" limit 1
          ) as "since"
          from "hosts"
        )
      select "host" from "waiting" where "since" is not null order by "since" limit 64`,
    ),
    // PostgreSQL might run a subquery in an update for each row, with different results, so a common table expression selects the rows.
    notificationClaim: query<Claim, NotificationRow>(
      `with "due" as (
        select "seq" from "notification"
        where "state" = 'PENDING' and "dueAt" <= :now and "leasedUntil" <= :real and "host" = :host
        order by "dueAt" limit :limit ${skipLocked}
      )
      update "notification" set "leasedUntil" = :until, "lease" = :lease
      where "seq" in (select "due"."seq" from "due")
      returning *`,
    ),
    notificationRelease: query<ReleasedNotification, { seq: number }>(
      `update "notification"
      set "state" = :state, "attempts" = :attempts, "dueAt" = :dueAt, "leasedUntil" = 0, "lease" = null
      where "seq" = :seq and "lease" = :lease
      returning "seq"`,
    ),
    notificationRenew: query<{ seq: number; lease: string | null; until: number }>(
      `update "notification" set "leasedUntil" = :until where "seq" = :seq and "lease" = :lease`,
    ),
    notificationReleaseAll: query<NoParameters>(
      `update "notification" set "leasedUntil" = 0, "lease" = null where "state" = 'PENDING' and "lease" is not null`,
    ),
    notificationResend: query<{ seq: number; now: number }, NotificationRow>(
      `update "notification"
      set "state" = 'PENDING', "attempts" = 0, "roundAt" = :now, "dueAt" = :now, "leasedUntil" = 0, "lease" = null
      where "seq" = :seq
      returning *`,
    ),
    notificationFind: query<{ seq: number }, NotificationRow>(`select * from "notification" where "seq" = :seq`),
    notificationCountPending: query<NoParameters, { count: number; firstDueAt: number | null }>(
      `select count(*) as "count", min("dueAt") as "firstDueAt" from "notification" where "state" = 'PENDING'`,
    ),
    notificationGetNewest: query<NoParameters, { seq: number | null }>(
      `select max("seq") as "seq" from "notification"`,
    ),
    notificationSearch: query<NotificationSearch, NotificationRow>(
      `select * from "notification" where ${matches} and "state" = coalesce(:state, "state") order by "seq" desc limit :limit`,
    ),
    notificationCountByState: query<Omit<NotificationSearch, "state" | "limit">, { state: string; count: number }>(
      `select "state", count(*) as "count" from "notification" where ${matches} group by "state"`,
    ),
    notificationFindByVaulting: query<VaultingId, NotificationRow>(
      `select * from "notification" where "clientId" = :clientId and "vaultingRequestId" = :vaultingRequestId`,
    ),
  };
}

function createAttemptQueries(query: Query) {
  return {
    attemptInsert: query<Omit<AttemptRow, "seq">>(
      `insert into "attempt" (
        "notificationSeq", "number", "at", "durationMs", "outcome", "httpStatus", "detail", "request", "response"
      ) values (
        :notificationSeq, :number, :at, :durationMs, :outcome, :httpStatus, :detail, :request, :response
      )`,
    ),
    attemptList: query<{ notificationSeq: number }, AttemptRow>(
      `select * from "attempt" where "notificationSeq" = :notificationSeq order by "seq"`,
    ),
  };
}

function createCallQueries(query: Query) {
  return {
    callInsert: query<CallRow>(
      `insert into "call" (
        "seq", "loggedAt", "position", "at", "durationMs", "operation", "path", "requestTime",
        "clientId", "vaultingRequestId", "request", "response", "signed", "note", "fault", "scenario",
        "source", "rejectedSignature"
      ) values (
        :seq, :loggedAt, :position, :at, :durationMs, :operation, :path, :requestTime,
        :clientId, :vaultingRequestId, :request, :response, :signed, :note, :fault, :scenario,
        :source, :rejectedSignature
      )`,
    ),
    callExplain: query<Pick<CallRow, "seq" | "note" | "rejectedSignature">>(
      `update "call" set "note" = :note, "rejectedSignature" = :rejectedSignature where "seq" = :seq`,
    ),
    callGetOldest: query<NoParameters, { seq: number | null }>(`select min("seq") as "seq" from "call"`),
    callFind: query<{ seq: number }, CallRow>(`select * from "call" where "seq" = :seq`),
    callListAfter: query<{ after: number; limit: number }, CallRow>(
      `select * from "call" where "seq" > :after order by "seq" limit :limit`,
    ),
    callListBefore: query<{ before: number; limit: number }, CallRow>(
      `select * from "call" where "seq" < :before order by "seq" desc limit :limit`,
    ),
    callListNumbers: query<VaultingId, { seq: number }>(
      `select "seq" from "call" where "vaultingRequestId" = :vaultingRequestId and "clientId" = :clientId order by "seq"`,
    ),
    // The subquery reads only the index.
    callListByVaulting: query<CallFilter, CallRow>(
      `select * from "call" where "seq" in (
        select "seq" from "call"
        where "vaultingRequestId" = :vaultingRequestId and "clientId" = :clientId and ("seq" <= :first or "seq" >= :last)
      ) order by "seq"`,
    ),
    callPrune: query<CallPruning, { seq: number }>(
      `delete from "call" where "seq" in (
        select "seq" from (select "seq", "position", "loggedAt" from "call" order by "seq" limit :limit) as "oldest"
        where "seq" <= :seq or "position" < :position or "loggedAt" < :loggedAt
      ) returning "seq"`,
    ),
    callDeleteAll: query<NoParameters>(`delete from "call"`),
  };
}

function createOtherQueries(query: Query) {
  return {
    clientList: query<NoParameters, ClientRow>(`select * from "client" order by "createdAt"`),
    clientInsert: query<ClientRow, { clientId: string }>(
      `insert into "client" ("clientId", "publicKey", "createdAt") values (:clientId, :publicKey, :createdAt)
      on conflict ("clientId") do nothing
      returning "clientId"`,
    ),
    settingCreateTable: query<NoParameters>(
      `create table if not exists "setting" ("name" text primary key, "value" text not null)`,
    ),
    settingGet: query<{ name: string }, { value: string }>(`select "value" from "setting" where "name" = :name`),
    settingSet: query<{ name: string; value: string }>(
      `insert into "setting" ("name", "value") values (:name, :value)
      on conflict ("name") do update set "value" = :value`,
    ),
    // The casts to bigint keep SQLite from storing the number with a decimal point.
    settingIncrease: query<{ name: string; count: number }, { value: string }>(
      `insert into "setting" ("name", "value") values (:name, cast(cast(:count as bigint) as text))
      on conflict ("name") do update
      set "value" = cast(cast("setting"."value" as bigint) + cast(:count as bigint) as text)
      returning "value"`,
    ),
    attemptDeleteAll: query<NoParameters>(`delete from "attempt"`),
    notificationDeleteAll: query<NoParameters>(`delete from "notification"`),
    vaultingDeleteAll: query<NoParameters>(`delete from "vaulting"`),
  };
}
