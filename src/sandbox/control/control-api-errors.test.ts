import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createControlClient, OPERATIONS } from "../../testing/sandbox/control-api.ts";
import { callDirectly, createVaultRequest } from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

let sandbox: RunningSandbox;
let ask: ReturnType<typeof createControlClient>;
beforeAll(async () => {
  sandbox = await startSandbox();
  ask = createControlClient(sandbox.credentials.baseUrl);
});
afterAll(() => sandbox.close(0));

describe("what is refused", () => {
  test.each<readonly [string, string, string, unknown, string]>([
    ["an unknown field", "POST", "/clock", { advanceMS: 1 }, "/advanceMS"],
    ["two ways at once", "POST", "/clock", { advanceMs: 1, reset: true }, ""],
    ["none", "POST", "/clock", {}, ""],
    ["a time that goes back", "POST", "/clock", { advanceMs: -1 }, "/advanceMs"],
    ["text for a number", "POST", "/clock", { advanceMs: "1" }, "/advanceMs"],
    ["the 30th of February", "POST", "/clock", { now: "2026-02-30T00:00:00Z" }, "/now"],
    ["a time without an offset", "POST", "/clock", { now: "2026-03-01T00:00:00" }, "/now"],
    ["an unknown result", "POST", "/vaultings/x/challenge", { result: "won" }, "/result"],
    ["no result", "POST", "/vaultings/x/challenge", {}, "/result"],
    ["minuts", "POST", "/scenarios", { operation: "inquireVaulting", resultCode: "SUCCESS", minuts: 1 }, "/minuts"],
    [
      "no minutes",
      "POST",
      "/scenarios",
      { operation: "inquireVaulting", resultCode: "SUCCESS", minutes: 0 },
      "/minutes",
    ],
    ["an unknown operation", "POST", "/scenarios", { operation: "pay", resultCode: "SUCCESS" }, "/operation"],
    ["an unknown fault", "POST", "/faults", { fault: "fire" }, "/fault"],
    ["no times", "POST", "/faults", { fault: "response-delayed", times: 0 }, "/times"],
    ["a blank in an ID", "POST", "/clients", { clientId: "a b" }, "/clientId"],
    ["an unknown parameter", "GET", "/vaultings?stauts=FAIL", undefined, "/stauts"],
    ["another path's parameter", "GET", "/calls?status=FAIL", undefined, "/status"],
    ["a parameter where there is none", "GET", "/clock?limit=1", undefined, "/limit"],
    ["a parameter of a POST", "POST", "/clock?advanceMs=1", { advanceMs: 1 }, "/advanceMs"],
    ["a limit of 0", "GET", "/vaultings?limit=0", undefined, "/limit"],
    ["a limit of 1,001", "GET", "/calls?limit=1001", undefined, "/limit"],
    ["a limit that is none", "GET", "/notifications?limit=ten", undefined, "/limit"],
    ["before 0", "GET", "/vaultings?before=0", undefined, "/before"],
    ["after -1", "GET", "/calls?after=-1", undefined, "/after"],
    ["an unknown status", "GET", "/vaultings?status=DONE", undefined, "/status"],
    ["an unknown state", "GET", "/notifications?state=SENT", undefined, "/state"],
    ["an unknown operation to end", "DELETE", "/scenarios?operation=pay", undefined, "/operation"],
    ["a clientId with a blank", "GET", "/vaultings?clientId=a%20b", undefined, "/clientId"],
  ])("%s: 400 with the place", async (_, method, path, body, pointer) => {
    const { status, code, pointers } = await ask({ method, path, body });
    expect({ status, code }).toEqual({ status: 400, code: "BAD_REQUEST" });
    expect(pointers).toContain(pointer);
  });

  test.each([
    "2026-03-01T23:60:00+00:01",
    "2026-03-01T24:59:00+01:00",
  ])("%s is no time, and the clock stays", async (now) => {
    expect(await ask({ method: "POST", path: "/clock", body: { now } })).toMatchObject({ status: 400 });
    expect((await ask({ path: "/clock" })).body).toMatchObject({ offsetMs: 0 });
  });

  test("a value is never repeated, whatever it is", async () => {
    const number = "4054695723100768";
    for (const asked of [
      { method: "POST", path: "/faults", body: { [number]: number, fault: number } },
      { path: `/vaultings?${number}=${number}` },
      { path: `/vaultings?status=${number}` },
      { path: `/${number}` },
      { method: "POST", path: "/clients", body: `{"clientId":${number}` },
    ]) {
      const answer = await ask(asked);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(answer.body)).not.toContain(number);
    }
  });

  test.each(["{", "", "null", "[]", '"x"', '{"a":1,"a":2}', "[".repeat(40)])("the body %s: 400", async (body) => {
    expect(await ask({ method: "POST", path: "/faults", body })).toMatchObject({ status: 400, code: "BAD_REQUEST" });
  });

  test("a body larger than 64 KiB: 400", async () => {
    const body = { fault: "x".repeat(70_000) };
    expect(await ask({ method: "POST", path: "/faults", body })).toMatchObject({ status: 400 });
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])("415: %s", async (type) => {
    const asked = { method: "POST", path: "/clock", body: { advanceMs: 1 }, headers: { "content-type": type } };
    expect(await ask(asked)).toMatchObject({ status: 415, code: "UNSUPPORTED_MEDIA_TYPE" });
  });

  test.each(["/", "/nothing", "/vaultings/a/b", "/health/", "/vaultings/a/challenge/x"])("404: %s", async (path) => {
    expect(await ask({ path })).toMatchObject({ status: 404, code: "NOT_FOUND" });
  });

  test.each(OPERATIONS.map((each) => each.split(" ")[1] ?? ""))("405: another method at %s", async (path) => {
    const target = path.replace("/_sandbox", "").replace(/\{[^}]*\}/, "1");
    expect(await ask({ method: "PATCH", path: target })).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
  });
});

