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
  type RequestOptions,
  startListener,
} from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";
import { corruptSignature, createFaults, ERROR_FAULT, NOTIFICATION_FAULTS, RESPONSE_FAULTS } from "./faults.ts";

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

const createRequest = (options: RequestOptions = {}) => createVaultRequest({ url: listener.url, ...options });

describe("a response fault", () => {
  test.each([
    ["request-dropped", "CONNECTION_FAILED", false],
    ["response-dropped", "CONNECTION_FAILED", true],
    ["response-truncated", "CONNECTION_FAILED", true],
    ["response-unsigned", "SIGNATURE_MISSING", true],
    ["response-invalid-signature", "SIGNATURE_INVALID", true],
  ] as const)("%s causes %s, and a retry vaults the card only once", async (fault, code, isStored) => {
    const client = createTestClient(sandbox.credentials);
    const request = createRequest();
    sandbox.faults.inject({ fault });
    expect(await catchErrorCode(client.vaultPaymentMethod(request))).toBe(code);
    const stored = await sandbox.vaultings.get(request.vaultingRequestId);
    expect(stored !== undefined).toBe(isStored);
    const outcome = await client.vaultPaymentMethod(request);
    expect(outcome).toMatchObject({ outcome: "vaulted" });
    const final = await sandbox.vaultings.get(request.vaultingRequestId);
    expect(outcome).toMatchObject({ cardToken: final?.cardToken });
    if (isStored) expect(final?.cardToken).toBe(stored?.cardToken);
    await sandbox.notifications.waitFor(request.vaultingRequestId, { state: "ACKNOWLEDGED" });
    expect(listener.deliveries.filter(({ id }) => id === request.vaultingRequestId)).toHaveLength(1);
    const faulty = (await sandbox.calls()).filter((call) => call.fault === fault);
    expect(faulty).toHaveLength(1);
    expect(faulty[0]?.operation).toBe(isStored ? "vaultPaymentMethod" : undefined);
  });

  test("response-delayed delays the response, and a client with a shorter timeout gets TIMEOUT", async () => {
    const client = createTestClient(sandbox.credentials);
    sandbox.faults.inject({ fault: "response-delayed", ms: 300 });
    const started = performance.now();
    expect(await client.vaultPaymentMethod(createRequest())).toMatchObject({ outcome: "vaulted" });
    // Timers of Node.js can fire a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(298);
    sandbox.faults.inject({ fault: "response-delayed", ms: 500 });
    expect(await catchErrorCode(client.vaultPaymentMethod(createRequest(), { timeoutMs: 100 }))).toBe("TIMEOUT");
  });

  test("applies the requested number of times, in order of injection", async () => {
    const client = createTestClient(sandbox.credentials);
    const request = createRequest();
    sandbox.faults.inject({ fault: "response-unsigned", times: 2 });
    sandbox.faults.inject({ fault: "response-invalid-signature" });
    const results = [];
    for (let call = 0; call < 4; call++) results.push(await catchErrorCode(client.vaultPaymentMethod(request)));
    expect(results.slice(0, 3)).toEqual(["SIGNATURE_MISSING", "SIGNATURE_MISSING", "SIGNATURE_INVALID"]);
    expect(results[3]).toMatchObject({ outcome: "vaulted" });
  });

  test("applies only to the requested operation, and is not used up by requests for other paths", async () => {
    const client = createTestClient(sandbox.credentials);
    sandbox.faults.inject({ fault: "response-unsigned", operation: "inquireVaulting" });
    await fetch(`${sandbox.credentials.baseUrl}/favicon.ico`);
    const request = createRequest();
    expect(await client.vaultPaymentMethod(request)).toMatchObject({ outcome: "vaulted" });
    const { vaultingRequestId } = request;
    expect(await catchErrorCode(client.inquireVaulting({ vaultingRequestId }))).toBe("SIGNATURE_MISSING");
    expect(await client.inquireVaulting({ vaultingRequestId })).toMatchObject({ outcome: "vaulted" });
  });

  test("applies only to the requested client", async () => {
    const second = await sandbox.addClient();
    sandbox.faults.inject({ fault: "response-unsigned", clientId: second.clientId });
    expect((await callDirectly(sandbox.credentials, "vaultPaymentMethod", createRequest())).signed).toBe(true);
    expect((await callDirectly(second, "vaultPaymentMethod", createRequest())).signed).toBe(false);
    expect((await callDirectly(second, "vaultPaymentMethod", createRequest())).signed).toBe(true);
  });
});

describe("error-unsigned", () => {
  const createDeclinedRequest = () => createRequest({ cardNo: CARD.fails });

  test("removes the signature from errors, and the client reports their result codes as unverified", async () => {
    const client = createTestClient(sandbox.credentials);
    sandbox.faults.inject({ fault: ERROR_FAULT, times: 3 });
    const [request, failing] = [createRequest(), createDeclinedRequest()];
    expect(await client.vaultPaymentMethod(request)).toMatchObject({ outcome: "vaulted" });
    for (const call of [
      () => client.vaultPaymentMethod(failing),
      () => client.inquireVaulting({ vaultingRequestId: "unused" }),
      () => client.vaultPaymentMethod(createRequest({ cardNo: CARD.challenges })),
    ]) {
      const error = await call().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "SIGNATURE_MISSING", unverified: { resultCode: expect.any(String) } });
      expect(String(error)).toContain("Call inquireVaulting, or retry with the same vaultingRequestId");
    }
    expect(await client.vaultPaymentMethod(failing)).toMatchObject({ outcome: "failed" });
    const faulty = (await sandbox.calls()).filter(({ fault }) => fault === ERROR_FAULT);
    expect(faulty).toHaveLength(3);
  });

  test("is not used up by successes, responses to invalid signatures, or calls of other clients", async () => {
    const second = await sandbox.addClient();
    sandbox.faults.inject({ fault: ERROR_FAULT, clientId: sandbox.credentials.clientId });
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", createRequest());
    await callDirectly(
      { ...sandbox.credentials, merchantPrivateKey: second.merchantPrivateKey },
      "vaultPaymentMethod",
      createDeclinedRequest(),
    );
    expect((await callDirectly(second, "vaultPaymentMethod", createDeclinedRequest())).signed).toBe(true);
    expect((await callDirectly(sandbox.credentials, "vaultPaymentMethod", createDeclinedRequest())).signed).toBe(false);
    expect((await callDirectly(sandbox.credentials, "vaultPaymentMethod", createDeclinedRequest())).signed).toBe(true);
  });
});

