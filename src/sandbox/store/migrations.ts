/** The SQL statements that create and change the tables. Never change a released migration: add an entry instead. */
import type { EngineName } from "./database-engine.ts";

/** Returns the migrations in order, each a list of statements. The version of the schema is the number of migrations. */
export function getMigrations(engine: EngineName): readonly (readonly string[])[] {
  const seq = engine === "sqlite" ? `"seq" integer primary key` : `"seq" bigserial primary key`;
  const first = [
    `create table "vaulting" (
      ${seq},
      "version" integer not null,
      "clientId" text not null,
      "vaultingRequestId" text not null,
      "origin" text not null,
      "status" text not null,
      "resultCode" text,
      "verificationFailed" integer not null,
      "brand" text,
      "maskedCardNo" text,
      "cardToken" text,
      "notificationUrl" text not null,
      "redirectUrl" text,
      "metadata" text,
      "fingerprint" text not null,
      "cardPageId" text,
      "sessionId" text,
      "sessionData" text,
      "sessionExpiresAt" bigint,
      "sessionThreeDS" integer not null,
      "challengeId" text,
      "challengeScript" text,
      "pendingVerdict" text,
      "endedBy" text,
      "wrongCodes" integer not null,
      "expiresAt" bigint,
      "createdAt" bigint not null,
      "finishedAt" bigint
    )`,
    `create unique index "vaultingById" on "vaulting" ("clientId", "vaultingRequestId")`,
    `create unique index "vaultingByChallenge" on "vaulting" ("challengeId") where "challengeId" is not null`,
    `create unique index "vaultingByCardPage" on "vaulting" ("cardPageId") where "cardPageId" is not null`,
    `create index "vaultingExpiring" on "vaulting" ("expiresAt") where "expiresAt" is not null`,
    `create table "notification" (
      ${seq},
      "clientId" text not null,
      "vaultingRequestId" text not null,
      "url" text not null,
      "host" text not null,
      "body" text not null,
      "state" text not null,
      "attempts" integer not null,
      "roundAt" bigint not null,
      "dueAt" bigint not null,
      "leasedUntil" bigint not null,
      "lease" text
    )`,
    // A final result has only one notification.
    `create unique index "notificationById" on "notification" ("clientId", "vaultingRequestId")`,
    `create index "notificationDue" on "notification" ("host", "dueAt") where "state" = 'PENDING'`,
    `create table "attempt" (
      ${seq},
      "notificationSeq" bigint not null,
      "number" integer not null,
      "at" bigint not null,
      "durationMs" integer not null,
      "outcome" text not null,
      "httpStatus" integer,
      "detail" text
    )`,
    `create index "attemptOfNotification" on "attempt" ("notificationSeq")`,
    `create table "client" ("clientId" text primary key, "publicKey" text not null, "createdAt" bigint not null)`,
  ];
  const third = [
    `create table "call" (
      ${seq},
      "loggedAt" bigint not null,
      "position" bigint not null,
      "at" bigint not null,
      "durationMs" double precision not null,
      "operation" text,
      "path" text not null,
      "requestTime" text,
      "clientId" text,
      "vaultingRequestId" text,
      "request" text not null,
      "response" text not null,
      "signed" integer not null,
      "note" text,
      "fault" text,
      "scenario" text
    )`,
    // New entries are at the end of this index, so they cost little. A search reads the whole index, which takes about 1 ms.
    `create index "callIds" on "call" ("seq", "vaultingRequestId", "clientId")`,
  ];
  return [
    first.map(toSingleLine),
    [`alter table "vaulting" add column "cardDetails" text`],
    third.map(toSingleLine),
    [`alter table "attempt" add column "request" text`, `alter table "attempt" add column "response" text`],
    [`alter table "call" add column "source" text`, `alter table "call" add column "rejectedSignature" text`],
  ];
}

/** Joins the lines of a statement. SQLite stores the text of a statement, and released versions stored it as a single line. */
const toSingleLine = (sql: string): string => sql.replace(/,\n\s*/g, ", ").replace(/\n\s*/g, "");
