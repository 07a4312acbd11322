import { expect, test, vi } from "vitest";
import { startLoop } from "./background-loop.ts";

const gate = () => Promise.withResolvers<void>();

test("begins at once, never overlaps, and does once more what was asked for meanwhile", async () => {
  const gates = [gate(), gate(), gate()];
  let begun = 0;
  let inFlight = 0;
  const loop = startLoop(
    async () => {
      inFlight += 1;
      expect(inFlight).toBe(1);
      await gates[begun++]?.promise;
      inFlight -= 1;
    },
    { intervalMs: 60_000, onError: (error) => expect.unreachable(String(error)) },
  );
  expect(begun).toBe(1);
  for (let times = 0; times < 5; times++) loop.wake();
  expect(begun).toBe(1);
  gates[0]?.resolve();
  await vi.waitFor(() => expect(begun).toBe(2));
  gates[1]?.resolve();
  await vi.waitFor(() => expect(inFlight).toBe(0));
  expect(begun).toBe(2);
  await loop.stop();
  loop.wake();
  expect(begun).toBe(2);
});

test("comes again by the clock, also after a failure, and stops once the work under way is done", async () => {
  const errors: unknown[] = [];
  let turns = 0;
  const last = gate();
  const loop = startLoop(
    async () => {
      turns += 1;
      if (turns === 1) throw new Error("the first fails");
      if (turns === 3) await last.promise;
    },
    { intervalMs: 5, onError: (error) => errors.push(error) },
  );
  await vi.waitFor(() => expect(turns).toBe(3));
  expect(errors).toHaveLength(1);
  let stopped = false;
  const stopping = loop.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([turns, stopped]).toEqual([3, false]);
  last.resolve();
  await stopping;
  expect(turns).toBe(3);
});
