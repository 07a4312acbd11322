import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  CARD,
  callDirectly,
  createId,
  createSessionRequest,
  createVaultRequest,
  type Listener,
  type Reply,
  type RequestOptions,
  startListener,
} from "../testing/sandbox/sandbox.ts";
import { findFreePort } from "../testing/servers/free-port.ts";
import { type RunningSandbox, type StartSandboxOptions, startSandbox } from "./start-sandbox.ts";

let sandbox: RunningSandbox;
let listener: Listener;
let reply: () => Reply | Promise<Reply> = () => "acknowledge";
beforeAll(async () => {
  sandbox = await startSandbox();
  listener = await startListener(sandbox.credentials, () => reply());
});
afterAll(async () => {
  await sandbox.close(0);
  await listener[Symbol.asyncDispose]();
});

async function vault(options: RequestOptions = {}, target = sandbox): Promise<string> {
  const request = createVaultRequest({ url: listener.url, ...options });
  await callDirectly(target.credentials, "vaultPaymentMethod", request);
  return request.vaultingRequestId;
}

const inquire = (vaultingRequestId: string) =>
  callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId });

describe("a notification", () => {
  test("contains the token and the metadata of a vaulted card", async () => {
    const id = await vault({ metadata: '{"customer":"c-17"}' });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    const token = (await sandbox.vaultings.get(id))?.cardToken;
    expect(listener.events.at(-1)).toMatchObject({
      outcome: "vaulted",
      vaultingRequestId: id,
      cardToken: token,
      metadata: '{"customer":"c-17"}',
    });
  });

  test.each([
    ["an expired card", CARD.fails, "CARD_EXPIRED"],
    ["a card that the issuer declines", "4000009900210009", "STOLEN_CARD"],
  ])("contains the result code for %s", async (_, cardNo, code) => {
    const id = await vault({ cardNo });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.events.at(-1)).toMatchObject({ outcome: "failed", vaultingRequestId: id, code });
  });

  test("contains the last 4 digits of the card number, but not the full number, the CVV, or the expiry date", async () => {
    const [delivery] = await listener.waitForDeliveries(1, await vault());
    expect(delivery?.body).toContain("************0768");
    expect(delivery?.body).not.toMatch(/405469572|"123"|"cvv"|expiry/i);
  });

  test("is not sent during a challenge", async () => {
    const id = await vault({ cardNo: CARD.challenges });
    await listener.waitForDeliveries(1, await vault());
    expect(await sandbox.notifications.list({ vaultingRequestId: id })).toEqual([]);
    await sandbox.vaultings.completeChallenge(id, "failed");
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.events.at(-1)).toMatchObject({ outcome: "failed", code: "VERIFICATION_FAIL" });
  });

  test("is first sent within 500 ms of the response", async () => {
    const delays: number[] = [];
    for (let count = 0; count < 20; count++) {
      const id = await vault();
      const respondedAt = Date.now();
      const [delivery] = await listener.waitForDeliveries(1, id);
      delays.push((delivery?.at ?? Number.NaN) - respondedAt);
    }
    expect(Math.max(...delays)).toBeLessThan(500);
  });
});

describe("expiry", () => {
  test("fails an unfinished challenge after 15 minutes, with one notification", async () => {
    const id = await vault({ cardNo: CARD.challenges });
    await sandbox.clock.advance(15 * 60_000 - 2_000);
    expect((await inquire(id)).body.vaultingStatus).toBe("PROCESSING");
    await sandbox.clock.advance(2_000);
    // The background loop detects the expiry without an inquiry.
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect((await inquire(id)).body).toMatchObject({
      vaultingStatus: "FAIL",
      vaultingResultCode: "USER_PAYMENT_VERIFICATION_FAILED",
    });
    expect(listener.deliveries.filter((delivery) => delivery.id === id)).toHaveLength(1);
    await expect(sandbox.vaultings.completeChallenge(id, "passed")).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
    });
  });

  test("sends one notification even if an inquiry detects the expiry first", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => vault({ cardNo: CARD.challenges })));
    await sandbox.clock.advance(15 * 60_000);
    const responses = await Promise.all(ids.flatMap((id) => [inquire(id), inquire(id)]));
    expect(responses.map(({ body }) => body.vaultingStatus)).toEqual(responses.map(() => "FAIL"));
    for (const id of ids) {
      await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
      expect(listener.deliveries.filter((delivery) => delivery.id === id)).toHaveLength(1);
    }
  });

  test("closes a session without a card after 1 hour", async () => {
    const session = createSessionRequest({ url: listener.url });
    const { body } = await callDirectly(sandbox.credentials, "createVaultingSession", session);
    expect(body.result.resultCode).toBe("SUCCESS");
    await sandbox.clock.advance(3_600_000);
    await sandbox.notifications.waitFor(session.vaultingRequestId, { state: "ACKNOWLEDGED" });
    expect(listener.events.at(-1)).toMatchObject({ outcome: "failed", code: "ORDER_IS_CLOSED" });
  });

  test("ends the challenge of the test card for abandoned challenges within 4 seconds", async () => {
    const id = await vault({ cardNo: CARD.abandoned });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect((await sandbox.vaultings.get(id))?.resultCode).toBe("USER_PAYMENT_VERIFICATION_FAILED");
  });

  test("uses a custom challenge lifetime", async () => {
    await using short = await startSandbox({ lifetimes: { challengeMs: 1_000, sessionMs: 2_000 } });
    const id = await vault({ cardNo: CARD.challenges }, short);
    const found = await short.vaultings.get(id);
    expect(Date.parse(found?.expiresAt ?? "") - Date.parse(found?.createdAt ?? "")).toBe(1_000);
  });
});

