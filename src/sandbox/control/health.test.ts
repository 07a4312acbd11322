import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callDirectly, createVaultRequest, startListener } from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close(0));

describe("sandbox.health()", () => {
  test("reports how long the process was blocked", async () => {
    const until = performance.now() + 400;
    await new Promise((resolve) => setTimeout(resolve, 100));
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await sandbox.health()).maxBlockedMs).toBeGreaterThan(100);
  });

  test("reports how long a due notification has waited, excluding the time skipped by moving the clock", async () => {
    expect((await sandbox.health()).delivery.lateMs).toBe(0);
    await using merchant = await startListener(sandbox.credentials, () => "hang");
    const started = Date.now();
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ url: merchant.url }));
    await expect.poll(async () => (await sandbox.health()).delivery.lateMs).toBeGreaterThan(50);
    const moved = Date.now();
    await sandbox.clock.advance(86_400_000);
    const { lateMs } = (await sandbox.health()).delivery;
    expect(lateMs).toBeLessThanOrEqual(Date.now() - moved);
    await expect.poll(async () => (await sandbox.health()).delivery.lateMs).toBeGreaterThan(50);
    expect((await sandbox.health()).delivery.lateMs).toBeLessThanOrEqual(Date.now() - started);
  });
});
