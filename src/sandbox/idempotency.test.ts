import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { basePaths, operationPaths } from "../../generated/operations.ts";
import {
  CARD,
  callDirectly,
  catchErrorCode,
  createId,
  createSessionRequest,
  createTestClient,
  createVaultRequest,
  type DirectResponse,
  type Listener,
  type RequestOptions,
  startListener,
} from "../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "./start-sandbox.ts";

let sandbox: RunningSandbox;
let listener: Listener;
beforeAll(async () => {
  sandbox = await startSandbox();
  listener = await startListener(sandbox.credentials);
});
afterAll(async () => {
  await sandbox.close();
  await listener[Symbol.asyncDispose]();
});

const vault = (request: object, credentials = sandbox.credentials) =>
  callDirectly(credentials, "vaultPaymentMethod", request);
const inquire = (vaultingRequestId: string, credentials = sandbox.credentials) =>
  callDirectly(credentials, "inquireVaulting", { vaultingRequestId });
const getToken = ({ body }: DirectResponse) => body.paymentMethodDetail?.card.cardToken;

/** Creates a request whose notification goes to the listener. */
const createRequest = (options: RequestOptions = {}) => createVaultRequest({ url: listener.url, ...options });

/** Waits for the acknowledgement, and checks that there was only one delivery. */
async function expectOneNotification(id: string): Promise<void> {
  await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
  expect(listener.deliveries.filter((delivery) => delivery.id === id)).toHaveLength(1);
  expect(await sandbox.notifications.list({ vaultingRequestId: id })).toHaveLength(1);
}

const reverse = (value: object) => Object.fromEntries(Object.entries(value).reverse());

describe("vaultPaymentMethod", () => {
  test.each([
    ["a success", CARD.vaults],
    ["a failure", CARD.fails],
  ])("returns the same bytes for a retry after %s", async (_, cardNo) => {
    const request = createRequest({ cardNo });
    const first = await vault(request);
    expect((await vault(request)).text).toBe(first.text);
    await expectOneNotification(request.vaultingRequestId);
    expect((await vault(request)).text).toBe(first.text);
  });

  test("returns the first result for different content with the same ID, without changing the vaulting or sending a second notification", async () => {
    const request = createRequest();
    const first = await vault(request);
    const stored = await sandbox.vaultings.get(request.vaultingRequestId);
    const other = createRequest({ id: request.vaultingRequestId, cardNo: CARD.fails, url: `${listener.url}&other=1` });
    expect((await vault(other)).text).toBe(first.text);
    expect(await sandbox.vaultings.get(request.vaultingRequestId)).toMatchObject({
      sequence: stored?.sequence,
      cardToken: stored?.cardToken,
    });
    await expectOneNotification(request.vaultingRequestId);
  });

  test("returns REPEAT_REQ_INCONSISTENT for different content with the same ID if idReuse is reject", async () => {
    await using strict = await startSandbox({ idReuse: "reject" });
    const request = createVaultRequest();
    const first = await vault(request, strict.credentials);
    const other = { ...request, redirectUrl: "https://merchant.example/other" };
    const rejected = await vault(other, strict.credentials);
    expect(rejected.body.result).toMatchObject({ resultCode: "REPEAT_REQ_INCONSISTENT", resultStatus: "F" });
    expect((await vault(request, strict.credentials)).text).toBe(first.text);
    const reordered = reverse({ ...request, env: reverse(request.env) });
    expect((await vault(reordered, strict.credentials)).text).toBe(first.text);
    const withNulls = { ...request, merchantRegion: null, env: { ...request.env, osType: null, unknown: null } };
    expect((await vault(withNulls, strict.credentials)).text).toBe(first.text);
  });

  test("returns the same normalUrl during a challenge, and the result afterward", async () => {
    const request = createRequest({ cardNo: CARD.challenges });
    const first = await vault(request);
    expect(first.body.normalUrl).toMatch(/\/3ds\/[\w-]{22}$/);
    expect((await vault(request)).text).toBe(first.text);
    expect((await inquire(request.vaultingRequestId)).body.normalUrl).toBe(first.body.normalUrl);
    await sandbox.vaultings.completeChallenge(request.vaultingRequestId, "passed");
    const final = await vault(request);
    expect(final.body.result.resultCode).toBe("SUCCESS");
    expect(final.body).not.toHaveProperty("normalUrl");
    expect((await vault(request)).text).toBe(final.text);
    await expectOneNotification(request.vaultingRequestId);
  });

  test("vaults the card if the client retries after UNKNOWN_EXCEPTION", async () => {
    const request = createRequest();
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "UNKNOWN_EXCEPTION" });
    const unknown = await vault(request);
    expect(unknown.body.result).toMatchObject({ resultCode: "UNKNOWN_EXCEPTION", resultStatus: "U" });
    expect((await inquire(request.vaultingRequestId)).body.result.resultCode).toBe("VAULTING_NOT_EXIST");
    sandbox.scenarios.end();
    expect((await vault(request)).body.result.resultCode).toBe("SUCCESS");
    await expectOneNotification(request.vaultingRequestId);
  });

  test.each([
    ["violated the OpenAPI document", { env: {} }],
    [
      "failed the Luhn check",
      { paymentMethodDetail: createVaultRequest({ cardNo: "4054695723100769" }).paymentMethodDetail },
    ],
  ])("accepts the ID of an earlier request that %s", async (_, change) => {
    const request = createRequest();
    const rejected = await vault({ ...request, ...change });
    expect(rejected.body.result.resultCode).toBe("PARAM_ILLEGAL");
    expect(await sandbox.vaultings.get(request.vaultingRequestId)).toBeUndefined();
    expect((await vault(request)).body.result.resultCode).toBe("SUCCESS");
    await expectOneNotification(request.vaultingRequestId);
  });

  test("creates a new token if a card is vaulted again with a different ID", async () => {
    const [one, two] = [getToken(await vault(createRequest())), getToken(await vault(createRequest()))];
    expect(one).toMatch(/^ALIPAY[A-Za-z0-9+/]{86}==$/);
    expect(two).not.toBe(one);
  });

  test("returns the first result for a replayed request", async () => {
    const request = createRequest();
    let captured: RequestInit = {};
    const client = createTestClient(sandbox.credentials, {
      fetch: (url, init) => {
        captured = init;
        return fetch(url, init);
      },
    });
    await client.vaultPaymentMethod(request);
    const path = basePaths.sandbox + operationPaths.vaultPaymentMethod;
    const replayed = await fetch(sandbox.credentials.baseUrl + path, captured);
    expect(await replayed.text()).toBe((await vault(request)).text);
    await expectOneNotification(request.vaultingRequestId);
  });
});

