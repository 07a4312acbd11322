import { expect, test } from "vitest";
import { importSigningKey } from "../../src/gateway/index.ts";
import { findSignatureError, importKeyring } from "../../src/signature/index.ts";
import { PKCS8, SPKI } from "../../src/testing/messages/signature-vectors.ts";
import { signNotification } from "./notification-relay.ts";

test("signNotification signs the path and the query", async () => {
  const key = await importSigningKey(PKCS8, "gateway");
  const keyring = await importKeyring(SPKI, "gateway");
  const context = { gateway: key, merchant: key, merchantKeyring: keyring, clientId: "X", memory: new Set<string>() };
  const notification = { url: "http://127.0.0.1/n?a=%2F", headers: { "request-time": "1" }, text: "{}" };
  const { signature = "" } = signNotification(notification, context).headers as { readonly signature?: string };
  const message = { path: "/n?a=%2F", clientId: "X", time: "1", body: "{}" };
  expect(await findSignatureError(keyring, message, signature)).toBeUndefined();
});
