/** Fills a sandbox's database with final vaultings and their acknowledged notifications. */
import { join } from "node:path";
import { migrate } from "../../src/sandbox/store/migrate.ts";
import { openSqlite } from "../../src/sandbox/store/sqlite.ts";

/** The IDs are random, so that calls use pages throughout the index. */
const STATEMENTS = [
  "pragma cache_size = -400000",
  "create temp table filled as with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select i, lower(hex(randomblob(12))) as id from n",
  `insert into "vaulting" ("version", "clientId", "vaultingRequestId", "origin", "status", "resultCode", "verificationFailed", "brand",
     "maskedCardNo", "cardToken", "notificationUrl", "redirectUrl", "fingerprint", "sessionThreeDS", "endedBy", "wrongCodes", "createdAt", "finishedAt")
   select 0, ?, id, 'vaultPaymentMethod', 'SUCCESS', 'SUCCESS', 0, 'VISA', '************0768', 'ALIPAY' || hex(randomblob(44)),
     'https://merchant.example/antom/notifications', 'https://merchant.example/cards/done', hex(randomblob(22)), 0, 'card', 0, 1767225600000, 1767225600000
   from filled order by i`,
  `insert into "notification" ("clientId", "vaultingRequestId", "url", "host", "body", "state", "attempts", "roundAt", "dueAt", "leasedUntil")
   select ?, id, 'https://merchant.example/antom/notifications', 'merchant.example', hex(zeroblob(180)), 'ACKNOWLEDGED', 1, 1767225600000, 1767225600000, 0
   from filled order by i`,
] as const;

/** Adds `count` vaultings and their notifications for a client. */
export async function fillDatabase(directory: string, clientId: string, count: number): Promise<void> {
  const engine = await openSqlite({ file: join(directory, "vault.db"), synchronous: "NORMAL" });
  await migrate(engine);
  const [cache, ids, vaultings, notifications] = STATEMENTS;
  await engine.read({ sql: cache, values: [] });
  await engine.transact(async (tx) => {
    await tx.all({ sql: ids, values: [count] });
    await tx.all({ sql: vaultings, values: [clientId] });
    await tx.all({ sql: notifications, values: [clientId] });
  });
  await engine.close();
}
