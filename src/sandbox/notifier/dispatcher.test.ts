import { describe, expect, test, vi } from "vitest";
import { openTestOutbox } from "../../testing/sandbox/outbox.ts";
import { RETRY_OFFSETS_MS } from "../store/retry-schedule.ts";
import type { DeliverNotification, DeliveryResult } from "./deliver-notification.ts";

const acknowledged: DeliveryResult = { outcome: "ACKNOWLEDGED", httpStatus: 200, detail: null };
const failed: DeliveryResult = {
  outcome: "UNEXPECTED_HTTP_STATUS",
  httpStatus: 500,
  detail: "Only HTTP 200 acknowledges.",
};
const ADDRESS = "http://127.0.0.1:9/";

/** Waits until something holds; looks at it again and again, since it comes about between two turns of the loop. */
const until = (look: () => Promise<void> | void) => vi.waitFor(look, { timeout: 20_000, interval: 5 });

/** A notify whose attempts stay open until they are let go. */
function heldOpen() {
  const open: { readonly id: string; readonly host: string; readonly answer: (delivered: DeliveryResult) => void }[] =
    [];
  const notify: DeliverNotification = ({ vaultingRequestId, host }, _, signal) =>
    new Promise((resolve) => {
      open.push({ id: vaultingRequestId, host, answer: resolve });
      signal.addEventListener("abort", () => resolve({ outcome: "ABORTED", httpStatus: null, detail: null }));
    });
  return { open, notify };
}