describe("concurrent requests", () => {
  /** Sends `count` concurrent calls, and checks that all response bodies are equal. */
  async function expectSameResponse(count: number, request: object): Promise<DirectResponse> {
    const responses = await Promise.all(Array.from({ length: count }, () => vault(request)));
    expect(new Set(responses.map(({ text }) => text)).size).toBe(1);
    return responses[0] ?? expect.fail("There is no response.");
  }

  test("with the same ID create 1 vaulting and 1 notification, and get 200 identical responses", async () => {
    const before = (await sandbox.health()).vaultings;
    const request = createRequest();
    const { body } = await expectSameResponse(200, request);
    expect(body.result.resultCode).toBe("SUCCESS");
    expect((await sandbox.health()).vaultings).toBe(before + 1);
    await expectOneNotification(request.vaultingRequestId);
  });

  test("with the same ID create 1 challenge, and 1 token and 1 notification after the challenge is passed", async () => {
    const request = createRequest({ cardNo: CARD.challenges });
    const waiting = await expectSameResponse(64, request);
    expect(waiting.body.result.resultCode).toBe("VERIFICATION_IN_PROCESS");
    await sandbox.vaultings.completeChallenge(request.vaultingRequestId, "passed");
    const final = await expectSameResponse(64, request);
    expect(getToken(final)).toBe((await sandbox.vaultings.get(request.vaultingRequestId))?.cardToken);
    await expectOneNotification(request.vaultingRequestId);
  });

  test("with the same ID and different cards all get the same result", async () => {
    const id = createId();
    const cards = [CARD.vaults, CARD.fails, CARD.alsoVaults, CARD.challenges];
    const responses = await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        vault(createVaultRequest({ id, cardNo: cards[index % 4] ?? CARD.vaults })),
      ),
    );
    expect(new Set(responses.map(({ text }) => text)).size).toBe(1);
  });

  test("complete a challenge only once", async () => {
    const request = createRequest({ cardNo: CARD.challenges });
    await vault(request);
    const errorCodes = (["passed", "failed", "cancelled", "rejected"] as const).map((result) =>
      catchErrorCode(sandbox.vaultings.completeChallenge(request.vaultingRequestId, result)),
    );
    expect((await Promise.all(errorCodes)).filter((code) => code === undefined)).toHaveLength(1);
    await expectOneNotification(request.vaultingRequestId);
  });
});

describe("a retry after a dropped connection", () => {
  test("returns the same token if the response was dropped", async () => {
    const request = createRequest();
    const client = createTestClient(sandbox.credentials);
    sandbox.faults.inject({ fault: "response-dropped" });
    expect(await catchErrorCode(client.vaultPaymentMethod(request))).toBe("CONNECTION_FAILED");
    const stored = await sandbox.vaultings.get(request.vaultingRequestId);
    const outcome = await client.vaultPaymentMethod(request);
    expect(outcome).toMatchObject({ outcome: "vaulted", cardToken: stored?.cardToken });
    await expectOneNotification(request.vaultingRequestId);
  });

  test("creates the vaulting, with one notification, if the request was dropped", async () => {
    const request = createRequest();
    const client = createTestClient(sandbox.credentials);
    sandbox.faults.inject({ fault: "request-dropped" });
    expect(await catchErrorCode(client.vaultPaymentMethod(request))).toBe("CONNECTION_FAILED");
    expect(await sandbox.vaultings.get(request.vaultingRequestId)).toBeUndefined();
    expect(await sandbox.notifications.list({ vaultingRequestId: request.vaultingRequestId })).toEqual([]);
    expect(await client.vaultPaymentMethod(request)).toMatchObject({ outcome: "vaulted" });
    await expectOneNotification(request.vaultingRequestId);
  });

  test("creates no second vaulting if the client retries automatically", async () => {
    const request = createRequest();
    sandbox.faults.inject({ fault: "response-dropped", times: 2 });
    const outcome = await createTestClient(sandbox.credentials, { retry: { baseDelayMs: 1 } }).vaultPaymentMethod(
      request,
    );
    expect(outcome.outcome).toBe("vaulted");
    await expectOneNotification(request.vaultingRequestId);
  });
});

