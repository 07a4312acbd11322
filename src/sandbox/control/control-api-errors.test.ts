import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createControlClient, OPERATIONS } from "../../testing/sandbox/control-api.ts";
import { callDirectly, createVaultRequest } from "../../testing/sandbox/sandbox.ts";
import { findFreePort } from "../../testing/servers/free-port.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

/** Every operation, with 1 as the path parameter. */
const REQUESTS = OPERATIONS.map((operation) => {
  const [method = "", path = ""] = operation.split(" ");
  return { method, path: path.replace("/_sandbox", "").replace(/\{[^}]*\}/, "1") };
});

let sandbox: RunningSandbox;
let send: ReturnType<typeof createControlClient>;
beforeAll(async () => {
  sandbox = await startSandbox();
  send = createControlClient(sandbox.credentials.baseUrl);
});
afterAll(() => sandbox.close(0));

describe("the control API", () => {
  test.each<readonly [string, string, string, unknown, string]>([
    ["an unknown field", "POST", "/clock", { advanceMS: 1 }, "/advanceMS"],
    ["two ways to move the clock", "POST", "/clock", { advanceMs: 1, reset: true }, ""],
    ["no way to move the clock", "POST", "/clock", {}, ""],
    ["a negative advance", "POST", "/clock", { advanceMs: -1 }, "/advanceMs"],
    ["a string instead of a number", "POST", "/clock", { advanceMs: "1" }, "/advanceMs"],
    ["February 30", "POST", "/clock", { now: "2026-02-30T00:00:00Z" }, "/now"],
    ["a time without an offset", "POST", "/clock", { now: "2026-03-01T00:00:00" }, "/now"],
    ["an unknown challenge result", "POST", "/vaultings/x/challenge", { result: "won" }, "/result"],
    ["no challenge result", "POST", "/vaultings/x/challenge", {}, "/result"],
    [
      "a misspelled field",
      "POST",
      "/scenarios",
      { operation: "inquireVaulting", resultCode: "SUCCESS", minuts: 1 },
      "/minuts",
    ],
    [
      "a duration of 0 minutes",
      "POST",
      "/scenarios",
      { operation: "inquireVaulting", resultCode: "SUCCESS", minutes: 0 },
      "/minutes",
    ],
    ["an unknown operation", "POST", "/scenarios", { operation: "pay", resultCode: "SUCCESS" }, "/operation"],
    ["an unknown fault", "POST", "/faults", { fault: "fire" }, "/fault"],
    ["a fault that occurs 0 times", "POST", "/faults", { fault: "response-delayed", times: 0 }, "/times"],
    ["a client ID with a space", "POST", "/clients", { clientId: "a b" }, "/clientId"],
    ["an unknown parameter", "GET", "/vaultings?stauts=FAIL", undefined, "/stauts"],
    ["a parameter of a different path", "GET", "/calls?status=FAIL", undefined, "/status"],
    ["a parameter on a path without parameters", "GET", "/clock?limit=1", undefined, "/limit"],
    ["a query parameter in a POST request", "POST", "/clock?advanceMs=1", { advanceMs: 1 }, "/advanceMs"],
    ["a limit of 0", "GET", "/vaultings?limit=0", undefined, "/limit"],
    ["a limit of 1,001", "GET", "/calls?limit=1001", undefined, "/limit"],
    ["a limit that is not a number", "GET", "/notifications?limit=ten", undefined, "/limit"],
    ["the parameter before=0", "GET", "/vaultings?before=0", undefined, "/before"],
    ["the parameter after=-1", "GET", "/calls?after=-1", undefined, "/after"],
    ["an unknown status", "GET", "/vaultings?status=DONE", undefined, "/status"],
    ["an unknown state", "GET", "/notifications?state=SENT", undefined, "/state"],
    ["an unknown outcome", "GET", "/notifications?outcome=LOST", undefined, "/outcome"],
    ["an empty text parameter", "GET", "/notifications?text=", undefined, "/text"],
    ["a host that is too long", "GET", `/notifications?host=${"a".repeat(256)}`, undefined, "/host"],
    [
      "a request to end the scenarios of an unknown operation",
      "DELETE",
      "/scenarios?operation=pay",
      undefined,
      "/operation",
    ],
    ["a clientId parameter with a space", "GET", "/vaultings?clientId=a%20b", undefined, "/clientId"],
  ])("rejects %s with 400 and a JSON Pointer to the invalid part of the request", async (_, method, path, body, pointer) => {
    const { status, code, pointers } = await send({ method, path, body });
    expect({ status, code }).toEqual({ status: 400, code: "BAD_REQUEST" });
    expect(pointers).toContain(pointer);
  });

  test.each([
    "2026-03-01T23:60:00+00:01",
    "2026-03-01T24:59:00+01:00",
  ])("rejects the invalid time %s and does not move the clock", async (now) => {
    expect(await send({ method: "POST", path: "/clock", body: { now } })).toMatchObject({ status: 400 });
    expect((await send({ path: "/clock" })).body).toMatchObject({ offsetMs: 0 });
  });

  test("never includes a submitted value in an error", async () => {
    const number = "4054695723100768";
    for (const request of [
      { method: "POST", path: "/faults", body: { [number]: number, fault: number } },
      { path: `/vaultings?${number}=${number}` },
      { path: `/vaultings?status=${number}` },
      { path: `/${number}` },
      { method: "POST", path: "/clients", body: `{"clientId":${number}` },
    ]) {
      const response = await send(request);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(response.body)).not.toContain(number);
    }
  });

  test.each([
    "{",
    "",
    "null",
    "[]",
    '"x"',
    '{"a":1,"a":2}',
    "[".repeat(40),
  ])("rejects the body %j with 400", async (body) => {
    expect(await send({ method: "POST", path: "/faults", body })).toMatchObject({ status: 400, code: "BAD_REQUEST" });
  });

  test("rejects a body larger than 64 KiB with 400", async () => {
    const body = { fault: "x".repeat(70_000) };
    expect(await send({ method: "POST", path: "/faults", body })).toMatchObject({ status: 400 });
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "",
  ])("rejects the content type %j with 415", async (type) => {
    const request = { method: "POST", path: "/clock", body: { advanceMs: 1 }, headers: { "content-type": type } };
    expect(await send(request)).toMatchObject({ status: 415, code: "UNSUPPORTED_MEDIA_TYPE" });
  });

  test.each([
    "/",
    "/nothing",
    "/vaultings/a/b",
    "/health/",
    "/vaultings/a/challenge/x",
  ])("returns 404 for %s", async (path) => {
    expect(await send({ path })).toMatchObject({ status: 404, code: "NOT_FOUND" });
  });

  test.each(REQUESTS)("returns 405 for an unsupported method at $path", async ({ path }) => {
    expect(await send({ method: "PATCH", path })).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
  });
});

