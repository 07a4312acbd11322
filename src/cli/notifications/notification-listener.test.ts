import { describe, expect, test } from "vitest";
import { getNotificationExamples } from "../../contract/index.ts";
import { formatSignatureHeader, generateKeyPair, importPrivateKey, sign } from "../../signature/index.ts";
import { createStyles } from "../console/output.ts";
import { formatNotification } from "./format-notification.ts";
import { createListenerHandler, openListener, type ReceivedNotification } from "./notification-listener.ts";

const CLIENT = "SANDBOX_LISTENER";
const PATH = "/antom/notifications";
const [antom, merchant] = await Promise.all([generateKeyPair(), generateKeyPair()]);
const plain = createStyles({ write: () => {} });

const bodies = [...getNotificationExamples()].map(([name, value]) => [name, JSON.stringify(value)] as const);
const [[, vaulted] = ["", ""]] = bodies;

interface Change {
  readonly body?: string;
  readonly key?: string;
  readonly path?: string;
  readonly sentBody?: string;
}

/** Creates a notification that is valid except for the change. */
async function createNotification({
  body = vaulted,
  key = antom.privateKey,
  path = PATH,
  sentBody = body,
}: Change = {}) {
  const time = String(Date.now());
  const message = { path, clientId: CLIENT, time, body: new TextEncoder().encode(body) };
  const signature = formatSignatureHeader(await sign(message, await importPrivateKey(key, "key")), "1");
  const headers = { "content-type": "application/json", "client-id": CLIENT, "request-time": time, signature };
  return new Request(`http://127.0.0.1${PATH}`, { method: "POST", headers, body: sentBody });
}

test.each([
  [2, "2nd"],
  [11, "11th"],
  [12, "12th"],
  [13, "13th"],
  [21, "21st"],
  [22, "22nd"],
  [103, "103rd"],
])("formatNotification writes count %i as %s", (count, ordinal) => {
  const receivedAt = "2026-12-01T00:00:00.000Z";
  const notification: ReceivedNotification = {
    receivedAt,
    verified: true,
    outcome: "vaulted",
    responseStatus: 200,
    count,
  };
  expect(formatNotification(notification, plain)).toContain(`(${ordinal} time)`);
});

function createListener(failFirst = 0) {
  const received: ReceivedNotification[] = [];
  const receive = createListenerHandler({
    clientId: CLIENT,
    antomPublicKey: antom.publicKey,
    merchantPrivateKey: merchant.privateKey,
    failFirst,
    onNotification: (notification) => received.push(notification),
  });
  return { received, receive };
}

describe("notification listener", () => {
  test.each(bodies)("accepts the example %s and prints its result", async (_, body) => {
    const { received, receive } = createListener();
    expect((await receive(await createNotification({ body }))).status).toBe(200);
    const { result, vaultingRequestId } = JSON.parse(body);
    const outcome = result.resultStatus === "S" ? "vaulted" : "failed";
    expect(received).toMatchObject([{ verified: true, outcome, vaultingRequestId, count: 1, responseStatus: 200 }]);
    expect(formatNotification(received[0] as ReceivedNotification, plain)).toContain(`✓ verified  ${outcome}`);
  });

  test.each<[string, Change, string]>([
    [
      "a reserialized body",
      { body: JSON.stringify(JSON.parse(vaulted), null, 2), sentBody: vaulted },
      "reserialized-body",
    ],
    ["a signature with the merchant's key", { key: merchant.privateKey }, "own-key"],
  ])("names the cause of a signature mismatch: %s", async (_, change, id) => {
    const { received, receive } = createListener();
    expect((await receive(await createNotification(change))).status).toBe(401);
    expect(received).toMatchObject([{ verified: false, responseStatus: 401, cause: { id } }]);
    expect(received[0]).not.toHaveProperty("vaultingRequestId");
    expect(formatNotification(received[0] as ReceivedNotification, plain)).toMatch(
      new RegExp(`^✗ rejected \\(status 401\\) {2}.+ \\(${id}\\)$`),
    );
  });

  test("prints the reason if it finds no cause", async () => {
    const { received, receive } = createListener();
    await receive(await createNotification({ body: vaulted, sentBody: vaulted.replace("S", "T") }));
    await receive(new Request(`http://127.0.0.1${PATH}`, { method: "POST", body: "{}" }));
    await receive(new Request(`http://127.0.0.1${PATH}`, { method: "PUT", body: "{}" }));
    expect(received.map(({ verified, cause, responseStatus }) => [verified, cause, responseStatus])).toEqual([
      [false, undefined, 401],
      [false, undefined, 415],
      [false, undefined, 405],
    ]);
    for (const notification of received)
      expect(formatNotification(notification, plain)).toMatch(/^✗ rejected \(status \d{3}\) {2}.+/);
  });

  test("responds with status 500 to the first failFirst notifications, and counts resent notifications", async () => {
    const { received, receive } = createListener(2);
    const statuses = [];
    for (let index = 0; index < 3; index++) statuses.push((await receive(await createNotification())).status);
    expect(statuses).toEqual([500, 500, 200]);
    expect(received.map(({ verified, count }) => [verified, count])).toEqual([
      [true, 1],
      [true, 2],
      [true, 3],
    ]);
    expect(formatNotification(received[1] as ReceivedNotification, plain)).toMatch(/status 500 \(2nd time\)$/);
    expect(formatNotification(received[2] as ReceivedNotification, plain)).toMatch(/acknowledged \(3rd time\)$/);
  });

  test("shows a page to a returning buyer, and releases its port when it is disposed of", async () => {
    const options = { clientId: CLIENT, antomPublicKey: antom.publicKey, onNotification: () => {} };
    const listener = await openListener({ port: 0, path: PATH }, options);
    expect(await (await fetch(listener.returnUrl)).text()).toContain("return to your terminal");
    const port = Number(new URL(listener.url).port);
    await expect(openListener({ port, path: PATH }, options)).rejects.toMatchObject({ code: "CONFIGURATION_INVALID" });
    await listener[Symbol.asyncDispose]();
    await (await openListener({ port, path: PATH }, options))[Symbol.asyncDispose]();
  });
});
