import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatVaultingPath } from "../../control-api/sandbox-paths.ts";
import { createVisitor, expectSafe, type Visitor } from "../../testing/browser/visitor.ts";
import {
  CARD,
  callDirectly,
  createId,
  createVaultRequest,
  type Listener,
  type Reply,
  type RequestOptions,
  startListener,
} from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

let sandbox: RunningSandbox;
let listener: Listener;
let browser: Visitor;
let reply: Reply = "acknowledge";
beforeAll(async () => {
  sandbox = await startSandbox();
  listener = await startListener(sandbox.credentials, () => reply);
  browser = createVisitor(sandbox.credentials.baseUrl);
});
afterAll(async () => {
  await sandbox.close(0);
  await listener[Symbol.asyncDispose]();
});

/** Vaults a card, waits for the first attempt, and returns the ID and the path of the notification's page. */
async function vaultAndWaitForAttempt(response: Reply, options: RequestOptions = {}) {
  reply = response;
  const { id = createId() } = options;
  const request = createVaultRequest({ url: listener.url, ...options, id });
  await callDirectly(sandbox.credentials, "vaultPaymentMethod", request);
  const { sequence } = await sandbox.notifications.waitFor(id, { attempts: 1 });
  return { id, path: `/notifications/${sequence}` };
}

/** Returns the visible text of a page. */
async function readText(target: string): Promise<string> {
  const page = await browser.get(target);
  expectSafe(page);
  return page.text
    .replace(/<style>.*?<\/style>|<[^>]*>/gs, " ")
    .replace(/&(lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, " ");
}
const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
};

describe("the list of notifications", () => {
  test("explains how to get a notification if there is none", async () => {
    await using empty = await startSandbox();
    const { text } = await createVisitor(empty.credentials.baseUrl).get("/notifications");
    expect(text).toMatch(/No notifications yet.*npx antom-vault trigger success.*vaultingNotificationUrl/s);
  });

  test("shows the state, the endpoint, the result code, the last attempt, and the time of the next attempt", async () => {
    const { id, path } = await vaultAndWaitForAttempt({ status: 503 }, { cardNo: CARD.fails });
    const { text } = await browser.get("/notifications");
    const row = new RegExp(`<tr data-key="${path.split("/")[2]}">(.*?)</tr>`, "s").exec(text)?.[1] ?? "";
    const words = row.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
    const endpoint = listener.url.replace("http://", "");
    expect(words).toMatch(/^ ◷ PENDING /);
    expect(words).toContain(` ${id} `);
    expect(words).toContain(` ${endpoint} CARD_EXPIRED 1 HTTP 503 `);
    expect(words).toMatch(/\d\d:\d\d:\d\d , in (?:2 min|1 min \d+ s) $/);
    expect(row).toContain(`href="${path}"`);
  });

  test("filters by state, last attempt, client, and text", async () => {
    const acknowledged = await vaultAndWaitForAttempt("acknowledge");
    const failed = await vaultAndWaitForAttempt({ body: "{}" });
    const isListed = async ({ path }: { readonly path: string }, query: string) =>
      (await browser.get(`/notifications?${query}`)).text.includes(`href="${path}"`);
    for (const [query, expected] of [
      ["state=PENDING", [false, true]],
      ["state=ACKNOWLEDGED", [true, false]],
      ["outcome=NOT_ACKNOWLEDGED", [false, true]],
      ["clientId=unknown", [false, false]],
      [`q=${failed.id}`, [false, true]],
      [`q=${CARD.vaults}`, [true, true]],
      ["q=no-such-text", [false, false]],
    ] as const)
      expect([await isListed(acknowledged, query), await isListed(failed, query)], query).toEqual(expected);
    expect(await readText("/notifications?q=no-such-text")).toContain("No notifications match your filters.");
    expect(await readText(`/notifications?q=${CARD.vaults}`)).not.toContain(CARD.vaults);
  });

  test("shows every notification exactly once across its pages, newest first", async () => {
    await using separate = await startSandbox();
    const ids = Array.from({ length: 70 }, () => createId());
    for (const id of ids) await callDirectly(separate.credentials, "vaultPaymentMethod", createVaultRequest({ id }));
    const visitor = createVisitor(separate.credentials.baseUrl);
    const seen: string[] = [];
    let target: string | undefined = "/notifications?q=SUCCESS";
    while (target !== undefined) {
      const { text } = await visitor.get(target.replaceAll("&amp;", "&"));
      seen.push(...[...text.matchAll(/<bdi class="id">([^<]*)<\/bdi><\/a>/g)].map(([, id]) => id ?? ""));
      target = /href="([^"]*)" rel="next"/.exec(text)?.[1];
    }
    expect(seen).toEqual(ids.toReversed());
  });
});

