import { describe, expect, test, vi } from "vitest";
import { openTestOutbox } from "../../testing/sandbox/outbox.ts";
import { RETRY_OFFSETS_MS } from "../store/retry-schedule.ts";
import type { DeliverNotification, DeliveryResult } from "./deliver-notification.ts";

const acknowledged: DeliveryResult = { outcome: "ACKNOWLEDGED", httpStatus: 200, detail: null };
const failed: DeliveryResult = {
  outcome: "UNEXPECTED_HTTP_STATUS",
  httpStatus: 500,
  detail: "Only HTTP 200 acknowledges a notification.",
};
const TARGET_URL = "http://127.0.0.1:9/";

const until = (assertion: () => Promise<void> | void) => vi.waitFor(assertion, { timeout: 20_000, interval: 5 });

/** Creates a delivery function whose attempts stay open until the test completes them. */
function createOpenDelivery() {
  const open: { readonly id: string; readonly host: string; readonly complete: (result: DeliveryResult) => void }[] =
    [];
  const deliver: DeliverNotification = ({ vaultingRequestId, host }, _, signal) =>
    new Promise((resolve) => {
      open.push({ id: vaultingRequestId, host, complete: resolve });
      signal.addEventListener("abort", () => resolve({ outcome: "ABORTED", httpStatus: null, detail: null }));
    });
  return { open, deliver };
}

/** Creates a delivery function that records the ID of each notification. */
function createRecordingDelivery(result: DeliveryResult) {
  const sent: string[] = [];
  const deliver: DeliverNotification = async ({ vaultingRequestId }) => {
    sent.push(vaultingRequestId);
    return result;
  };
  return { sent, deliver };
}

