/**
 * How the tables came to be what they are. What has been released here is never changed; a change is a new entry. Compiled by
 * `npm run generate`, like the queries.
 */
import { type Compilable, type CreateTableBuilder, type Kysely, sql } from "kysely";
import type { EngineName } from "./database-engine.ts";
import type { Tables } from "./query-definitions.ts";

type Migration = (db: Kysely<Tables>, engine: EngineName) => readonly Compilable[];

/** The schema's version is the number of these. */
export const MIGRATIONS: readonly Migration[] = [
  ({ schema }, engine) => {
    const counted = <Name extends string>(table: CreateTableBuilder<Name>) =>
      engine === "sqlite"
        ? table.addColumn("seq", "integer", (column) => column.primaryKey())
        : table.addColumn("seq", "bigserial", (column) => column.primaryKey());
    return [
      counted(schema.createTable("vaulting"))
        .addColumn("version", "integer", (column) => column.notNull())
        .addColumn("clientId", "text", (column) => column.notNull())
        .addColumn("vaultingRequestId", "text", (column) => column.notNull())
        .addColumn("origin", "text", (column) => column.notNull())
        .addColumn("status", "text", (column) => column.notNull())
        .addColumn("resultCode", "text")
        .addColumn("verificationFailed", "integer", (column) => column.notNull())
        .addColumn("brand", "text")
        .addColumn("maskedCardNo", "text")
        .addColumn("cardToken", "text")
        .addColumn("notificationUrl", "text", (column) => column.notNull())
        .addColumn("redirectUrl", "text")
        .addColumn("metadata", "text")
        .addColumn("fingerprint", "text", (column) => column.notNull())
        .addColumn("cardPageId", "text")
        .addColumn("sessionId", "text")
        .addColumn("sessionData", "text")
        .addColumn("sessionExpiresAt", "bigint")
        .addColumn("sessionThreeDS", "integer", (column) => column.notNull())
        .addColumn("challengeId", "text")
        .addColumn("challengeScript", "text")
        .addColumn("pendingVerdict", "text")
        .addColumn("endedBy", "text")
        .addColumn("wrongCodes", "integer", (column) => column.notNull())
        .addColumn("expiresAt", "bigint")
        .addColumn("createdAt", "bigint", (column) => column.notNull())
        .addColumn("finishedAt", "bigint"),
      schema.createIndex("vaultingById").on("vaulting").columns(["clientId", "vaultingRequestId"]).unique(),
      schema
        .createIndex("vaultingByChallenge")
        .on("vaulting")
        .column("challengeId")
        .unique()
        .where(sql.ref("challengeId"), "is not", null),
      schema
        .createIndex("vaultingByCardPage")
        .on("vaulting")
        .column("cardPageId")
        .unique()
        .where(sql.ref("cardPageId"), "is not", null),
      schema
        .createIndex("vaultingExpiring")
        .on("vaulting")
        .column("expiresAt")
        .where(sql.ref("expiresAt"), "is not", null),
      counted(schema.createTable("notification"))
        .addColumn("clientId", "text", (column) => column.notNull())
        .addColumn("vaultingRequestId", "text", (column) => column.notNull())
        .addColumn("url", "text", (column) => column.notNull())
        .addColumn("host", "text", (column) => column.notNull())
        .addColumn("body", "text", (column) => column.notNull())
        .addColumn("state", "text", (column) => column.notNull())
        .addColumn("attempts", "integer", (column) => column.notNull())
        .addColumn("roundAt", "bigint", (column) => column.notNull())
        .addColumn("dueAt", "bigint", (column) => column.notNull())
        .addColumn("leasedUntil", "bigint", (column) => column.notNull())
        .addColumn("lease", "text"),
      // A final result has one notification, ever.
      schema.createIndex("notificationById").on("notification").columns(["clientId", "vaultingRequestId"]).unique(),
      schema
        .createIndex("notificationDue")
        .on("notification")
        .columns(["host", "dueAt"])
        .where(sql.ref("state"), "=", sql.lit("PENDING")),
      counted(schema.createTable("attempt"))
        .addColumn("notificationSeq", "bigint", (column) => column.notNull())
        .addColumn("number", "integer", (column) => column.notNull())
        .addColumn("at", "bigint", (column) => column.notNull())
        .addColumn("durationMs", "integer", (column) => column.notNull())
        .addColumn("outcome", "text", (column) => column.notNull())
        .addColumn("httpStatus", "integer")
        .addColumn("detail", "text"),
      schema.createIndex("attemptOfNotification").on("attempt").column("notificationSeq"),
      schema
        .createTable("client")
        .addColumn("clientId", "text", (column) => column.primaryKey())
        .addColumn("publicKey", "text", (column) => column.notNull())
        .addColumn("createdAt", "bigint", (column) => column.notNull()),
    ];
  },
];
