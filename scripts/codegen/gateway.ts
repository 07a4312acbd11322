/**
 * A sandbox behind a proxy. The proxy receives the notifications. If the request ID is `unknown`, the proxy responds as a later version of the API
 * might.
 */
import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createVaultClient } from "../../src/index.ts";
import { startSandbox } from "../../src/sandbox/index.ts";

const NOTIFICATION_PATH = "/antom/notifications";

/** A valid response with values and fields that the OpenAPI document does not list. */
const FUTURE_RESPONSE = JSON.stringify({
  result: { resultCode: "NEW_CODE", resultStatus: "S", resultMessage: "success", newField: 1 },
  vaultingRequestId: "unknown",
  paymentMethodDetail: {
    paymentMethodType: "CARD",
    newField: { nested: [true] },
    card: { cardToken: "token", brand: "NEW_BRAND", funding: "NEW_FUNDING", issuingCountry: "XK", newField: null },
  },
  newField: "text",
});

export async function startGateway() {
  const data = mkdtempSync(join(tmpdir(), "antom-vault-codegen-sandbox-"));
  const sandbox = await startSandbox({ data });
  const key = createPrivateKey(readFileSync(join(data, "gateway-private-key.pem")));
  const notifications = new Map<string, { readonly headers: IncomingHttpHeaders; readonly body: string }>();

  const server = createServer(async (request, response) => {
    const { url: path = "", headers } = request;
    const clientId = String(headers["client-id"]);
    const body = await text(request);
    if (path === NOTIFICATION_PATH) {
      notifications.set(clientId, { headers, body });
      response.end();
    } else if (/"vaultingRequestId":\s*"unknown"/.test(body)) {
      const time = String(Date.now());
      const signature = sign("sha256", Buffer.from(`POST ${path}\n${clientId}.${time}.${FUTURE_RESPONSE}`), key);
      response.writeHead(200, {
        "content-type": "application/json; charset=UTF-8",
        "client-id": clientId,
        "response-time": time,
        signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature.toString("base64"))}`,
      });
      response.end(FUTURE_RESPONSE);
    } else {
      const names = ["content-type", "client-id", "request-time", "signature"];
      const forwarded = Object.fromEntries(names.map((name) => [name, String(headers[name] ?? "")]));
      const received = await fetch(sandbox.credentials.baseUrl + path, { method: "POST", headers: forwarded, body });
      response.writeHead(received.status, Object.fromEntries(received.headers));
      response.end(await received.text());
    }
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    /** A public key that does not match any signature. */
    otherPublicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    /** Creates a client ID, vaults a card with it, and returns its credentials and notification as environment variables. */
    async createEnvironment() {
      const credentials = await sandbox.addClient();
      const { clientId } = credentials;
      await createVaultClient(credentials).vaultPaymentMethod({
        vaultingRequestId: "notified",
        vaultingNotificationUrl: origin + NOTIFICATION_PATH,
        redirectUrl: "https://merchant.example/cards/done",
        paymentMethodDetail: {
          paymentMethodType: "CARD",
          card: { cardNo: "4054695723100768", expiryYear: "30", expiryMonth: "12" },
        },
        env: { terminalType: "WEB" },
      });
      await sandbox.notifications.waitFor("notified", { attempts: 1, clientId });
      const notification = notifications.get(clientId);
      if (!notification) throw new Error("The sandbox sent no notification.");
      return {
        ANTOM_BASE_URL: `${origin}/ams/sandbox/api`,
        ANTOM_CLIENT_ID: clientId,
        ANTOM_PRIVATE_KEY: credentials.merchantPrivateKey,
        ANTOM_PUBLIC_KEY: credentials.antomPublicKey,
        NOTIFICATION_PATH,
        NOTIFICATION_TIME: String(notification.headers["request-time"]),
        NOTIFICATION_SIGNATURE: String(notification.headers["signature"]),
        NOTIFICATION_BODY: notification.body,
      };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await sandbox.close();
      rmSync(data, { recursive: true });
    },
  };
}
