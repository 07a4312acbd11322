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
const tokenOf = ({ body }: DirectResponse) => body.paymentMethodDetail?.card.cardToken;

/** A request whose result the listener is told. */
const told = (more: Parameters<typeof createVaultRequest>[0] = {}) =>
  createVaultRequest({ url: listener.url, ...more });

/** Demands one vaulting and, once it is acknowledged, one delivery. */
async function toldOnce(id: string): Promise<void> {
  await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
  expect(listener.deliveries.filter((each) => each.id === id)).toHaveLength(1);
  expect(await sandbox.notifications.list({ vaultingRequestId: id })).toHaveLength(1);
}

describe("one after the other", () => {
  test.each([
    ["vaulted", CARD.vaults],
    ["failed", CARD.fails],
  ])("%s: the same bytes again", async (_, cardNo) => {
    const request = told({ cardNo });
    const first = await vault(request);
    expect((await vault(request)).text).toBe(first.text);
    await toldOnce(request.vaultingRequestId);
    expect((await vault(request)).text).toBe(first.text);
  });

  test("other content under the ID gets the first result, and changes and tells nothing", async () => {
    const request = told();
    const first = await vault(request);
    const stored = await sandbox.vaultings.get(request.vaultingRequestId);
    const other = told({ id: request.vaultingRequestId, cardNo: CARD.fails, url: `${listener.url}&other=1` });
    expect((await vault(other)).text).toBe(first.text);
    expect(await sandbox.vaultings.get(request.vaultingRequestId)).toMatchObject({
      sequence: stored?.sequence,
      cardToken: stored?.cardToken,
    });
    await toldOnce(request.vaultingRequestId);
  });

  test("with the option it is REPEAT_REQ_INCONSISTENT, and the same content still gets the first result", async () => {
    await using strict = await startSandbox({ idReuse: "reject" });
    const request = createVaultRequest();
    const first = await vault(request, strict.credentials);
    const other = { ...request, redirectUrl: "https://merchant.example/other" };
    const refused = await vault(other, strict.credentials);
    expect(refused.body.result).toMatchObject({ resultCode: "REPEAT_REQ_INCONSISTENT", resultStatus: "F" });
    expect((await vault(request, strict.credentials)).text).toBe(first.text);
  });

  test("while the challenge waits the same page, once it has ended the result", async () => {
    const request = told({ cardNo: CARD.challenges });
    const first = await vault(request);
    expect(first.body.normalUrl).toMatch(/\/3ds\/[\w-]{22}$/);
    expect((await vault(request)).text).toBe(first.text);
    expect((await inquire(request.vaultingRequestId)).body.normalUrl).toBe(first.body.normalUrl);
    await sandbox.vaultings.completeChallenge(request.vaultingRequestId, "passed");
    const final = await vault(request);
    expect(final.body.result.resultCode).toBe("SUCCESS");
    expect(final.body).not.toHaveProperty("normalUrl");
    expect((await vault(request)).text).toBe(final.text);
    await toldOnce(request.vaultingRequestId);
  });

  test("after UNKNOWN_EXCEPTION the repetition is carried out", async () => {
    const request = told();
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode: "UNKNOWN_EXCEPTION" });
    const unknown = await vault(request);
    expect(unknown.body.result).toMatchObject({ resultCode: "UNKNOWN_EXCEPTION", resultStatus: "U" });
    expect((await inquire(request.vaultingRequestId)).body.result.resultCode).toBe("VAULTING_NOT_EXIST");
    sandbox.scenarios.end();
    expect((await vault(request)).body.result.resultCode).toBe("SUCCESS");
    await toldOnce(request.vaultingRequestId);
  });

  test.each([
    ["the document's rules", { env: {} }],
    ["the Luhn check", { paymentMethodDetail: createVaultRequest({ cardNo: "4054695723100769" }).paymentMethodDetail }],
  ])("what breaks %s leaves the ID free for the corrected request", async (_, fault) => {
    const request = told();
    const refused = await vault({ ...request, ...fault });
    expect(refused.body.result.resultCode).toBe("PARAM_ILLEGAL");
    expect(await sandbox.vaultings.get(request.vaultingRequestId)).toBeUndefined();
    expect((await vault(request)).body.result.resultCode).toBe("SUCCESS");
    await toldOnce(request.vaultingRequestId);
  });

  test("one card under two IDs has two tokens", async () => {
    const [one, two] = [tokenOf(await vault(told())), tokenOf(await vault(told()))];
    expect(one).toMatch(/^ALIPAY[A-Za-z0-9+/]{86}==$/);
    expect(two).not.toBe(one);
  });

  test("a captured request sent again has no second effect", async () => {
    const request = told();
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
    await toldOnce(request.vaultingRequestId);
  });
});

