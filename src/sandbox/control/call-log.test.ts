import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { basePaths, operationPaths } from "../../../generated/operations.ts";
import { type ControlResponse, createControlClient } from "../../testing/sandbox/control-api.ts";
import { callDirectly, createId, createTestClient, createVaultRequest } from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

let sandbox: RunningSandbox;
let send: ReturnType<typeof createControlClient>;
beforeAll(async () => {
  sandbox = await startSandbox();
  send = createControlClient(sandbox.credentials.baseUrl);
});
afterAll(() => sandbox.close(0));

async function vault(id = createId()): Promise<string> {
  await callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ id }));
  return id;
}

const getList = ({ body }: ControlResponse, name: string) =>
  (body as Readonly<Record<string, unknown>>)[name] as Readonly<Record<string, unknown>>[];

describe("the call log", () => {
  test("lists calls of every kind after a sequence number, oldest first", async () => {
    const { baseUrl, clientId } = sandbox.credentials;
    const lastSequence = Number(getList(await send({ path: "/calls" }), "calls").at(-1)?.["sequence"] ?? 0);
    const id = await vault();
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", { vaultingRequestId: "id", env: null });
    await callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId: id });
    await fetch(`${baseUrl}/no/such/path?cvv=123`, { method: "POST" });
    await callDirectly({ ...sandbox.credentials, clientId: "UNKNOWN" }, "inquireVaulting", { vaultingRequestId: id });
    const calls = getList(await send({ path: `/calls?after=${lastSequence}&limit=10` }), "calls");
    expect(calls).toMatchObject([
      { operation: "vaultPaymentMethod", clientId, vaultingRequestId: id, resultCode: "SUCCESS", signed: true },
      { operation: "vaultPaymentMethod", vaultingRequestId: "id", resultCode: "PARAM_ILLEGAL", signed: true },
      { operation: "inquireVaulting", vaultingRequestId: id, resultCode: "SUCCESS" },
      { path: "/no/such/path", resultCode: "NO_INTERFACE_DEF", request: "" },
      {
        clientId: "UNKNOWN",
        resultCode: "INVALID_SIGNATURE",
        signed: false,
        request: JSON.stringify({ vaultingRequestId: id }),
        note: expect.any(String),
        rejectedSignature: { signatureHeader: expect.stringContaining("signature=⟨") },
      },
    ]);
    expect(getList(await send({ path: `/calls?after=${lastSequence}&limit=2` }), "calls")).toEqual(calls.slice(0, 2));
    // An unverified request does not belong to the vaulting that it names.
    expect(calls.at(-1)).not.toHaveProperty("vaultingRequestId");
    expect(JSON.stringify(calls)).not.toMatch(/405469572|"123"|cvv=|signature":"/i);
  });

  test("contains a call that was sent with an API key, but not the key", async () => {
    const path = `${basePaths.sandbox}${operationPaths.vaultPaymentMethod}`;
    const headers = { authorization: "Bearer canary-key", "content-type": "application/json" };
    await fetch(sandbox.credentials.baseUrl + path, { method: "POST", headers, body: "{}" });
    const [last] = getList(await send({ path: "/calls?limit=1" }), "calls");
    expect(last).toMatchObject({ resultCode: "OAUTH_FAIL", signed: false, request: "" });
    expect(JSON.stringify(last)).not.toContain("canary");
  });

  test.each(["null", "[]", "1", '"x"', "{}", "{"])("contains a call with the invalid body %s", async (body) => {
    await callWithInvalidBody(body);
    const [last] = getList(await send({ path: "/calls?limit=1" }), "calls");
    expect(last).toMatchObject({ resultCode: "PARAM_ILLEGAL" });
  });

  test("records the scenario only for calls that it applied to", async () => {
    const resultCode = "RISK_REJECT";
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode });
    await vault();
    await callWithInvalidBody("{}");
    sandbox.scenarios.end();
    await vault();
    const calls = getList(await send({ path: "/calls?limit=3" }), "calls");
    expect(calls.map((call) => [call["resultCode"], call["scenario"]])).toEqual([
      [resultCode, resultCode],
      ["PARAM_ILLEGAL", undefined],
      ["SUCCESS", undefined],
    ]);
  });

  test("records no result code for a dropped connection", async () => {
    sandbox.faults.inject({ fault: "request-dropped" });
    await fetch(`${sandbox.credentials.baseUrl}/x`, { method: "POST" }).catch(() => {});
    const [last] = getList(await send({ path: "/calls?limit=1" }), "calls");
    expect(last).toMatchObject({ fault: "request-dropped", signed: false, response: "" });
    expect(last).not.toHaveProperty("resultCode");
  });

  test("records the time on the sandbox's clock", async () => {
    await sandbox.clock.advance(86_400_000);
    await vault();
    const [last] = getList(await send({ path: "/calls?limit=1" }), "calls");
    expect(Date.parse(String(last?.["at"])) - Date.now()).toBeGreaterThan(86_000_000);
    await send({ method: "POST", path: "/clock", body: { reset: true } });
  });

  /** Sends a signed call with an invalid body. */
  async function callWithInvalidBody(body: string): Promise<void> {
    const { raw } = createTestClient(sandbox.credentials);
    // The client's types reject this path and body.
    const response = await raw.POST(
      "/v1/vaults/vaultPaymentMethod" as never,
      { body: {}, bodySerializer: () => body } as never,
    );
    expect(JSON.stringify(response)).toContain("PARAM_ILLEGAL");
  }
});
