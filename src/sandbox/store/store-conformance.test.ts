/** What the store promises, on every engine. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Engines, engines } from "../../testing/sandbox/engines.ts";
import { meddledWith, NOW, type TestStore, testStore } from "../../testing/sandbox/store.ts";
import {
  failed,
  idOf,
  processing,
  succeeded,
  tokenOf,
  withWrongCodes,
} from "../../testing/sandbox/stored-vaultings.ts";
import type { Vaulting, WaitingForChallenge } from "../vaulting/state-machine.ts";

const SESSION = { cardPageId: "page", sessionId: "session", sessionData: "data", expiresAt: 9_000, threeDS: true };

for (const { name, missing, start } of engines) {
  describe.skipIf(missing)(name, () => {
    let opened: Engines;
    let store: TestStore;
    beforeAll(async () => {
      opened = await start();
    }, 60_000);
    afterAll(() => opened?.[Symbol.asyncDispose]());
    beforeEach(async () => {
      store = await testStore(await opened.open());
      return () => store.close();
    });

    const put = <Stored extends Vaulting>(vaulting: Stored) =>
      store.vaultings.change(idOf(vaulting), () => ({ answer: vaulting, vaulting }));
    const notifications = () => store.outbox.list({ limit: 1_000 });

    describe("vaultings", () => {
      test("there is none at first", async () => {
        expect(await store.vaultings.find({ clientId: "A", vaultingRequestId: "1" })).toBeUndefined();
        expect(await store.vaultings.find({ challengeId: "1" })).toBeUndefined();
        expect(await store.vaultings.find({ cardPageId: "1" })).toBeUndefined();
        expect(await store.vaultings.list({ limit: 10 })).toEqual([]);
        expect(await store.vaultings.expired(2 ** 53)).toEqual([]);
        expect(await store.vaultings.count()).toBe(0);
      });

      test("what was put is found by each lookup, value by value", async () => {
        const vaulting = await put(
          processing({
            session: SESSION,
            challenge: { id: "challenge", script: "asked", wrongCodes: 0 },
          }),
        );
        const { clientId, vaultingRequestId } = vaulting;
        for (const lookup of [{ clientId, vaultingRequestId }, { challengeId: "challenge" }, { cardPageId: "page" }]) {
          const row = await store.vaultings.find(lookup);
          expect(row).toEqual({ ...vaulting, seq: expect.any(Number), version: 0 });
        }
      });

      test("is changed by each lookup", async () => {
        const vaulting = await put(
          processing({ session: SESSION, challenge: { id: "challenge", script: "asked", wrongCodes: 0 } }),
        );
        const { clientId, vaultingRequestId } = vaulting;
        const lookups = [{ clientId, vaultingRequestId }, { challengeId: "challenge" }, { cardPageId: "page" }];
        for (const [at, lookup] of lookups.entries()) {
          const answer = await store.vaultings.change(lookup, (stored) => {
            expect(stored).toMatchObject({ challenge: { wrongCodes: at }, version: at });
            return { answer: at, vaulting: withWrongCodes(vaulting, at + 1) };
          });
          expect(answer).toBe(at);
        }
        expect(await store.vaultings.find(lookups[0] ?? { challengeId: "" })).toMatchObject({
          challenge: { wrongCodes: 3 },
        });
        expect(await notifications()).toEqual([]);
        expect(store.finals()).toBe(0);
      });

      test("nothing is written where the decision changes nothing", async () => {
        const vaulting = await put(processing());
        expect(await store.vaultings.change(idOf(vaulting), (stored) => ({ answer: stored?.version }))).toBe(0);
        expect(await store.vaultings.change(idOf(processing()), (stored) => ({ answer: stored }))).toBeUndefined();
        expect(await store.vaultings.count()).toBe(1);
        expect(await store.vaultings.find(idOf(vaulting))).toMatchObject({ version: 0 });
      });

      test.each([
        ["at once", succeeded],
        ["at once, without success", failed],
      ])("a result that is final %s comes with its notification", async (_, end) => {
        const vaulting = end(processing());
        await put(vaulting);
        expect(await store.vaultings.find(idOf(vaulting))).toMatchObject(vaulting);
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
        expect(store.finals()).toBe(1);
      });

      test("a result that is final later comes with its notification", async () => {
        const vaulting = await put(processing());
        await store.vaultings.change(idOf(vaulting), () => ({
          answer: undefined,
          vaulting: succeeded(vaulting, "token"),
        }));
        expect(await store.vaultings.find(idOf(vaulting))).toEqual({
          ...succeeded(vaulting, "token"),
          seq: expect.any(Number),
          version: 1,
        });
        expect(await notifications()).toHaveLength(1);
        expect(store.finals()).toBe(1);
      });

      test("neither is there where the decision throws", async () => {
        const vaulting = await put(processing());
        const change = store.vaultings.change(idOf(vaulting), () => {
          throw new Error("undecided");
        });
        await expect(change).rejects.toThrow("undecided");
        expect(await store.vaultings.find(idOf(vaulting))).toMatchObject({ status: "PROCESSING", version: 0 });
        expect(await notifications()).toEqual([]);
      });

      test("neither is there where the database refuses the notification", async () => {
        const before = await put(processing());
        const faulty = await testStore(
          meddledWith(store.engine, (query, go, transaction) =>
            query.sql.startsWith('insert into "notification"')
              ? transaction.all({ sql: "select * from nowhere", values: [] })
              : go(),
          ),
        );
        for (const vaulting of [succeeded(before), failed(processing())]) {
          await expect(faulty.vaultings.change(idOf(vaulting), () => ({ answer: 1, vaulting }))).rejects.toThrow(
            "nowhere",
          );
        }
        expect(faulty.finals()).toBe(0);
        expect(await store.vaultings.list({ limit: 10 })).toMatchObject([{ status: "PROCESSING", version: 0 }]);
        expect(await notifications()).toEqual([]);
        // Nothing of it sticks to a connection.
        await Promise.all(Array.from({ length: 20 }, () => put(processing())));
        expect(await store.vaultings.count()).toBe(21);
      });

      test("decides again where another has changed it meanwhile", async () => {
        const vaulting = await put(processing());
        let faster = true;
        const raced = await testStore(
          meddledWith(store.engine, async (query, go, transaction) => {
            const rows = await go();
            if (faster && query.sql.startsWith("select")) {
              faster = !query.sql.includes('from "vaulting"');
              const sql = `update "vaulting" set "version" = 7, "wrongCodes" = 2`;
              if (!faster) await transaction.all({ sql, values: [] });
            }
            return rows;
          }),
        );
        const seen: unknown[] = [];
        const answer = await raced.vaultings.change(idOf(vaulting), (stored) => {
          seen.push(stored?.version);
          const wrongCodes = (stored?.challenge?.wrongCodes ?? 0) + 1;
          return { answer: wrongCodes, vaulting: withWrongCodes(vaulting, wrongCodes) };
        });
        expect({ seen, answer }).toEqual({ seen: [0, 7], answer: 3 });
        expect(await store.vaultings.find(idOf(vaulting))).toMatchObject({
          version: 8,
          challenge: { wrongCodes: 3 },
        });
      });

      test("decides again where another has begun it meanwhile", async () => {
        const waiting = processing();
        const vaulting = await put(succeeded(waiting, "first"));
        let faster = true;
        const raced = await testStore(
          meddledWith(store.engine, async (query, go) => {
            const rows = await go();
            if (!faster || !query.sql.includes('from "vaulting"')) return rows;
            faster = false;
            return [];
          }),
        );
        const answer = await raced.vaultings.change(idOf(vaulting), (stored) =>
          stored ? { answer: tokenOf(stored) } : { answer: "second", vaulting: succeeded(waiting, "second") },
        );
        expect(answer).toBe("first");
        expect(await store.vaultings.count()).toBe(1);
        expect(await notifications()).toHaveLength(1);
        expect(raced.finals()).toBe(0);
      });

      test("200 calls with one ID at once make one vaulting, one notification and one answer", async () => {
        // Each call makes a challenge of its own, as the sandbox does.
        const id = { clientId: "SANDBOX_1", vaultingRequestId: "1" };
        const answers = await Promise.all(
          Array.from({ length: 200 }, (_, at) =>
            store.vaultings.change(id, (stored) =>
              stored
                ? { answer: tokenOf(stored) }
                : { answer: `token ${at}`, vaulting: succeeded(processing(id), `token ${at}`) },
            ),
          ),
        );
        expect(new Set(answers).size).toBe(1);
        expect(await store.vaultings.list({ limit: 10 })).toMatchObject([{ cardToken: answers[0], version: 0 }]);
        expect(await notifications()).toHaveLength(1);
        expect(store.finals()).toBe(1);
      });

      test("of 100 changes at once each counts", async () => {
        const vaulting = await put(processing());
        const change = () =>
          store.vaultings.change(idOf(vaulting), (stored) => {
            const wrongCodes = (stored?.challenge?.wrongCodes ?? 0) + 1;
            return { answer: wrongCodes, vaulting: withWrongCodes(vaulting, wrongCodes) };
          });
        const answers = await Promise.all(Array.from({ length: 100 }, change));
        expect(answers.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
      });

      test.each([
        ["a success", succeeded],
        ["a failure", failed],
      ])("%s never changes", async (_, end) => {
        const waiting = processing();
        const vaulting = end(waiting);
        await put(vaulting);
        const stored = await store.vaultings.find(idOf(vaulting));
        for (const changed of [vaulting, waiting, succeeded(waiting, "other"), failed(waiting)]) {
          const change = store.vaultings.change(idOf(vaulting), () => ({ answer: 1, vaulting: changed }));
          await expect(change).rejects.toThrow("A final result was to be changed.");
        }
        expect(await store.vaultings.find(idOf(vaulting))).toEqual(stored);
        expect(await notifications()).toHaveLength(1);
        expect(store.finals()).toBe(1);
      });

      test("a final result does not change even where the reader saw it in process", async () => {
        const vaulting = await put(processing());
        const blind = await testStore(
          meddledWith(store.engine, async (query, go, transaction) => {
            if (query.sql.startsWith("update")) {
              const sql = `update "vaulting" set "status" = 'FAIL', "resultCode" = 'CARD_EXPIRED', "endedBy" = 'challenge', "finishedAt" = 1, "pendingVerdict" = null, "expiresAt" = null`;
              await transaction.all({ sql, values: [] });
            }
            return go();
          }),
        );
        const change = blind.vaultings.change(idOf(vaulting), () => ({ answer: 1, vaulting: succeeded(vaulting) }));
        await expect(change).rejects.toThrow("A final result was to be changed.");
        expect(await store.vaultings.find(idOf(vaulting))).toMatchObject({ status: "PROCESSING" });
      });

      test("what a vaulting was asked with never changes", async () => {
        const vaulting = await put(processing());
        const other = processing({
          notificationUrl: "http://other",
          metadata: "other",
          createdAt: 5,
          fingerprint: "x",
        });
        await store.vaultings.change(idOf(vaulting), () => ({ answer: 1, vaulting: withWrongCodes(other, 1) }));
        const { notificationUrl, metadata, createdAt, fingerprint, vaultingRequestId } = vaulting;
        const challenge = { wrongCodes: 1 };
        const kept = { notificationUrl, metadata, createdAt, fingerprint, vaultingRequestId, challenge };
        expect(await store.vaultings.find(idOf(vaulting))).toMatchObject(kept);
      });

      test("IDs are compared exactly", async () => {
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
        for (const id of ids) await put(processing({ vaultingRequestId: id, metadata: id }));
        expect(await store.vaultings.count()).toBe(ids.length);
        for (const id of ids) {
          const found = await store.vaultings.find({ clientId: "SANDBOX_1", vaultingRequestId: id });
          expect([found?.vaultingRequestId, found?.metadata]).toEqual([id, id]);
        }
      });

      test("two merchants can use one ID", async () => {
        const [first, second] = [
          processing({ vaultingRequestId: "1" }),
          succeeded(processing({ vaultingRequestId: "1" })),
        ];
        await put(first);
        await put({ ...second, clientId: "SANDBOX_2" });
        expect(await store.vaultings.find(idOf(first))).toMatchObject({ status: "PROCESSING" });
        expect(await store.vaultings.find({ clientId: "SANDBOX_2", vaultingRequestId: "1" })).toMatchObject({
          status: "SUCCESS",
        });
      });

      test("expired: those whose time has come, the first to end first, and none that is final", async () => {
        const [late, early] = [processing({ expiresAt: 20 }), processing({ expiresAt: 10 })];
        for (const vaulting of [late, early, failed(processing()), succeeded(processing())]) await put(vaulting);
        const idsAt = async (now: number) => (await store.vaultings.expired(now)).map((row) => row.vaultingRequestId);
        expect(await idsAt(9)).toEqual([]);
        expect(await idsAt(10)).toEqual([early.vaultingRequestId]);
        expect(await idsAt(2 ** 53)).toEqual([early.vaultingRequestId, late.vaultingRequestId]);
      });

      test("lists the newest first, with each option alone and with all of them", async () => {
        const end = (at: number) => (at % 2 === 0 ? succeeded : (same: WaitingForChallenge) => same);
        for (let at = 0; at < 8; at++) {
          await put(end(at)(processing({ clientId: at < 4 ? "A" : "B", vaultingRequestId: String(at) })));
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

      test("finds by a part of the ID, the end of the token or of the card's number, and takes each sign as it is", async () => {
        const vaultings = [
          succeeded(
            processing({ vaultingRequestId: "order_17%", card: { brand: "VISA", maskedCardNo: "************0768" } }),
            "ALIPAYaaa+/12==",
          ),
          succeeded(
            processing({ vaultingRequestId: "orderX17-", card: { brand: "VISA", maskedCardNo: "************4622" } }),
            "ALIPAYbbb",
          ),
          processing({ vaultingRequestId: "back\\slash'", clientId: "B" }),
        ];
        for (const vaulting of vaultings) await put(vaulting);
        const found = async (text: string, more: object = {}) =>
          (await store.vaultings.search({ text, limit: 10, ...more })).found.map((each) => each.vaultingRequestId);
        const [first = "", second = "", third = ""] = vaultings.map((each) => each.vaultingRequestId);
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

      test("a search is gone on with where it stopped, and ends", async () => {
        for (let at = 0; at < 5; at++) await put(processing({ vaultingRequestId: `order ${at}` }));
        const first = await store.vaultings.search({ text: "order", limit: 3 });
        expect(first.found.map((each) => each.vaultingRequestId)).toEqual(["order 4", "order 3", "order 2"]);
        const second = await store.vaultings.search({ text: "order", limit: 3, before: first.next });
        expect(second.found.map((each) => each.vaultingRequestId)).toEqual(["order 1", "order 0"]);
        expect(second.next).toBeUndefined();
        expect(await store.vaultings.search({ text: "none", limit: 3 })).toEqual({ found: [], next: undefined });
        expect((await store.vaultings.search({ text: "", limit: 9, before: 2 ** 50 })).found).toHaveLength(5);
        expect(await store.vaultings.newest()).toBe(first.found[0]?.seq);
      });

      test.each([
        [0],
        [1_700_000_000_123],
        [8_640_000_000_000_000],
        [2 ** 53 - 1],
      ])("the time %d is kept to the millisecond", async (time) => {
        const times = { createdAt: time, expiresAt: time, session: { ...SESSION, expiresAt: time } };
        const vaulting = await put(processing(times));
        expect(await store.vaultings.find(idOf(vaulting))).toMatchObject(times);
        expect(await store.vaultings.expired(time)).toHaveLength(1);
        const clocked = await testStore(store.engine, () => time);
        const final = { ...succeeded(vaulting), finishedAt: time };
        await clocked.vaultings.change(idOf(vaulting), () => ({ answer: 1, vaulting: final }));
        expect(await store.vaultings.find(idOf(vaulting))).toMatchObject({ finishedAt: time });
        expect(await notifications()).toMatchObject([{ dueAt: time, roundAt: time }]);
      });
    });

    describe("all else", () => {
      test("a client is added once, and the first stays", async () => {
        const [first, second] = [
          { clientId: "A", publicKey: "first", createdAt: 2 },
          { clientId: "B", publicKey: "b", createdAt: 1 },
        ];
        expect(await store.clients.add(first)).toBe(true);
        expect(await store.clients.add({ ...first, publicKey: "second" })).toBe(false);
        expect(await store.clients.add(second)).toBe(true);
        expect(await store.clients.list()).toEqual([second, first]);
        const client = { clientId: "C", publicKey: "c", createdAt: 3 };
        const added = await Promise.all(Array.from({ length: 20 }, () => store.clients.add(client)));
        expect(added.filter(Boolean)).toHaveLength(1);
      });

      test("settings are set, set anew and found by name", async () => {
        expect(await store.settings.get("clock")).toBeUndefined();
        await store.settings.set("clock", "1");
        await store.settings.set("clock", "2");
        await store.settings.set("other", "");
        expect([await store.settings.get("clock"), await store.settings.get("other")]).toEqual(["2", ""]);
      });

      test("forgets vaultings, notifications and attempts, and keeps clients and settings", async () => {
        await store.clients.add({ clientId: "A", publicKey: "a", createdAt: 1 });
        await store.settings.set("kept", "1");
        const waiting = processing();
        await put(succeeded(waiting));
        const claim = { host: "127.0.0.1:9", limit: 1, now: NOW, real: 1, until: 2, lease: "L" };
        const [underWay] = await store.outbox.claim(claim);
        if (!underWay) throw new Error("Nothing was due.");
        await store.forget();
        expect(await store.vaultings.count()).toBe(0);
        expect(await notifications()).toEqual([]);
        expect(await store.clients.list()).toHaveLength(1);
        expect(await store.settings.get("kept")).toBe("1");
        // The ID can be used anew, and what was under way says nothing about it.
        await put(succeeded(waiting, "new"));
        const attempt = { at: NOW, durationMs: 1, outcome: "ACKNOWLEDGED", httpStatus: 200, detail: null };
        await store.outbox.finish(underWay, attempt);
        await store.outbox.finish({ ...underWay, vaultingRequestId: randomUUID() }, attempt);
        const [now] = await notifications();
        expect(now).toMatchObject({ state: "PENDING", attempts: 0 });
        expect(await store.outbox.attemptsOf(now?.seq ?? 0)).toEqual([]);
        expect(await store.outbox.attemptsOf(underWay.seq)).toEqual([]);
      });

      test("forgets in the midst of calls without tearing a result from its notification", async () => {
        const calls = Array.from({ length: 200 }, () => put(succeeded(processing())));
        await Promise.all([...calls, store.forget(), store.forget()]);
        await Promise.all([store.forget(), ...Array.from({ length: 50 }, () => put(succeeded(processing())))]);
        const ids = (rows: readonly { readonly vaultingRequestId: string }[]) =>
          rows.map(({ vaultingRequestId }) => vaultingRequestId).sort();
        expect(ids(await notifications())).toEqual(ids(await store.vaultings.list({ limit: 1_000 })));
      });

      test("what the work throws is what the caller gets, and nothing of it is kept", async () => {
        const failure = new Error("the work's own");
        const work = store.engine.transact(async (tx) => {
          await tx.all({ sql: `insert into "setting" ("name", "value") values ('torn', '1')`, values: [] });
          throw failure;
        });
        await expect(work).rejects.toBe(failure);
        expect(await store.settings.get("torn")).toBeUndefined();
      });

      test("after closing, a call is refused and nothing else happens", async () => {
        const closed = await testStore(await opened.open());
        const last = closed.settings.set("last", "1");
        await closed.close();
        await last;
        await expect(closed.settings.set("later", "1")).rejects.toThrow();
        await expect(closed.settings.get("last")).rejects.toThrow();
        await closed.close();
      });
    });
  });
}
