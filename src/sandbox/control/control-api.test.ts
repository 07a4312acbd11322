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
let ask: ReturnType<typeof createControlClient>;
beforeAll(async () => {
  sandbox = await startSandbox();
  ask = createControlClient(sandbox.credentials.baseUrl);
});
afterAll(() => sandbox.close(0));

async function vault(cardNo: string = CARD.vaults, id = createId()): Promise<string> {
  await callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ id, cardNo }));
  return id;
}

/** What an answer has under a name. */
const field = ({ body }: ControlResponse, name: string): unknown => (body as Readonly<Record<string, unknown>>)[name];
const list = (answer: ControlResponse, name: string) => field(answer, name) as Readonly<Record<string, unknown>>[];

describe("every operation answers what the document declares", () => {
  test("the health", async () => {
    const answer = await ask({ path: "/health" });
    expect(answer).toMatchObject({
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

  test("the vaultings, newest first, by page, by status and by client", async () => {
    const ids = [await vault(), await vault(CARD.fails), await vault(CARD.challenges)];
    const all = list(await ask({ path: "/vaultings?limit=3" }), "vaultings");
    expect(all.map((each) => each["vaultingRequestId"])).toEqual(ids.toReversed());
    expect(all.map((each) => each["status"])).toEqual(["PROCESSING", "FAIL", "SUCCESS"]);
    const next = list(await ask({ path: `/vaultings?limit=1&before=${all[0]?.["sequence"]}` }), "vaultings");
    expect(next[0]?.["vaultingRequestId"]).toBe(ids[1]);
    const failed = list(await ask({ path: "/vaultings?status=FAIL" }), "vaultings");
    expect(failed.every((each) => each["status"] === "FAIL")).toBe(true);
    expect(list(await ask({ path: "/vaultings?clientId=NOBODY" }), "vaultings")).toEqual([]);
  });

  test("one vaulting in each state, with its notification", async () => {
    const done = await vault();
    await sandbox.notifications.waitFor(done, { attempts: 1 });
    expect((await ask({ path: `/vaultings/${done}` })).body).toMatchObject({
      status: "SUCCESS",
      notifications: [{ vaultingRequestId: done, state: "PENDING", attempts: [{ outcome: "ADDRESS_BLOCKED" }] }],
    });
    const waiting = await vault(CARD.challenges);
    expect((await ask({ path: `/vaultings/${waiting}` })).body).toMatchObject({
      status: "PROCESSING",
      notifications: [],
    });
    expect(await ask({ path: `/vaultings/${createId()}` })).toMatchObject({ status: 404, code: "NOT_FOUND" });
    expect(await ask({ path: `/vaultings/${done}?clientId=NOBODY` })).toMatchObject({ status: 404 });
  });

  test.each([
    "a/b",
    "ä € 😀",
    "a?b=c#d",
    "100 %",
    "%2e%2e",
    "+ +",
    "'; drop",
  ])("an ID such as %s, percent-encoded", async (start) => {
    const id = `${start} ${createId().slice(0, 20)}`;
    await vault(CARD.vaults, id);
    const answer = await ask({ path: `/vaultings/${encodeURIComponent(id)}` });
    expect(answer.body).toMatchObject({ vaultingRequestId: id });
  });

  test.each([
    "passed",
    "failed",
    "rejected",
    "unavailable",
    "abandoned",
    "cancelled",
  ])("a challenge ends as %s, once", async (result) => {
    const id = await vault(CARD.challenges);
    const path = `/vaultings/${id}/challenge`;
    const answer = await ask({ method: "POST", path, body: { result } });
    expect(answer).toMatchObject({ status: 200, body: { status: result === "passed" ? "SUCCESS" : "FAIL" } });
    expect(await ask({ method: "POST", path, body: { result } })).toMatchObject({ status: 409, code: "CONFLICT" });
  });

  test("no challenge of a vaulting that there is not", async () => {
    const path = `/vaultings/${createId()}/challenge`;
    expect(await ask({ method: "POST", path, body: { result: "passed" } })).toMatchObject({ status: 404 });
  });

  test("the notifications by state, and resending", async () => {
    const id = await vault();
    const { sequence } = await sandbox.notifications.waitFor(id, { attempts: 1 });
    const pending = list(await ask({ path: "/notifications?state=PENDING&limit=1000" }), "notifications");
    expect(pending.map((each) => each["vaultingRequestId"])).toContain(id);
    expect(list(await ask({ path: "/notifications?state=ACKNOWLEDGED" }), "notifications")).toEqual([]);
    expect((await ask({ method: "POST", path: `/notifications/${sequence}/resend` })).body).toMatchObject({
      state: "PENDING",
    });
    await sandbox.notifications.waitFor(id, { attempts: 2 });
    for (const none of ["999999", "0", "x", "-1", "9".repeat(30)]) {
      expect(await ask({ method: "POST", path: `/notifications/${none}/resend` })).toMatchObject({ status: 404 });
    }
  });

  test("the clock advances, is set, and is taken back", async () => {
    const move = (body: object) => ask({ method: "POST", path: "/clock", body });
    expect(field(await move({ advanceMs: 130_000 }), "offsetMs")).toBe(130_000);
    expect(field(await move({ advanceMs: 1 }), "offsetMs")).toBe(130_001);
    const set = await move({ now: "2030-03-01T09:00:00+08:00" });
    expect(Date.parse(String(field(set, "now"))) - Date.parse("2030-03-01T01:00:00Z")).toBeLessThan(2000);
    expect(field(await move({ now: "2020-01-01t00:00:00z" }), "now")).toMatch(/^2020-01-01T00:00:0/);
    expect(field(await move({ reset: true }), "offsetMs")).toBe(0);
    expect(field(await ask({ path: "/clock" }), "offsetMs")).toBe(0);
  });

  test("two who advance the clock at once advance it by both", async () => {
    await Promise.all([1, 10, 100].map((advanceMs) => ask({ method: "POST", path: "/clock", body: { advanceMs } })));
    expect(field(await ask({ path: "/clock" }), "offsetMs")).toBe(111);
    await ask({ method: "POST", path: "/clock", body: { reset: true } });
  });

  test("scenarios begin, are listed and end", async () => {
    const start = (body: object) => ask({ method: "POST", path: "/scenarios", body });
    const begun = await start({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT", minutes: 5 });
    expect(begun.body).toMatchObject({ operation: "vaultPaymentMethod", resultCode: "RISK_REJECT" });
    await start({ operation: "inquireVaulting", resultCode: "ACCESS_DENIED", clientId: "SOMEBODY" });
    expect(list(await ask({ path: "/scenarios" }), "scenarios")).toHaveLength(2);
    expect(await ask({ method: "DELETE", path: "/scenarios?operation=inquireVaulting" })).toMatchObject({
      status: 204,
    });
    expect(list(await ask({ path: "/scenarios" }), "scenarios")).toHaveLength(1);
    expect(await ask({ method: "DELETE", path: "/scenarios" })).toMatchObject({ status: 204 });
    expect(list(await ask({ path: "/scenarios" }), "scenarios")).toEqual([]);
    const none = await start({ operation: "inquireVaulting", resultCode: "STOLEN_CARD" });
    expect(none).toMatchObject({ status: 400, code: "BAD_REQUEST" });
  });

  test("faults are injected, listed and taken back", async () => {
    const inject = (body: object) => ask({ method: "POST", path: "/faults", body });
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
    expect(list(await ask({ path: "/faults" }), "faults")).toHaveLength(2);
    expect(await ask({ method: "DELETE", path: "/faults" })).toMatchObject({ status: 204 });
    expect(list(await ask({ path: "/faults" }), "faults")).toEqual([]);
  });

  test("the cards, 41 of them, and the code", async () => {
    const answer = await ask({ path: "/cards" });
    expect(list(answer, "cards")).toHaveLength(41);
    expect(field(answer, "oneTimeCode")).toBe("123456");
  });

  test("a second merchant works from end to end", async () => {
    const added = await ask({ method: "POST", path: "/clients", body: { clientId: "SANDBOX_SECOND" } });
    expect(added.status).toBe(201);
    const credentials = added.body as RunningSandbox["credentials"];
    await using listener = await startListener(credentials);
    const request = createVaultRequest({ url: listener.url });
    const outcome = await createTestClient(credentials).vaultPaymentMethod(request);
    expect(outcome).toMatchObject({ outcome: "vaulted" });
    await listener.waitForDeliveries(1);
    expect(listener.events).toMatchObject([{ outcome: "vaulted", vaultingRequestId: request.vaultingRequestId }]);
    const clients = list(await ask({ path: "/clients" }), "clients").map((each) => each["clientId"]);
    expect(clients).toEqual([sandbox.credentials.clientId, "SANDBOX_SECOND"]);
    const path = `/vaultings/${request.vaultingRequestId}`;
    expect(await ask({ path })).toMatchObject({ status: 404 });
    expect((await ask({ path: `${path}?clientId=SANDBOX_SECOND` })).body).toMatchObject({ clientId: "SANDBOX_SECOND" });
    expect(await ask({ method: "POST", path: "/clients", body: { clientId: "SANDBOX_SECOND" } })).toMatchObject({
      status: 409,
      code: "CONFLICT",
    });
  });

  test("names that are made up are all different, at once and where one is taken", async () => {
    const { length } = list(await ask({ path: "/clients" }), "clients");
    const taken = `SANDBOX_ANTOMVAULT${String(length + 2).padStart(6, "0")}`;
    await ask({ method: "POST", path: "/clients", body: { clientId: taken } });
    const added = await Promise.all([1, 2, 3].map(() => ask({ method: "POST", path: "/clients", body: {} })));
    expect(added.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(added.map((each) => field(each, "clientId"))).size).toBe(3);
  });

  test("the gateway's key is replaced, and the ones before it stay listed", async () => {
    const [first] = list(await ask({ path: "/keys" }), "keys");
    expect(first).toMatchObject({ keyVersion: 1, antomPublicKey: sandbox.credentials.antomPublicKey, signs: true });
    const made = await ask({ method: "POST", path: "/keys" });
    expect(made).toMatchObject({ status: 201, body: { keyVersion: 2, signs: true } });
    expect(list(await ask({ path: "/keys" }), "keys")).toEqual([{ ...first, signs: false }, made.body]);
    expect(sandbox.keys.list()).toEqual(list(await ask({ path: "/keys" }), "keys"));
    expect(JSON.stringify(made.body)).not.toContain("PRIVATE");
    expect(await ask({ method: "POST", path: "/keys?keyVersion=1" })).toMatchObject({ status: 400 });
    const added = await ask({ method: "POST", path: "/clients", body: {} });
    expect(field(added, "antomPublicKey")).toBe(field(made, "antomPublicKey"));
  });
});

test("reset forgets everything but the clients and their keys", async () => {
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
    expect(list(await control({ path }), name)).toEqual([]);
  }
  expect(field(await control({ path: "/clock" }), "offsetMs")).toBe(0);
  expect(list(await control({ path: "/clients" }), "clients")).toHaveLength(2);
  const again = await callDirectly(fresh.credentials, "vaultPaymentMethod", request);
  expect(again.text).not.toBe(first.text);
  expect((await callDirectly(second, "vaultPaymentMethod", createVaultRequest())).signed).toBe(true);
});
