/** Tests the store on each database engine. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Engines, engines } from "../../testing/sandbox/engines.ts";
import { interceptQueries, NOW, openTestStore, type TestStore } from "../../testing/sandbox/store.ts";
import {
  createProcessing,
  getCardToken,
  getVaultingKey,
  toFailed,
  toSucceeded,
  withWrongCodes,
} from "../../testing/sandbox/stored-vaultings.ts";
import type { Vaulting, WaitingForChallenge } from "../vaulting/state-machine.ts";
import { CALL_LIMITS, type NewCall } from "./calls.ts";

const SESSION = { cardPageId: "page", sessionId: "session", sessionData: "data", expiresAt: 9_000, threeDS: true };
const CALL: NewCall = {
  at: 1,
  durationMs: 1.25,
  operation: null,
  path: "/",
  requestTime: null,
  clientId: "A",
  vaultingRequestId: "1",
  request: "",
  response: "{}",
  signed: 0,
  note: null,
  fault: null,
  scenario: null,
  source: null,
  rejectedSignature: null,
};
const CHALLENGE = { id: "challenge", script: "code_required", wrongCodes: 0 } as const;

for (const { name, skipReason, start } of engines) {
  describe.skipIf(skipReason)(`the store on ${name}`, () => {
    let opened: Engines;
    let store: TestStore;
    beforeAll(async () => {
      opened = await start();
    }, 60_000);
    afterAll(() => opened?.[Symbol.asyncDispose]());
    beforeEach(async () => {
      store = await openTestStore(await opened.open());
      return () => store.close();
    });

    const put = <Stored extends Vaulting>(vaulting: Stored) =>
      store.vaultings.update(getVaultingKey(vaulting), () => ({ response: vaulting, vaulting }));
    const notifications = () => store.outbox.list({ limit: 1_000 });

    describe("vaultings", () => {
      test("do not exist in a new store", async () => {
        expect(await store.vaultings.find({ clientId: "A", vaultingRequestId: "1" })).toBeUndefined();
        expect(await store.vaultings.find({ challengeId: "1" })).toBeUndefined();
        expect(await store.vaultings.find({ cardPageId: "1" })).toBeUndefined();
        expect(await store.vaultings.list({ limit: 10 })).toEqual([]);
        expect(await store.vaultings.listExpired(2 ** 53)).toEqual([]);
        expect(await store.vaultings.count()).toBe(0);
      });

      test("are found by each key, with all values", async () => {
        const vaulting = await put(createProcessing({ session: SESSION, challenge: CHALLENGE }));
        const { clientId, vaultingRequestId } = vaulting;
        for (const lookup of [{ clientId, vaultingRequestId }, { challengeId: "challenge" }, { cardPageId: "page" }]) {
          const row = await store.vaultings.find(lookup);
          expect(row).toEqual({ ...vaulting, seq: expect.any(Number), version: 0 });
        }
      });

      test("can be updated by each key", async () => {
        const vaulting = await put(createProcessing({ session: SESSION, challenge: CHALLENGE }));
        const { clientId, vaultingRequestId } = vaulting;
        const lookups = [{ clientId, vaultingRequestId }, { challengeId: "challenge" }, { cardPageId: "page" }];
        for (const [index, lookup] of lookups.entries()) {
          const response = await store.vaultings.update(lookup, (stored) => {
            expect(stored).toMatchObject({ challenge: { wrongCodes: index }, version: index });
            return { response: index, vaulting: withWrongCodes(vaulting, index + 1) };
          });
          expect(response).toBe(index);
        }
        expect(await store.vaultings.find(lookups[0] ?? { challengeId: "" })).toMatchObject({
          challenge: { wrongCodes: 3 },
        });
        expect(await notifications()).toEqual([]);
        expect(store.getFinalCount()).toBe(0);
      });

      test("are not written if the decision contains no vaulting", async () => {
        const vaulting = await put(createProcessing());
        expect(
          await store.vaultings.update(getVaultingKey(vaulting), (stored) => ({ response: stored?.version })),
        ).toBe(0);
        expect(
          await store.vaultings.update(getVaultingKey(createProcessing()), (stored) => ({ response: stored })),
        ).toBeUndefined();
        expect(await store.vaultings.count()).toBe(1);
        expect(await store.vaultings.find(getVaultingKey(vaulting))).toMatchObject({ version: 0 });
      });

      test.each([
        ["succeed", toSucceeded],
        ["fail", toFailed],
      ])("are stored together with their notification if they %s immediately", async (_, end) => {
        const vaulting = end(createProcessing());
        await put(vaulting);
        expect(await store.vaultings.find(getVaultingKey(vaulting))).toMatchObject(vaulting);
        const { clientId, vaultingRequestId, notificationUrl: url } = vaulting;
        expect(await notifications()).toEqual([
          {
            seq: expect.any(Number),
            clientId,
            vaultingRequestId,
            url,
            host: "127.0.0.1:9",
            body: expect.stringContaining(vaultingRequestId),
            state: "PENDING",
            attempts: 0,
            roundAt: NOW,
            dueAt: NOW,
            leasedUntil: 0,
            lease: null,
          },
        ]);
        expect(store.getFinalCount()).toBe(1);
      });

      test("are stored together with their notification when they become final", async () => {
        const vaulting = await put(createProcessing());
        await store.vaultings.update(getVaultingKey(vaulting), () => ({
          response: undefined,
          vaulting: toSucceeded(vaulting, "token"),
        }));
        expect(await store.vaultings.find(getVaultingKey(vaulting))).toEqual({
          ...toSucceeded(vaulting, "token"),
          seq: expect.any(Number),
          version: 1,
        });
        expect(await notifications()).toHaveLength(1);
        expect(store.getFinalCount()).toBe(1);
      });

      test("stay unchanged, and no notification is stored, if the decision throws", async () => {
        const vaulting = await put(createProcessing());
        const change = store.vaultings.update(getVaultingKey(vaulting), () => {
          throw new Error("undecided");
        });
        await expect(change).rejects.toThrow("undecided");
        expect(await store.vaultings.find(getVaultingKey(vaulting))).toMatchObject({
          status: "PROCESSING",
          version: 0,
        });
        expect(await notifications()).toEqual([]);
      });

      test("stay unchanged if the notification cannot be stored", async () => {
        const before = await put(createProcessing());
        const faulty = await openTestStore(
          interceptQueries(store.engine, (query, runQuery, transaction) =>
            query.sql.startsWith('insert into "notification"')
              ? transaction.all({ sql: "select * from nowhere", values: [] })
              : runQuery(),
          ),
        );
        for (const vaulting of [toSucceeded(before), toFailed(createProcessing())]) {
          await expect(
            faulty.vaultings.update(getVaultingKey(vaulting), () => ({ response: 1, vaulting })),
          ).rejects.toThrow("nowhere");
        }
        expect(faulty.getFinalCount()).toBe(0);
        expect(await store.vaultings.list({ limit: 10 })).toMatchObject([{ status: "PROCESSING", version: 0 }]);
        expect(await notifications()).toEqual([]);
        // No connection is left in an aborted transaction.
        await Promise.all(Array.from({ length: 20 }, () => put(createProcessing())));
        expect(await store.vaultings.count()).toBe(21);
      });

      test("are read again, and the decision is repeated, after a concurrent update", async () => {
        const vaulting = await put(createProcessing());
        let isFirstRead = true;
        const raced = await openTestStore(
          interceptQueries(store.engine, async (query, runQuery, transaction) => {
            const rows = await runQuery();
            if (isFirstRead && query.sql.startsWith("select")) {
              isFirstRead = !query.sql.includes('from "vaulting"');
              const sql = `update "vaulting" set "version" = 7, "wrongCodes" = 2`;
              if (!isFirstRead) await transaction.all({ sql, values: [] });
            }
            return rows;
          }),
        );
        const seen: unknown[] = [];
        const response = await raced.vaultings.update(getVaultingKey(vaulting), (stored) => {
          seen.push(stored?.version);
          const wrongCodes = (stored?.challenge?.wrongCodes ?? 0) + 1;
          return { response: wrongCodes, vaulting: withWrongCodes(vaulting, wrongCodes) };
        });
        expect({ seen, response }).toEqual({ seen: [0, 7], response: 3 });
        expect(await store.vaultings.find(getVaultingKey(vaulting))).toMatchObject({
          version: 8,
          challenge: { wrongCodes: 3 },
        });
      });

      test("are read again, and the decision is repeated, after a concurrent insert", async () => {
        const waiting = createProcessing();
        const vaulting = await put(toSucceeded(waiting, "first"));
        let isFirstRead = true;
        const raced = await openTestStore(
          interceptQueries(store.engine, async (query, runQuery) => {
            const rows = await runQuery();
            if (!isFirstRead || !query.sql.includes('from "vaulting"')) return rows;
            isFirstRead = false;
            return [];
          }),
        );
        const response = await raced.vaultings.update(getVaultingKey(vaulting), (stored) =>
          stored
            ? { response: getCardToken(stored) }
            : { response: "second", vaulting: toSucceeded(waiting, "second") },
        );
        expect(response).toBe("first");
        expect(await store.vaultings.count()).toBe(1);
        expect(await notifications()).toHaveLength(1);
        expect(raced.getFinalCount()).toBe(0);
      });

      test("are created only once, with 1 notification and the same response to every call, if 200 concurrent calls use the same ID", async () => {
        // As in the sandbox, each decision creates a challenge with a new ID.
        const id = { clientId: "SANDBOX_1", vaultingRequestId: "1" };
        const responses = await Promise.all(
          Array.from({ length: 200 }, (_, index) =>
            store.vaultings.update(id, (stored) =>
              stored
                ? { response: getCardToken(stored) }
                : { response: `token ${index}`, vaulting: toSucceeded(createProcessing(id), `token ${index}`) },
            ),
          ),
        );
        expect(new Set(responses).size).toBe(1);
        expect(await store.vaultings.list({ limit: 10 })).toMatchObject([{ cardToken: responses[0], version: 0 }]);
        expect(await notifications()).toHaveLength(1);
        expect(store.getFinalCount()).toBe(1);
      });

      test("reflect each of 100 concurrent updates", async () => {
        const vaulting = await put(createProcessing());
        const change = () =>
          store.vaultings.update(getVaultingKey(vaulting), (stored) => {
            const wrongCodes = (stored?.challenge?.wrongCodes ?? 0) + 1;
            return { response: wrongCodes, vaulting: withWrongCodes(vaulting, wrongCodes) };
          });
        const responses = await Promise.all(Array.from({ length: 100 }, change));
        expect(responses.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
      });

      test.each([
        ["a success", toSucceeded],
        ["a failure", toFailed],
      ])("never change after %s", async (_, end) => {
        const waiting = createProcessing();
        const vaulting = end(waiting);
        await put(vaulting);
        const stored = await store.vaultings.find(getVaultingKey(vaulting));
        for (const changed of [vaulting, waiting, toSucceeded(waiting, "other"), toFailed(waiting)]) {
          const change = store.vaultings.update(getVaultingKey(vaulting), () => ({ response: 1, vaulting: changed }));
          await expect(change).rejects.toThrow("A final vaulting cannot change.");
        }
        expect(await store.vaultings.find(getVaultingKey(vaulting))).toEqual(stored);
        expect(await notifications()).toHaveLength(1);
        expect(store.getFinalCount()).toBe(1);
      });

      test("are not overwritten if they become final after they were read", async () => {
        const vaulting = await put(createProcessing());
        const blind = await openTestStore(
          interceptQueries(store.engine, async (query, runQuery, transaction) => {
            if (query.sql.startsWith("update")) {
              const sql = `update "vaulting" set "status" = 'FAIL', "resultCode" = 'CARD_EXPIRED', "endedBy" = 'challenge', "finishedAt" = 1, "pendingVerdict" = null, "expiresAt" = null`;
              await transaction.all({ sql, values: [] });
            }
            return runQuery();
          }),
        );
        const change = blind.vaultings.update(getVaultingKey(vaulting), () => ({
          response: 1,
          vaulting: toSucceeded(vaulting),
        }));
        await expect(change).rejects.toThrow("A final vaulting cannot change.");
        expect(await store.vaultings.find(getVaultingKey(vaulting))).toMatchObject({ status: "PROCESSING" });
      });

      test("keep the fields of the first request", async () => {
        const vaulting = await put(createProcessing());
        const changes = { notificationUrl: "http://other", metadata: "other", createdAt: 5, fingerprint: "x" };
        await store.vaultings.update(getVaultingKey(vaulting), () => ({
          response: 1,
          vaulting: withWrongCodes(createProcessing(changes), 1),
        }));
        const { notificationUrl, metadata, createdAt, fingerprint, vaultingRequestId } = vaulting;
        const challenge = { wrongCodes: 1 };
        const kept = { notificationUrl, metadata, createdAt, fingerprint, vaultingRequestId, challenge };
        expect(await store.vaultings.find(getVaultingKey(vaulting))).toMatchObject(kept);
      });

      test("are identified by the exact ID", async () => {
        const ids = [
          "😀".repeat(64),
          "😀".repeat(63),
          "'; drop table vaulting; --",
          `"quoted"`,
          "A",
          "a",
          "a ",
          " a",
          "é",
          "e\u0301",
          "ß",
          "ss",
          "ſ",
          "İ",
          "%",
          "_",
          "\\",
          "../x",
          "%2e",
          "__proto__",
          "\uFEFFa",
          "$1",
          "?",
          ":id",
        ];
        for (const id of ids) await put(createProcessing({ vaultingRequestId: id, metadata: id }));
        expect(await store.vaultings.count()).toBe(ids.length);
        for (const id of ids) {
          const found = await store.vaultings.find({ clientId: "SANDBOX_1", vaultingRequestId: id });
          expect([found?.vaultingRequestId, found?.metadata]).toEqual([id, id]);
        }
      });

      test("are stored separately if two merchants use the same ID", async () => {
        const first = createProcessing({ vaultingRequestId: "1" });
        const second = toSucceeded(createProcessing({ vaultingRequestId: "1" }));
        await put(first);
        await put({ ...second, clientId: "SANDBOX_2" });
        expect(await store.vaultings.find(getVaultingKey(first))).toMatchObject({ status: "PROCESSING" });
        expect(await store.vaultings.find({ clientId: "SANDBOX_2", vaultingRequestId: "1" })).toMatchObject({
          status: "SUCCESS",
        });
      });

      test("are listed as expired in order of expiry, unless they are final", async () => {
        const [late, early] = [createProcessing({ expiresAt: 20 }), createProcessing({ expiresAt: 10 })];
        for (const vaulting of [late, early, toFailed(createProcessing()), toSucceeded(createProcessing())])
          await put(vaulting);
        const idsAt = async (now: number) =>
          (await store.vaultings.listExpired(now)).map((row) => row.vaultingRequestId);
        expect(await idsAt(9)).toEqual([]);
        expect(await idsAt(10)).toEqual([early.vaultingRequestId]);
        expect(await idsAt(2 ** 53)).toEqual([early.vaultingRequestId, late.vaultingRequestId]);
      });

      test("are listed newest first, and can be filtered by each criterion and by all criteria together", async () => {
        const end = (index: number) => (index % 2 === 0 ? toSucceeded : (same: WaitingForChallenge) => same);
        for (let index = 0; index < 8; index++) {
          await put(
            end(index)(createProcessing({ clientId: index < 4 ? "A" : "B", vaultingRequestId: String(index) })),
          );
        }
        const ids = async (options: Parameters<typeof store.vaultings.list>[0]) =>
          (await store.vaultings.list(options)).map(({ vaultingRequestId }) => Number(vaultingRequestId));
        expect(await ids({ limit: 100 })).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
        expect(await ids({ limit: 3 })).toEqual([7, 6, 5]);
        expect(await ids({ limit: 0 })).toEqual([]);
        expect(await ids({ limit: 100, clientId: "A" })).toEqual([3, 2, 1, 0]);
        expect(await ids({ limit: 100, clientId: "C" })).toEqual([]);
        expect(await ids({ limit: 100, status: "PROCESSING" })).toEqual([7, 5, 3, 1]);
        expect(await ids({ limit: 100, status: "FAIL" })).toEqual([]);
        const [, , third] = await store.vaultings.list({ limit: 3 });
        expect(await ids({ limit: 2, before: third?.seq })).toEqual([4, 3]);
        const all = { clientId: "B", status: "SUCCESS", before: third?.seq, limit: 100 } as const;
        expect(await ids(all)).toEqual([4]);
      });

      test("are found by part of the ID or the end of the token or card number, with wildcards matched literally", async () => {
        const createWithCard = (vaultingRequestId: string, maskedCardNo: string) =>
          createProcessing({ vaultingRequestId, card: { brand: "VISA", maskedCardNo, details: null } });
        const vaultings = [
          toSucceeded(createWithCard("order_17%", "************0768"), "ALIPAYaaa+/12=="),
          toSucceeded(createWithCard("orderX17-", "************4622"), "ALIPAYbbb"),
          createProcessing({ vaultingRequestId: "back\\slash'", clientId: "B" }),
        ];
        for (const vaulting of vaultings) await put(vaulting);
        const found = async (text: string, more: object = {}) =>
          (await store.vaultings.search({ text, limit: 10, ...more })).found.map(
            (vaulting) => vaulting.vaultingRequestId,
          );
        const [first = "", second = "", third = ""] = vaultings.map((vaulting) => vaulting.vaultingRequestId);
        expect(await found("order")).toEqual([second, first]);
        expect(await found("order_17")).toEqual([first]);
        expect(await found("17%")).toEqual([first]);
        expect(await found("%")).toEqual([first]);
        expect(await found("\\")).toEqual([third]);
        expect(await found("'")).toEqual([third]);
        expect(await found("+/12==")).toEqual([first]);
        expect(await found("aaa")).toEqual([]);
        expect(await found("0768")).toEqual([first]);
        expect(await found("22")).toEqual([second]);
        expect(await found("*0768")).toEqual([]);
        expect(await found("-")).toEqual([second]);
        expect(await found("")).toEqual([third, second, first]);
        expect(await found("", { clientId: "B" })).toEqual([third]);
        expect(await found("order", { status: "PROCESSING" })).toEqual([]);
      });

      test("are found by client, status, result code, and brand, regardless of case", async () => {
        const failed = toFailed(createProcessing({ clientId: "MERCHANT_9" }));
        const amex = { brand: "AMEX", maskedCardNo: "***********0005", details: null };
        const waiting = createProcessing({ card: amex });
        for (const vaulting of [failed, waiting]) await put(vaulting);
        const found = async (text: string) =>
          (await store.vaultings.search({ text, limit: 10 })).found.map(({ vaultingRequestId }) => vaultingRequestId);
        expect(await found("merchant_9")).toEqual([failed.vaultingRequestId]);
        expect(await found("processing")).toEqual([waiting.vaultingRequestId]);
        expect(await found("card_exp")).toEqual([failed.vaultingRequestId]);
        expect(await found("amex")).toEqual([waiting.vaultingRequestId]);
        expect(await found(failed.vaultingRequestId.toUpperCase())).toEqual([failed.vaultingRequestId]);
      });

      test("are counted by status", async () => {
        for (const clientId of ["A", "B", "C"]) await put(createProcessing({ clientId }));
        await put(toFailed(createProcessing({ clientId: "A", vaultingRequestId: "expired" })));
        const count = async (text: string, clientId?: string) => {
          const { counts, isComplete } = await store.vaultings.countMatches({ text, clientId });
          return { ...Object.fromEntries(counts), isComplete };
        };
        expect(await count("")).toEqual({ PROCESSING: 3, FAIL: 1, isComplete: true });
        expect(await count("", "A")).toEqual({ PROCESSING: 1, FAIL: 1, isComplete: true });
        expect(await count("expired")).toEqual({ FAIL: 1, isComplete: true });
        expect(await count("nothing")).toEqual({ isComplete: true });
      });

      test("are found by their ID for any number of clients, newest first", async () => {
        const clientIds = Array.from({ length: 30 }, (_, index) => `CLIENT_${index}`);
        for (const clientId of clientIds) {
          await store.clients.add({ clientId, publicKey: "key", createdAt: 1 });
          await put(createProcessing({ clientId, vaultingRequestId: "order" }));
        }
        await put(createProcessing({ clientId: "CLIENT_0", vaultingRequestId: "order 2" }));
        const found = await store.vaultings.listById("order", { limit: 50 });
        expect(found.map(({ clientId }) => clientId)).toEqual(clientIds.toReversed());
        expect(await store.vaultings.listById("order", { limit: 2 })).toHaveLength(2);
        const foundForClient = await store.vaultings.listById("order", { clientId: "CLIENT_7", limit: 2 });
        expect(foundForClient.map(({ clientId }) => clientId)).toEqual(["CLIENT_7"]);
        expect(await store.vaultings.listById("orders", { limit: 50 })).toEqual([]);
      });

      test("are found page by page, newest first", async () => {
        for (let index = 0; index < 5; index++) await put(createProcessing({ vaultingRequestId: `order ${index}` }));
        const first = await store.vaultings.search({ text: "order", limit: 3 });
        expect(first.found.map((vaulting) => vaulting.vaultingRequestId)).toEqual(["order 4", "order 3", "order 2"]);
        const second = await store.vaultings.search({ text: "order", limit: 3, before: first.next });
        expect(second.found.map((vaulting) => vaulting.vaultingRequestId)).toEqual(["order 1", "order 0"]);
        expect(second.next).toBeUndefined();
        expect(await store.vaultings.search({ text: "none", limit: 3 })).toEqual({ found: [], next: undefined });
        expect((await store.vaultings.search({ text: "", limit: 9, before: 2 ** 50 })).found).toHaveLength(5);
        expect(await store.vaultings.getNewestSequence()).toBe(first.found[0]?.seq);
      });

      test.each([
        [0],
        [1_700_000_000_123],
        [8_640_000_000_000_000],
        [2 ** 53 - 1],
      ])("store the time %d to the millisecond", async (time) => {
        const times = { createdAt: time, expiresAt: time, session: { ...SESSION, expiresAt: time } };
        const vaulting = await put(createProcessing(times));
        expect(await store.vaultings.find(getVaultingKey(vaulting))).toMatchObject(times);
        expect(await store.vaultings.listExpired(time)).toHaveLength(1);
        const clocked = await openTestStore(store.engine, () => time);
        const final = { ...toSucceeded(vaulting), finishedAt: time };
        await clocked.vaultings.update(getVaultingKey(vaulting), () => ({ response: 1, vaulting: final }));
        expect(await store.vaultings.find(getVaultingKey(vaulting))).toMatchObject({ finishedAt: time });
        expect(await notifications()).toMatchObject([{ dueAt: time, roundAt: time }]);
      });
    });

    test("adds a client only if its ID is new", async () => {
      const first = { clientId: "A", publicKey: "first", createdAt: 2 };
      const second = { clientId: "B", publicKey: "b", createdAt: 1 };
      expect(await store.clients.add(first)).toBe(true);
      expect(await store.clients.add({ ...first, publicKey: "second" })).toBe(false);
      expect(await store.clients.add(second)).toBe(true);
      expect(await store.clients.list()).toEqual([second, first]);
      const client = { clientId: "C", publicKey: "c", createdAt: 3 };
      const added = await Promise.all(Array.from({ length: 20 }, () => store.clients.add(client)));
      expect(added.filter(Boolean)).toHaveLength(1);
    });

    test("sets, overwrites, and returns settings by name", async () => {
      expect(await store.settings.get("clock")).toBeUndefined();
      await store.settings.set("clock", "1");
      await store.settings.set("clock", "2");
      await store.settings.set("other", "");
      expect([await store.settings.get("clock"), await store.settings.get("other")]).toEqual(["2", ""]);
    });

    test("deletes vaultings, notifications, attempts, and calls on reset, and keeps clients and settings", async () => {
      await store.clients.add({ clientId: "A", publicKey: "a", createdAt: 1 });
      await store.settings.set("kept", "1");
      const waiting = createProcessing();
      await put(toSucceeded(waiting));
      const claim = { host: "127.0.0.1:9", limit: 1, now: NOW, real: 1, until: 2, lease: "L" };
      const [inFlight] = await store.outbox.claim(claim);
      if (!inFlight) throw new Error("No notification was due.");
      await store.calls.append([CALL], NOW);
      await store.reset();
      expect(await store.vaultings.count()).toBe(0);
      // The numbers of deleted calls are not reused.
      expect(await store.calls.range()).toEqual({ oldest: 2, newest: 1 });
      expect(await notifications()).toEqual([]);
      expect(await store.clients.list()).toHaveLength(1);
      expect(await store.settings.get("kept")).toBe("1");
      // The ID is available again, and an attempt from before the reset does not affect the new notification.
      await put(toSucceeded(waiting, "new"));
      const none = { httpStatus: null, detail: null, request: null, response: null };
      const attempt = { ...none, at: NOW, durationMs: 1, outcome: "ACKNOWLEDGED" };
      await store.outbox.recordAttempt(inFlight, attempt);
      await store.outbox.recordAttempt({ ...inFlight, vaultingRequestId: randomUUID() }, attempt);
      const [now] = await notifications();
      expect(now).toMatchObject({ state: "PENDING", attempts: 0 });
      expect(await store.outbox.listAttempts(now?.seq ?? 0)).toEqual([]);
      expect(await store.outbox.listAttempts(inFlight.seq)).toEqual([]);
    });

    test("resets during calls without separating a result from its notification", async () => {
      const calls = Array.from({ length: 200 }, () => put(toSucceeded(createProcessing())));
      await Promise.all([...calls, store.reset(), store.reset()]);
      await Promise.all([store.reset(), ...Array.from({ length: 50 }, () => put(toSucceeded(createProcessing())))]);
      const ids = (rows: readonly { readonly vaultingRequestId: string }[]) =>
        rows.map(({ vaultingRequestId }) => vaultingRequestId).sort();
      expect(ids(await notifications())).toEqual(ids(await store.vaultings.list({ limit: 1_000 })));
    });

    describe("calls", () => {
      test("are numbered in order, even if they are added concurrently", async () => {
        const batches = Array.from({ length: 9 }, (_, batch) =>
          store.calls.append([{ ...CALL, at: batch }, CALL], NOW),
        );
        const numbers = (await Promise.all(batches)).map(({ first }) => first);
        expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17]);
        const stored = await store.calls.listAfter(0, 100);
        expect(stored.map(({ seq, position }) => [seq, position])).toEqual(
          Array.from({ length: 18 }, (_, index) => [index + 1, index * 3]),
        );
        for (const [batch, number] of numbers.entries()) expect(stored[number - 1]?.at).toBe(batch);
      });

      test("are stored with all values, including escape sequences for characters that PostgreSQL cannot store", async () => {
        const call = {
          ...CALL,
          operation: "o",
          requestTime: "t",
          request: '{"a":"\\u0000 \\ud800 é"}',
          note: "n",
          fault: "f",
          scenario: "s",
          source: "dashboard",
          rejectedSignature: "{}",
        };
        await store.calls.append([call], NOW);
        expect(await store.calls.find(1)).toEqual({ ...call, seq: 1, position: 0, loggedAt: NOW });
        await store.calls.explain({ seq: 1, note: "new", rejectedSignature: '{"signedString":"x"}' });
        expect(await store.calls.find(1)).toMatchObject({ note: "new", rejectedSignature: '{"signedString":"x"}' });
        expect(await store.calls.find(2)).toBeUndefined();
      });

      test("are listed before a number, after a number, or by vaulting, and a long list by vaulting omits the calls in the middle", async () => {
        const calls = Array.from({ length: 12 }, (_, at) => ({ ...CALL, at, clientId: at % 2 === 0 ? "A" : null }));
        await store.calls.append(calls, NOW);
        const numbers = (rows: readonly { readonly seq: number }[]) => rows.map(({ seq }) => seq);
        expect(numbers(await store.calls.listAfter(9, 2))).toEqual([10, 11]);
        expect(numbers(await store.calls.listBefore(4, 2))).toEqual([3, 2]);
        const id = { clientId: "A", vaultingRequestId: "1" };
        const found = await store.calls.listByVaulting(id, 4);
        expect([numbers(found.calls), found.omitted]).toEqual([[1, 3, 9, 11], 2]);
        expect(numbers((await store.calls.listByVaulting(id, 8)).calls)).toEqual([1, 3, 5, 7, 9, 11]);
      });

      test("are deleted in batches, oldest first, when they are too old", async () => {
        await store.calls.append([CALL, CALL, CALL], NOW);
        const later = NOW + CALL_LIMITS.ageMs + 1;
        expect(await store.calls.prune(later - 1, 2)).toBe(0);
        expect(await store.calls.prune(later, 2)).toBe(2);
        await store.calls.append([CALL], later);
        expect(await store.calls.range()).toEqual({ oldest: 4, newest: 4 });
      });
    });

    test("rolls back the transaction and rethrows the error if the work throws", async () => {
      const failure = new Error("failed");
      const work = store.engine.transact(async (tx) => {
        await tx.all({ sql: `insert into "setting" ("name", "value") values ('torn', '1')`, values: [] });
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await store.settings.get("torn")).toBeUndefined();
    });

    test("completes earlier calls on close, and rejects later ones", async () => {
      const closed = await openTestStore(await opened.open());
      const last = closed.settings.set("last", "1");
      await closed.close();
      await last;
      await expect(closed.settings.set("later", "1")).rejects.toThrow();
      await expect(closed.settings.get("last")).rejects.toThrow();
      await closed.close();
    });
  });
}
