import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatVaultingPath } from "../../control-api/sandbox-paths.ts";
import { revealInvisible } from "../../html/html-template.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../signature/index.ts";
import { createVisitor, expectSafe, type Visitor } from "../../testing/browser/visitor.ts";
import {
  CARD,
  callDirectly,
  createId,
  createSessionRequest,
  createVaultRequest,
  type RequestOptions,
  startListener,
} from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

let sandbox: RunningSandbox;
let baseUrl: string;
let clientId: string;
let browser: Visitor;
beforeAll(async () => {
  sandbox = await startSandbox();
  ({ baseUrl, clientId } = sandbox.credentials);
  browser = createVisitor(baseUrl);
});
afterAll(() => sandbox.close(0));

async function vault(options: RequestOptions = {}): Promise<string> {
  const { id = createId() } = options;
  await callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ ...options, id }));
  return id;
}

const getPagePath = (id: string) => formatVaultingPath({ clientId, vaultingRequestId: id });

/** Returns the visible text of a page. */
const getText = (html: string): string =>
  html
    .replace(/<(?:style|script)[^>]*>.*?<\/(?:style|script)>|<[^>]*>/gs, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");

describe("the dashboard", () => {
  test.each([
    ["/", "Vaultings"],
    ["/?q=x&status=FAIL&clientId=unknown&before=5", "Vaultings"],
    ["/?status=&before=x&q=%ff", "Vaultings"],
    ["/calls", "API calls"],
    ["/calls?kind=signature&q=x&before=3", "API calls"],
    ["/notifications", "Notifications"],
    ["/notifications?state=x&outcome=TIMEOUT&clientId=x&q=%ff&before=3", "Notifications"],
    ["/controls", "Controls"],
    ["/test-cards", "Test cards"],
    ["/credentials", "Credentials"],
  ])("serves %s with the heading %s", async (target, heading) => {
    const page = await browser.get(target);
    expect(page).toMatchObject({ status: 200, heading });
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expectSafe(page);
  });

  test.each([
    "/vaultings/a",
    "/vaultings/unknown/x",
    "/vaultings/%/x",
    "/vaultings/a/b/c",
    "/calls/0",
    "/calls/x",
    "/calls/1/2",
    "/notifications/0",
    "/notifications/x",
    "/notifications/1/2",
    "/controls/x",
    "/assets/x.css",
    "/assets/..%2f..%2fpackage.json",
  ])("returns 404 with the security headers for %s", async (target) => {
    const page = await browser.get(target);
    expect(page.status).toBe(404);
    expectSafe(page);
  });

  test("serves its script and icon, and lets browsers cache the script", async () => {
    const { text } = await browser.get("/");
    const [script = ""] = /\/assets\/dashboard-[0-9a-f]{12}\.js/.exec(text) ?? [];
    expect(await browser.get(script)).toMatchObject({
      status: 200,
      headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "max-age=31536000, immutable" },
    });
    for (const target of ["/favicon.ico", "/assets/icon.svg"]) {
      expect((await browser.get(target)).headers["content-type"]).toBe("image/svg+xml");
    }
  });

  test.each([
    ["POST", "/"],
    ["GET", "/nothing"],
    ["GET", "//"],
    ["POST", "/v1/vaults/vaultPaymentMethod"],
    ["DELETE", "/calls"],
    ["GET", "/ams/api/v1/vaults/"],
  ])("lets the Vault API handle %s %s", async (method, target) => {
    const response = await fetch(baseUrl + target, { method });
    expect(response.headers.get("content-type")).toBe("application/json; charset=UTF-8");
    expect(await response.text()).toContain("NO_INTERFACE_DEF");
  });

  test("does not log requests for its pages as API calls", async () => {
    const before = (await sandbox.calls({ limit: 1 }))[0]?.sequence;
    for (const target of ["/", "/calls", "/favicon.ico", "/nothing-of-this/../"]) await browser.get(target);
    const after = (await sandbox.calls({ limit: 1 }))[0];
    expect(after?.path === "/nothing-of-this/../" ? after.sequence - 1 : after?.sequence).toBe(before);
  });
});