describe("the dispatcher", () => {
  test("makes each attempt exactly on time, and keeps an exhausted notification until it is resent", async () => {
    await using outbox = await openTestOutbox();
    const startedAt = outbox.now();
    outbox.startDispatcher({ deliver: async () => failed });
    await outbox.enqueue([TARGET_URL]);
    for (const [index, due] of RETRY_OFFSETS_MS.entries()) {
      if (index > 0) {
        outbox.advance(startedAt + due - 1 - outbox.now());
        // The delivery of a second notification shows that the loop has run.
        await outbox.enqueue(["http://127.0.0.2:9/"], 1000 + index);
        await until(async () => expect((await outbox.getRow(String(1000 + index))).attempts).toBe(1));
        expect((await outbox.getRow("0")).attempts).toBe(index);
        outbox.advance(1);
      }
      await until(async () => expect((await outbox.getRow("0")).attempts).toBe(index + 1));
    }
    const { state, seq } = await outbox.getRow("0");
    expect(state).toBe("EXHAUSTED");
    const attempts = await outbox.store.outbox.listAttempts(seq);
    expect(attempts.map(({ at }) => at - startedAt)).toEqual(RETRY_OFFSETS_MS);
    expect(attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    outbox.advance(86_400_000 * 30);
    await outbox.store.outbox.resend(seq, outbox.now());
    outbox.advance(0);
    await until(async () => expect((await outbox.getRow("0")).attempts).toBe(1));
    expect(await outbox.getRow("0")).toMatchObject({ state: "PENDING", dueAt: outbox.now() + 120_000 });
  });

  test("delivers a notification on attempt 8, after 7 failures, and then stops", async () => {
    await using outbox = await openTestOutbox();
    let count = 0;
    outbox.startDispatcher({ deliver: async () => (++count < 8 ? failed : acknowledged) });
    await outbox.enqueue([TARGET_URL]);
    for (const [index, due] of RETRY_OFFSETS_MS.entries()) {
      outbox.advance(due - (RETRY_OFFSETS_MS[index - 1] ?? 0));
      await until(async () => expect((await outbox.getRow("0")).attempts).toBe(index + 1));
    }
    expect(await outbox.getRow("0")).toMatchObject({ state: "ACKNOWLEDGED", attempts: 8 });
    outbox.advance(86_400_000);
    await outbox.enqueue([TARGET_URL], 1);
    await until(async () => expect((await outbox.getRow("1")).state).toBe("ACKNOWLEDGED"));
    expect(count).toBe(9);
  });

  test("makes no attempt early or twice if the clock is moved back", async () => {
    await using outbox = await openTestOutbox();
    const { sent, deliver } = createRecordingDelivery(failed);
    outbox.startDispatcher({ deliver });
    await outbox.enqueue([TARGET_URL]);
    await until(() => expect(sent).toEqual(["0"]));
    await until(async () => expect((await outbox.getRow("0")).attempts).toBe(1));
    for (const ms of [119_999, -3_600_000, 3_600_000, -1000]) outbox.advance(ms);
    await outbox.enqueue(["http://127.0.0.2:9/"], 1);
    await until(async () => expect((await outbox.getRow("1")).attempts).toBe(1));
    expect(sent).toEqual(["0", "1"]);
    outbox.advance(1001);
    await until(() => expect(sent).toEqual(["0", "1", "0"]));
  });
});

const LIMITS = { perHost: 4, total: 32 };

describe("the dispatcher under load", () => {
  test("sends at most `perHost` notifications at a time to an unresponsive host, without delaying other hosts", async () => {
    await using outbox = await openTestOutbox();
    const { open, deliver } = createOpenDelivery();
    const dispatcher = outbox.startDispatcher({ deliver, ...LIMITS });
    await outbox.enqueue(Array.from({ length: 1000 }, () => TARGET_URL));
    await until(() => expect(open).toHaveLength(4));
    await outbox.enqueue(["http://127.0.0.2:9/"], 1000);
    await until(() => expect(open.map(({ id }) => id)).toContain("1000"));
    expect(open).toHaveLength(5);
    expect(dispatcher.status().inFlight).toBe(5);
    open[0]?.complete(failed);
    await until(() => expect(open).toHaveLength(6));
    expect(dispatcher.status().inFlight).toBe(5);
  });

  describe("a prefetched notification", () => {
    /** Enqueues 30 notifications, of which 4 are in flight and 16 are prefetched. */
    async function prefetch() {
      const outbox = await openTestOutbox();
      const { open, deliver } = createOpenDelivery();
      const dispatcher = outbox.startDispatcher({ deliver, ...LIMITS });
      await outbox.enqueue(Array.from({ length: 30 }, () => TARGET_URL));
      await until(async () => {
        dispatcher.wake();
        expect((await outbox.listRows()).filter(({ lease }) => lease !== null)).toHaveLength(20);
      });
      expect(open).toHaveLength(4);
      /** Completes attempts until all notifications are sent. Returns the number of attempts by ID. */
      const sendAll = async (): Promise<Readonly<Record<string, number>>> => {
        let completed = 0;
        await until(async () => {
          for (; completed < open.length; completed++) open[completed]?.complete(acknowledged);
          expect((await outbox.listRows()).filter(({ state }) => state !== "ACKNOWLEDGED")).toEqual([]);
        });
        const counts: Record<string, number> = {};
        for (const { id } of open) counts[id] = (counts[id] ?? 0) + 1;
        return counts;
      };
      return { outbox, open, dispatcher, sendAll };
    }
    const ALL_ONCE = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [String(index), 1]));

    test("is sent once, after a delivery in flight ends", async () => {
      const { outbox, open, sendAll } = await prefetch();
      await using _ = outbox;
      open[0]?.complete(acknowledged);
      await until(() => expect(open).toHaveLength(5));
      expect(await sendAll()).toEqual(ALL_ONCE);
    });

    test("is not sent early if the clock is moved back", async () => {
      const { outbox, open, sendAll } = await prefetch();
      await using _ = outbox;
      outbox.advance(-3_600_000);
      for (const delivery of open.slice(0, 4)) delivery.complete(acknowledged);
      await until(async () => {
        const rows = await outbox.listRows();
        expect(rows.filter(({ state }) => state === "ACKNOWLEDGED")).toHaveLength(4);
        expect(rows.filter(({ lease }) => lease !== null)).toEqual([]);
      });
      expect(open).toHaveLength(4);
      outbox.advance(3_600_000);
      expect(await sendAll()).toEqual(ALL_ONCE);
    });

    test("is sent once if it is resent while it waits", async () => {
      const { outbox, open, sendAll } = await prefetch();
      await using _ = outbox;
      const waiting = (await outbox.listRows()).filter(
        ({ lease, vaultingRequestId }) => lease !== null && !open.some(({ id }) => id === vaultingRequestId),
      );
      expect(waiting).toHaveLength(16);
      for (const { seq } of waiting) await outbox.store.outbox.resend(seq, outbox.now());
      expect(await sendAll()).toEqual(ALL_ONCE);
    });

    test("is released when the dispatcher closes, so that the next dispatcher sends it immediately", async () => {
      const { outbox, open, dispatcher } = await prefetch();
      await using _ = outbox;
      await dispatcher.close(0);
      expect((await outbox.listRows()).filter(({ lease }) => lease !== null)).toEqual([]);
      const { sent, deliver } = createRecordingDelivery(acknowledged);
      outbox.startDispatcher({ deliver, ...LIMITS });
      await until(() => expect(sent).toHaveLength(30));
      expect(new Set(sent).size).toBe(30);
      expect(open).toHaveLength(4);
    });
  });

  test("sends at most `total` notifications at a time, and at most `perHost` to one host", async () => {
    await using outbox = await openTestOutbox();
    const { open, deliver } = createOpenDelivery();
    const dispatcher = outbox.startDispatcher({ deliver, ...LIMITS });
    await outbox.enqueue(Array.from({ length: 400 }, (_, index) => `http://127.0.0.${(index % 40) + 1}:9/`));
    await until(() => expect(open).toHaveLength(32));
    dispatcher.wake();
    open[0]?.complete(failed);
    await until(() => expect(open).toHaveLength(33));
    expect(dispatcher.status().inFlight).toBe(32);
    const hosts = open.slice(1).map(({ host }) => host);
    for (const host of hosts) expect(hosts.filter((other) => other === host).length).toBeLessThanOrEqual(4);
  });

  test("sends each notification once if two dispatchers share an outbox", async () => {
    await using outbox = await openTestOutbox();
    const inFlight = new Set<string>();
    const sent: string[] = [];
    const collisions: string[] = [];
    const deliver: DeliverNotification = async ({ vaultingRequestId }) => {
      if (inFlight.has(vaultingRequestId)) collisions.push(vaultingRequestId);
      inFlight.add(vaultingRequestId);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inFlight.delete(vaultingRequestId);
      sent.push(vaultingRequestId);
      return acknowledged;
    };
    outbox.startDispatcher({ deliver });
    outbox.startDispatcher({ deliver });
    await outbox.enqueue(Array.from({ length: 300 }, (_, index) => `http://127.0.0.${(index % 9) + 1}:9/`));
    await until(() => expect(sent).toHaveLength(300));
    await until(async () => expect(await outbox.store.outbox.countPending()).toBe(0));
    expect(collisions).toEqual([]);
    expect(new Set(sent).size).toBe(300);
  });
});

