/** A valid notification, and notifications with changes. @module */
import { getNotificationExamples } from "../../contract/document/openapi-document.ts";
import type { Notification } from "../../contract/model/exchange.ts";
import { findSignatureError } from "../../signature/index.ts";
import {
  CLIENT_ID,
  createSignedHeaders,
  type HeaderOverrides,
  overrideHeaders,
  PATH,
  responseContext,
  toBytes,
} from "./exchanges.ts";

/** Creates the body of the notification of a successful vaulting. */
export const createVaultedBody = (change: object = {}): object => ({
  ...(getNotificationExamples().get("SUCCESS") as object),
  ...change,
});

/** Creates the body of the notification of a successful vaulting, with changes to its card. */
export const createVaultedCardBody = (card: object): object =>
  createVaultedBody({
    paymentMethodDetail: { paymentMethodType: "CARD", card: { brand: "VISA", cardToken: "token", ...card } },
  });

interface Changes {
  readonly body?: unknown;
  readonly method?: string;
  readonly time?: string;
  readonly headers?: HeaderOverrides;
}

/** Creates a valid notification with changes. */
export async function createNotification({
  body = createVaultedBody(),
  method = "POST",
  time,
  headers: overrides,
}: Changes = {}): Promise<Notification> {
  const bytes = toBytes(body);
  const headers = await createSignedHeaders("request-time", bytes, time === undefined ? {} : { time });
  overrideHeaders(headers, overrides);
  const message = { path: PATH, clientId: CLIENT_ID, time: headers.get("request-time") ?? "", body: bytes };
  const signatureError = await findSignatureError(responseContext.keyring, message, headers.get("signature"));
  return {
    method,
    path: PATH,
    headers,
    bytes,
    body: typeof body === "string" ? undefined : body,
    signatureError,
  };
}
