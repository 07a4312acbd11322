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
  readonly sent?: string;
}

/** A notification as the gateway signs it, but for what is changed. */
async function notify({ body = vaulted, key = antom.privateKey, path = PATH, sent = body }: Change = {}) {
  const time = String(Date.now());
  const message = { path, clientId: CLIENT, time, body: new TextEncoder().encode(body) };
  const signature = formatSignatureHeader(await sign(message, await importPrivateKey(key, "key")), "1");
  const headers = { "content-type": "application/json", "client-id": CLIENT, "request-time": time, signature };
  return new Request(`http://127.0.0.1${PATH}`, { method: "POST", headers, body: sent });
}

function hearing(fail = 0) {
  const heard: ReceivedNotification[] = [];
  const receive = createListenerHandler({
    clientId: CLIENT,
    antomPublicKey: antom.publicKey,
    merchantPrivateKey: merchant.privateKey,
    fail,
    onHeard: (each) => heard.push(each),
  });
  return { heard, receive };
}

describe("the command's listener", () => {
  test.each(bodies)("takes the document's example %s, and says what it tells", async (_, body) => {
    const { heard, receive } = hearing();
    expect((await receive(await notify({ body }))).status).toBe(200);
    const { result, vaultingRequestId } = JSON.parse(body);
    const outcome = result.resultStatus === "S" ? "vaulted" : "failed";
    expect(heard).toMatchObject([{ verified: true, outcome, vaultingRequestId, time: 1, answered: 200 }]);
    expect(formatNotification(heard[0] as ReceivedNotification, plain)).toContain(`✓ verified  ${outcome}`);
  });

  test.each<[string, Change, string]>([
    ["a body written anew", { body: JSON.stringify(JSON.parse(vaulted), null, 2), sent: vaulted }, "reserialized-body"],
    ["one's own key", { key: merchant.privateKey }, "own-key"],
  ])("names the usual mistake: %s", async (_, change, id) => {
    const { heard, receive } = hearing();
    expect((await receive(await notify(change))).status).toBe(401);
    expect(heard).toMatchObject([{ verified: false, responseStatus: 401, cause: { id } }]);
    expect(heard[0]).not.toHaveProperty("vaultingRequestId");
    expect(formatNotification(heard[0] as ReceivedNotification, plain)).toContain(`(${id}) answered 401`);
  });

  test("where no mistake fits, the reason stands alone", async () => {
    const { heard, receive } = hearing();
    await receive(await notify({ body: vaulted, sent: vaulted.replace("S", "T") }));
    await receive(new Request(`http://127.0.0.1${PATH}`, { method: "POST", body: "{}" }));
    await receive(new Request(`http://127.0.0.1${PATH}`, { method: "PUT", body: "{}" }));
    expect(heard.map(({ verified, cause, responseStatus }) => [verified, cause, responseStatus])).toEqual([
      [false, undefined, 401],
      [false, undefined, 415],
      [false, undefined, 405],
    ]);
    for (const each of heard) expect(formatNotification(each, plain)).toMatch(/✗ not taken: .+ answered \d{3}$/);
  });

  test("fails the first ones with 500, and counts what comes again", async () => {
    const { heard, receive } = hearing(2);
    const statuses = [];
    for (let at = 0; at < 3; at++) statuses.push((await receive(await notify())).status);
    expect(statuses).toEqual([500, 500, 200]);
    expect(heard.map(({ verified, count }) => [verified, count])).toEqual([
      [true, 1],
      [true, 2],
      [true, 3],
    ]);
    expect(formatNotification(heard[1] as ReceivedNotification, plain)).toMatch(/answered 500 \(2nd time\)$/);
    expect(formatNotification(heard[2] as ReceivedNotification, plain)).toMatch(/acknowledged \(3rd time\)$/);
  });

  test("has a page for a buyer who comes back, and gives its port free", async () => {
    const options = { clientId: CLIENT, antomPublicKey: antom.publicKey, onHeard: () => {} };
    const listener = await openListener({ port: 0, path: PATH }, options);
    expect(await (await fetch(listener.returnUrl)).text()).toContain("go back to the terminal");
    const port = Number(new URL(listener.url).port);
    await expect(openListener({ port, path: PATH }, options)).rejects.toMatchObject({ code: "CONFIGURATION_INVALID" });
    await listener[Symbol.asyncDispose]();
    await (await openListener({ port, path: PATH }, options))[Symbol.asyncDispose]();
  });
});
