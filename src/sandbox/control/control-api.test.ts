import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlResponse, createControlClient } from "../../testing/sandbox/control-api.ts";
import {
  CARD,
  callDirectly,
  createId,
  createTestClient,
  createVaultRequest,
  startListener,
} from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

let sandbox: RunningSandbox;
let send: ReturnType<typeof createControlClient>;
beforeAll(async () => {
  sandbox = await startSandbox();
  send = createControlClient(sandbox.credentials.baseUrl);
});
afterAll(() => sandbox.close(0));

async function vault(cardNo: string = CARD.vaults, id = createId()): Promise<string> {
  await callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ id, cardNo }));
  return id;
}

const getField = ({ body }: ControlResponse, name: string): unknown =>
  (body as Readonly<Record<string, unknown>>)[name];
const getList = (response: ControlResponse, name: string) =>
  getField(response, name) as Readonly<Record<string, unknown>>[];

describe("the control API", () => {
  test("returns the health of the sandbox", async () => {
    const response = await send({ path: "/health" });
    expect(response).toMatchObject({
      status: 200,
      body: {
        status: "ok",
        engine: "sqlite",
        baseUrl: sandbox.credentials.baseUrl,
        delivery: { running: true },
        clock: { offsetMs: 0 },
      },
    });
  });

  test("lists vaultings newest first, with paging and filters", async () => {
    const ids = [await vault(), await vault(CARD.fails), await vault(CARD.challenges)];
    const listed = getList(await send({ path: "/vaultings?limit=3" }), "vaultings");
    expect(listed.map((vaulting) => vaulting["vaultingRequestId"])).toEqual(ids.toReversed());
    expect(listed.map((vaulting) => vaulting["status"])).toEqual(["PROCESSING", "FAIL", "SUCCESS"]);
    const next = getList(await send({ path: `/vaultings?limit=1&before=${listed[0]?.["sequence"]}` }), "vaultings");
    expect(next[0]?.["vaultingRequestId"]).toBe(ids[1]);
    const failed = getList(await send({ path: "/vaultings?status=FAIL" }), "vaultings");
    expect(failed.every((vaulting) => vaulting["status"] === "FAIL")).toBe(true);
    expect(getList(await send({ path: "/vaultings?clientId=UNKNOWN" }), "vaultings")).toEqual([]);
  });

  test("returns a final vaulting with its notification, and a pending vaulting without one", async () => {
    const finalId = await vault();
    await sandbox.notifications.waitFor(finalId, { attempts: 1 });
    expect((await send({ path: `/vaultings/${finalId}` })).body).toMatchObject({
      status: "SUCCESS",
      notifications: [{ vaultingRequestId: finalId, state: "PENDING", attempts: [{ outcome: "ADDRESS_BLOCKED" }] }],
    });
    const waitingId = await vault(CARD.challenges);
    expect((await send({ path: `/vaultings/${waitingId}` })).body).toMatchObject({
      status: "PROCESSING",
      notifications: [],
    });
    expect(await send({ path: `/vaultings/${createId()}` })).toMatchObject({ status: 404, code: "NOT_FOUND" });
    expect(await send({ path: `/vaultings/${finalId}?clientId=UNKNOWN` })).toMatchObject({ status: 404 });
  });

  test.each([
    "a/b",
    "ä € 😀",
    "a?b=c#d",
    "100 %",
    "%2e%2e",
    "+ +",
    "'; drop",
  ])("accepts the ID %s if it is percent-encoded", async (prefix) => {
    const id = `${prefix} ${createId().slice(0, 20)}`;
    await vault(CARD.vaults, id);
    const response = await send({ path: `/vaultings/${encodeURIComponent(id)}` });
    expect(response.body).toMatchObject({ vaultingRequestId: id });
  });

  test.each([
    "passed",
    "failed",
    "rejected",
    "unavailable",
    "abandoned",
    "cancelled",
  ])("completes a challenge with the result %s, but only once", async (result) => {
    const id = await vault(CARD.challenges);
    const path = `/vaultings/${id}/challenge`;
    const response = await send({ method: "POST", path, body: { result } });
    expect(response).toMatchObject({ status: 200, body: { status: result === "passed" ? "SUCCESS" : "FAIL" } });
    expect(await send({ method: "POST", path, body: { result } })).toMatchObject({ status: 409, code: "CONFLICT" });
  });

  test("returns 404 for the challenge of an unknown vaulting", async () => {
    const path = `/vaultings/${createId()}/challenge`;
    expect(await send({ method: "POST", path, body: { result: "passed" } })).toMatchObject({ status: 404 });
  });

  test("lists notifications by state and resends them", async () => {
    const id = await vault();
    const { sequence } = await sandbox.notifications.waitFor(id, { attempts: 1 });
    const pending = getList(await send({ path: "/notifications?state=PENDING&limit=1000" }), "notifications");
    expect(pending.map((notification) => notification["vaultingRequestId"])).toContain(id);
    expect(getList(await send({ path: "/notifications?state=ACKNOWLEDGED" }), "notifications")).toEqual([]);
    expect((await send({ method: "POST", path: `/notifications/${sequence}/resend` })).body).toMatchObject({
      state: "PENDING",
    });
    await sandbox.notifications.waitFor(id, { attempts: 2 });
    for (const unknown of ["999999", "0", "x", "-1", "9".repeat(30)]) {
      expect(await send({ method: "POST", path: `/notifications/${unknown}/resend` })).toMatchObject({ status: 404 });
    }
  });

  test("returns the request and the response of each attempt, and filters notifications by host, text, and outcome", async () => {
    const body = "<h1>Internal Server Error</h1>";
    await using listener = await startListener(sandbox.credentials, () => ({
      status: 500,
      contentType: "text/html",
      body,
    }));
    const id = createId();
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ id, url: listener.url }));
    const { sequence, attempts } = await sandbox.notifications.waitFor(id, { attempts: 1 });
    const [delivery] = listener.deliveries;
    const { clientId } = sandbox.credentials;
    expect(attempts).toMatchObject([
      {
        outcome: "UNEXPECTED_HTTP_STATUS",
        httpStatus: 500,
        request: {
          path: "/antom/notify?shop=1",
          headers: { "client-id": clientId, "request-time": delivery?.time, signature: delivery?.signature },
        },
        response: { headers: { "content-type": "text/html" }, body, bodySize: 30, truncated: false },
      },
    ]);
    expect(attempts[0]?.request).not.toHaveProperty("fault");
    expect((await send({ path: `/notifications/${sequence}` })).body).toMatchObject({
      vaultingRequestId: id,
      attempts,
    });
    expect(await send({ path: "/notifications/999999" })).toMatchObject({ status: 404, code: "NOT_FOUND" });
    const listIds = async (query: string) =>
      getList(await send({ path: `/notifications?${query}` }), "notifications").map((row) => row["vaultingRequestId"]);
    const host = new URL(listener.url).host;
    for (const query of [`host=${host}`, `text=${id}`, `outcome=UNEXPECTED_HTTP_STATUS&clientId=${clientId}`])
      expect(await listIds(query)).toEqual([id]);
    for (const query of [`host=${host}&outcome=TIMEOUT`, `text=${id}&before=${sequence}`])
      expect(await listIds(query)).toEqual([]);
  });

  test.each([
    ["notification-unsigned", { signature: undefined }],
    ["notification-invalid-signature", { signature: expect.stringMatching(/^algorithm=RSA256,keyVersion=1,/) }],
    ["notification-duplicated", { signature: expect.stringMatching(/^algorithm=RSA256,keyVersion=1,/) }],
  ] as const)("reports the fault %s with the attempt that it affected", async (fault, { signature }) => {
    await using listener = await startListener(sandbox.credentials, () => ({ status: 401 }));
    sandbox.faults.inject({ fault });
    const id = createId();
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ id, url: listener.url }));
    const { attempts } = await sandbox.notifications.waitFor(id, { attempts: 1 });
    expect(attempts).toMatchObject([{ request: { fault } }]);
    expect(attempts[0]?.request?.headers["signature"]).toEqual(signature);
    expect(listener.deliveries[0]?.signature).toBe(attempts[0]?.request?.headers["signature"]);
    expect(listener.deliveries[0]?.accepted).toBe(fault === "notification-duplicated");
  });

  test("advances, sets, and resets the clock", async () => {
    const move = (body: object) => send({ method: "POST", path: "/clock", body });
    expect(getField(await move({ advanceMs: 130_000 }), "offsetMs")).toBe(130_000);
    expect(getField(await move({ advanceMs: 1 }), "offsetMs")).toBe(130_001);
    const set = await move({ now: "2030-03-01T09:00:00+08:00" });
    expect(Date.parse(String(getField(set, "now"))) - Date.parse("2030-03-01T01:00:00Z")).toBeLessThan(2000);
    expect(getField(await move({ now: "2020-01-01t00:00:00z" }), "now")).toMatch(/^2020-01-01T00:00:0/);
    expect(getField(await move({ reset: true }), "offsetMs")).toBe(0);
    expect(getField(await send({ path: "/clock" }), "offsetMs")).toBe(0);
  });

  test("applies every advance if the clock is advanced concurrently", async () => {
    await Promise.all([1, 10, 100].map((advanceMs) => send({ method: "POST", path: "/clock", body: { advanceMs } })));
    expect(getField(await send({ path: "/clock" }), "offsetMs")).toBe(111);
    await send({ method: "POST", path: "/clock", body: { reset: true } });
  });

  test("starts, lists, and ends scenarios", async () => {
    const start = (body: object) => send({ method: "POST", path: "/scenarios", body });
    const started = await start({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT", minutes: 5 });
    expect(started.body).toMatchObject({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT" });
    await start({ operation: "inquireVaulting", resultCode: "ACCESS_DENIED", clientId: "OTHER" });
    expect(getList(await send({ path: "/scenarios" }), "scenarios")).toHaveLength(2);
    expect(await send({ method: "DELETE", path: "/scenarios?operation=inquireVaulting" })).toMatchObject({
      status: 204,
    });
    expect(getList(await send({ path: "/scenarios" }), "scenarios")).toHaveLength(1);
    expect(await send({ method: "DELETE", path: "/scenarios" })).toMatchObject({ status: 204 });
    expect(getList(await send({ path: "/scenarios" }), "scenarios")).toEqual([]);
    const undocumented = await start({ operation: "inquireVaulting", resultCode: "STOLEN_CARD" });
    expect(undocumented).toMatchObject({ status: 400, code: "BAD_REQUEST" });
  });

  test("returns the scenarios that end because the clock moves", async () => {
    const move = async (body: object) => (await send({ method: "POST", path: "/clock", body })).body;
    const scenario = { operation: "vaultPaymentMethod", resultCode: "RISK_REJECT" };
    const started = await send({ method: "POST", path: "/scenarios", body: { ...scenario, minutes: 5 } });
    await send({
      method: "POST",
      path: "/scenarios",
      body: { ...scenario, operation: "inquireVaulting", resultCode: "SUCCESS" },
    });
    expect(await move({ advanceMs: 60_000 })).not.toHaveProperty("endedScenarios");
    expect(await move({ advanceMs: 240_000 })).toMatchObject({ endedScenarios: [started.body] });
    expect(await move({ reset: true })).not.toHaveProperty("endedScenarios");
    await send({ method: "DELETE", path: "/scenarios" });
  });

  test("injects, lists, and clears faults", async () => {
    const inject = (body: object) => send({ method: "POST", path: "/faults", body });
    const injected = await inject({
      fault: "response-delayed",
      ms: 5,
      times: 3,
      operation: "inquireVaulting",
      clientId: "A",
    });
    expect(injected.body).toEqual({
      fault: "response-delayed",
      ms: 5,
      times: 3,
      operation: "inquireVaulting",
      clientId: "A",
      remaining: 3,
    });
    await inject({ fault: "notification-delayed" });
    expect(getList(await send({ path: "/faults" }), "faults")).toHaveLength(2);
    expect(await send({ method: "DELETE", path: "/faults" })).toMatchObject({ status: 204 });
    expect(getList(await send({ path: "/faults" }), "faults")).toEqual([]);
  });

  test("lists 41 test cards and the one-time code", async () => {
    const response = await send({ path: "/cards" });
    expect(getList(response, "cards")).toHaveLength(41);
    expect(getField(response, "oneTimeCode")).toBe("123456");
  });

  test("adds a client that can vault a card and receive the notification", async () => {
    const added = await send({ method: "POST", path: "/clients", body: { clientId: "SANDBOX_SECOND" } });
    expect(added.status).toBe(201);
    const credentials = added.body as RunningSandbox["credentials"];
    await using listener = await startListener(credentials);
    const request = createVaultRequest({ url: listener.url });
    const outcome = await createTestClient(credentials).vaultPaymentMethod(request);
    expect(outcome).toMatchObject({ outcome: "vaulted" });
    await listener.waitForDeliveries(1);
    expect(listener.events).toMatchObject([{ outcome: "vaulted", vaultingRequestId: request.vaultingRequestId }]);
    const clients = getList(await send({ path: "/clients" }), "clients").map((client) => client["clientId"]);
    expect(clients).toEqual([sandbox.credentials.clientId, "SANDBOX_SECOND"]);
    const path = `/vaultings/${request.vaultingRequestId}`;
    expect(await send({ path })).toMatchObject({ status: 404 });
    expect((await send({ path: `${path}?clientId=SANDBOX_SECOND` })).body).toMatchObject({
      clientId: "SANDBOX_SECOND",
    });
    expect(await send({ method: "POST", path: "/clients", body: { clientId: "SANDBOX_SECOND" } })).toMatchObject({
      status: 409,
      code: "CONFLICT",
    });
  });

  test("generates unique client IDs for concurrent requests, even if one of the next IDs already exists", async () => {
    const { length } = getList(await send({ path: "/clients" }), "clients");
    const taken = `SANDBOX_ANTOMVAULT${String(length + 2).padStart(6, "0")}`;
    await send({ method: "POST", path: "/clients", body: { clientId: taken } });
    const added = await Promise.all([1, 2, 3].map(() => send({ method: "POST", path: "/clients", body: {} })));
    expect(added.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(added.map((response) => getField(response, "clientId"))).size).toBe(3);
  });

  test("rotates the gateway's key and still lists the older keys", async () => {
    const [first] = getList(await send({ path: "/keys" }), "keys");
    expect(first).toMatchObject({ keyVersion: 1, antomPublicKey: sandbox.credentials.antomPublicKey, signs: true });
    const rotated = await send({ method: "POST", path: "/keys" });
    expect(rotated).toMatchObject({ status: 201, body: { keyVersion: 2, signs: true } });
    expect(getList(await send({ path: "/keys" }), "keys")).toEqual([{ ...first, signs: false }, rotated.body]);
    expect(sandbox.keys.list()).toEqual(getList(await send({ path: "/keys" }), "keys"));
    expect(JSON.stringify(rotated.body)).not.toContain("PRIVATE");
    expect(await send({ method: "POST", path: "/keys?keyVersion=1" })).toMatchObject({ status: 400 });
    const added = await send({ method: "POST", path: "/clients", body: {} });
    expect(getField(added, "antomPublicKey")).toBe(getField(rotated, "antomPublicKey"));
  });
});

test("a reset of the sandbox keeps only the clients and their keys", async () => {
  await using fresh = await startSandbox();
  const control = createControlClient(fresh.credentials.baseUrl);
  const second = await fresh.addClient();
  await using listener = await startListener(fresh.credentials);
  const request = createVaultRequest({ url: listener.url });
  const first = await callDirectly(fresh.credentials, "vaultPaymentMethod", request);
  await fresh.notifications.waitFor(request.vaultingRequestId);
  fresh.scenarios.start({ operation: "inquireVaulting", resultCode: "ACCESS_DENIED" });
  fresh.faults.inject({ fault: "response-delayed" });
  await fresh.clock.advance(1_000_000);
  expect(await control({ method: "POST", path: "/reset" })).toMatchObject({ status: 204 });
  for (const [path, name] of [
    ["/vaultings", "vaultings"],
    ["/notifications", "notifications"],
    ["/calls", "calls"],
    ["/scenarios", "scenarios"],
    ["/faults", "faults"],
  ] as const) {
    expect(getList(await control({ path }), name)).toEqual([]);
  }
  expect(getField(await control({ path: "/clock" }), "offsetMs")).toBe(0);
  expect(getList(await control({ path: "/clients" }), "clients")).toHaveLength(2);
  const again = await callDirectly(fresh.credentials, "vaultPaymentMethod", request);
  expect(again.text).not.toBe(first.text);
  expect((await callDirectly(second, "vaultPaymentMethod", createVaultRequest())).signed).toBe(true);
});