describe("the list of vaultings", () => {
  test("filters by ID, end of the token, last 4 digits, status, and client", async () => {
    const id = await vault({ id: `find me ${createId().slice(0, 8)}` });
    const failed = await vault({ cardNo: CARD.fails });
    const cardToken = (await sandbox.vaultings.get(id))?.cardToken ?? "";
    const listIds = async (query: string) =>
      [...(await browser.get(`/?${query}`)).text.matchAll(/<bdi class="id">([^<]*)<\/bdi><\/a>/g)].map(
        ([, match]) => match,
      );
    expect((await listIds("")).slice(0, 2)).toEqual([failed, id]);
    expect(await listIds("q=find+me")).toEqual([id]);
    expect(await listIds(`q=${encodeURIComponent(cardToken.slice(-10))}`)).toEqual([id]);
    expect(await listIds("q=0009&status=FAIL")).toContain(failed);
    expect(await listIds("q=0009")).not.toContain(id);
    expect(await listIds(`status=FAIL&q=${encodeURIComponent(id)}`)).toEqual([]);
    expect(await listIds(`clientId=${clientId}&q=find`)).toEqual([id]);
    expect(await listIds("clientId=unknown")).toEqual([]);
  });

  test("shows the vaulting whose ID is the search text, even if 50 newer IDs contain the text and there are many clients", async () => {
    await using separateSandbox = await startSandbox();
    for (let count = 1; count <= 20; count++) await separateSandbox.addClient(`AA${count}`);
    const client = await separateSandbox.addClient("ZZ");
    const id = createId();
    for (const suffix of ["", ...Array(50).keys()])
      await callDirectly(client, "vaultPaymentMethod", createVaultRequest({ id: `${id}${suffix}` }));
    const visitor = createVisitor(separateSandbox.credentials.baseUrl);
    for (const query of [`q=${id}`, `clientId=ZZ&q=${id}`])
      expect((await visitor.get(`/?${query}`)).text).toContain(`>${id}</bdi></a>`);
    expect((await visitor.get(`/?clientId=AA1&q=${id}`)).text).not.toContain(`>${id}</bdi></a>`);
  });

  test("searches for the last 4 digits of a pasted card number, and does not show the number", async () => {
    const id = await vault();
    const { text } = await browser.get(`/?q=${CARD.vaults}`);
    expect(text).toContain(id);
    expect(text).not.toContain(CARD.vaults);
  });

  test("shows every vaulting exactly once across its pages, newest first", async () => {
    await using separateSandbox = await startSandbox();
    const visitor = createVisitor(separateSandbox.credentials.baseUrl);
    const ids = Array.from({ length: 120 }, () => createId());
    for (const id of ids)
      await callDirectly(separateSandbox.credentials, "vaultPaymentMethod", createVaultRequest({ id }));
    const seen: string[] = [];
    let target: string | undefined = "/";
    while (target !== undefined) {
      const { text } = await visitor.get(target);
      seen.push(...[...text.matchAll(/<bdi class="id">([^<]*)<\/bdi><\/a>/g)].map(([, match]) => match ?? ""));
      target = /href="([^"]*)" rel="next"/.exec(text)?.[1];
    }
    expect(seen).toEqual(ids.toReversed());
  });
});

