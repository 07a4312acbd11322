import { afterEach, expect, test, vi } from "vitest";
import { generateCredentials } from "../../gateway/index.ts";
import { createRateLimiter, TargetClient } from "./target-client.ts";

const keys = await generateCredentials();
const card = { cardNo: "4006055482525268", expiryYear: "31", expiryMonth: "02" };
const open = (baseUrl: string, more: object = {}) => TargetClient.open({ name: "x", baseUrl, ...keys, ...more });

afterEach(() => void vi.unstubAllEnvs());

test("a card of one's own leaves the machine over TLS alone", async () => {
  await expect(open("http://gateway.example", { card })).rejects.toMatchObject({ code: "TLS_REQUIRED" });
  await expect(open("https://gateway.example", { card })).resolves.toBeDefined();
  await expect(open("http://127.0.0.1:1", { card })).resolves.toBeDefined();
});

test("the document's test card may go to a gateway in the same network", async () => {
  await expect(open("http://gateway:8080")).resolves.toBeDefined();
});

test("nobody is asked while certificate checks are switched off", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  await expect(open("https://gateway.example")).rejects.toMatchObject({ code: "TLS_REQUIRED" });
});

test("calls keep their distance and their order", async () => {
  const turn = createRateLimiter(50);
  const started = performance.now();
  const order: number[] = [];
  await Promise.all([0, 1, 2, 3, 4, 5].map((at) => turn().then(() => order.push(at))));
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  // Timers may be a millisecond early; they are never earlier than that.
  expect(performance.now() - started).toBeGreaterThanOrEqual(5 * 20 - 5);
});