describe("notification delivery", () => {
  /** Moves the clock to the next due time, and waits until `number` attempts have been made. */
  async function advanceToNextAttempt(id: string, number: number) {
    const [waiting] = await sandbox.notifications.list({ vaultingRequestId: id });
    await sandbox.clock.advance(Math.max(1, Date.parse(waiting?.dueAt ?? "") - sandbox.clock.now()));
    return sandbox.notifications.waitFor(id, { attempts: number });
  }

  test("makes 8 attempts on schedule, marks the notification as exhausted, and resends the same body on request", async () => {
    reply = () => ({ status: 503 });
    const id = await vault();
    let found = await sandbox.notifications.waitFor(id, { attempts: 1 });
    for (let number = 2; number <= 8; number++) found = await advanceToNextAttempt(id, number);
    const [first] = found.attempts;
    const offsets = found.attempts.map(({ at }) => Date.parse(at) - Date.parse(first?.at ?? ""));
    const expectedOffsets = [0, 2, 12, 22, 82, 202, 562, 1462].map((minutes) => minutes * 60_000);
    for (const [index, offset] of offsets.entries())
      expect(Math.abs(offset - (expectedOffsets[index] ?? 0))).toBeLessThan(1000);
    expect(found.state).toBe("EXHAUSTED");
    expect(found).not.toHaveProperty("dueAt");
    expect(await sandbox.notifications.list({ state: "EXHAUSTED" })).toMatchObject([{ vaultingRequestId: id }]);
    await sandbox.clock.advance(86_400_000);
    reply = () => "acknowledge";
    await sandbox.notifications.resend(found.sequence);
    const resent = await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(resent.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(listener.deliveries.filter((delivery) => delivery.id === id).map(({ body }) => body)).size).toBe(1);
    expect(listener.deliveries.filter((delivery) => delivery.id === id)).toHaveLength(9);
  });

  test("succeeds on attempt 8, after 7 failures", async () => {
    let count = 0;
    await using merchant = await startListener(sandbox.credentials, () => (++count < 8 ? "reset" : "acknowledge"));
    const id = await vault({ url: merchant.url });
    await sandbox.notifications.waitFor(id, { attempts: 1 });
    for (let number = 2; number <= 8; number++) await advanceToNextAttempt(id, number);
    expect(await sandbox.notifications.waitFor(id)).toMatchObject({ state: "ACKNOWLEDGED" });
    expect(count).toBe(8);
  });

  test("resends an acknowledged notification, but not an unknown one", async () => {
    reply = () => "acknowledge";
    const id = await vault();
    const { sequence } = await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(await sandbox.notifications.resend(sequence)).toMatchObject({ state: "PENDING" });
    await listener.waitForDeliveries(2, id);
    expect(await sandbox.notifications.resend(999_999)).toBeUndefined();
  });

  test("does not follow a redirect to a cloud metadata service or to the sandbox", async () => {
    for (const location of ["http://169.254.169.254/", sandbox.credentials.baseUrl]) {
      reply = () => ({ status: 302, location });
      const callCount = (await sandbox.calls()).length;
      const { attempts } = await sandbox.notifications.waitFor(await vault(), { attempts: 1 });
      expect(attempts).toMatchObject([{ outcome: "UNEXPECTED_HTTP_STATUS", httpStatus: 302 }]);
      expect(await sandbox.calls()).toHaveLength(callCount + 1);
    }
    reply = () => "acknowledge";
  });

  test("never sends a notification to the sandbox's own port, even if publicUrl is set", async () => {
    const port = await findFreePort();
    await using proxied = await startSandbox({
      port,
      publicUrl: "https://sandbox.example",
      controlToken: "t",
      notificationScope: "loopback",
    });
    const id = createId();
    await callDirectly(
      { ...proxied.credentials, baseUrl: `http://127.0.0.1:${port}` },
      "vaultPaymentMethod",
      createVaultRequest({ id, url: `http://127.0.0.1:${port}/loop` }),
    );
    const { attempts } = await proxied.notifications.waitFor(id, { attempts: 1 });
    expect(attempts).toMatchObject([{ outcome: "ADDRESS_BLOCKED" }]);
  });

  test("sends at most 32 notifications at a time to an unresponsive host, without delaying API calls", async () => {
    await using dead = await startListener(sandbox.credentials, () => "hang");
    await Promise.all(Array.from({ length: 100 }, () => vault({ url: dead.url })));
    await dead.waitForDeliveries(32);
    const started = performance.now();
    for (let count = 0; count < 50; count++) await vault();
    expect((performance.now() - started) / 50).toBeLessThan(100);
    expect((await sandbox.health()).delivery.inFlight).toBeLessThanOrEqual(64);
    expect(dead.getMaxConcurrent()).toBe(32);
    expect(dead.deliveries).toHaveLength(32);
  });
});