describe("at once", () => {
  /** So many calls at once; all their bodies have to be the same. */
  async function sameFor(count: number, request: object): Promise<DirectResponse> {
    const answers = await Promise.all(Array.from({ length: count }, () => vault(request)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    return answers[0] ?? expect.fail("no answer");
  }

  test("200 calls with one ID: one vaulting, 200 identical bodies, one notification", async () => {
    const before = (await sandbox.health()).vaultings;
    const request = told();
    const { body } = await sameFor(200, request);
    expect(body.result.resultCode).toBe("SUCCESS");
    expect((await sandbox.health()).vaultings).toBe(before + 1);
    await toldOnce(request.vaultingRequestId);
  });

  test("64 calls with one ID: one challenge, then one token and one notification", async () => {
    const request = told({ cardNo: CARD.challenges });
    const waiting = await sameFor(64, request);
    expect(waiting.body.result.resultCode).toBe("VERIFICATION_IN_PROCESS");
    await sandbox.vaultings.completeChallenge(request.vaultingRequestId, "passed");
    const final = await sameFor(64, request);
    expect(tokenOf(final)).toBe((await sandbox.vaultings.get(request.vaultingRequestId))?.cardToken);
    await toldOnce(request.vaultingRequestId);
  });

  test("64 calls with one ID and different cards: the first one counts for all", async () => {
    const id = createId();
    const cards = [CARD.vaults, CARD.fails, CARD.alsoVaults, CARD.challenges];
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, at) => vault(createVaultRequest({ id, cardNo: cards[at % 4] ?? CARD.vaults }))),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test("a challenge that two end at once ends once", async () => {
    const request = told({ cardNo: CARD.challenges });
    await vault(request);
    const ends = (["passed", "failed", "cancelled", "rejected"] as const).map((result) =>
      catchErrorCode(sandbox.vaultings.completeChallenge(request.vaultingRequestId, result)),
    );
    expect((await Promise.all(ends)).filter((each) => each === undefined)).toHaveLength(1);
    await toldOnce(request.vaultingRequestId);
  });
});

describe("connections that break", () => {
  test("dropped after the work: the repetition gets the same token", async () => {
    const request = told();
    const client = createTestClient(sandbox.credentials);
    sandbox.faults.inject({ fault: "response-dropped" });
    expect(await catchErrorCode(client.vaultPaymentMethod(request))).toBe("CONNECTION_FAILED");
    const stored = await sandbox.vaultings.get(request.vaultingRequestId);
    const outcome = await client.vaultPaymentMethod(request);
    expect(outcome).toMatchObject({ outcome: "vaulted", cardToken: stored?.cardToken });
    await toldOnce(request.vaultingRequestId);
  });

  test("dropped before the work: nothing is there, and the repetition makes the one token", async () => {
    const request = told();
    const client = createTestClient(sandbox.credentials);
    sandbox.faults.inject({ fault: "request-dropped" });
    expect(await catchErrorCode(client.vaultPaymentMethod(request))).toBe("CONNECTION_FAILED");
    expect(await sandbox.vaultings.get(request.vaultingRequestId)).toBeUndefined();
    expect(await sandbox.notifications.list({ vaultingRequestId: request.vaultingRequestId })).toEqual([]);
    expect(await client.vaultPaymentMethod(request)).toMatchObject({ outcome: "vaulted" });
    await toldOnce(request.vaultingRequestId);
  });

  test("a client that repeats by itself makes one vaulting of it all", async () => {
    const request = told();
    sandbox.faults.inject({ fault: "response-dropped", times: 2 });
    const outcome = await createTestClient(sandbox.credentials, { retry: { baseDelayMs: 1 } }).vaultPaymentMethod(
      request,
    );
    expect(outcome.outcome).toBe("vaulted");
    await toldOnce(request.vaultingRequestId);
  });
});

describe("one name space of IDs", () => {
  test("an ID of a session leads vaultPaymentMethod to the session's page", async () => {
    const session = createSessionRequest();
    const created = await callDirectly(sandbox.credentials, "createVaultingSession", session);
    const answer = await vault(createVaultRequest({ id: session.vaultingRequestId }));
    expect(answer.body.result.resultCode).toBe("VERIFICATION_IN_PROCESS");
    expect(answer.body.normalUrl).toBe(created.body.normalUrl);
    const again = await callDirectly(sandbox.credentials, "createVaultingSession", session);
    expect(again.text).toBe(created.text);
  });

  test("an ID of vaultPaymentMethod is no session's", async () => {
    const request = createVaultRequest();
    await vault(request);
    const refused = await callDirectly(
      sandbox.credentials,
      "createVaultingSession",
      createSessionRequest({ id: request.vaultingRequestId }),
    );
    expect(refused.body.result.resultCode).toBe("REPEAT_REQ_INCONSISTENT");
  });

  test("both operations at once with one ID: one vaulting", async () => {
    const id = createId();
    const before = (await sandbox.health()).vaultings;
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        at % 2
          ? vault(createVaultRequest({ id }))
          : callDirectly(sandbox.credentials, "createVaultingSession", createSessionRequest({ id })),
      ),
    );
    expect((await sandbox.health()).vaultings).toBe(before + 1);
  });

  test("IDs are compared exactly", async () => {
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
    const answers = await Promise.all(ids.map((id) => vault(createVaultRequest({ id }))));
    expect(new Set(answers.map(tokenOf)).size).toBe(ids.length);
  });
});