describe("the schedule", () => {
  test("each attempt on its millisecond and none before; after the eighth it is exhausted, stays, and can be resent", async () => {
    await using office = await openTestOutbox();
    const began = office.now();
    const at: number[] = [];
    office.startDispatcher({
      notify: async () => {
        at.push(office.now() - began);
        return failed;
      },
    });
    await office.enqueue([ADDRESS]);
    for (const [index, due] of RETRY_OFFSETS_MS.entries()) {
      if (index > 0) {
        office.advance(began + due - 1 - office.now());
        // Another notification that is due now shows that the loop has looked.
        await office.enqueue(["http://127.0.0.2:9/"], 1000 + index);
        await until(async () => expect((await office.getRow(String(1000 + index))).attempts).toBe(1));
        expect((await office.getRow("0")).attempts).toBe(index);
        office.advance(1);
      }
      await until(async () => expect((await office.getRow("0")).attempts).toBe(index + 1));
    }
    const { state, seq } = await office.getRow("0");
    expect(state).toBe("EXHAUSTED");
    const attempts = await office.store.outbox.listAttempts(seq);
    expect(attempts.map((each) => each.at - began)).toEqual(RETRY_OFFSETS_MS);
    expect(attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    office.advance(86_400_000 * 30);
    await office.store.outbox.resend(seq, office.now());
    office.advance(0);
    await until(async () => expect((await office.getRow("0")).attempts).toBe(1));
    expect(await office.getRow("0")).toMatchObject({ state: "PENDING", dueAt: office.now() + 120_000 });
  });

  test("down for seven attempts and up at the eighth: delivered", async () => {
    await using office = await openTestOutbox();
    let count = 0;
    office.startDispatcher({ notify: async () => (++count < 8 ? failed : acknowledged) });
    await office.enqueue([ADDRESS]);
    for (const [index, due] of RETRY_OFFSETS_MS.entries()) {
      office.advance(due - (RETRY_OFFSETS_MS[index - 1] ?? 0));
      await until(async () => expect((await office.getRow("0")).attempts).toBe(index + 1));
    }
    expect(await office.getRow("0")).toMatchObject({ state: "ACKNOWLEDGED", attempts: 8 });
    office.advance(86_400_000);
    await office.enqueue([ADDRESS], 1);
    await until(async () => expect((await office.getRow("1")).state).toBe("ACKNOWLEDGED"));
    expect(count).toBe(9);
  });

  test("a clock that is moved back fires nothing twice", async () => {
    await using office = await openTestOutbox();
    const sent: string[] = [];
    office.startDispatcher({
      notify: async ({ vaultingRequestId }) => {
        sent.push(vaultingRequestId);
        return failed;
      },
    });
    await office.enqueue([ADDRESS]);
    await until(() => expect(sent).toEqual(["0"]));
    await until(async () => expect((await office.getRow("0")).attempts).toBe(1));
    for (const ms of [119_999, -3_600_000, 3_600_000, -1000]) office.advance(ms);
    await office.enqueue(["http://127.0.0.2:9/"], 1);
    await until(async () => expect((await office.getRow("1")).attempts).toBe(1));
    expect(sent).toEqual(["0", "1"]);
    office.advance(1001);
    await until(() => expect(sent).toEqual(["0", "1", "0"]));
  });
});

describe("how many at once", () => {
  test("1,000 due at once to a dead host: four at once, and another host is not kept waiting", async () => {
    await using office = await openTestOutbox();
    const { open, notify } = heldOpen();
    const dispatcher = office.startDispatcher({ notify });
    await office.enqueue(Array.from({ length: 1000 }, () => ADDRESS));
    await until(() => expect(open).toHaveLength(4));
    await office.enqueue(["http://127.0.0.2:9/"], 1000);
    await until(() => expect(open.map(({ id }) => id)).toContain("1000"));
    expect(open).toHaveLength(5);
    expect(dispatcher.status().inFlight).toBe(5);
    open[0]?.answer(failed);
    await until(() => expect(open).toHaveLength(6));
    expect(dispatcher.status().inFlight).toBe(5);
  });

  describe("what is taken ahead", () => {
    /** Four that are under way, and sixteen that wait for them, of thirty. */
    async function takenAhead() {
      const office = await openTestOutbox();
      const { open, notify } = heldOpen();
      const dispatcher = office.startDispatcher({ notify });
      await office.enqueue(Array.from({ length: 30 }, () => ADDRESS));
      await until(async () => {
        dispatcher.wake();
        expect((await office.listRows()).filter(({ lease }) => lease !== null)).toHaveLength(20);
      });
      expect(open).toHaveLength(4);
      /** Answers whatever comes until each was sent, and gives how often. */
      const sendAll = async (): Promise<Readonly<Record<string, number>>> => {
        let answered = 0;
        await until(async () => {
          for (; answered < open.length; answered++) open[answered]?.answer(acknowledged);
          expect((await office.listRows()).filter(({ state }) => state !== "ACKNOWLEDGED")).toEqual([]);
        });
        const counts: Record<string, number> = {};
        for (const { id } of open) counts[id] = (counts[id] ?? 0) + 1;
        return counts;
      };
      return { office, open, dispatcher, sendAll };
    }
    const EACH_ONCE = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [String(at), 1]));

    test("is sent once, four at a time", async () => {
      const { office, open, sendAll } = await takenAhead();
      await using _ = office;
      open[0]?.answer(acknowledged);
      await until(() => expect(open).toHaveLength(5));
      expect(await sendAll()).toEqual(EACH_ONCE);
    });

    test("is not sent before its time where the clock is moved back meanwhile", async () => {
      const { office, open, sendAll } = await takenAhead();
      await using _ = office;
      office.advance(-3_600_000);
      for (const each of open.slice(0, 4)) each.answer(acknowledged);
      await until(async () => {
        const rows = await office.listRows();
        expect(rows.filter(({ state }) => state === "ACKNOWLEDGED")).toHaveLength(4);
        expect(rows.filter(({ lease }) => lease !== null)).toEqual([]);
      });
      expect(open).toHaveLength(4);
      office.advance(3_600_000);
      expect(await sendAll()).toEqual(EACH_ONCE);
    });

    test("is sent once where it is resent while it waits", async () => {
      const { office, open, sendAll } = await takenAhead();
      await using _ = office;
      const waiting = (await office.listRows()).filter(
        ({ lease, vaultingRequestId }) => lease !== null && !open.some(({ id }) => id === vaultingRequestId),
      );
      expect(waiting).toHaveLength(16);
      for (const { seq } of waiting) await office.store.outbox.resend(seq, office.now());
      expect(await sendAll()).toEqual(EACH_ONCE);
    });

    test("is given back by one that ends, so that the next sends it at once", async () => {
      const { office, open, dispatcher } = await takenAhead();
      await using _ = office;
      await dispatcher.close(0);
      expect((await office.listRows()).filter(({ lease }) => lease !== null)).toEqual([]);
      const sent: string[] = [];
      office.startDispatcher({
        notify: async ({ vaultingRequestId }) => {
          sent.push(vaultingRequestId);
          return acknowledged;
        },
      });
      await until(() => expect(sent).toHaveLength(30));
      expect(new Set(sent).size).toBe(30);
      expect(open).toHaveLength(4);
    });
  });

  test("at most 32 at once over all hosts", async () => {
    await using office = await openTestOutbox();
    const { open, notify } = heldOpen();
    const dispatcher = office.startDispatcher({ notify });
    await office.enqueue(Array.from({ length: 400 }, (_, at) => `http://127.0.0.${(at % 40) + 1}:9/`));
    await until(() => expect(open).toHaveLength(32));
    dispatcher.wake();
    open[0]?.answer(failed);
    await until(() => expect(open).toHaveLength(33));
    expect(dispatcher.status().inFlight).toBe(32);
    const hosts = open.slice(1).map(({ host }) => host);
    for (const host of hosts) expect(hosts.filter((each) => each === host).length).toBeLessThanOrEqual(4);
  });

  test("two dispatchers on one outbox never send one at once, and each notification is sent once", async () => {
    await using office = await openTestOutbox();
    const inFlight = new Set<string>();
    const sent: string[] = [];
    const collisions: string[] = [];
    const notify: DeliverNotification = async ({ vaultingRequestId }) => {
      if (inFlight.has(vaultingRequestId)) collisions.push(vaultingRequestId);
      inFlight.add(vaultingRequestId);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inFlight.delete(vaultingRequestId);
      sent.push(vaultingRequestId);
      return acknowledged;
    };
    office.startDispatcher({ notify });
    office.startDispatcher({ notify });
    await office.enqueue(Array.from({ length: 300 }, (_, at) => `http://127.0.0.${(at % 9) + 1}:9/`));
    await until(() => expect(sent).toHaveLength(300));
    await until(async () => expect(await office.store.outbox.countPending()).toBe(0));
    expect(collisions).toEqual([]);
    expect(new Set(sent).size).toBe(300);
  });
});

