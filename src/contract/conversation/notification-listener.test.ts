import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { formatMessageTime } from "../../protocol/http.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../signature/index.ts";
import { CLIENT_ID, responseContext, toBytes } from "../../testing/messages/exchanges.ts";
import { vaultedBody } from "../../testing/messages/notifications.ts";
import { OTHER_PKCS8, PKCS8 } from "../../testing/messages/signature-vectors.ts";
import type { Notification } from "../model/exchange.ts";
import { createAcknowledgement, type Inbox, openListener } from "./notification-listener.ts";

const key = await importPrivateKey(PKCS8);
const strangersKey = await importPrivateKey(OTHER_PKCS8);

interface Sent {
  readonly body?: unknown;
  readonly key?: typeof key;
  /** The path that is signed, from the one that is called. */
  readonly path?: (called: string) => string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a notification as a gateway would. */
async function notify(url: string, { body = vaultedBody(), path = (called) => called, ...sent }: Sent = {}) {
  const { pathname, search } = new URL(url);
  const time = formatMessageTime(Date.now());
  const message = { path: path(pathname + search), clientId: CLIENT_ID, time, body: toBytes(body) };
  const signature = formatSignatureHeader(await sign(message, sent.key ?? key), 1);
  const headers = { "client-id": CLIENT_ID, "request-time": time, signature, ...sent.headers };
  return fetch(url, { method: "POST", headers, body: message.body });
}

/** What arrived first. */
async function first({ received, waitFor }: Inbox): Promise<Notification> {
  expect(await waitFor(1)).toBe(true);
  return received[0] ?? expect.fail("nothing arrived");
}

describe("a listener", () => {
  test("gives each inbox an address of its own, and keeps what comes there", async () => {
    const observed: Notification[] = [];
    const listener = await openListener(responseContext, (each) => void observed.push(each));
    const [one, other] = [listener.createInbox(), listener.createInbox()];
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/notifications\/[0-9a-f-]{36}$/);
    expect(other.url).not.toBe(one.url);
    await notify(one.url, { body: { a: "Zoë" }, headers: { "x-more": "1" } });
    const notification = await first(one);
    expect(notification).toMatchObject({ method: "POST", path: new URL(one.url).pathname, body: { a: "Zoë" } });
    expect(notification.bytes).toEqual(toBytes({ a: "Zoë" }));
    expect(notification.headers.get("client-id")).toBe(CLIENT_ID);
    expect(notification.headers.get("x-more")).toBe("1");
    expect([one.received.length, other.received.length, observed]).toEqual([1, 0, [notification]]);
  });

  test("acknowledges, as the document says", async () => {
    const { createInbox } = await openListener(responseContext);
    const answer = await notify(createInbox().url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json; charset=UTF-8");
    expect(answer.headers.get("client-id")).toBe(CLIENT_ID);
    expect(answer.headers.get("response-time")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await answer.json()).toEqual({
      result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" },
    });
    const time = Date.parse(createAcknowledgement("X").headers?.["response-time"] ?? "");
    expect(Math.abs(time - Date.now())).toBeLessThan(10_000);
  });

  test("answers what it is told to answer", async () => {
    const { createInbox } = await openListener(responseContext);
    const { url } = createInbox(async ({ body }) => ({
      status: 503,
      headers: { "x-why": "no" },
      body: JSON.stringify(body),
    }));
    const answer = await notify(url, { body: { a: 1 } });
    expect([answer.status, answer.headers.get("x-why"), await answer.text()]).toEqual([503, "no", '{"a":1}']);
  });

  test("closes the connection where no answer is wanted", async () => {
    const { createInbox } = await openListener(responseContext);
    const box = createInbox(() => ({ status: 0 }));
    await expect(notify(box.url)).rejects.toThrow();
    expect(box.received).toHaveLength(1);
  });

  test("has nothing at any other address", async () => {
    const { createInbox } = await openListener(responseContext);
    const { url, received } = createInbox();
    for (const other of [`${url}x`, new URL("/", url).href, url.replace("/notifications/", "/")])
      expect((await notify(other)).status).toBe(404);
    expect(received).toEqual([]);
    expect((await notify(`${url}/more?a=1`)).status).toBe(200);
    expect((await notify(`${url}?a=1`)).status).toBe(200);
    expect(received.map(({ path }) => path)).toEqual([
      `${new URL(url).pathname}/more?a=1`,
      `${new URL(url).pathname}?a=1`,
    ]);
  });

  test("keeps a body that is no JSON", async () => {
    const { createInbox } = await openListener(responseContext);
    const box = createInbox();
    await notify(box.url, { body: "<a>" });
    const { body, bytes } = await first(box);
    expect([body, bytes]).toEqual([undefined, toBytes("<a>")]);
  });
});

describe("a signature", () => {
  test.each<readonly [string, string, Sent, RegExp | undefined]>([
    ["over the path that is called", "", {}, undefined],
    ["over the path with its query", "?a=1&b=/?2", {}, undefined],
    ["over the path without its query", "?a=1&b=/?2", { path: (called) => called.replace(/\?.*/, "") }, undefined],
    ["over another path", "", { path: (called) => `${called}/` }, /does not fit/],
    ["by another key", "", { key: strangersKey }, /does not fit/],
    ["for another client", "", { headers: { "client-id": "OTHER" } }, /does not fit/],
    ["of another time", "", { headers: { "request-time": "2026-11-25T08:52:00Z" } }, /does not fit/],
    ["in no form", "", { headers: { signature: "x" } }, /must read/],
  ])("%s", async (_, query, sent, fault) => {
    const { createInbox } = await openListener(responseContext);
    const box = createInbox();
    await notify(box.url + query, sent);
    const { signatureError } = await first(box);
    if (fault === undefined) expect(signatureError).toBeUndefined();
    else expect(signatureError).toMatch(fault);
  });

  test("without client, time and header: nothing of it is known", async () => {
    const { createInbox } = await openListener(responseContext);
    const box = createInbox();
    await fetch(box.url, { method: "PUT", body: "{}" });
    const { method, signatureError } = await first(box);
    expect(method).toBe("PUT");
    expect(signatureError).toMatch(/header is missing/);
  });
});

describe("waiting for notifications", () => {
  test("ends once so many have come, and not before", async () => {
    const { createInbox } = await openListener(responseContext);
    const { url, waitFor } = createInbox();
    let came: boolean | undefined;
    const both = waitFor(2).then((answer) => {
      came = answer;
    });
    await notify(url);
    expect(await waitFor(1)).toBe(true);
    expect(came).toBeUndefined();
    await notify(url);
    await both;
    expect(came).toBe(true);
  });

  test("ends when the time is over", async () => {
    const { createInbox } = await openListener(responseContext);
    const box = createInbox();
    expect(await box.waitFor(1, 20)).toBe(false);
    await notify(box.url);
    expect(await box.waitFor(1, 0)).toBe(true);
    expect(await box.waitFor(0, 0)).toBe(true);
  });

  test("hangs up where the reply cannot be made, and goes on", async () => {
    const listener = await openListener(responseContext);
    const broken = listener.createInbox(() => Promise.reject(new Error("the target is gone")));
    await expect(notify(broken.url)).rejects.toThrow("fetch failed");
    const sound = listener.createInbox();
    expect((await notify(sound.url)).status).toBe(200);
  });

  test("hangs up on what is larger than any notification, and whoever waits for it is told", async () => {
    const { createInbox } = await openListener(responseContext);
    const box = createInbox();
    const waiting = box.waitFor(1);
    waiting.catch(() => {});
    await expect(notify(box.url, { body: "x".repeat(1024 * 1024) })).rejects.toThrow("fetch failed");
    const told = "A notification came that is larger than 65536 bytes.";
    await expect(waiting).rejects.toThrow(told);
    await expect(box.waitFor(1)).rejects.toThrow(told);
    expect(box.received).toEqual([]);
  });

  test("what is wrong with the observer is not laid at the target's door", async () => {
    const { createInbox } = await openListener(responseContext, () => {
      throw new TypeError("a fault of ours");
    });
    const box = createInbox();
    await expect(notify(box.url)).rejects.toThrow("fetch failed");
    await expect(box.waitFor(1)).rejects.toThrow("a fault of ours");
  });

  test("a listener keeps no process alive", async () => {
    const program = `import { openListener } from ${JSON.stringify(new URL("./notification-listener.ts", import.meta.url).href)};
      await openListener({ clientId: "X" }); console.log("open");`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [[code], [text]] = await Promise.all([once(child, "exit"), once(child.stdout, "data")]);
    expect([code, String(text)]).toEqual([0, "open\n"]);
  });
});
