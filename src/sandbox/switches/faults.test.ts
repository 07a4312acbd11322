import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { OperationId } from "../../../generated/operations.ts";
import {
  CARD,
  callDirectly,
  catchErrorCode,
  createSessionRequest,
  createTestClient,
  createVaultRequest,
  type Listener,
  startListener,
} from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";
import { corruptSignature, createFaults, NOTIFICATION_FAULTS, RESPONSE_FAULTS } from "./faults.ts";

let sandbox: RunningSandbox;
let listener: Listener;
beforeAll(async () => {
  sandbox = await startSandbox();
  listener = await startListener(sandbox.credentials);
});
afterEach(() => sandbox.faults.clear());
afterAll(async () => {
  await sandbox.close();
  await listener[Symbol.asyncDispose]();
});

const told = (more: Parameters<typeof createVaultRequest>[0] = {}) =>
  createVaultRequest({ url: listener.url, ...more });

describe("an answer's fault, as a client sees it", () => {
  test.each([
    ["request-dropped", "CONNECTION_FAILED", false],
    ["response-dropped", "CONNECTION_FAILED", true],
    ["response-truncated", "CONNECTION_FAILED", true],
    ["response-unsigned", "SIGNATURE_MISSING", true],
    ["response-invalid-signature", "SIGNATURE_INVALID", true],
  ] as const)("%s: %s; the same ID again gives the one vaulting", async (fault, code, worked) => {
    const client = createTestClient(sandbox.credentials);
    const request = told();
    sandbox.faults.inject({ fault });
    expect(await catchErrorCode(client.vaultPaymentMethod(request))).toBe(code);
    const stored = await sandbox.vaultings.get(request.vaultingRequestId);
    expect(stored !== undefined).toBe(worked);
    const outcome = await client.vaultPaymentMethod(request);
    expect(outcome).toMatchObject({ outcome: "vaulted" });
    const kept = await sandbox.vaultings.get(request.vaultingRequestId);
    expect(outcome).toMatchObject({ cardToken: kept?.cardToken });
    if (worked) expect(kept?.cardToken).toBe(stored?.cardToken);
    await sandbox.notifications.waitFor(request.vaultingRequestId, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter(({ id }) => id === request.vaultingRequestId)).toHaveLength(1);
    const faulty = sandbox.calls().filter((each) => each.fault === fault);
    expect(faulty).toHaveLength(1);
    expect(faulty[0]?.operation).toBe(worked ? "vaultPaymentMethod" : undefined);
  });

  test("response-delayed: the answer is late by so much, and whoever waits less gets TIMEOUT", async () => {
    const client = createTestClient(sandbox.credentials);
    sandbox.faults.inject({ fault: "response-delayed", ms: 300 });
    const started = performance.now();
    expect(await client.vaultPaymentMethod(told())).toMatchObject({ outcome: "vaulted" });
    // Node's timers may be a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(298);
    sandbox.faults.inject({ fault: "response-delayed", ms: 500 });
    expect(await catchErrorCode(client.vaultPaymentMethod(told(), { timeoutMs: 100 }))).toBe("TIMEOUT");
  });

  test("it comes so many times, in the order of injection", async () => {
    const client = createTestClient(sandbox.credentials);
    const request = told();
    sandbox.faults.inject({ fault: "response-unsigned", times: 2 });
    sandbox.faults.inject({ fault: "response-invalid-signature" });
    const codes = [];
    for (let call = 0; call < 4; call++) codes.push(await catchErrorCode(client.vaultPaymentMethod(request)));
    expect(codes.slice(0, 3)).toEqual(["SIGNATURE_MISSING", "SIGNATURE_MISSING", "SIGNATURE_INVALID"]);
    expect(codes[3]).toMatchObject({ outcome: "vaulted" });
  });

  test("it befalls one operation, and a path that is none does not use it up", async () => {
    const client = createTestClient(sandbox.credentials);
    sandbox.faults.inject({ fault: "response-unsigned", operation: "inquireVaulting" });
    await fetch(`${sandbox.credentials.baseUrl}/favicon.ico`);
    const request = told();
    expect(await client.vaultPaymentMethod(request)).toMatchObject({ outcome: "vaulted" });
    const { vaultingRequestId } = request;
    expect(await catchErrorCode(client.inquireVaulting({ vaultingRequestId }))).toBe("SIGNATURE_MISSING");
    expect(await client.inquireVaulting({ vaultingRequestId })).toMatchObject({ outcome: "vaulted" });
  });

  test("it befalls one client", async () => {
    const second = await sandbox.addClient();
    sandbox.faults.inject({ fault: "response-unsigned", clientId: second.clientId });
    expect((await callDirectly(sandbox.credentials, "vaultPaymentMethod", told())).signed).toBe(true);
    expect((await callDirectly(second, "vaultPaymentMethod", told())).signed).toBe(false);
    expect((await callDirectly(second, "vaultPaymentMethod", told())).signed).toBe(true);
  });
});

