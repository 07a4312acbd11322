import { expect, test, vi } from "vitest";
import { startLoop } from "./background-loop.ts";

const createGate = () => Promise.withResolvers<void>();

test("startLoop runs the work immediately, never concurrently, and only once more after several calls to wake", async () => {
  const gates = [createGate(), createGate(), createGate()];
  let started = 0;
  let inFlight = 0;
  const loop = startLoop(
    async () => {
      inFlight += 1;
      expect(inFlight).toBe(1);
      await gates[started++]?.promise;
      inFlight -= 1;
    },
    { intervalMs: 60_000, onError: (error) => expect.unreachable(String(error)) },
  );
  expect(started).toBe(1);
  for (let times = 0; times < 5; times++) loop.wake();
  expect(started).toBe(1);
  gates[0]?.resolve();
  await vi.waitFor(() => expect(started).toBe(2));
  gates[1]?.resolve();
  await vi.waitFor(() => expect(inFlight).toBe(0));
  expect(started).toBe(2);
  await loop.stop();
  loop.wake();
  expect(started).toBe(2);
});

test("startLoop runs the work at intervals, even after a failure, and stops after the current run", async () => {
  const errors: unknown[] = [];
  let runs = 0;
  const last = createGate();
  const loop = startLoop(
    async () => {
      runs += 1;
      if (runs === 1) throw new Error("The first run fails.");
      if (runs === 3) await last.promise;
    },
    { intervalMs: 5, onError: (error) => errors.push(error) },
  );
  await vi.waitFor(() => expect(runs).toBe(3));
  expect(errors).toHaveLength(1);
  let stopped = false;
  const stopping = loop.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([runs, stopped]).toEqual([3, false]);
  last.resolve();
  await stopping;
  expect(runs).toBe(3);
});