describe("the page of a vaulting", () => {
  test("shows the call, string to sign, challenge, inquiry, result, and notification attempts", async () => {
    await using listener = await startListener(sandbox.credentials, () => ({ status: 503, body: "<b>\u202ebusy" }));
    const id = await vault({ cardNo: CARD.challenges, url: listener.url, metadata: '{"order":"<17>"}' });
    const waiting = await browser.get(getPagePath(id));
    expectSafe(waiting);
    expect(getText(waiting.text)).toMatch(/Waiting for the one-time code.*Open challenge page/);
    await callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId: id });
    expect(await browser.post(getPagePath(id), { action: "challenge", result: "passed" })).toMatchObject({
      status: 303,
    });
    await sandbox.notifications.waitFor(id, { attempts: 1 });
    const { text } = await browser.get(getPagePath(id));
    const words = getText(text);
    for (const part of [
      "vaultPaymentMethod called",
      "The signature is valid.",
      "The request matches the OpenAPI document.",
      "Inquired",
      "Challenge ended",
      "Passed.",
      "Vaulted",
      "Notification attempt 1",
      "HTTP 503.",
      "Next notification attempt",
      '"cardNo": "************0002"',
      '"cvv": "***"',
      `POST /ams/sandbox/api/v1/vaults/vaultPaymentMethod ${clientId}.`,
    ]) {
      expect(words).toContain(part);
    }
    expect(words).not.toMatch(/busy|signature=[A-Za-z0-9%]{20}/);
    expect(text).not.toMatch(/4000009900510002|"123"/);
  });

  test("links to the card page of a session, and shows why a request was rejected", async () => {
    const session = createId();
    await callDirectly(sandbox.credentials, "createVaultingSession", createSessionRequest({ id: session }));
    expect(getText((await browser.get(getPagePath(session))).text)).toContain("Open card page");
    const rejected = createId();
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", { vaultingRequestId: rejected, env: null });
    const words = getText((await browser.get(getPagePath(rejected))).text);
    expect(words).toMatch(/✗ Validation .*\/env.*No vaulting exists for this ID/);
  });

  const MALICIOUS_IDS = [
    ".",
    "..",
    "~..",
    "../../etc/passwd",
    "%2e%2e%2f",
    "%",
    "a/b?c=d#e",
    "back\\slash",
    '"><script>alert(1)</script>',
    "'onload='x",
    "\u202etxt.exe",
    "\u2066\u200b\u00ad\ufeff",
    "\u2028\u2029",
    "مرحبا",
    "😀".repeat(64),
    "javascript:alert(1)",
    " leading and trailing ",
    "+ %20 &amp;",
    "constructor",
    "__proto__",
  ];

  test.each(MALICIOUS_IDS)("shows the ID %j as text and accepts actions for it", async (id) => {
    await using listener = await startListener(sandbox.credentials);
    await vault({ id, url: listener.url });
    await listener.waitForDeliveries(1, id);
    const list = await browser.get("/");
    const link = (/<a href="(\/vaultings\/[^"]*)"/.exec(list.text)?.[1] ?? "").replaceAll("&#39;", "'");
    expect(link).toMatch(/^[\x21-\x7e]+$/);
    const page = await browser.get(new URL(link, baseUrl).pathname);
    expectSafe(page);
    expect(page.status).toBe(200);
    expect(getText(page.heading).trim()).toBe(revealInvisible(id).replace(/\s+/g, " ").trim());
    expect(page.text).not.toMatch(/[\u202e\u2066\u200b\u00ad\ufeff\u2028\u2029]|<script>/);
    expect(await browser.post(link, { action: "resend" })).toMatchObject({
      status: 303,
      location: `${link}?done=resent`,
    });
    await listener.waitForDeliveries(2, id);
  });
});