describe("the dispatcher during interruptions", () => {
  test("sends nothing if it is idle", async () => {
    await using outbox = await openTestOutbox();
    const dispatcher = outbox.startDispatcher({
      deliver: async () => expect.fail("An idle dispatcher must send nothing."),
      pollMs: 5,
      idle: true,
    });
    await outbox.enqueue([TARGET_URL]);
    const { lastRunAt } = dispatcher.status();
    await until(() => expect(dispatcher.status().lastRunAt).toBeGreaterThan(lastRunAt + 20));
    expect(dispatcher.status().running).toBe(false);
    expect(await outbox.getRow("0")).toMatchObject({ state: "PENDING", attempts: 0 });
  });

  test("does not count an attempt that close() aborts, so the next dispatcher repeats it immediately", async () => {
    await using outbox = await openTestOutbox();
    const { open, deliver } = createOpenDelivery();
    const first = outbox.startDispatcher({ deliver });
    await outbox.enqueue([TARGET_URL]);
    await until(() => expect(open).toHaveLength(1));
    await first.close(10);
    expect(await outbox.getRow("0")).toMatchObject({ state: "PENDING", attempts: 0, leasedUntil: 0 });
    outbox.startDispatcher({ deliver: async () => acknowledged });
    await until(async () => expect((await outbox.getRow("0")).state).toBe("ACKNOWLEDGED"));
    expect(first.status()).toMatchObject({ running: false, inFlight: 0 });
  });

  test("lets deliveries in flight complete within the grace period", async () => {
    await using outbox = await openTestOutbox();
    const { open, deliver } = createOpenDelivery();
    const dispatcher = outbox.startDispatcher({ deliver });
    await outbox.enqueue([TARGET_URL, "http://127.0.0.2:9/"]);
    await until(() => expect(open).toHaveLength(2));
    const closed = dispatcher.close(60_000);
    for (const delivery of open) delivery.complete(acknowledged);
    await closed;
    expect((await outbox.listRows()).map(({ state }) => state)).toEqual(["ACKNOWLEDGED", "ACKNOWLEDGED"]);
  });

  test("sends a notification after the lease of a terminated process is released", async () => {
    await using outbox = await openTestOutbox();
    await outbox.enqueue([TARGET_URL]);
    const real = Date.now();
    const claim = { host: "127.0.0.1:9", limit: 1, now: outbox.now(), real, until: real + 15_000, lease: "terminated" };
    expect(await outbox.store.outbox.claim(claim)).toHaveLength(1);
    const { sent, deliver } = createRecordingDelivery(acknowledged);
    outbox.startDispatcher({ deliver });
    await outbox.enqueue(["http://127.0.0.2:9/"], 1);
    await until(() => expect(sent).toEqual(["1"]));
    await outbox.store.outbox.releaseAll();
    outbox.advance(0);
    await until(() => expect(sent).toEqual(["1", "0"]));
  });

  test("sends a notification again if it is resent during an attempt", async () => {
    await using outbox = await openTestOutbox();
    const { open, deliver } = createOpenDelivery();
    outbox.startDispatcher({ deliver });
    await outbox.enqueue([TARGET_URL]);
    await until(() => expect(open).toHaveLength(1));
    const { seq } = await outbox.getRow("0");
    await outbox.store.outbox.resend(seq, outbox.now());
    outbox.advance(0);
    await until(() => expect(open).toHaveLength(2));
    open[0]?.complete(failed);
    await until(async () => expect(await outbox.store.outbox.listAttempts(seq)).toHaveLength(1));
    expect(await outbox.getRow("0")).toMatchObject({ state: "PENDING", attempts: 0 });
    open[1]?.complete(acknowledged);
    await until(async () => expect((await outbox.getRow("0")).state).toBe("ACKNOWLEDGED"));
  });

  test("discards an attempt from before a reset, even if a new notification has the same sequence number", async () => {
    await using outbox = await openTestOutbox();
    const { open, deliver } = createOpenDelivery();
    outbox.startDispatcher({ deliver });
    await outbox.enqueue([TARGET_URL]);
    await until(() => expect(open).toHaveLength(1));
    const { seq } = await outbox.getRow("0");
    await outbox.store.reset();
    await outbox.enqueue([TARGET_URL], 1);
    await until(() => expect(open).toHaveLength(2));
    expect((await outbox.getRow("1")).seq).toBe(seq);
    open[0]?.complete(acknowledged);
    open[1]?.complete(failed);
    await until(async () => expect((await outbox.getRow("1")).attempts).toBe(1));
    expect(await outbox.store.outbox.listAttempts(seq)).toMatchObject([{ outcome: "UNEXPECTED_HTTP_STATUS" }]);
  });

  test("reports an error in a delivery, and continues", async () => {
    await using outbox = await openTestOutbox();
    outbox.startDispatcher({
      pollMs: 5,
      deliver: async ({ vaultingRequestId }) => {
        if (vaultingRequestId === "0") throw new Error("A delivery fails.");
        return acknowledged;
      },
    });
    await outbox.enqueue([TARGET_URL, TARGET_URL]);
    await until(async () => expect((await outbox.getRow("1")).state).toBe("ACKNOWLEDGED"));
    expect(outbox.errors.map((error) => String(error))).toContain("Error: A delivery fails.");
    // The failed notification keeps its lease, and is sent again after the lease expires.
    const { leasedUntil, state } = await outbox.getRow("0");
    expect(state).toBe("PENDING");
    expect(leasedUntil).toBeGreaterThan(Date.now());
  });
});
