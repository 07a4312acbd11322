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

async function vault(wanted: RequestOptions = {}, by = sandbox): Promise<string> {
  const request = createVaultRequest({ url: listener.url, ...wanted });
  await callDirectly(by.credentials, "vaultPaymentMethod", request);
  return request.vaultingRequestId;
}

const inquire = (vaultingRequestId: string) =>
  callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId });

describe("what comes of a result", () => {
  test("a card that vaults: the token and the metadata, verified by our own receiver", async () => {
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
    ["a card that fails", CARD.fails, "CARD_EXPIRED"],
    ["a card that the issuer refuses", "4000009900210009", "STOLEN_CARD"],
  ])("%s: the issuer's code", async (_, cardNo, code) => {
    const id = await vault({ cardNo });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.events.at(-1)).toMatchObject({ outcome: "failed", vaultingRequestId: id, code });
  });

  test("the body holds no more of the card than its last four digits", async () => {
    const [delivery] = await listener.waitForDeliveries(1, await vault());
    expect(delivery?.body).toContain("************0768");
    expect(delivery?.body).not.toMatch(/405469|"123"|cvv|expiry/i);
  });

  test("nothing comes while a challenge waits", async () => {
    const id = await vault({ cardNo: CARD.challenges });
    await listener.waitForDeliveries(1, await vault());
    expect(await sandbox.notifications.list({ vaultingRequestId: id })).toEqual([]);
    await sandbox.vaultings.completeChallenge(id, "failed");
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.events.at(-1)).toMatchObject({ outcome: "failed", code: "VERIFICATION_FAIL" });
  });

  test("the first try is within 500 ms of the answer", async () => {
    const delays: number[] = [];
    for (let count = 0; count < 20; count++) {
      const id = await vault();
      const answered = Date.now();
      const [delivery] = await listener.waitForDeliveries(1, id);
      delays.push((delivery?.at ?? Number.NaN) - answered);
    }
    expect(Math.max(...delays)).toBeLessThan(500);
  });
});

describe("expiry on the sandbox's clock", () => {
  test("a challenge that nobody answers is F after 15 minutes, with one notification", async () => {
    const id = await vault({ cardNo: CARD.challenges });
    await sandbox.clock.advance(15 * 60_000 - 2_000);
    expect((await inquire(id)).body.vaultingStatus).toBe("PROCESSING");
    await sandbox.clock.advance(2_000);
    // Nobody has to ask for it: the loop sees to it.
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect((await inquire(id)).body).toMatchObject({
      vaultingStatus: "FAIL",
      vaultingResultCode: "USER_PAYMENT_VERIFICATION_FAILED",
    });
    expect(listener.deliveries.filter((each) => each.id === id)).toHaveLength(1);
    await expect(sandbox.vaultings.completeChallenge(id, "passed")).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
    });
  });

  test("an inquiry sees the expiry first, and there is still one notification", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => vault({ cardNo: CARD.challenges })));
    await sandbox.clock.advance(15 * 60_000);
    const answers = await Promise.all(ids.flatMap((id) => [inquire(id), inquire(id)]));
    expect(answers.map(({ body }) => body.vaultingStatus)).toEqual(answers.map(() => "FAIL"));
    for (const id of ids) {
      await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
      expect(listener.deliveries.filter((each) => each.id === id)).toHaveLength(1);
    }
  });

  test("a session on which nobody types a card is closed after an hour", async () => {
    const session = createSessionRequest({ url: listener.url });
    const { body } = await callDirectly(sandbox.credentials, "createVaultingSession", session);
    expect(body.result.resultCode).toBe("SUCCESS");
    await sandbox.clock.advance(3_600_000);
    await sandbox.notifications.waitFor(session.vaultingRequestId, { state: "ACKNOWLEDGED" });
    expect(listener.events.at(-1)).toMatchObject({ outcome: "failed", code: "ORDER_IS_CLOSED" });
  });

  test("an abandoned challenge ends by itself after a second", async () => {
    const id = await vault({ cardNo: CARD.abandoned });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect((await sandbox.vaultings.get(id))?.resultCode).toBe("USER_PAYMENT_VERIFICATION_FAILED");
  });

  test("lifetimes of one's own", async () => {
    await using short = await startSandbox({ lifetimes: { challengeMs: 1_000, sessionMs: 2_000 } });
    const id = await vault({ cardNo: CARD.challenges }, short);
    const found = await short.vaultings.get(id);
    expect(Date.parse(found?.expiresAt ?? "") - Date.parse(found?.createdAt ?? "")).toBe(1_000);
  });
});

