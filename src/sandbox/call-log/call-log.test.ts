import { describe, expect, test } from "vitest";
import { openTestCallLog, toCompletedCall } from "../../testing/sandbox/call-log.ts";
import type { LoggedCall } from "./call-log.ts";

const CARD_NO = "4054695723100768";

describe("the call log", () => {
  test("keeps only the configured number of calls, and numbers all calls consecutively from 1", async () => {
    const { callLog } = await openTestCallLog({ limits: { count: 100 } });
    for (let number = 0; number < 250; number++) callLog.add(toCompletedCall());
    expect((await callLog.list({ limit: 9999 })).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 100 }, (_, index) => 151 + index),
    );
    expect(await callLog.range()).toEqual({ oldest: 151, newest: 250 });
  });

  test("drops old calls to make room for large ones", async () => {
    const { callLog } = await openTestCallLog({ limits: { characters: 100_000 } });
    for (let number = 0; number < 20; number++) callLog.add(toCompletedCall({ body: { text: "x".repeat(30_000) } }));
    expect((await callLog.list({ limit: 9999 })).map(({ sequence }) => sequence)).toEqual([18, 19, 20]);
  });

  test("drops many small calls to make room for a large one", async () => {
    const { callLog } = await openTestCallLog({ limits: { characters: 100_000 } });
    for (let number = 0; number < 1000; number++) callLog.add(toCompletedCall());
    await callLog.range();
    callLog.add(toCompletedCall({ body: { text: "x".repeat(99_000) } }));
    expect((await callLog.range()).oldest).toBeGreaterThan(950);
  });

  test("deletes old calls in batches", async () => {
    const { callLog, calls } = await openTestCallLog({ limits: { ageMs: 1000 } });
    for (let number = 0; number < 3; number++) callLog.add(toCompletedCall());
    await callLog.range();
    expect(await calls.prune(Date.now() + 500, 2)).toBe(0);
    expect(await calls.prune(Date.now() + 2000, 2)).toBe(2);
    expect(await callLog.list({ limit: 9 })).toMatchObject([{ sequence: 3 }]);
  });

  test("truncates long paths and IDs, and masks card numbers in them", async () => {
    const { callLog } = await openTestCallLog();
    callLog.add(
      toCompletedCall({ path: `/${"x".repeat(9999)}?cardNo=${CARD_NO}`, body: { vaultingRequestId: "y".repeat(999) } }),
    );
    callLog.add(toCompletedCall({ path: `/${CARD_NO}`, body: { vaultingRequestId: CARD_NO, cardNo: CARD_NO } }));
    expect(await callLog.list({ limit: 9 })).toMatchObject([
      { path: `/${"x".repeat(255)}`, vaultingRequestId: "y".repeat(256) },
      { path: "/****************", vaultingRequestId: "************0768" },
    ]);
  });

  test("never reuses the number of a deleted call, and assigns no number to a dropped pending call", async () => {
    const { callLog, calls } = await openTestCallLog({ limits: { ageMs: 0 } });
    callLog.add(toCompletedCall());
    await callLog.range();
    callLog.add(toCompletedCall());
    await callLog.dropPending();
    await calls.prune(Date.now() + 1000, 9);
    callLog.add(toCompletedCall());
    expect(await callLog.list({ limit: 9 })).toMatchObject([{ sequence: 2 }]);
  });

  test("replaces the note of a pending call and of a stored call, and calls onStored after each change", async () => {
    const stored: (readonly [number | undefined, string | null])[] = [];
    const onStored = ({ seq, note }: LoggedCall) => stored.push([seq, note]);
    const { callLog } = await openTestCallLog({ onStored });
    const call = callLog.add(toCompletedCall());
    await callLog.explain(call, { note: "first" });
    await callLog.explain(call, { note: "second" });
    expect(await callLog.find(1)).toMatchObject({ note: "second" });
    expect(stored).toEqual([
      [1, "first"],
      [1, "first"],
      [1, "second"],
    ]);
  });

  test("stores a call after 1 second, or sooner if a user is waiting for calls or 200 calls are pending", async () => {
    let isWatched = false;
    const stored: number[] = [];
    const onStored = ({ seq = 0 }: LoggedCall) => stored.push(seq);
    const { callLog } = await openTestCallLog({ onStored, isWatched: () => isWatched });
    callLog.add(toCompletedCall());
    await expect.poll(() => stored, { timeout: 5_000 }).toEqual([1]);
    isWatched = true;
    callLog.add(toCompletedCall());
    await expect.poll(() => stored, { timeout: 900 }).toEqual([1, 2]);
    isWatched = false;
    for (let number = 0; number < 200; number++) callLog.add(toCompletedCall());
    await expect.poll(() => stored.length, { timeout: 900 }).toBe(202);
  });

  test("reports a failing database once, keeps the last 1,000 calls, and stores them when the database works again", async () => {
    let fails = true;
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const { callLog } = await openTestCallLog({
      onError,
      wrap: (engine) => ({
        ...engine,
        transact: (work, options) => (fails ? Promise.reject(new Error("down")) : engine.transact(work, options)),
      }),
    });
    for (let number = 1; number <= 1100; number++) {
      callLog.add(toCompletedCall({ at: number }));
      if (number % 100 === 0) expect(await callLog.list({ limit: 9 })).toEqual([]);
    }
    expect(errors).toEqual([new Error("down")]);
    fails = false;
    const calls = await callLog.list({ limit: 9999 });
    expect(calls.map(({ sequence, at }) => at - sequence)).toEqual(Array.from({ length: 1000 }, () => 100));
  });

  test("returns the first 500 and the last 500 calls of a vaulting with more than 1,000 calls, and counts the omitted calls", async () => {
    const { callLog } = await openTestCallLog();
    for (let number = 1; number <= 1800; number++) {
      const id = number % 3 === 0 ? "other" : "V";
      callLog.add(toCompletedCall({ at: number, body: { vaultingRequestId: id } }));
      if (number % 600 === 0) await callLog.range();
    }
    const vaulting = { clientId: "C", vaultingRequestId: "V" };
    const { calls, omitted } = await callLog.listByVaulting(vaulting);
    const numbers = Array.from({ length: 1800 }, (_, index) => index + 1).filter((number) => number % 3 !== 0);
    expect(calls.map(({ at }) => at)).toEqual([...numbers.slice(0, 500), ...numbers.slice(-500)]);
    expect(omitted).toBe(200);
    expect(await callLog.listByVaulting({ ...vaulting, clientId: "D" })).toEqual({ calls: [], omitted: 0 });
  });
});
