import { afterEach, expect, test, vi } from "vitest";
import { generateCredentials } from "../../gateway/index.ts";
import { createRateLimiter, TargetClient } from "./target-client.ts";

const keys = await generateCredentials();
const card = { cardNo: "4006055482525268", expiryYear: "31", expiryMonth: "02" };
const open = (baseUrl: string, more: object = {}) => TargetClient.open({ name: "x", baseUrl, ...keys, ...more });

afterEach(() => void vi.unstubAllEnvs());

test("TargetClient.open requires TLS for a custom card unless the target is on a loopback address", async () => {
  await expect(open("http://gateway.example", { card })).rejects.toMatchObject({ code: "TLS_REQUIRED" });
  await expect(open("https://gateway.example", { card })).resolves.toBeDefined();
  await expect(open("http://127.0.0.1:1", { card })).resolves.toBeDefined();
});

test("TargetClient.open accepts an http URL for a remote target if no custom card is set", async () => {
  await expect(open("http://gateway:8080")).resolves.toBeDefined();
});

test("TargetClient.open rejects an https URL while certificate checks are disabled", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  await expect(open("https://gateway.example")).rejects.toMatchObject({ code: "TLS_REQUIRED" });
});

test("createId never returns an ID that starts with an earlier ID", async () => {
  const client = await open("http://127.0.0.1:1");
  const ids = Array.from({ length: 200 }, () => client.createId());
  for (const [index, id] of ids.entries())
    for (const later of ids.slice(index + 1)) expect(later.startsWith(id), `${id} and ${later}`).toBe(false);
});

test("createRateLimiter keeps the interval and the order of calls", async () => {
  const waitForTurn = createRateLimiter(50);
  const started = performance.now();
  const order: number[] = [];
  await Promise.all([0, 1, 2, 3, 4, 5].map((index) => waitForTurn().then(() => order.push(index))));
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  // Timers can fire up to 1 ms early.
  expect(performance.now() - started).toBeGreaterThanOrEqual(5 * 20 - 5);
});
