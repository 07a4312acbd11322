import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { formatMessageTime } from "../../protocol/http.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../signature/index.ts";
import { CLIENT_ID, responseContext, toBytes } from "../../testing/messages/exchanges.ts";
import { createVaultedBody } from "../../testing/messages/notifications.ts";
import { OTHER_PKCS8, PKCS8 } from "../../testing/messages/signature-vectors.ts";
import type { Notification } from "../model/exchange.ts";
import { createAcknowledgement, type Inbox, type Listener, openListener } from "./notification-listener.ts";

const key = await importPrivateKey(PKCS8);
const otherKey = await importPrivateKey(OTHER_PKCS8);

const openInbox = async (...args: Parameters<Listener["createInbox"]>): Promise<Inbox> =>
  (await openListener(responseContext)).createInbox(...args);

interface NotifyOptions {
  readonly body?: unknown;
  readonly key?: typeof key;
  /** Returns the path to sign instead of the called path. */
  readonly path?: (called: string) => string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a notification as a gateway does. */
async function notify(
  url: string,
  { body = createVaultedBody(), path = (called) => called, ...sent }: NotifyOptions = {},
) {
  const { pathname, search } = new URL(url);
  const time = formatMessageTime(Date.now());
  const message = { path: path(pathname + search), clientId: CLIENT_ID, time, body: toBytes(body) };
  const signature = formatSignatureHeader(await sign(message, sent.key ?? key), 1);
  const headers = { "client-id": CLIENT_ID, "request-time": time, signature, ...sent.headers };
  return fetch(url, { method: "POST", headers, body: message.body });
}

async function getFirstNotification({ received, waitFor }: Inbox): Promise<Notification> {
  expect(await waitFor(1)).toBe(true);
  return received[0] ?? expect.fail("no notification");
}

describe("openListener", () => {
  test("gives each inbox a unique URL and stores its notifications", async () => {
    const observed: Notification[] = [];
    const listener = await openListener(responseContext, (notification) => void observed.push(notification));
    const [first, second] = [listener.createInbox(), listener.createInbox()];
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/notifications\/[0-9a-f-]{36}$/);
    expect(second.url).not.toBe(first.url);
    await notify(first.url, { body: { a: "Zoë" }, headers: { "x-more": "1" } });
    const notification = await getFirstNotification(first);
    expect(notification).toMatchObject({ method: "POST", path: new URL(first.url).pathname, body: { a: "Zoë" } });
    expect(notification.bytes).toEqual(toBytes({ a: "Zoë" }));
    expect(notification.headers.get("client-id")).toBe(CLIENT_ID);
    expect(notification.headers.get("x-more")).toBe("1");
    expect([first.received.length, second.received.length, observed]).toEqual([1, 0, [notification]]);
  });

  test("reports the notifications that it acknowledged", async () => {
    const acknowledged: Notification[] = [];
    const listener = await openListener(
      responseContext,
      () => {},
      (notification) => void acknowledged.push(notification),
    );
    const inbox = listener.createInbox();
    await notify(listener.createInbox(() => ({ status: 503 })).url);
    await notify(inbox.url);
    await vi.waitFor(() => expect(acknowledged).toEqual(inbox.received));
  });

  test("acknowledges notifications by default", async () => {
    const { url } = await openInbox();
    const response = await notify(url);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json; charset=UTF-8");
    expect(response.headers.get("client-id")).toBe(CLIENT_ID);
    expect(response.headers.get("response-time")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await response.json()).toEqual({
      result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" },
    });
    const time = Date.parse(createAcknowledgement("X").headers?.["response-time"] ?? "");
    expect(Math.abs(time - Date.now())).toBeLessThan(10_000);
  });

  test("sends a custom reply", async () => {
    const { url } = await openInbox(async ({ body }) => ({
      status: 503,
      headers: { "x-why": "no" },
      body: JSON.stringify(body),
    }));
    const response = await notify(url, { body: { a: 1 } });
    expect([response.status, response.headers.get("x-why"), await response.text()]).toEqual([503, "no", '{"a":1}']);
  });

  test("closes the connection if the reply has status 0", async () => {
    const inbox = await openInbox(() => ({ status: 0 }));
    await expect(notify(inbox.url)).rejects.toThrow();
    expect(inbox.received).toHaveLength(1);
  });

  test("closes the connection before the end of the body if the reply is cut off", async () => {
    const { url } = await openInbox(() => ({ status: 200, body: "{}", isCutOff: true }));
    const response = await notify(url);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test("lists the headers that were sent as several lines", async () => {
    const inbox = await openInbox();
    const headers = { "Client-Id": ["X", "X"], "request-time": "1" };
    await new Promise((resolve) => request(inbox.url, { method: "POST", headers }, resolve).end("{}"));
    expect((await getFirstNotification(inbox)).repeatedHeaders).toEqual(["client-id"]);
  });

  test("responds with 404 to unknown URLs, and accepts a subpath or a query after the URL of an inbox", async () => {
    const { url, received } = await openInbox();
    for (const other of [`${url}x`, new URL("/x", url).href, url.replace("/notifications/", "/")])
      expect((await notify(other)).status).toBe(404);
    expect(received).toEqual([]);
    expect((await notify(`${url}/more?a=1`)).status).toBe(200);
    expect((await notify(`${url}?a=1`)).status).toBe(200);
    expect(received.map(({ path }) => path)).toEqual([
      `${new URL(url).pathname}/more?a=1`,
      `${new URL(url).pathname}?a=1`,
    ]);
  });

  test("receives notifications to a URL without a path in the root inbox", async () => {
    const { root } = await openListener(responseContext);
    for (const suffix of ["", "?a=1"]) expect((await notify(root.url + suffix)).status).toBe(200);
    expect([new URL(root.url).origin, root.received.map(({ path }) => path)]).toEqual([root.url, ["/", "/?a=1"]]);
  });

  test("stores a body that is not JSON", async () => {
    const inbox = await openInbox();
    await notify(inbox.url, { body: "<a>" });
    const { body, bytes } = await getFirstNotification(inbox);
    expect([body, bytes]).toEqual([undefined, toBytes("<a>")]);
  });

  test("closes the connection if the reply function rejects, and keeps serving", async () => {
    const listener = await openListener(responseContext);
    const broken = listener.createInbox(() => Promise.reject(new Error("the target is gone")));
    await expect(notify(broken.url)).rejects.toThrow("fetch failed");
    const working = listener.createInbox();
    expect((await notify(working.url)).status).toBe(200);
  });

  test("does not keep the process alive", async () => {
    const program = `import { openListener } from ${JSON.stringify(new URL("./notification-listener.ts", import.meta.url).href)};
      await openListener({ clientId: "X" }); console.log("open");`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [[code], [text]] = await Promise.all([once(child, "exit"), once(child.stdout, "data")]);
    expect([code, String(text)]).toEqual([0, "open\n"]);
  });
});

describe("notification signature", () => {
  test.each<readonly [string, string, NotifyOptions, RegExp | undefined]>([
    ["over the called path is valid", "", {}, undefined],
    ["over the path with its query is valid", "?a=1&b=/?2", {}, undefined],
    [
      "over the path without its query is valid",
      "?a=1&b=/?2",
      { path: (called) => called.replace(/\?.*/, "") },
      undefined,
    ],
    ["over a different path is invalid", "", { path: (called) => `${called}/` }, /does not match/],
    ["with a different key is invalid", "", { key: otherKey }, /does not match/],
    ["for a different client is invalid", "", { headers: { "client-id": "OTHER" } }, /does not match/],
    ["over a different time is invalid", "", { headers: { "request-time": "2026-11-25T08:52:00Z" } }, /does not match/],
    ["in an unknown format is invalid", "", { headers: { signature: "x" } }, /must be algorithm=/],
  ])("%s", async (_, query, sent, error) => {
    const inbox = await openInbox();
    await notify(inbox.url + query, sent);
    const { signatureError } = await getFirstNotification(inbox);
    if (error === undefined) expect(signatureError).toBeUndefined();
    else expect(signatureError).toMatch(error);
  });

  test("is invalid if the client-id, request-time, and signature headers are missing", async () => {
    const inbox = await openInbox();
    await fetch(inbox.url, { method: "PUT", body: "{}" });
    const { method, signatureError } = await getFirstNotification(inbox);
    expect(method).toBe("PUT");
    expect(signatureError).toMatch(/header is missing/);
  });
});

describe("waitFor", () => {
  test("resolves with true when the given number of notifications has been received", async () => {
    const { url, waitFor } = await openInbox();
    let result: boolean | undefined;
    const both = waitFor(2).then((value) => {
      result = value;
    });
    await notify(url);
    expect(await waitFor(1)).toBe(true);
    expect(result).toBeUndefined();
    await notify(url);
    await both;
    expect(result).toBe(true);
  });

  test("resolves with false after the timeout", async () => {
    const inbox = await openInbox();
    expect(await inbox.waitFor(1, 20)).toBe(false);
    await notify(inbox.url);
    expect(await inbox.waitFor(1, 0)).toBe(true);
    expect(await inbox.waitFor(0, 0)).toBe(true);
  });

  test("waits only 3 seconds for the next notification after a fast one", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const inbox = await openInbox();
      const first = inbox.waitFor(1);
      await notify(inbox.url);
      expect(await first).toBe(true);
      const second = inbox.waitFor(2);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(await second).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test("rejects if the listener closed the connection because a notification was too large", async () => {
    const inbox = await openInbox();
    const waiting = inbox.waitFor(1);
    waiting.catch(() => {});
    await expect(notify(inbox.url, { body: "x".repeat(1024 * 1024) })).rejects.toThrow("fetch failed");
    const message = "Notification is larger than 65536 bytes.";
    await expect(waiting).rejects.toThrow(message);
    await expect(inbox.waitFor(1)).rejects.toThrow(message);
    expect(inbox.received).toEqual([]);
  });

  test("rejects with the error that the observer throws", async () => {
    const { createInbox } = await openListener(responseContext, () => {
      throw new TypeError("observer failed");
    });
    const inbox = createInbox();
    await expect(notify(inbox.url)).rejects.toThrow("fetch failed");
    await expect(inbox.waitFor(1)).rejects.toThrow("observer failed");
  });
});