describe("who may call", () => {
  test.each([
    ["a page elsewhere", { origin: "https://evil.example" }],
    ["a page on another port", { origin: "http://127.0.0.1:1" }],
    ["a page without an origin", { origin: "null" }],
    ["a cross-site fetch", { "sec-fetch-site": "cross-site" }],
    ["a same-site fetch", { "sec-fetch-site": "same-site" }],
    ["a name that leads here", { host: "rebound.example" }],
    ["a name that begins as ours", { host: "localhost.evil.example" }],
  ])("403: %s", async (_, headers) => {
    for (const method of ["GET", "POST"]) {
      expect(await rawStatus(sandbox.credentials.baseUrl, method, headers)).toBe(403);
    }
  });

  test.each([
    ["localhost", { host: "localhost" }],
    ["localhost with a port", { host: "localhost:4010" }],
    ["[::1]", { host: "[::1]" }],
    ["a page of its own", { "sec-fetch-site": "same-origin" }],
    ["an address that was typed", { "sec-fetch-site": "none" }],
  ])("let in: %s", async (_, headers) => {
    expect(await rawStatus(sandbox.credentials.baseUrl, "GET", headers)).toBe(200);
  });

  test("with a token: 401 without it, 403 from a foreign page even with it", async () => {
    await using guarded = await startSandbox({ controlToken: "open-sesame" });
    const { baseUrl } = guarded.credentials;
    for (const authorization of ["", "Bearer", "Bearer ", "Bearer open-sesam", "open-sesame", "Basic open-sesame"]) {
      const answer = await createControlClient(baseUrl, { authorization })({ path: "/health" });
      expect(answer).toMatchObject({ status: 401, code: "TOKEN_REQUIRED" });
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
    for (const each of OPERATIONS) {
      const [method = "", path = ""] = each.split(" ");
      const target = path.replace("/_sandbox", "").replace(/\{[^}]*\}/, "1");
      expect(await createControlClient(baseUrl)({ method, path: target })).toMatchObject({ status: 401 });
    }
    const authorization = "Bearer open-sesame";
    expect(await createControlClient(baseUrl, { authorization })({ path: "/health" })).toMatchObject({ status: 200 });
    expect(await rawStatus(baseUrl, "GET", { authorization, host: "sandbox.example" })).toBe(200);
    expect(await rawStatus(baseUrl, "GET", { authorization, origin: "https://evil.example" })).toBe(403);
    expect(await callDirectly(guarded.credentials, "vaultPaymentMethod", createVaultRequest())).toMatchObject({
      signed: true,
    });
  });

  /** `fetch` lets nobody set Host and Origin. */
  function rawStatus(baseUrl: string, method: string, headers: Readonly<Record<string, string>>): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(`${baseUrl}/_sandbox/health`, { method, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on("error", reject).end();
    });
  }
});