describe("what is not sent, or cut off", () => {
  test("an idle one sends nothing", async () => {
    await using office = await openTestOutbox();
    const dispatcher = office.startDispatcher({
      notify: async () => expect.fail("It was to send nothing."),
      pollMs: 5,
      idle: true,
    });
    await office.enqueue([ADDRESS]);
    const { lastRunAt } = dispatcher.status();
    await until(() => expect(dispatcher.status().lastRunAt).toBeGreaterThan(lastRunAt + 20));
    expect(dispatcher.status().running).toBe(false);
    expect(await office.getRow("0")).toMatchObject({ state: "PENDING", attempts: 0 });
  });

  test("a delivery that the end cut off is no attempt, and the next dispatcher sends it at once", async () => {
    await using office = await openTestOutbox();
    const { open, notify } = heldOpen();
    const first = office.startDispatcher({ notify });
    await office.enqueue([ADDRESS]);
    await until(() => expect(open).toHaveLength(1));
    await first.close(10);
    expect(await office.getRow("0")).toMatchObject({ state: "PENDING", attempts: 0, leasedUntil: 0 });
    office.startDispatcher({ notify: async () => acknowledged });
    await until(async () => expect((await office.getRow("0")).state).toBe("ACKNOWLEDGED"));
    expect(first.status()).toMatchObject({ running: false, inFlight: 0 });
  });

  test("a delivery under way is let end within the grace", async () => {
    await using office = await openTestOutbox();
    const { open, notify } = heldOpen();
    const dispatcher = office.startDispatcher({ notify });
    await office.enqueue([ADDRESS, "http://127.0.0.2:9/"]);
    await until(() => expect(open).toHaveLength(2));
    const closed = dispatcher.close(60_000);
    for (const each of open) each.answer(acknowledged);
    await closed;
    expect((await office.listRows()).map(({ state }) => state)).toEqual(["ACKNOWLEDGED", "ACKNOWLEDGED"]);
  });

  test("one that was leased by a process that is gone is released at the start of the only one", async () => {
    await using office = await openTestOutbox();
    await office.enqueue([ADDRESS]);
    const real = Date.now();
    const claim = { host: "127.0.0.1:9", limit: 1, now: office.now(), real, until: real + 15_000, lease: "gone" };
    expect(await office.store.outbox.claim(claim)).toHaveLength(1);
    const sent: string[] = [];
    office.startDispatcher({
      notify: async ({ vaultingRequestId }) => {
        sent.push(vaultingRequestId);
        return acknowledged;
      },
    });
    await office.enqueue(["http://127.0.0.2:9/"], 1);
    await until(() => expect(sent).toEqual(["1"]));
    await office.store.outbox.releaseAll();
    office.advance(0);
    await until(() => expect(sent).toEqual(["1", "0"]));
  });

  test("what is resent while it is under way is sent anew, and the old attempt ends nothing", async () => {
    await using office = await openTestOutbox();
    const { open, notify } = heldOpen();
    office.startDispatcher({ notify });
    await office.enqueue([ADDRESS]);
    await until(() => expect(open).toHaveLength(1));
    const { seq } = await office.getRow("0");
    await office.store.outbox.resend(seq, office.now());
    office.advance(0);
    await until(() => expect(open).toHaveLength(2));
    open[0]?.answer(failed);
    await until(async () => expect(await office.store.outbox.listAttempts(seq)).toHaveLength(1));
    expect(await office.getRow("0")).toMatchObject({ state: "PENDING", attempts: 0 });
    open[1]?.answer(acknowledged);
    await until(async () => expect((await office.getRow("0")).state).toBe("ACKNOWLEDGED"));
  });

  test("an attempt that outlives a reset is nobody's: the next notification has its number, and none of its attempts", async () => {
    await using office = await openTestOutbox();
    const { open, notify } = heldOpen();
    office.startDispatcher({ notify });
    await office.enqueue([ADDRESS]);
    await until(() => expect(open).toHaveLength(1));
    const { seq } = await office.getRow("0");
    await office.store.reset();
    await office.enqueue([ADDRESS], 1);
    await until(() => expect(open).toHaveLength(2));
    expect((await office.getRow("1")).seq).toBe(seq);
    open[0]?.answer(acknowledged);
    open[1]?.answer(failed);
    await until(async () => expect((await office.getRow("1")).attempts).toBe(1));
    expect(await office.store.outbox.listAttempts(seq)).toMatchObject([{ outcome: "UNEXPECTED_HTTP_STATUS" }]);
  });

  test("what goes wrong in a delivery is told, and the loop goes on", async () => {
    await using office = await openTestOutbox();
    office.startDispatcher({
      pollMs: 5,
      notify: async ({ vaultingRequestId }) => {
        if (vaultingRequestId === "0") throw new Error("A delivery fails.");
        return acknowledged;
      },
    });
    await office.enqueue([ADDRESS, ADDRESS]);
    await until(async () => expect((await office.getRow("1")).state).toBe("ACKNOWLEDGED"));
    expect(office.errors.map((error) => String(error))).toContain("Error: A delivery fails.");
    // It stays leased, and is sent again once the lease is over.
    const { leasedUntil, state } = await office.getRow("0");
    expect(state).toBe("PENDING");
    expect(leasedUntil).toBeGreaterThan(Date.now());
  });
});
