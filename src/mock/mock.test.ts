import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVaultClient, type VaultClient } from "../client/index.ts";
import { generateCredentials, withNextKey } from "../gateway/index.ts";
import { SAMPLE_REQUEST } from "../testing/messages/sample-request.ts";
import { getPreference, type RunningMock, startMock } from "./mock.ts";

describe("what a call asks for", () => {
  test.each([
    [undefined, "order-1", {}],
    [undefined, "mock:VERIFICATION_FAIL", { example: "VERIFICATION_FAIL" }],
    [undefined, "mock:VERIFICATION_FAIL:order:17", { example: "VERIFICATION_FAIL" }],
    [undefined, "a mock:VERIFICATION_FAIL", {}],
    [undefined, "mock:", {}],
    [undefined, "mock:a b", {}],
    ["example=PROCESS_FAIL", "mock:VERIFICATION_FAIL", { example: "PROCESS_FAIL" }],
    ['code=200, example="PROCESS_FAIL"', "1", { example: "PROCESS_FAIL" }],
    ["dynamic=true", "1", { dynamic: true }],
  ])("Prefer %j, ID %j", (prefer, vaultingRequestId, expected) => {
    const headers = new Headers(prefer === undefined ? {} : { prefer });
    expect(getPreference({ headers, vaultingRequestId })).toEqual({ dynamic: false, ...expected });
  });
});

test("signs with the newest of the gateway's keys, and says which that is", async () => {
  const keys = await withNextKey(await generateCredentials());
  await using mock = await startMock({ keys });
  const antomPublicKey = { 2: mock.credentials.antomPublicKey };
  const vault = createVaultClient({ ...mock.credentials, antomPublicKey, retry: false });
  expect(await vault.vaultPaymentMethod(SAMPLE_REQUEST)).toMatchObject({ outcome: "vaulted" });
});

describe("the mock", () => {
  let mock: RunningMock;
  let vault: VaultClient;
  beforeAll(async () => {
    mock = await startMock();
    vault = createVaultClient({ ...mock.credentials, retry: false });
  });
  afterAll(() => mock.close());

  const asking = (vaultingRequestId: string) => vault.vaultPaymentMethod({ ...SAMPLE_REQUEST, vaultingRequestId });

  test("echoes the request's ID, not the example's", async () => {
    expect(await asking("my own")).toMatchObject({ outcome: "vaulted", vaultingRequestId: "my own" });
  });

  test("answers the refusal of a signature unsigned, as the gateway does", async () => {
    await expect(asking("mock:INVALID_SIGNATURE")).rejects.toMatchObject({
      code: "SIGNATURE_MISSING",
      unverified: { resultCode: "INVALID_SIGNATURE" },
    });
  });

  test("an ID that is called like that code changes nothing", async () => {
    expect(await asking("INVALID_SIGNATURE")).toMatchObject({ outcome: "vaulted" });
  });

  test("an inquiry takes the code of a failure as well as the example's name", async () => {
    for (const name of ["CARD_EXPIRED", "FAIL_CARD_EXPIRED"]) {
      const outcome = await vault.inquireVaulting({ vaultingRequestId: `mock:${name}` });
      expect(outcome).toMatchObject({ outcome: "failed", code: "CARD_EXPIRED" });
    }
  });

  test("a name that there is not is refused, and says where the names are", async () => {
    const outcome = await asking("mock:NOPE");
    expect(outcome).toMatchObject({ outcome: "failed", code: "PARAM_ILLEGAL" });
    expect(outcome).toHaveProperty("message", expect.stringContaining("antom-vault spec --examples"));
  });

  test("sends nothing to the addresses in a request: Prism's callbacks are out", async () => {
    const { createServer } = await import("node:http");
    let calls = 0;
    const merchant = createServer((_, response) => {
      calls += 1;
      response.end();
    });
    await new Promise<void>((resolve) => merchant.listen(0, "127.0.0.1", resolve));
    const address = merchant.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const vaultingNotificationUrl = `http://127.0.0.1:${port}/notifications`;
    await vault.vaultPaymentMethod({
      ...SAMPLE_REQUEST,
      vaultingNotificationUrl,
      redirectUrl: vaultingNotificationUrl,
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    merchant.close();
    expect(calls).toBe(0);
  });
});