describe("two merchants", () => {
  test("the same ID is another vaulting of each, told to its own listener", async () => {
    const second = await sandbox.addClient();
    await using theirs = await startListener(second);
    const request = told();
    const mine = await vault(request);
    expect((await inquire(request.vaultingRequestId, second)).body.result.resultCode).toBe("VAULTING_NOT_EXIST");
    const other = await vault({ ...request, vaultingNotificationUrl: theirs.url }, second);
    expect(tokenOf(other)).not.toBe(tokenOf(mine));
    expect((await inquire(request.vaultingRequestId)).body.paymentMethodDetail?.card.cardToken).toBe(tokenOf(mine));
    await theirs.waitForDeliveries(1);
    await listener.waitForDeliveries(1, request.vaultingRequestId);
    expect(theirs.events).toMatchObject([{ outcome: "vaulted", cardToken: tokenOf(other) }]);
    expect(listener.rejections).toEqual([]);
  });

  test("one merchant's ID with another's key is refused, and nothing is carried out", async () => {
    const second = await sandbox.addClient();
    const request = told();
    const mixed = { ...sandbox.credentials, merchantPrivateKey: second.merchantPrivateKey };
    const refused = await vault(request, mixed);
    expect(refused.body.result.resultCode).toBe("INVALID_SIGNATURE");
    expect(refused.signed).toBe(false);
    expect(await sandbox.vaultings.get(request.vaultingRequestId)).toBeUndefined();
    expect(await sandbox.vaultings.get(request.vaultingRequestId, second.clientId)).toBeUndefined();
  });

  test("an unknown client gets the same response as one that signs with a wrong key", async () => {
    const second = await sandbox.addClient();
    const unknown = await vault(createVaultRequest(), { ...second, clientId: "SANDBOX_NOBODY" });
    const wrong = await vault(createVaultRequest(), { ...second, clientId: sandbox.credentials.clientId });
    expect(unknown.text).toBe(wrong.text);
  });
});
