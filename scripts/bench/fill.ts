/** Fills a sandbox's database with vaultings that are final, by the store's own queries; durability does not matter here. */
import { join } from "node:path";
import { migrate } from "../../src/sandbox/store/migrate.ts";
import { queriesFor } from "../../src/sandbox/store/queries.ts";
import { openSqlite } from "../../src/sandbox/store/sqlite.ts";
import type { Vaulting } from "../../src/sandbox/vaulting/vaulting.ts";

const A_TIME = 5000;

/** Adds so many vaultings of a client, each with its acknowledged notification. */
export async function fill(folder: string, clientId: string, count: number): Promise<void> {
  const engine = await openSqlite({ file: join(folder, "vault.db"), synchronous: "NORMAL" });
  const queries = queriesFor("sqlite");
  await migrate(engine);
  for (let from = 0; from < count; from += A_TIME) {
    await engine.transact(async (tx) => {
      for (let at = from; at < Math.min(count, from + A_TIME); at++) {
        const vaultingRequestId = `filled-${((at * 2654435761) % 2 ** 32).toString(36)}-${at}`;
        await tx.all(queries.vaultingInsert({ ...VAULTED, clientId, vaultingRequestId }));
        await tx.all(
          queries.notificationInsert({
            clientId,
            vaultingRequestId,
            url: VAULTED.notificationUrl,
            host: "merchant.example",
            body: BODY,
            now: VAULTED.createdAt,
          }),
        );
      }
      await tx.all({
        sql: "update notification set state = 'ACKNOWLEDGED', attempts = 1 where state = 'PENDING'",
        values: [],
      });
    });
  }
  await engine.close();
}

const VAULTED: Vaulting = {
  clientId: "",
  vaultingRequestId: "",
  origin: "vaultPaymentMethod",
  status: "SUCCESS",
  resultCode: "SUCCESS",
  verificationFailed: 0,
  brand: "VISA",
  maskedCardNo: "************0768",
  cardToken: `ALIPAY${"A".repeat(88)}`,
  notificationUrl: "https://merchant.example/antom/notifications",
  redirectUrl: "https://merchant.example/cards/done",
  metadata: null,
  fingerprint: "B".repeat(43),
  cardPageId: null,
  sessionId: null,
  sessionData: null,
  sessionExpiresAt: null,
  sessionThreeDS: 0,
  challengeId: null,
  challengeScript: null,
  pendingVerdict: null,
  endedBy: "card",
  wrongCodes: 0,
  expiresAt: null,
  createdAt: Date.UTC(2026, 0, 1),
  finishedAt: Date.UTC(2026, 0, 1),
};

const BODY = JSON.stringify({
  result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." },
  x: "C".repeat(250),
});
