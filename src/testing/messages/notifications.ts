/** Notifications for the tests of what is expected of them: a right one, and ones with a single thing changed. @module */

import { getNotificationExamples } from "../../contract/document/openapi-document.ts";
import type { Notification } from "../../contract/model/exchange.ts";
import { findSignatureError } from "../../signature/index.ts";
import { CLIENT_ID, createSignedHeaders, PATH, responseContext, toBytes } from "./exchanges.ts";

/** What a gateway tells of a vaulting that worked. */
export const vaultedBody = (change: object = {}): object => ({
  ...(getNotificationExamples().get("SUCCESS") as object),
  ...change,
});

/** The same with other features of its card. */
export const vaultedCardBody = (card: object): object =>
  vaultedBody({
    paymentMethodDetail: { paymentMethodType: "CARD", card: { brand: "VISA", cardToken: "token", ...card } },
  });

interface Changes {
  readonly body?: unknown;
  readonly method?: string;
  readonly time?: string;
  /** Put over the headers that are right; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A notification that is right but for what is changed. */
export async function createNotification({
  body = vaultedBody(),
  method = "POST",
  time,
  headers: changed = {},
}: Changes = {}): Promise<Notification> {
  const bytes = toBytes(body);
  const headers = await createSignedHeaders("request-time", bytes, time === undefined ? {} : { time });
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  const message = { path: PATH, clientId: CLIENT_ID, time: headers.get("request-time") ?? "", body: bytes };
  const signatureFault = await findSignatureError(responseContext.keyring, message, headers.get("signature"));
  return {
    method,
    path: PATH,
    headers,
    bytes,
    body: typeof body === "string" ? undefined : body,
    signatureError: signatureFault,
  };
}
