/** Creates notifications that are valid except for the given changes. @module */
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

/** Creates the body of a notification about a successful vaulting, with the given changes. */
export const createVaultedBody = (change: object = {}): object => ({
  ...(getNotificationExamples().get("SUCCESS") as object),
  ...change,
});

/** Creates the body of a notification about a successful vaulting, with the given fields of the card. */
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

/** Creates a signed notification that is valid except for the given changes. */
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
    signedPath: PATH,
    headers,
    repeatedHeaders: [],
    bytes,
    body: typeof body === "string" ? undefined : body,
    signatureError,
  };
}