describe("a restarted sandbox", () => {
  async function withDataDirectory(
    work: (start: (more?: StartSandboxOptions) => Promise<RunningSandbox>) => Promise<void>,
  ) {
    const data = await mkdtemp(join(tmpdir(), "antom-vault-test-"));
    const running: RunningSandbox[] = [];
    try {
      await work(async (more = {}) => {
        const started = await startSandbox({ data, ...more });
        running.push(started);
        return started;
      });
    } finally {
      await Promise.all(running.map((sandbox) => sandbox.close(0)));
      await rm(data, { recursive: true });
    }
  }

  test("sends unsent notifications within 2 seconds", () =>
    withDataDirectory(async (start) => {
      const silent = await start({ sendNotifications: false });
      await using merchant = await startListener(silent.credentials);
      const ids = await Promise.all(Array.from({ length: 20 }, () => vault({ url: merchant.url }, silent)));
      await silent.close();
      expect(merchant.deliveries).toEqual([]);
      const started = Date.now();
      await start();
      await merchant.waitForDeliveries(20);
      expect(Date.now() - started).toBeLessThan(2000);
      expect(new Set(merchant.events.map(({ vaultingRequestId }) => vaultingRequestId))).toEqual(new Set(ids));
    }));

  test("resends an unacknowledged notification with a new signature", () =>
    withDataDirectory(async (start) => {
      let down = true;
      const first = await start();
      await using merchant = await startListener(first.credentials, () => (down ? "hang" : "acknowledge"));
      const id = await vault({ url: merchant.url }, first);
      await merchant.waitForDeliveries(1);
      await first.close(0);
      down = false;
      // The resolution of Request-Time is 1 second.
      await vi.waitFor(
        () =>
          expect(Math.floor(Date.now() / 1000)).toBeGreaterThan(Math.floor((merchant.deliveries[0]?.at ?? 0) / 1000)),
        { timeout: 2000, interval: 20 },
      );
      const again = await start();
      const [one, two] = await merchant.waitForDeliveries(2);
      expect(two).toMatchObject({ id, body: one?.body, accepted: true });
      expect(two?.time).not.toBe(one?.time);
      expect(two?.signature).not.toBe(one?.signature);
      await again.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
      expect(merchant.events).toHaveLength(1);
    }));

  test("keeps the clock offset and the position in the retry schedule", () =>
    withDataDirectory(async (start) => {
      const first = await start();
      await using merchant = await startListener(first.credentials, () => ({ status: 500 }));
      const id = await vault({ url: merchant.url }, first);
      await first.notifications.waitFor(id, { attempts: 1 });
      await first.clock.advance(120_000);
      const before = await first.notifications.waitFor(id, { attempts: 2 });
      await first.close();
      const again = await start();
      expect(again.clock.now() - Date.now()).toBeGreaterThan(119_000);
      expect(await again.notifications.list()).toMatchObject([{ dueAt: before.dueAt, attempts: before.attempts }]);
      expect(merchant.deliveries).toHaveLength(2);
    }));

  test("sends the notification for a challenge that expired while the sandbox was stopped", () =>
    withDataDirectory(async (start) => {
      const first = await start({ lifetimes: { challengeMs: 20 }, sendNotifications: false });
      await using merchant = await startListener(first.credentials);
      const id = await vault({ url: merchant.url, cardNo: CARD.challenges }, first);
      await first.close(0);
      const again = await start();
      await again.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
      expect(merchant.deliveries).toHaveLength(1);
    }));
});