describe("the sandbox", () => {
  test("returns the session's normalUrl if vaultPaymentMethod uses the ID of a session", async () => {
    const session = createSessionRequest();
    const created = await callDirectly(sandbox.credentials, "createVaultingSession", session);
    const response = await vault(createVaultRequest({ id: session.vaultingRequestId }));
    expect(response.body.result.resultCode).toBe("VERIFICATION_IN_PROCESS");
    expect(response.body.normalUrl).toBe(created.body.normalUrl);
    const again = await callDirectly(sandbox.credentials, "createVaultingSession", session);
    expect(again.text).toBe(created.text);
  });

  test("rejects createVaultingSession for an ID that vaultPaymentMethod has used", async () => {
    const request = createVaultRequest();
    await vault(request);
    const rejected = await callDirectly(
      sandbox.credentials,
      "createVaultingSession",
      createSessionRequest({ id: request.vaultingRequestId }),
    );
    expect(rejected.body.result.resultCode).toBe("REPEAT_REQ_INCONSISTENT");
  });

  test("creates one vaulting if both operations use the same ID concurrently", async () => {
    const id = createId();
    const before = (await sandbox.health()).vaultings;
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2
          ? vault(createVaultRequest({ id }))
          : callDirectly(sandbox.credentials, "createVaultingSession", createSessionRequest({ id })),
      ),
    );
    expect((await sandbox.health()).vaultings).toBe(before + 1);
  });

  test("compares IDs exactly", async () => {
    const base = createId();
    const ids = [
      base,
      base.toUpperCase(),
      `${base} `,
      ` ${base}`,
      `${base}\u0301`,
      "é".repeat(30),
      "e\u0301".repeat(30),
    ];
    const responses = await Promise.all(ids.map((id) => vault(createVaultRequest({ id }))));
    expect(new Set(responses.map(getToken)).size).toBe(ids.length);
  });
});

describe("two merchants", () => {
  test("have separate vaultings and notifications under the same ID", async () => {
    const second = await sandbox.addClient();
    await using secondListener = await startListener(second);
    const request = createRequest();
    const mine = await vault(request);
    expect((await inquire(request.vaultingRequestId, second)).body.result.resultCode).toBe("VAULTING_NOT_EXIST");
    const other = await vault({ ...request, vaultingNotificationUrl: secondListener.url }, second);
    expect(getToken(other)).not.toBe(getToken(mine));
    expect((await inquire(request.vaultingRequestId)).body.paymentMethodDetail?.card.cardToken).toBe(getToken(mine));
    await secondListener.waitForDeliveries(1);
    await listener.waitForDeliveries(1, request.vaultingRequestId);
    expect(secondListener.events).toMatchObject([{ outcome: "vaulted", cardToken: getToken(other) }]);
    expect(listener.rejections).toEqual([]);
  });

  test("cannot use each other's keys, and the rejected requests create no vaulting", async () => {
    const second = await sandbox.addClient();
    const request = createRequest();
    const mixed = { ...sandbox.credentials, merchantPrivateKey: second.merchantPrivateKey };
    const rejected = await vault(request, mixed);
    expect(rejected.body.result.resultCode).toBe("INVALID_SIGNATURE");
    expect(rejected.signed).toBe(false);
    expect(await sandbox.vaultings.get(request.vaultingRequestId)).toBeUndefined();
    expect(await sandbox.vaultings.get(request.vaultingRequestId, second.clientId)).toBeUndefined();
  });
});

describe("a sandbox with a control token", () => {
  test("returns the same response for an unknown client ID as for an incorrect key", async () => {
    await using exposed = await startSandbox({ controlToken: "token" });
    const { credentials } = exposed;
    const merchantPrivateKey = sandbox.credentials.merchantPrivateKey;
    const unknown = await callDirectly(
      { ...credentials, clientId: "SANDBOX_UNKNOWN" },
      "vaultPaymentMethod",
      createVaultRequest(),
    );
    const incorrect = await callDirectly(
      { ...credentials, merchantPrivateKey },
      "vaultPaymentMethod",
      createVaultRequest(),
    );
    expect(unknown.text).toBe(incorrect.text);
  });
});