describe("the access control of the control API", () => {
  test.each([
    ["a request from a page on a different origin", { origin: "https://evil.example" }],
    ["a request from a page on a different port", { origin: "http://127.0.0.1:1" }],
    ["a request from a page with an opaque origin", { origin: "null" }],
    ["a cross-site fetch", { "sec-fetch-site": "cross-site" }],
    ["a same-site fetch", { "sec-fetch-site": "same-site" }],
    ["a rebound host name", { host: "rebound.example" }],
    ["a host name that starts with localhost", { host: "localhost.evil.example" }],
  ])("rejects %s with 403", async (_, headers) => {
    for (const method of ["GET", "POST"]) {
      expect(await rawStatus(sandbox.credentials.baseUrl, method, headers)).toBe(403);
    }
  });

  test.each([
    ["the host name localhost", { host: "localhost" }],
    ["the host name localhost with a port", { host: "localhost:4010" }],
    ["the host name [::1]", { host: "[::1]" }],
    ["a request from a page on the same origin", { "sec-fetch-site": "same-origin" }],
    ["a request from the address bar", { "sec-fetch-site": "none" }],
  ])("allows %s", async (_, headers) => {
    expect(await rawStatus(sandbox.credentials.baseUrl, "GET", headers)).toBe(200);
  });

  test("requires the control token if one is set, and still rejects cross-origin pages", async () => {
    await using guarded = await startSandbox({ controlToken: "open-sesame" });
    const { baseUrl } = guarded.credentials;
    for (const authorization of ["", "Bearer", "Bearer ", "Bearer open-sesam", "open-sesame", "Basic open-sesame"]) {
      const response = await createControlClient(baseUrl, { authorization })({ path: "/health" });
      expect(response).toMatchObject({ status: 401, code: "TOKEN_REQUIRED" });
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
    }
    for (const request of REQUESTS) {
      expect(await createControlClient(baseUrl)(request)).toMatchObject({ status: 401 });
    }
    const authorization = "Bearer open-sesame";
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      const client = createControlClient(baseUrl, { authorization: `${scheme} open-sesame` });
      expect(await client({ path: "/health" })).toMatchObject({ status: 200 });
    }
    expect(await rawStatus(baseUrl, "GET", { authorization, host: "sandbox.example" })).toBe(403);
    expect(await rawStatus(baseUrl, "GET", { authorization, origin: "https://evil.example" })).toBe(403);
    expect(await callDirectly(guarded.credentials, "vaultPaymentMethod", createVaultRequest())).toMatchObject({
      signed: true,
    });
  });

  test("with a control token, allows only the host and origin of publicUrl, IP addresses, and host names without a dot", async () => {
    const port = await findFreePort();
    await using _exposed = await startSandbox({ port, controlToken: "t", publicUrl: "https://dev.example/vault" });
    const getStatus = (headers: Readonly<Record<string, string>>) =>
      rawStatus(`http://127.0.0.1:${port}`, "GET", { authorization: "Bearer t", ...headers });
    for (const host of ["dev.example", "DEV.example:443", "192.0.2.1:4020", "[2001:db8::1]:4020", "sandbox:4020"])
      expect(await getStatus({ host })).toBe(200);
    for (const host of ["evil.example", "dev.example.evil.example", "192.0.2.1.evil.example"])
      expect(await getStatus({ host })).toBe(403);
    for (const origin of ["https://dev.example", `http://127.0.0.1:${port}`])
      expect(await getStatus({ origin })).toBe(200);
    for (const origin of ["http://dev.example", "https://evil.example", "null"])
      expect(await getStatus({ origin })).toBe(403);
  });

  /** Sends a request with Host and Origin headers, which `fetch` does not allow. */
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