describe("the pages of API calls", () => {
  test("compare the expected and the signed string for an invalid signature, and show neither card data nor the signature", async () => {
    const { merchantPrivateKey } = sandbox.credentials;
    const path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";
    const time = new Date().toISOString();
    const body = JSON.stringify(createVaultRequest(), null, 2);
    const signed = await sign(
      { path, clientId, time, body: body.replaceAll("\n", "\r\n") },
      await importPrivateKey(merchantPrivateKey),
    );
    const headers = { "content-type": "application/json", "client-id": clientId, "request-time": time };
    await fetch(baseUrl + path, {
      method: "POST",
      body,
      headers: { ...headers, signature: formatSignatureHeader(signed, 1) },
    });
    await expect
      .poll(async () => getText((await browser.get("/calls?kind=signature")).text))
      .toContain("CRLF line endings");
    const sequence = (await sandbox.calls({ limit: 1 }))[0]?.sequence;
    const page = await browser.get(`/calls/${sequence}`);
    expectSafe(page);
    const words = getText(page.text);
    expect(words).toContain(`POST ${path} − Expected: ${clientId}.${time}.{ + Signed: ${clientId}.${time}.{ ⟨U+000D⟩`);
    expect(words).toContain('− Expected: "cvv": "***", + Signed: "cvv": "***", ⟨U+000D⟩');
    expect(words).toContain("Signature algorithm=RSA256,keyVersion=1,signature=⟨");
    expect(words).toContain("HTTP 200, not signed");
    const [fingerprint = ""] = /SHA256:[\w+/]{43}=/.exec(page.text) ?? [];
    expect((await browser.get("/credentials")).text).toContain(fingerprint);
    for (const secret of [signed.slice(0, 20), CARD.vaults, '"123"', "&quot;123"])
      expect(page.text).not.toContain(secret);
  });

  test("report a missing or unknown Client-Id header, and suggest a known client ID", async () => {
    const path = "/ams/sandbox/api/v1/vaults/inquireVaulting";
    const post = async (headers: Readonly<Record<string, string>>, body = "{}") => {
      await fetch(baseUrl + path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      });
      return (await sandbox.calls({ limit: 1 }))[0]?.sequence;
    };
    const missing = getText((await browser.get(`/calls/${await post({})}`)).text);
    expect(missing).toMatch(/The Client-Id header is missing\..*Client-Id missing.*Request-Time missing/);
    const number = await post({ "client-id": `${clientId}0` }, "not JSON");
    const find = async () => getText((await browser.get(`/calls/${number}`)).text);
    await expect.poll(find).toContain(`The client ID is unknown. Did you mean ${clientId}?`);
    expect(await find()).toMatch(/Client-Id SANDBOX_ANTOMVAULT0000010 unknown.*because the client is unknown/);
    expect(await find()).toContain("⟨body, not stored⟩");
  });

  test("show malicious paths and client IDs as text", async () => {
    await fetch(`${baseUrl}/no/%3Cscript%3E/4054695723100768`, { method: "POST", headers: { "client-id": "<b>'\"&" } });
    const page = await browser.get("/calls");
    expectSafe(page);
    expect(getText(page.text)).toContain("/no/%*Cscript%*E/****************");
    expect(page.text).not.toContain("<b>'");
  });

  test("filter calls by outcome and search text", async () => {
    const id = await vault({ cardNo: CARD.fails });
    const isListed = async (query: string) => (await browser.get(`/calls?${query}`)).text.includes(id);
    expect(await isListed("")).toBe(true);
    expect(await isListed("kind=rejected")).toBe(true);
    expect(await isListed("kind=success")).toBe(false);
    expect(await isListed(`q=${id.toUpperCase()}`)).toBe(true);
    expect(await isListed("q=inquireVaulting")).toBe(false);
  });
});