describe("the page of a notification", () => {
  test("shows the request, the response, the string to sign, and what to do", async () => {
    const body = "<script>alert(1)</script>\u202e";
    const { id, path } = await vaultAndWaitForAttempt({ status: 500, contentType: "text/html", body });
    const { clientId } = sandbox.credentials;
    const [delivery] = listener.deliveries.slice(-1);
    const words = await readText(path);
    for (const part of [
      "Not acknowledged. HTTP 500.",
      "Your handler failed.",
      "POST /antom/notify?shop=1 content-type: application/json; charset=UTF-8",
      `client-id: ${clientId} request-time: ${delivery?.time} signature: ${delivery?.signature}`,
      `"vaultingRequestId": "${id}"`,
      "HTTP 500 content-type: text/html",
      "<script>alert(1)</script>⟨U+202E⟩",
      `POST /antom/notify?shop=1 ${clientId}.${delivery?.time}.${delivery?.body}`,
      "Next attempt",
    ])
      expect(words).toContain(part);
    const { text } = await browser.get(path);
    expect(text).toContain(`href="${formatVaultingPath({ clientId, vaultingRequestId: id })}"`);
  });

  test("shows the fault that was injected into an attempt", async () => {
    sandbox.faults.inject({ fault: "notification-unsigned" });
    const { path } = await vaultAndWaitForAttempt({ status: 401 });
    const words = await readText(path);
    expect(words).toContain("The fault notification-unsigned was injected.");
    expect(words).toContain("A receiver must reject this request");
    expect(words).not.toContain("signature: algorithm");
  });

  test("shows an attempt without a request or a response", async () => {
    const { path } = await vaultAndWaitForAttempt("acknowledge", { url: "http://127.0.0.1:22/" });
    const words = await readText(path);
    expect(words).toContain("Not sent: the sandbox must not call this address.");
    expect(words).not.toMatch(/String to sign|Send again with curl/);
  });

  test("shows that a body is not text or is truncated", async () => {
    expect(await readText((await vaultAndWaitForAttempt({ body: "\0" })).path)).toContain(
      "The body is not text (1 byte).",
    );
    const long = await readText((await vaultAndWaitForAttempt({ body: "a".repeat(5000) })).path);
    expect(long).toContain("Only the start of the body is shown. The sandbox read 5,000 bytes.");
  });

  test("contains a curl command that sends the same bytes and signature", async () => {
    const { id, path } = await vaultAndWaitForAttempt({ status: 500 }, { metadata: "it's {1..3} $HOME \u202e ü" });
    reply = "acknowledge";
    const { text } = await browser.get(path);
    const copied = /data-copy="(curl[^"]*)"/.exec(text)?.[1] ?? "";
    const command = copied
      .replace(/&#x([0-9A-F]+);/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
      .replace(/&(lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity);
    const { stdout } = await promisify(execFile)("sh", ["-c", `${command} -s`]);
    expect(stdout).toContain('"resultCode":"SUCCESS"');
    const [first, second] = await listener.waitForDeliveries(2, id);
    const { body, signature, time, path: target } = first ?? expect.fail();
    expect(second).toMatchObject({ body, signature, time, path: target, accepted: true });
  });

  test("resends the notification, and moves the clock to the next attempt", async () => {
    const { id, path } = await vaultAndWaitForAttempt({ status: 500 });
    await browser.get(path);
    expect(await browser.post(path, { action: "clock" })).toMatchObject({ location: `${path}?done=clock` });
    await sandbox.notifications.waitFor(id, { attempts: 2 });
    reply = "acknowledge";
    expect(await browser.post(path, { action: "resend" })).toMatchObject({ location: `${path}?done=resent` });
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    expect(await browser.post(path, { action: "clock" })).toMatchObject({ location: `${path}?done=not-scheduled` });
    expect(await browser.post(path, { action: "x" })).toMatchObject({ status: 422 });
    expect(await browser.post("/notifications/999999", { action: "resend" })).toMatchObject({ status: 404 });
    expect(await readText(path)).toMatch(/✓ ACKNOWLEDGED.*Attempt 3.*Acknowledged\..*Attempt 2.*Attempt 1/);
  });

  test("explains what to do after the last attempt has failed", async () => {
    await using separate = await startSandbox();
    const id = createId();
    await callDirectly(separate.credentials, "vaultPaymentMethod", createVaultRequest({ id }));
    for (let attempts = 1; attempts <= 8; attempts++) {
      await separate.notifications.waitFor(id, { attempts });
      await separate.clock.advance(24 * 3_600_000);
    }
    const { sequence } = await separate.notifications.waitFor(id, { state: "EXHAUSTED" });
    const { text } = await createVisitor(separate.credentials.baseUrl).get(`/notifications/${sequence}`);
    expect(text).toMatch(/EXHAUSTED.*Attempts exhausted.*resend the notification.*Attempt 8/s);
  });

  test("is linked from the page of its vaulting, as are its attempts and the list of pending notifications", async () => {
    const { id, path } = await vaultAndWaitForAttempt({ status: 500 });
    const { clientId } = sandbox.credentials;
    const { text } = await browser.get(formatVaultingPath({ clientId, vaultingRequestId: id }));
    for (const link of ["/notifications?state=PENDING", path, `${path}#attempt-1`])
      expect(text).toContain(`href="${link}"`);
    expect((await browser.get(path)).text).toContain('id="attempt-1"');
  });
});
