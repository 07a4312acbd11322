/** Tests the outbox on each database engine. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { groupBy } from "../../protocol/group-by.ts";
import { type Engines, engines } from "../../testing/sandbox/engines.ts";
import { NOW, openTestStore, type TestStore } from "../../testing/sandbox/store.ts";
import { createProcessing, getVaultingKey, toSucceeded } from "../../testing/sandbox/stored-vaultings.ts";
import type { Claim, NotificationRow } from "./rows.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A time on the system clock. */
const REAL = 5_000_000;
const LEASE = 15_000;
const HOST = "127.0.0.1:9";

const FAILED = {
  at: NOW,
  durationMs: 3,
  outcome: "UNEXPECTED_HTTP_STATUS",
  httpStatus: 500,
  detail: "Only HTTP 200 acknowledges a notification.",
  request: null,
  response: null,
} as const;
const ACKNOWLEDGED = {
  at: NOW,
  durationMs: 3,
  outcome: "ACKNOWLEDGED",
  httpStatus: 200,
  detail: null,
  request: `{"time":"t","signature":"s"}`,
  response: `{"headers":{},"body":"","bodySize":0,"truncated":false}`,
} as const;

for (const { name, skipReason, start } of engines) {
  describe.skipIf(skipReason)(`the outbox on ${name}`, () => {
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

    async function createFinal(
      notificationUrl = `http://${HOST}/notify`,
      clientId = "SANDBOX_1",
    ): Promise<NotificationRow> {
      const vaulting = toSucceeded(createProcessing({ notificationUrl, clientId }));
      await store.vaultings.update(getVaultingKey(vaulting), () => ({ response: 1, vaulting }));
      const [row] = await store.outbox.list({ limit: 1, vaultingRequestId: vaulting.vaultingRequestId });
      return row ?? expect.fail("There is no notification.");
    }
    let leaseCount = 0;
    const claim = (overrides: Partial<Claim> = {}) => {
      leaseCount += 1;
      const lease = `lease ${leaseCount}`;
      const times = { now: NOW, real: REAL, until: REAL + LEASE };
      return store.outbox.claim({ host: HOST, limit: 10, ...times, lease, ...overrides });
    };
    async function claimOne(overrides: Partial<Claim> = {}): Promise<NotificationRow> {
      const [row] = await claim({ ...overrides, limit: 1 });
      return row ?? expect.fail("No notification was due.");
    }
    const dueHosts = async (now = NOW, real = REAL) => [...(await store.outbox.listDueHosts({ now, real }))].sort();

    test.each([
      ["https://merchant.example/notify", "merchant.example"],
      ["https://Merchant.Example:8443/notify", "merchant.example:8443"],
      ["HTTP://merchant.example:80", "merchant.example"],
      ["www.test.com/notify", "www.test.com"],
      ["http://[::1]:80/", "[::1]"],
      ["http://", "http://"],
      ["", ""],
    ])("stores the host of %j as %j", async (url, host) => {
      expect(await createFinal(url)).toMatchObject({ url, host });
      expect(await dueHosts()).toEqual([host]);
      expect(await claim({ host })).toHaveLength(1);
    });

    test("lists hosts that have a due notification without a lease", async () => {
      await createFinal();
      await createFinal();
      await createFinal("http://b.example/notify");
      expect(await dueHosts(NOW - 1)).toEqual([]);
      expect(await dueHosts()).toEqual([HOST, "b.example"]);
      await claimOne();
      expect(await dueHosts()).toEqual([HOST, "b.example"]);
      await claimOne();
      expect(await dueHosts()).toEqual(["b.example"]);
      expect(await dueHosts(NOW, REAL + LEASE)).toEqual([HOST, "b.example"]);
    });

    test("lists each due host once, starting with the host whose notification has waited longest", async () => {
      for (const [index, host] of ["m.example", "a.example", "z.example", "b.example"].entries()) {
        await createFinal(`http://${host}/notify`);
        await store.outbox.postpone(await claimOne({ host }), NOW - 10 + index);
      }
      // A second notification for the first host does not change the order.
      await createFinal("http://m.example/notify");
      const hosts = (now: number) => store.outbox.listDueHosts({ now, real: REAL });
      expect(await hosts(NOW)).toEqual(["m.example", "a.example", "z.example", "b.example"]);
      expect(await hosts(NOW - 9)).toEqual(["m.example", "a.example"]);
      await claim({ host: "m.example" });
      expect(await hosts(NOW)).toEqual(["a.example", "z.example", "b.example"]);
    });

    test("claims the notifications of a host in order of their due time, up to the limit", async () => {
      const rows = [await createFinal(), await createFinal(), await createFinal()];
      await createFinal("http://b.example/notify");
      const claimed = await claimOne();
      await store.outbox.postpone(claimed, NOW + 5);
      const next = await claim({ limit: 2, now: NOW + 5 });
      expect(next.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
        rows.map(({ seq }) => seq).filter((seq) => seq !== claimed.seq),
      );
      expect(next.map(({ leasedUntil }) => leasedUntil)).toEqual([REAL + LEASE, REAL + LEASE]);
      expect((await claim({ now: NOW + 5 })).map(({ seq }) => seq)).toEqual([claimed.seq]);
      expect(await claim({ now: NOW + 5 })).toEqual([]);
    });

    test("never gives a notification to two concurrent claims", async () => {
      for (let index = 0; index < 40; index++) await createFinal();
      const claimed = (await Promise.all(Array.from({ length: 30 }, () => claim({ limit: 4 })))).flat();
      // Concurrent claims can skip each other's rows, but they never return the same row.
      const rest = await claim({ limit: 100 });
      const seqs = [...claimed, ...rest].map(({ seq }) => seq);
      expect(new Set(seqs).size).toBe(40);
      expect(seqs).toHaveLength(40);
      const counts = groupBy(claimed, ({ lease }) => lease).values();
      expect(Math.max(...Array.from(counts, (rows) => rows.length))).toBeLessThanOrEqual(4);
    });

    test("allows a second claim only after the lease expires", async () => {
      await createFinal();
      const { seq } = await claimOne();
      expect(await claim({ real: REAL + LEASE - 1 })).toEqual([]);
      expect((await claim({ real: REAL + LEASE, until: REAL + 2 * LEASE })).map((row) => row.seq)).toEqual([seq]);
    });

    test("does not retry an acknowledged notification", async () => {
      const { seq } = await createFinal();
      await store.outbox.recordAttempt(await claimOne(), ACKNOWLEDGED);
      expect(await store.outbox.find(seq)).toMatchObject({ state: "ACKNOWLEDGED", attempts: 1, lease: null });
      expect(await dueHosts(2 ** 53, 2 ** 53)).toEqual([]);
      expect(await claim({ now: 2 ** 53, real: 2 ** 53 })).toEqual([]);
      expect(await store.outbox.countPending()).toBe(0);
      expect(await store.outbox.listAttempts(seq)).toEqual([
        { seq: expect.any(Number), notificationSeq: seq, number: 1, ...ACKNOWLEDGED },
      ]);
    });

    test("reads the state and the attempts of a notification as they were at the same moment", async () => {
      for (let round = 0; round < 50; round++) {
        const row = await createFinal();
        const claimed = await claimOne();
        const reads = [store.outbox.readWithAttempts(row)];
        const recorded = store.outbox.recordAttempt(claimed, ACKNOWLEDGED);
        for (let count = 0; count < 5; count++) reads.push(store.outbox.readWithAttempts(row));
        await recorded;
        for (const read of await Promise.all(reads))
          expect(read.row.state).toBe(read.attempts.length > 0 ? "ACKNOWLEDGED" : "PENDING");
      }
    });

    test("follows the documented schedule after each failure, and marks the notification as exhausted after the eighth", async () => {
      const { seq } = await createFinal();
      const due = [0, 2 * MINUTE, 12 * MINUTE, 22 * MINUTE, HOUR + 22 * MINUTE].concat(
        [3, 9, 24].map((hours) => hours * HOUR + 22 * MINUTE),
      );
      for (const [index, after] of due.entries()) {
        expect(await store.outbox.find(seq)).toMatchObject({ state: "PENDING", attempts: index, dueAt: NOW + after });
        expect(await claim({ now: NOW + after - 1 })).toEqual([]);
        // A late attempt does not shift the schedule.
        await store.outbox.recordAttempt(await claimOne({ now: NOW + after }), { ...FAILED, at: NOW + after + 1_000 });
      }
      const exhausted = await store.outbox.find(seq);
      expect(exhausted).toMatchObject({ state: "EXHAUSTED", attempts: 8, lease: null });
      expect(await claim({ now: 2 ** 53, real: 2 ** 53 })).toEqual([]);
      expect((await store.outbox.listAttempts(seq)).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    test("accepts an acknowledgement in response to the eighth attempt", async () => {
      const { seq } = await createFinal();
      for (let index = 0; index < 7; index++)
        await store.outbox.recordAttempt(await claimOne({ now: NOW + 25 * HOUR }), FAILED);
      await store.outbox.recordAttempt(await claimOne({ now: NOW + 25 * HOUR }), ACKNOWLEDGED);
      expect(await store.outbox.find(seq)).toMatchObject({ state: "ACKNOWLEDGED", attempts: 8 });
    });

    test("records the attempt of a process that has lost its lease, but does not change the notification", async () => {
      const { seq } = await createFinal();
      const slow = await claimOne();
      const fast = await claimOne({ real: REAL + LEASE, until: REAL + 2 * LEASE });
      await store.outbox.recordAttempt(slow, ACKNOWLEDGED);
      expect(await store.outbox.find(seq)).toMatchObject({ state: "PENDING", attempts: 0, lease: fast.lease });
      await store.outbox.postpone(slow, NOW + HOUR);
      expect(await store.outbox.find(seq)).toMatchObject({ dueAt: NOW, lease: fast.lease });
      await store.outbox.recordAttempt(fast, FAILED);
      expect(await store.outbox.find(seq)).toMatchObject({ state: "PENDING", attempts: 1, dueAt: NOW + 2 * MINUTE });
      expect((await store.outbox.listAttempts(seq)).map(({ outcome }) => outcome)).toEqual([
        "ACKNOWLEDGED",
        "UNEXPECTED_HTTP_STATUS",
      ]);
    });

    test("postpones a notification without counting an attempt", async () => {
      const { seq } = await createFinal();
      await store.outbox.postpone(await claimOne(), NOW + 300);
      expect(await store.outbox.find(seq)).toMatchObject({
        state: "PENDING",
        attempts: 0,
        dueAt: NOW + 300,
        roundAt: NOW,
        leasedUntil: 0,
        lease: null,
      });
      expect(await claim({ now: NOW + 299 })).toEqual([]);
      expect(await claim({ now: NOW + 300 })).toHaveLength(1);
      expect(await store.outbox.listAttempts(seq)).toEqual([]);
    });

    test("restarts the schedule when an exhausted or acknowledged notification is resent", async () => {
      const { seq } = await createFinal();
      for (let index = 0; index < 8; index++)
        await store.outbox.recordAttempt(await claimOne({ now: NOW + 25 * HOUR }), FAILED);
      const later = NOW + 48 * HOUR;
      const restarted = { seq, state: "PENDING", attempts: 0, roundAt: later, dueAt: later, lease: null } as const;
      expect(await store.outbox.resend(seq, later)).toMatchObject(restarted);
      await store.outbox.recordAttempt(await claimOne({ now: later }), FAILED);
      expect(await store.outbox.find(seq)).toMatchObject({ attempts: 1, dueAt: later + 2 * MINUTE });
      await store.outbox.recordAttempt(await claimOne({ now: later + HOUR }), ACKNOWLEDGED);
      expect(await store.outbox.resend(seq, later)).toMatchObject(restarted);
      expect(await store.outbox.listAttempts(seq)).toHaveLength(10);
      expect(await store.outbox.resend(seq + 1, later)).toBeUndefined();
    });

    test("keeps a notification due if it is resent during an attempt", async () => {
      const { seq } = await createFinal();
      const inFlight = await claimOne();
      await store.outbox.resend(seq, NOW + 1);
      await store.outbox.recordAttempt(inFlight, ACKNOWLEDGED);
      expect(await store.outbox.find(seq)).toMatchObject({ state: "PENDING", attempts: 0 });
      expect(await claim({ now: NOW + 1 })).toHaveLength(1);
    });

    test("releases all leases, so that the notifications can be claimed again", async () => {
      const [first, second] = [await createFinal(), await createFinal()];
      await store.outbox.recordAttempt(await claimOne(), ACKNOWLEDGED);
      await claim();
      expect(await dueHosts()).toEqual([]);
      await store.outbox.releaseAll();
      expect(await dueHosts()).toEqual([HOST]);
      expect(await claim()).toHaveLength(1);
      const states = [first, second].map(async ({ seq }) => (await store.outbox.find(seq))?.state);
      expect((await Promise.all(states)).sort()).toEqual(["ACKNOWLEDGED", "PENDING"]);
    });

    test("lists the newest notifications first, and applies each filter", async () => {
      const rows = [await createFinal(), await createFinal(undefined, "B"), await createFinal()];
      await store.outbox.recordAttempt(await claimOne(), ACKNOWLEDGED);
      const seqs = async (options: Parameters<typeof store.outbox.list>[0]) =>
        (await store.outbox.list(options)).map(({ seq }) => seq);
      const [first, second, third] = rows.map(({ seq }) => seq);
      expect(await seqs({ limit: 10 })).toEqual([third, second, first]);
      expect(await seqs({ limit: 1 })).toEqual([third]);
      expect(await seqs({ limit: 10, clientId: "B" })).toEqual([second]);
      expect(await seqs({ limit: 10, vaultingRequestId: rows[0]?.vaultingRequestId })).toEqual([first]);
      expect(await seqs({ limit: 10, state: "EXHAUSTED" })).toEqual([]);
      expect(await seqs({ limit: 10, state: "PENDING" })).toHaveLength(2);
      expect(await seqs({ limit: 10, state: "PENDING", clientId: "B", vaultingRequestId: "none" })).toEqual([]);
      expect(await seqs({ limit: 10, before: second })).toEqual([first]);
      expect(await seqs({ limit: 10, host: HOST })).toHaveLength(3);
      expect(await seqs({ limit: 10, host: "b.example" })).toEqual([]);
      expect(await seqs({ limit: 10, outcome: "ACKNOWLEDGED" })).toHaveLength(1);
      expect(await seqs({ limit: 10, outcome: "TIMEOUT" })).toEqual([]);
      expect(await store.outbox.countPending()).toBe(2);
      expect(await store.outbox.find((third ?? 0) + 1)).toBeUndefined();
    });

    test("lists notifications by the outcome of their last attempt", async () => {
      await createFinal();
      const seqs = async (outcome: "ACKNOWLEDGED" | "UNEXPECTED_HTTP_STATUS") =>
        (await store.outbox.list({ limit: 10, outcome })).map(({ seq }) => seq);
      const first = await claimOne();
      await store.outbox.recordAttempt(first, FAILED);
      expect(await seqs("UNEXPECTED_HTTP_STATUS")).toEqual([first.seq]);
      await store.outbox.recordAttempt(await claimOne({ now: NOW + HOUR }), ACKNOWLEDGED);
      expect(await seqs("UNEXPECTED_HTTP_STATUS")).toEqual([]);
      expect(await seqs("ACKNOWLEDGED")).toEqual([first.seq]);
    });

    test.each([
      ["the URL", "/orders/100%_a"],
      ["the body", "SUCCESS"],
      ["the ID", undefined],
    ])("finds notifications by part of %s, in which % and _ have no special meaning", async (_, part) => {
      const { seq, vaultingRequestId } = await createFinal("http://a.example/orders/100%_a");
      await createFinal("http://a.example/orders/100xxa");
      const text = part ?? vaultingRequestId.slice(3, 20);
      const found = await store.outbox.list({ limit: 10, text });
      expect(found.map((row) => row.seq)).toContain(seq);
      if (part?.startsWith("/")) expect(found).toHaveLength(1);
      expect(await store.outbox.list({ limit: 10, text: `${text} and more` })).toEqual([]);
    });

    test("counts notifications by state, and ignores the case of the search text", async () => {
      await createFinal("http://one.example/notify");
      await createFinal("http://two.example/notify", "OTHER");
      const count = async (options: Parameters<typeof store.outbox.countMatches>[0]) => {
        const { counts, isComplete } = await store.outbox.countMatches(options);
        return { ...Object.fromEntries(counts), isComplete };
      };
      expect(await count({})).toEqual({ PENDING: 2, isComplete: true });
      expect(await count({ text: "TWO.example" })).toEqual({ PENDING: 1, isComplete: true });
      expect(await count({ clientId: "SANDBOX_1", text: "two.example" })).toEqual({ isComplete: true });
      expect(await count({ outcome: "TIMEOUT" })).toEqual({ isComplete: true });
    });

    test("limits the number of notifications per search, and continues with the next ones", async () => {
      for (let index = 0; index < 5; index++) await createFinal();
      const first = await store.outbox.search({ limit: 2 });
      const second = await store.outbox.search({ limit: 10, before: first.next });
      const seqs = [...first.found, ...second.found].map(({ seq }) => seq);
      expect(seqs).toHaveLength(5);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => b - a));
      expect(second.next).toBeUndefined();
      expect(await store.outbox.search({ limit: 10 }, 0)).toMatchObject({ found: [], next: expect.any(Number) });
    });

    test("lists only the attempts of the given notification", async () => {
      const rows = [await createFinal(), await createFinal(), await createFinal()];
      for (const row of await claim()) {
        await store.outbox.recordAttempt(row, { ...FAILED, httpStatus: null, detail: null });
      }
      const seqs = rows.map(({ seq }) => seq).slice(0, 2);
      const attempts = (await Promise.all(seqs.map(store.outbox.listAttempts))).flat();
      expect(attempts.map(({ notificationSeq }) => notificationSeq).sort((a, b) => a - b)).toEqual(seqs);
      expect(attempts[0]).toMatchObject({ httpStatus: null, detail: null, number: 1 });
    });
  });
}
