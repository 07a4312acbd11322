import { request } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVaultClient, type VaultClient } from "../client/index.ts";
import { generateCredentials, withNextKey } from "../gateway/index.ts";
import { getField } from "../protocol/json-fields.ts";
import { SAMPLE_REQUEST } from "../testing/messages/sample-request.ts";
import { startNodeServer } from "../testing/servers/node-server.ts";
import { getPreference, type RunningMock, startMock } from "./mock.ts";

describe("getPreference", () => {
  test.each([
    [undefined, "order-1", {}],
    [undefined, "mock:VERIFICATION_FAIL", { example: "VERIFICATION_FAIL" }],
    [undefined, "mock:VERIFICATION_FAIL:order:17", { example: "VERIFICATION_FAIL" }],
    [undefined, "a mock:VERIFICATION_FAIL", {}],
    [undefined, "mock:", {}],
    [undefined, "mock:a b", {}],
    ["example=PROCESS_FAIL", "mock:VERIFICATION_FAIL", { example: "PROCESS_FAIL" }],
    ['code=200, example="PROCESS_FAIL"', "1", { example: "PROCESS_FAIL" }],
    ["Example = PROCESS_FAIL; CODE=200", "1", { example: "PROCESS_FAIL" }],
    ["example=PROCESS_FAIL, EXAMPLE=SUCCESS", "1", { example: "PROCESS_FAIL" }],
    ["dynamic=true", "1", { dynamic: true }],
    ["Dynamic=false,", "1", {}],
  ])("reads the header Prefer %j and the ID %j", (prefer, vaultingRequestId, expected) => {
    const headers = new Headers(prefer === undefined ? {} : { prefer });
    expect(getPreference({ headers, vaultingRequestId })).toEqual({ dynamic: false, ...expected });
  });

  test.each([
    "code=404",
    "code=2000",
    "code",
    "sample=PROCESS_FAIL",
    "respond-async",
    "example=",
    "example=a=b",
    "dynamic=1",
  ])("returns undefined for an unsupported preference: %s", (prefer) => {
    for (const header of [prefer, `example=SUCCESS, ${prefer}`])
      expect(getPreference({ headers: new Headers({ prefer: header }), vaultingRequestId: "1" })).toBeUndefined();
  });
});

test("the mock signs with the newest key of the gateway and sends the version of that key", async () => {
  const keys = await withNextKey(await generateCredentials());
  await using mock = await startMock({ keys });
  const antomPublicKey = { 2: mock.credentials.antomPublicKey };
  const vault = createVaultClient({ ...mock.credentials, antomPublicKey, retry: false });
  expect(await vault.vaultPaymentMethod(SAMPLE_REQUEST)).toMatchObject({ outcome: "vaulted" });
});

test("the mock rejects requests from web pages on other sites, and requests for unknown host names", async () => {
  await using mock = await startMock({ name: "mock.test" });
  const send = (headers: Readonly<Record<string, string>>) =>
    new Promise<unknown>((resolve, reject) => {
      const url = `${mock.credentials.baseUrl}/ams/sandbox/api/v1/vaults/inquireVaulting`;
      const sent = request(url, { method: "POST", headers, agent: false }, (response) => {
        json(response).then((body) => resolve(getField(getField(body, "result"), "resultCode")), reject);
      });
      sent.on("error", reject).end("{}");
    });
  for (const headers of [{ host: "localhost:4010" }, { host: "MOCK.test" }, { "sec-fetch-site": "same-origin" }])
    expect(await send(headers)).toBe("INVALID_SIGNATURE");
  for (const headers of [
    { host: "rebound.example" },
    { host: "mock" },
    { origin: "https://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
  ])
    expect(await send(headers)).toBe("ACCESS_DENIED");
});

describe("the mock", () => {
  let mock: RunningMock;
  let vault: VaultClient;
  beforeAll(async () => {
    mock = await startMock();
    vault = createVaultClient({ ...mock.credentials, retry: false });
  });
  afterAll(() => mock.close());

  const send = (vaultingRequestId: string) => vault.vaultPaymentMethod({ ...SAMPLE_REQUEST, vaultingRequestId });

  test("echoes the request's ID, not the example's", async () => {
    expect(await send("order-1")).toMatchObject({ outcome: "vaulted", vaultingRequestId: "order-1" });
  });

  test("sends INVALID_SIGNATURE unsigned, as Antom's gateway does", async () => {
    await expect(send("mock:INVALID_SIGNATURE")).rejects.toMatchObject({
      code: "SIGNATURE_MISSING",
      unverified: { resultCode: "INVALID_SIGNATURE" },
    });
  });

  test("ignores a result code in an ID without the prefix mock:", async () => {
    expect(await send("INVALID_SIGNATURE")).toMatchObject({ outcome: "vaulted" });
  });

  test("selects a failed vaulting in an inquiry by its result code or by the name of its example", async () => {
    for (const name of ["CARD_EXPIRED", "FAIL_CARD_EXPIRED"]) {
      const outcome = await vault.inquireVaulting({ vaultingRequestId: `mock:${name}` });
      expect(outcome).toMatchObject({ outcome: "failed", code: "CARD_EXPIRED" });
    }
  });

  test("rejects an unknown example name and says how to list the names", async () => {
    const outcome = await send("mock:NOPE");
    expect(outcome).toMatchObject({ outcome: "failed", code: "PARAM_ILLEGAL" });
    expect(outcome).toHaveProperty("message", expect.stringContaining("antom-vault spec --examples"));
  });

  test.each([
    "code=404",
    "sample=PROCESS_FAIL",
  ])("rejects the header Prefer: %s, and lists the supported preferences", async (prefer) => {
    const withPreference = createVaultClient({
      ...mock.credentials,
      retry: false,
      fetch: (url, init) => {
        const headers = new Headers(init.headers);
        headers.set("prefer", prefer);
        return fetch(url, { ...init, headers });
      },
    });
    const outcome = await withPreference.vaultPaymentMethod({ ...SAMPLE_REQUEST, vaultingRequestId: "order-1" });
    expect(outcome).toMatchObject({ outcome: "failed", code: "PARAM_ILLEGAL", vaultingRequestId: "order-1" });
    expect(outcome).toHaveProperty("message", expect.stringContaining("Use only example=NAME, code=200"));
  });

  test("sends no notification or other call to the URLs in a request", async () => {
    let calls = 0;
    await using merchant = await startNodeServer((_, response) => {
      calls += 1;
      response.end();
    });
    const vaultingNotificationUrl = `${merchant.baseUrl}/notifications`;
    await vault.vaultPaymentMethod({
      ...SAMPLE_REQUEST,
      vaultingNotificationUrl,
      redirectUrl: vaultingNotificationUrl,
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(calls).toBe(0);
  });
});