describe("a notification fault", () => {
  // A new sandbox has no pending notification that could use up a fault.
  beforeAll(async () => {
    await sandbox.close();
    await listener[Symbol.asyncDispose]();
    sandbox = await startSandbox();
    listener = await startListener(sandbox.credentials);
  });
  const vault = async (request = createRequest()) => {
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", request);
    return request.vaultingRequestId;
  };

  test("notification-duplicated sends the notification twice, and the receiver handles it once", async () => {
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
  ] as const)("%s makes the receiver reject the first attempt and accept the retry", async (fault, signed) => {
    sandbox.faults.inject({ fault });
    const id = await vault();
    const [first] = await listener.waitForDeliveries(1, id);
    expect(first).toMatchObject({ accepted: false });
    expect(first?.signature !== undefined).toBe(signed);
    expect(await sandbox.notifications.waitFor(id, { attempts: 1 })).toMatchObject({
      state: "PENDING",
      attempts: [{ outcome: "UNEXPECTED_HTTP_STATUS", httpStatus: 401 }],
    });
    await sandbox.clock.advance(120_000);
    expect((await listener.waitForDeliveries(2, id))[1]).toMatchObject({ accepted: true });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
  });

  test("notification-delayed delays one notification by the requested time on the sandbox's clock", async () => {
    sandbox.faults.inject({ fault: "notification-delayed", ms: 60_000 });
    const id = await vault();
    // A second notification, which is not delayed, is delivered first.
    const other = await vault();
    await listener.waitForDeliveries(1, other);
    expect(listener.deliveries.filter((delivery) => delivery.id === id)).toEqual([]);
    await sandbox.clock.advance(60_000);
    await listener.waitForDeliveries(1, id);
    expect((await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" })).attempts).toHaveLength(1);
  });

  test("notification-out-of-order sends the next notification first", async () => {
    sandbox.faults.inject({ fault: "notification-out-of-order" });
    const id = await vault();
    const next = await vault();
    await listener.waitForDeliveries(1, id);
    const order = listener.deliveries.map((delivery) => delivery.id);
    expect(order.indexOf(next)).toBeLessThan(order.indexOf(id));
    expect(order.indexOf(next)).toBeGreaterThanOrEqual(0);
  });

  test("applies only to notifications about vaultings that the requested operation created", async () => {
    sandbox.faults.inject({ fault: "notification-unsigned", operation: "createVaultingSession" });
    const plain = await vault();
    expect((await listener.waitForDeliveries(1, plain))[0]).toMatchObject({ accepted: true });
    const session = createSessionRequest({ url: listener.url });
    const { body } = await callDirectly(sandbox.credentials, "createVaultingSession", session);
    expect(body.result.resultCode).toBe("SUCCESS");
    await sandbox.clock.advance(3_600_000);
    expect((await listener.waitForDeliveries(1, session.vaultingRequestId))[0]).toMatchObject({ accepted: false });
  });

  test("does not apply to other clients", async () => {
    const second = await sandbox.addClient();
    sandbox.faults.inject({ fault: "notification-unsigned", clientId: second.clientId });
    const id = await vault(createRequest({ cardNo: CARD.fails }));
    expect((await listener.waitForDeliveries(1, id))[0]).toMatchObject({ accepted: true });
  });
});

test("the sandbox supports 12 faults", () => {
  expect([...RESPONSE_FAULTS, ERROR_FAULT, ...NOTIFICATION_FAULTS]).toHaveLength(12);
});

test("faults.consume returns a fault the requested number of times, and only for matching calls", () => {
  const faults = createFaults();
  faults.inject({ fault: "response-delayed", times: 2, clientId: "A", operation: "inquireVaulting" });
  const consume = (clientId: string, operation?: OperationId) =>
    faults.consume(["response-delayed"], clientId, operation)?.fault;
  expect(consume("B", "inquireVaulting")).toBeUndefined();
  expect(consume("A", "vaultPaymentMethod")).toBeUndefined();
  expect(consume("A")).toBeUndefined();
  expect(faults.consume(["response-dropped"], "A", "inquireVaulting")).toBeUndefined();
  expect(consume("A", "inquireVaulting")).toBe("response-delayed");
  expect(faults.list()).toMatchObject([{ remaining: 1, times: 2 }]);
  expect(consume("A", "inquireVaulting")).toBe("response-delayed");
  expect(faults.list()).toEqual([]);
  expect(consume("A", "inquireVaulting")).toBeUndefined();
});

test("corruptSignature returns a different, well-formed signature", () => {
  for (const first of ["A", "b"]) {
    const header = `algorithm=RSA256, keyVersion=1, signature=${first}bc%3D`;
    expect(corruptSignature(header)).not.toBe(header);
    expect(corruptSignature(header)).toMatch(/^algorithm=RSA256, keyVersion=1, signature=[AB]bc%3D$/);
  }
});