describe("a notification's fault, as a merchant's listener sees it", () => {
  // One with no notification under way that could use a fault up.
  beforeAll(async () => {
    await sandbox.close();
    await listener[Symbol.asyncDispose]();
    sandbox = await startSandbox();
    listener = await startListener(sandbox.credentials);
  });
  const vault = async (request = told()) => {
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", request);
    return request.vaultingRequestId;
  };

  test("duplicated: it comes twice at once, and the receiver hands it over once", async () => {
    sandbox.faults.inject({ fault: "notification-duplicated" });
    const id = await vault();
    const [one, two] = await listener.waitForDeliveries(2, id);
    expect(two?.body).toBe(one?.body);
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(listener.events.filter(({ vaultingRequestId }) => vaultingRequestId === id)).toHaveLength(1);
  });

  test.each([
    ["notification-unsigned", false],
    ["notification-invalid-signature", true],
  ] as const)("%s: the receiver refuses it, so it comes again and is taken", async (fault, signed) => {
    sandbox.faults.inject({ fault });
    const id = await vault();
    const [first] = await listener.waitForDeliveries(1, id);
    expect(first).toMatchObject({ taken: false });
    expect(first?.signature !== undefined).toBe(signed);
    expect(await sandbox.notifications.waitFor(id, { attempts: 1 })).toMatchObject({
      state: "PENDING",
      attempts: [{ outcome: "UNEXPECTED_HTTP_STATUS", httpStatus: 401 }],
    });
    await sandbox.clock.advance(120_000);
    expect((await listener.waitForDeliveries(2, id))[1]).toMatchObject({ taken: true });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
  });

  test("late: it comes so much later on the sandbox's clock, once", async () => {
    sandbox.faults.inject({ fault: "notification-delayed", ms: 60_000 });
    const id = await vault();
    // Another that is on time is there before it.
    const other = await vault();
    await listener.waitForDeliveries(1, other);
    expect(listener.deliveries.filter((each) => each.id === id)).toEqual([]);
    await sandbox.clock.advance(60_000);
    await listener.waitForDeliveries(1, id);
    expect((await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" })).attempts).toHaveLength(1);
  });

  test("out of order: the next one comes before it", async () => {
    sandbox.faults.inject({ fault: "notification-out-of-order" });
    const id = await vault();
    const next = await vault();
    await listener.waitForDeliveries(1, id);
    const order = listener.deliveries.map((each) => each.id);
    expect(order.indexOf(next)).toBeLessThan(order.indexOf(id));
    expect(order.indexOf(next)).toBeGreaterThanOrEqual(0);
  });

  test("it befalls the notifications of vaultings that the operation began", async () => {
    sandbox.faults.inject({ fault: "notification-unsigned", operation: "createVaultingSession" });
    const plain = await vault();
    expect((await listener.waitForDeliveries(1, plain))[0]).toMatchObject({ taken: true });
    const session = createSessionRequest({ url: listener.url });
    const { body } = await callDirectly(sandbox.credentials, "createVaultingSession", session);
    expect(body.result.resultCode).toBe("SUCCESS");
    await sandbox.clock.advance(3_600_000);
    expect((await listener.waitForDeliveries(1, session.vaultingRequestId))[0]).toMatchObject({ taken: false });
  });

  test("it befalls one client", async () => {
    const second = await sandbox.addClient();
    sandbox.faults.inject({ fault: "notification-unsigned", clientId: second.clientId });
    const id = await vault(told({ cardNo: CARD.fails }));
    expect((await listener.waitForDeliveries(1, id))[0]).toMatchObject({ taken: true });
  });
});

describe("the faults by themselves", () => {
  test("there are eleven", () => expect([...RESPONSE_FAULTS, ...NOTIFICATION_FAULTS]).toHaveLength(11));

  test("each is used up so many times, by those it is meant for", () => {
    const faults = createFaults();
    faults.inject({ fault: "response-delayed", times: 2, clientId: "A", operation: "inquireVaulting" });
    const take = (clientId: string, operation?: OperationId) =>
      faults.consume(["response-delayed"], clientId, operation)?.fault;
    expect(take("B", "inquireVaulting")).toBeUndefined();
    expect(take("A", "vaultPaymentMethod")).toBeUndefined();
    expect(take("A")).toBeUndefined();
    expect(faults.consume(["response-dropped"], "A", "inquireVaulting")).toBeUndefined();
    expect(take("A", "inquireVaulting")).toBe("response-delayed");
    expect(faults.list()).toMatchObject([{ remaining: 1, times: 2 }]);
    expect(take("A", "inquireVaulting")).toBe("response-delayed");
    expect(faults.list()).toEqual([]);
    expect(take("A", "inquireVaulting")).toBeUndefined();
  });

  test("a misfit has the form of a signature and is another one", () => {
    for (const first of ["A", "b"]) {
      const header = `algorithm=RSA256, keyVersion=1, signature=${first}bc%3D`;
      expect(corruptSignature(header)).not.toBe(header);
      expect(corruptSignature(header)).toMatch(/^algorithm=RSA256, keyVersion=1, signature=[AB]bc%3D$/);
    }
  });
});
