import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDeduplicator, createResultMemory } from "./deduplicate.ts";

const succeed = () => Promise.resolve();

describe("createDeduplicator", () => {
  test("runs work once per key and lets concurrent calls wait for it", async () => {
    const once = createDeduplicator();
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    const work = () => {
      runs++;
      return gate.promise;
    };
    const calls = [once("a", work), once("a", work)];
    await Promise.resolve();
    gate.resolve();
    await Promise.all([...calls, once("a", work)]);
    await once("a", work);
    expect(runs).toBe(1);
  });

  test("rejects all waiting calls if the work fails, and runs the work again for the next call", async () => {
    const once = createDeduplicator();
    const fail = () => Promise.reject(new Error("no"));
    const calls = await Promise.allSettled([once("a", fail), once("a", succeed)]);
    expect(calls.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    let runs = 0;
    await once("a", async () => void runs++);
    expect(runs).toBe(1);
  });

  test("rejects if the work throws synchronously", async () => {
    const once = createDeduplicator();
    const thrown = once("a", () => {
      throw new Error("immediately");
    });
    await expect(thrown).rejects.toThrow("immediately");
  });

  test("remembers only the last 10,000 keys", async () => {
    const once = createDeduplicator();
    const runs: string[] = [];
    const call = (key: string) => once(key, async () => void runs.push(key));
    for (let index = 0; index < 10_000; index++) await call(String(index));
    await call("0");
    expect(runs).toHaveLength(10_000);
    await call("10000");
    await call("1");
    expect(runs).toHaveLength(10_001);
    await call("0");
    expect(runs.slice(10_000)).toEqual(["10000", "0"]);
  });

  test("keeps the entry of a later run if an evicted run fails", async () => {
    const once = createDeduplicator(1);
    const first = Promise.withResolvers<void>();
    const evicted = once("a", () => first.promise);
    await once("b", succeed);
    let runs = 0;
    const runAgain = () => once("a", async () => void runs++);
    await runAgain();
    first.reject(new Error("late"));
    await expect(evicted).rejects.toThrow("late");
    await runAgain();
    expect(runs).toBe(1);
  });
});

describe("createResultMemory", () => {
  test("stores the first result for an ID and returns it for later results", () => {
    const remember = createResultMemory();
    expect([remember("a", "S"), remember("a", "F"), remember("b", "F"), remember("a", "S")]).toEqual([
      undefined,
      "S",
      undefined,
      "S",
    ]);
  });

  test("remembers only the last 10,000 IDs", () => {
    const remember = createResultMemory();
    for (let index = 0; index <= 10_000; index++) remember(String(index), "S");
    expect([remember("1", "F"), remember("0", "F")]).toEqual(["S", undefined]);
  });
});

describe("createDeduplicator, for random calls,", () => {
  // The model is a list of up to `size` successful keys, oldest first.
  test("runs exactly the work that a model predicts for a sequence of successes and failures", async () => {
    const step = fc.record({ key: fc.constantFrom("a", "b", "c", "d", "e"), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), async (size, steps) => {
        const once = createDeduplicator(size);
        let known: string[] = [];
        for (const { key, fails } of steps) {
          let ran = false;
          const settled = await Promise.allSettled([
            once(key, async () => {
              ran = true;
              if (fails) throw new Error("no");
            }),
          ]);
          expect(ran).toBe(!known.includes(key));
          expect(settled[0]?.status).toBe(ran && fails ? "rejected" : "fulfilled");
          // A key whose work fails also occupies an entry while the work runs, so it can evict the oldest entry.
          if (ran) known = [...known, key].slice(-size).filter((other) => !fails || other !== key);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("never runs the work of a key twice at the same time, or again after it succeeds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 20 }),
        async (scheduler, keys) => {
          const once = createDeduplicator(3);
          const running = new Map<string, number>();
          const done = new Set<string>();
          const calls = keys.map((key, index) =>
            once(key, async () => {
              const now = (running.get(key) ?? 0) + 1;
              running.set(key, now);
              expect(now).toBe(1);
              expect(done.has(key)).toBe(false);
              await scheduler.schedule(Promise.resolve(), key);
              running.set(key, now - 1);
              if (index % 3 === 0) throw new Error("no");
              done.add(key);
            }).catch((error: unknown) => {
              if (!(error instanceof Error && error.message === "no")) throw error;
            }),
          );
          await scheduler.waitFor(Promise.all(calls));
        },
      ),
      { numRuns: 300 },
    );
  });
});
