import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlResponse, createControlClient } from "../../testing/sandbox/control-api.ts";
import { callDirectly, createId, createTestClient, createVaultRequest } from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

let sandbox: RunningSandbox;
let ask: ReturnType<typeof createControlClient>;
beforeAll(async () => {
  sandbox = await startSandbox();
  ask = createControlClient(sandbox.credentials.baseUrl);
});
afterAll(() => sandbox.close(0));

async function vault(id = createId()): Promise<string> {
  await callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ id }));
  return id;
}

const list = ({ body }: ControlResponse, name: string) =>
  (body as Readonly<Record<string, unknown>>)[name] as Readonly<Record<string, unknown>>[];

describe("the journal", () => {
  test("exchanges of every kind, oldest first, followed by sequence", async () => {
    const { baseUrl, clientId } = sandbox.credentials;
    const mark = Number(list(await ask({ path: "/calls" }), "calls").at(-1)?.["sequence"] ?? 0);
    const id = await vault();
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", { vaultingRequestId: "id", env: null });
    await callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId: id });
    await fetch(`${baseUrl}/no/such/path?cvv=123`, { method: "POST" });
    await callDirectly({ ...sandbox.credentials, clientId: "NOBODY" }, "inquireVaulting", { vaultingRequestId: id });
    const exchanges = list(await ask({ path: `/calls?after=${mark}&limit=10` }), "calls");
    expect(exchanges).toMatchObject([
      { operation: "vaultPaymentMethod", clientId, vaultingRequestId: id, resultCode: "SUCCESS", signed: true },
      { operation: "vaultPaymentMethod", vaultingRequestId: "id", resultCode: "PARAM_ILLEGAL", signed: true },
      { operation: "inquireVaulting", vaultingRequestId: id, resultCode: "SUCCESS" },
      { path: "/no/such/path", resultCode: "NO_INTERFACE_DEF", request: "" },
      { clientId: "NOBODY", resultCode: "INVALID_SIGNATURE", signed: false, request: "", note: expect.any(String) },
    ]);
    expect(list(await ask({ path: `/calls?after=${mark}&limit=2` }), "calls")).toEqual(exchanges.slice(0, 2));
    expect(JSON.stringify(exchanges)).not.toMatch(/4054695|"123"|cvv=|signature":"/i);
  });

  test.each([
    "null",
    "[]",
    "1",
    '"x"',
    "{}",
    "{",
  ])("a body that is %s is journalled and does not spoil it", async (body) => {
    await callRaw(body);
    const [last] = list(await ask({ path: "/calls?limit=1" }), "calls");
    expect(last).toMatchObject({ resultCode: "PARAM_ILLEGAL" });
  });

  test("a scenario is listed with the call that it applies to, and not with a call that was rejected before", async () => {
    const resultCode = "RISK_REJECT";
    sandbox.scenarios.start({ operation: "vaultPaymentMethod", resultCode });
    await vault();
    await callRaw("{}");
    sandbox.scenarios.end();
    await vault();
    const exchanges = list(await ask({ path: "/calls?limit=3" }), "calls");
    expect(exchanges.map((each) => [each["resultCode"], each["scenario"]])).toEqual([
      [resultCode, resultCode],
      ["PARAM_ILLEGAL", undefined],
      ["SUCCESS", undefined],
    ]);
  });

  test("a dropped connection has no result code", async () => {
    sandbox.faults.inject({ fault: "request-dropped" });
    await fetch(`${sandbox.credentials.baseUrl}/x`, { method: "POST" }).catch(() => {});
    const [last] = list(await ask({ path: "/calls?limit=1" }), "calls");
    expect(last).toMatchObject({ fault: "request-dropped", signed: false, response: "" });
    expect(last).not.toHaveProperty("resultCode");
  });

  test("its times are the sandbox's clock's", async () => {
    await sandbox.clock.advance(86_400_000);
    await vault();
    const [last] = list(await ask({ path: "/calls?limit=1" }), "calls");
    expect(Date.parse(String(last?.["at"])) - Date.now()).toBeGreaterThan(86_000_000);
    await ask({ method: "POST", path: "/clock", body: { reset: true } });
  });

  /** A signed call whose body is any text. */
  async function callRaw(body: string): Promise<void> {
    const { raw } = createTestClient(sandbox.credentials);
    // The client's types allow no such path and body, which is why it is sent.
    const answer = await raw.POST(
      "/v1/vaults/vaultPaymentMethod" as never,
      { body: {}, bodySerializer: () => body } as never,
    );
    expect(JSON.stringify(answer)).toContain("PARAM_ILLEGAL");
  }
});