describe("until it is acknowledged", () => {
  /** Moves the clock to when the next attempt is due, and waits for it. */
  async function nextAttempt(id: string, number: number) {
    const [waiting] = await sandbox.notifications.list({ vaultingRequestId: id });
    await sandbox.clock.advance(Math.max(1, Date.parse(waiting?.dueAt ?? "") - sandbox.clock.now()));
    return sandbox.notifications.waitFor(id, { attempts: number });
  }

  test("eight attempts to the second, then exhausted, visible, and resent with the same body", async () => {
    reply = () => ({ status: 503 });
    const id = await vault();
    let found = await sandbox.notifications.waitFor(id, { attempts: 1 });
    for (let number = 2; number <= 8; number++) found = await nextAttempt(id, number);
    const [first] = found.attempts;
    const offsets = found.attempts.map(({ at }) => Date.parse(at) - Date.parse(first?.at ?? ""));
    const wanted = [0, 2, 12, 22, 82, 202, 562, 1462].map((minutes) => minutes * 60_000);
    for (const [at, offset] of offsets.entries()) expect(Math.abs(offset - (wanted[at] ?? 0))).toBeLessThan(1000);
    expect(found.state).toBe("EXHAUSTED");
    expect(found).not.toHaveProperty("dueAt");
    expect(await sandbox.notifications.list({ state: "EXHAUSTED" })).toMatchObject([{ vaultingRequestId: id }]);
    await sandbox.clock.advance(86_400_000);
    reply = () => "acknowledge";
    await sandbox.notifications.resend(found.sequence);
    const settled = await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(settled.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(listener.deliveries.filter((each) => each.id === id).map(({ body }) => body)).size).toBe(1);
    expect(listener.deliveries.filter((each) => each.id === id)).toHaveLength(9);
  });

  test("down for seven attempts, up at the eighth", async () => {
    let count = 0;
    reply = () => (++count < 8 ? "reset" : "acknowledge");
    const id = await vault();
    await sandbox.notifications.waitFor(id, { attempts: 1 });
    for (let number = 2; number <= 8; number++) await nextAttempt(id, number);
    expect(await sandbox.notifications.waitFor(id)).toMatchObject({ state: "ACKNOWLEDGED" });
    expect(count).toBe(8);
  });

  test("resending what is acknowledged sends it again; what there is not cannot be resent", async () => {
    reply = () => "acknowledge";
    const id = await vault();
    const { sequence } = await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(await sandbox.notifications.resend(sequence)).toMatchObject({ state: "PENDING" });
    await listener.waitForDeliveries(2, id);
    expect(await sandbox.notifications.resend(999_999)).toBeUndefined();
  });

  test("a redirect to a metadata address or back to the sandbox is not followed", async () => {
    for (const location of ["http://169.254.169.254/", sandbox.credentials.baseUrl]) {
      reply = () => ({ status: 302, location });
      const exchanges = sandbox.calls().length;
      const { attempts } = await sandbox.notifications.waitFor(await vault(), { attempts: 1 });
      expect(attempts).toMatchObject([{ outcome: "UNEXPECTED_HTTP_STATUS", httpStatus: 302 }]);
      expect(sandbox.calls()).toHaveLength(exchanges + 1);
    }
    reply = () => "acknowledge";
  });

  test("not to the sandbox's own port, whatever address it is reached by", async () => {
    const port = await findFreePort();
    await using behind = await startSandbox({ port, publicUrl: "https://sandbox.example" });
    const id = createId();
    await callDirectly(
      { ...behind.credentials, baseUrl: `http://127.0.0.1:${port}` },
      "vaultPaymentMethod",
      createVaultRequest({ id, url: `http://127.0.0.1:${port}/loop` }),
    );
    const { attempts } = await behind.notifications.waitFor(id, { attempts: 1 });
    expect(attempts).toMatchObject([{ outcome: "ADDRESS_BLOCKED" }]);
  });

  test("a host that never answers gets four at once, and calls are answered meanwhile", async () => {
    await using dead = await startListener(sandbox.credentials, () => "hang");
    await Promise.all(Array.from({ length: 100 }, () => vault({ url: dead.url })));
    await dead.waitForDeliveries(4);
    const started = performance.now();
    for (let count = 0; count < 50; count++) await vault();
    expect((performance.now() - started) / 50).toBeLessThan(100);
    expect((await sandbox.health()).delivery.inFlight).toBeLessThanOrEqual(8);
    expect(dead.maxConcurrent()).toBe(4);
    expect(dead.deliveries).toHaveLength(4);
  });
});

describe("over a restart", () => {
  async function inFolder(work: (start: (more?: StartSandboxOptions) => Promise<RunningSandbox>) => Promise<void>) {
    const data = await mkdtemp(join(tmpdir(), "antom-vault-test-"));
    const running: RunningSandbox[] = [];
    try {
      await work(async (more = {}) => {
        const started = await startSandbox({ data, ...more });
        running.push(started);
        return started;
      });
    } finally {
      await Promise.all(running.map((each) => each.close(0)));
      await rm(data, { recursive: true });
    }
  }

  test("what was not sent before the end is sent within two seconds of the start", () =>
    inFolder(async (start) => {
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

  test("what was sent and not acknowledged before the end comes again, signed anew", () =>
    inFolder(async (start) => {
      let down = true;
      const first = await start();
      await using merchant = await startListener(first.credentials, () => (down ? "hang" : "acknowledge"));
      const id = await vault({ url: merchant.url }, first);
      await merchant.waitForDeliveries(1);
      await first.close(0);
      down = false;
      // Request-Time counts seconds.
      await vi.waitFor(
        () =>
          expect(Math.floor(Date.now() / 1000)).toBeGreaterThan(Math.floor((merchant.deliveries[0]?.at ?? 0) / 1000)),
        {
          timeout: 2000,
          interval: 20,
        },
      );
      const again = await start();
      const [one, two] = await merchant.waitForDeliveries(2);
      expect(two).toMatchObject({ id, body: one?.body, taken: true });
      expect(two?.time).not.toBe(one?.time);
      expect(two?.signature).not.toBe(one?.signature);
      await again.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
      expect(merchant.events).toHaveLength(1);
    }));

  test("the moved clock and the place in the schedule are kept", () =>
    inFolder(async (start) => {
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

  test("what has expired meanwhile is told after the start", () =>
    inFolder(async (start) => {
      const first = await start({ lifetimes: { challengeMs: 20 }, sendNotifications: false });
      await using merchant = await startListener(first.credentials);
      const id = await vault({ url: merchant.url, cardNo: CARD.challenges }, first);
      await first.close(0);
      const again = await start();
      await again.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
      expect(merchant.deliveries).toHaveLength(1);
    }));
});
