import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDeduplicator } from "./deduplicate.ts";

const succeed = () => Promise.resolve();

describe("createOnceOnly", () => {
  test("runs once for a key, and lets calls that come meanwhile wait", async () => {
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

  test("runs again after a failure, which all that waited are told", async () => {
    const once = createDeduplicator();
    const fail = () => Promise.reject(new Error("no"));
    const calls = await Promise.allSettled([once("a", fail), once("a", succeed)]);
    expect(calls.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    let runs = 0;
    await once("a", async () => void runs++);
    expect(runs).toBe(1);
  });

  test("what throws at once is a rejection, not an exception", async () => {
    const once = createDeduplicator();
    const thrown = once("a", () => {
      throw new Error("at once");
    });
    await expect(thrown).rejects.toThrow("at once");
  });

  test("remembers 10,000 keys and forgets the oldest", async () => {
    const once = createDeduplicator();
    const runs: string[] = [];
    const call = (key: string) => once(key, async () => void runs.push(key));
    for (let at = 0; at < 10_000; at++) await call(String(at));
    await call("0");
    expect(runs).toHaveLength(10_000);
    await call("10000");
    await call("1");
    expect(runs).toHaveLength(10_001);
    await call("0");
    expect(runs.slice(10_000)).toEqual(["10000", "0"]);
  });

  test("a failure of a run that was forgotten does not make its successor forgotten", async () => {
    const once = createDeduplicator(1);
    const first = Promise.withResolvers<void>();
    const forgotten = once("a", () => first.promise);
    await once("b", succeed);
    let runs = 0;
    const successor = () => once("a", async () => void runs++);
    await successor();
    first.reject(new Error("late"));
    await expect(forgotten).rejects.toThrow("late");
    await successor();
    expect(runs).toBe(1);
  });
});

describe("against a model", () => {
  // The model: a list of the keys that succeeded, oldest first, at most `size` long.
  test("any sequence of successes and failures runs exactly what the model says", async () => {
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
          // A key that fails takes its place while it runs, so it can push out the oldest, too.
          if (ran) known = [...known, key].slice(-size).filter((other) => !fails || other !== key);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("any interleaving has at most one run of a key at a time", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 20 }),
        async (scheduler, keys) => {
          const once = createDeduplicator(3);
          const running = new Map<string, number>();
          const done = new Set<string>();
          const calls = keys.map((key, at) =>
            once(key, async () => {
              const now = (running.get(key) ?? 0) + 1;
              running.set(key, now);
              expect(now).toBe(1);
              expect(done.has(key)).toBe(false);
              await scheduler.schedule(Promise.resolve(), key);
              running.set(key, now - 1);
              if (at % 3 === 0) throw new Error("no");
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
