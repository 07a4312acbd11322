import { expect, test } from "vitest";
import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { readEvents, START } from "./sandbox-events.ts";

/** Creates a control client for a sandbox that has `getCount()` notifications. Notification N is acknowledged at second N. */
function createControl(getCount: () => number, paths: string[]): ControlClient {
  const createNotification = (sequence: number): ControlSchemas["Notification"] => ({
    sequence,
    clientId: "SANDBOX_A",
    vaultingRequestId: `order-${sequence}`,
    url: "http://127.0.0.1/",
    state: "ACKNOWLEDGED",
    body: '{"result":{"resultCode":"SUCCESS","resultStatus":"S"}}',
    attempts: [{ number: 1, at: new Date(sequence * 1000).toISOString(), durationMs: 1, outcome: "ACKNOWLEDGED" }],
  });
  const get = async (path: string): Promise<unknown> => {
    if (path.startsWith("/calls")) return { calls: [] };
    paths.push(path);
    const before = Number(new URLSearchParams(path.split("?")[1]).get("before") ?? getCount() + 1);
    const sequences = Array.from({ length: 100 }, (_, index) => before - 1 - index).filter((sequence) => sequence > 0);
    return { notifications: sequences.map(createNotification) };
  };
  // The test calls only `get`, with the paths above.
  return { get } as ControlClient;
}

test("readEvents reads the newest notifications, and then all later ones, in chronological order", async () => {
  let count = 150;
  const paths: string[] = [];
  const control = createControl(() => count, paths);
  const read = async (position: typeof START) => {
    const page = await readEvents(control, position, 10);
    return { ...page, ids: page.events.map(({ vaultingRequestId }) => vaultingRequestId) };
  };
  const first = await read(START);
  expect([first.ids.length, first.ids[0], first.ids.at(-1)]).toEqual([100, "order-51", "order-150"]);
  expect((await read(first.position)).ids).toEqual([]);
  count = 400;
  const second = await read(first.position);
  expect([second.ids.length, second.ids[0], second.ids.at(-1)]).toEqual([250, "order-151", "order-400"]);
  expect(paths).toHaveLength(5);
  // The sandbox was reset.
  count = 2;
  expect((await read(second.position)).ids).toEqual(["order-1", "order-2"]);
});