describe("the forms of the dashboard", () => {
  test("advance, set, and reset the clock", async () => {
    await browser.get("/controls");
    const getOffset = async () => (await sandbox.health()).clock.offsetMs;
    expect(await browser.post("/controls", { action: "advance-120000" })).toMatchObject({
      location: "/controls?done=clock",
    });
    expect(await getOffset()).toBe(120_000);
    await browser.post("/controls", { action: "advance", seconds: "1" });
    expect(await getOffset()).toBe(121_000);
    sandbox.scenarios.start({ operation: "inquireVaulting", resultCode: "SUCCESS", minutes: 1 });
    expect(await browser.post("/controls", { action: "advance", seconds: "60" })).toMatchObject({
      location: "/controls?done=clock-ended-scenarios",
    });
    await browser.post("/controls", { action: "set", now: "2031-05-06T07:08" });
    expect(new Date(sandbox.clock.now()).toISOString()).toMatch(/^2031-05-06T07:08/);
    expect(getText((await browser.get("/controls?done=clock")).text)).toContain("Clock moved.");
    await browser.post("/controls", { action: "reset-clock" });
    expect(await getOffset()).toBe(0);
  });

  test("start and end a scenario, and inject and clear a fault", async () => {
    await browser.get("/controls");
    await browser.post("/controls", {
      action: "start-scenario",
      scenario: "vaultPaymentMethod RISK_REJECT",
      minutes: "5",
      clientId: "",
    });
    await browser.post("/controls", {
      action: "inject-fault",
      fault: "response-delayed",
      operation: "",
      times: "2",
      ms: "",
      clientId,
    });
    const words = getText((await browser.get("/")).text);
    expect(words).toContain("vaultPaymentMethod returns RISK_REJECT");
    expect(words).toContain("response-delayed, 2 remaining");
    await browser.post("/controls", { action: "end-scenario", operation: "vaultPaymentMethod" });
    await browser.post("/controls", { action: "clear-faults" });
    expect(getText((await browser.get("/")).text)).toContain("Scenarios and faults None active");
  });

  test("resend a notification and move the clock to the next attempt", async () => {
    await using listener = await startListener(sandbox.credentials, (_, count) =>
      count < 3 ? { status: 500 } : "acknowledge",
    );
    const id = await vault({ url: listener.url });
    await sandbox.notifications.waitFor(id, { attempts: 1 });
    await browser.get(getPagePath(id));
    expect(await browser.post(getPagePath(id), { action: "clock" })).toMatchObject({
      location: `${getPagePath(id)}?done=clock`,
    });
    await sandbox.notifications.waitFor(id, { attempts: 2 });
    await browser.post(getPagePath(id), { action: "resend" });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(await browser.post(getPagePath(id), { action: "clock" })).toMatchObject({
      location: `${getPagePath(id)}?done=not-scheduled`,
    });
    expect(await browser.post(getPagePath(id), { action: "challenge", result: "passed" })).toMatchObject({
      location: `${getPagePath(id)}?done=challenge-over`,
    });
    await browser.post("/controls", { action: "reset-clock" });
  });

  test("rotate the signing key without showing a private key on any page", async () => {
    await using separateSandbox = await startSandbox();
    const visitor = createVisitor(separateSandbox.credentials.baseUrl);
    await visitor.get("/credentials");
    expect(await visitor.post("/credentials", { action: "rotate" })).toMatchObject({
      location: "/credentials?done=rotated",
    });
    const { text } = await visitor.get("/credentials");
    for (const { antomPublicKey } of separateSandbox.keys.list()) expect(text).toContain(antomPublicKey.trim());
    expect(separateSandbox.keys.list()).toHaveLength(2);
    const secret = separateSandbox.credentials.merchantPrivateKey.split("\n")[5] ?? expect.fail();
    for (const target of ["/", "/credentials", "/controls", "/calls"]) {
      const page = await visitor.get(target);
      expect(page.text).not.toContain("PRIVATE KEY");
      expect(page.text).not.toContain(secret);
    }
  });

  test("reset the sandbox only if the user confirms", async () => {
    await using separateSandbox = await startSandbox();
    const visitor = createVisitor(separateSandbox.credentials.baseUrl);
    await callDirectly(separateSandbox.credentials, "vaultPaymentMethod", createVaultRequest());
    await visitor.get("/controls");
    expect(await visitor.post("/controls", { action: "reset" })).toMatchObject({ status: 422 });
    expect(await separateSandbox.vaultings.list()).toHaveLength(1);
    expect(await visitor.post("/controls", { action: "reset", confirm: "yes" })).toMatchObject({
      location: "/controls?done=reset",
    });
    expect(await separateSandbox.vaultings.list()).toEqual([]);
    expect(getText((await visitor.get("/")).text)).toContain("No vaultings yet");
  });

  test.each([
    ["/controls", { action: "nothing" }],
    ["/controls", { action: "advance", seconds: "-1" }],
    ["/controls", { action: "advance", seconds: "" }],
    ["/controls", { action: "advance-99999999999" }],
    ["/controls", { action: "set", now: "yesterday" }],
    ["/controls", { action: "start-scenario", scenario: "vaultPaymentMethod NO_SUCH_CODE", minutes: "5" }],
    ["/controls", { action: "start-scenario", scenario: "pay SUCCESS", minutes: "5" }],
    ["/controls", { action: "inject-fault", fault: "fire" }],
    ["/controls", { action: "inject-fault", fault: "response-delayed", times: "x" }],
    ["/credentials", { action: "delete" }],
  ])("at %s return 422 and a message for the invalid fields %j", async (target, fields) => {
    await browser.get("/controls");
    const page = await browser.post(target, fields);
    expect(page).toMatchObject({ status: 422, heading: "Action failed" });
    expectSafe(page);
    expect((await sandbox.health()).clock.offsetMs).toBe(0);
  });

  test("return 404 for an unknown vaulting", async () => {
    await browser.get("/controls");
    for (const action of ["resend", "challenge"]) {
      expect(await browser.post(getPagePath(createId()), { action, result: "passed" })).toMatchObject({ status: 404 });
    }
  });
});
