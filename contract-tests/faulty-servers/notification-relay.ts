/** Routes notifications through the proxy by replacing the merchant's notification URL in requests with a URL of the proxy. */
import { signSync } from "../../src/gateway/index.ts";
import { findSignatureError, formatSignatureHeader } from "../../src/signature/index.ts";
import { type Body, parseBody } from "./bodies.ts";
import { type Call, type Context, decodeBody, type HttpResponse, withBody } from "./http-messages.ts";

/** A notification on its way to the merchant, signed for the merchant's URL. */
export interface Notification {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Deliver = (notification: Notification) => Promise<HttpResponse>;

/** A function that wraps the delivery of notifications to change it. The server receives the returned response as if it were the merchant's. */
export type DeliveryMutation = (next: Deliver, context: Context) => Deliver;

const PATH = "/notifications/";

/** Replaces the notification URL in a call with a URL of the proxy. Does not change a call that has no valid signature or no local notification URL. */
export async function routeThroughProxy(baseUrl: string, call: Call, context: Context): Promise<Call> {
  const request = parseBody(decodeBody(call));
  const { vaultingNotificationUrl: url } = request;
  if (typeof url !== "string" || !url.startsWith("http://127.0.0.1:") || call.method !== "POST") return call;
  const { "client-id": clientId = "", "request-time": time = "", signature = "" } = call.headers;
  const message = { path: call.path, clientId, time, body: new Uint8Array(Buffer.from(call.text, "latin1")) };
  if ((await findSignatureError(context.merchantKeyring, message, signature)) !== undefined) return call;
  const vaultingNotificationUrl = `${baseUrl}${PATH}${Buffer.from(url).toString("base64url")}`;
  return withBody(call, JSON.stringify({ ...request, vaultingNotificationUrl }), context);
}

export const isNotification = ({ path }: Call): boolean => path.startsWith(PATH);

/** Reads a notification that the proxy received, and signs it for the merchant's URL. */
export function readNotification(call: Call, context: Context): Notification {
  const url = Buffer.from(call.path.slice(PATH.length), "base64url").toString();
  return signNotification({ url, headers: call.headers, text: decodeBody(call) }, context);
}

/** Signs a notification with the gateway's key. */
export function signNotification(
  notification: Notification,
  { gateway, clientId }: Context,
  path = getPathAndQuery(notification.url),
): Notification {
  const message = { path, clientId, time: notification.headers["request-time"] ?? "", body: notification.text };
  const signature = formatSignatureHeader(signSync(message, gateway), 1);
  return { ...notification, headers: { ...notification.headers, signature } };
}

function getPathAndQuery(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Sends a notification with a valid signature. */
export async function notify(url: string, body: Body, context: Context): Promise<void> {
  const headers = {
    "content-type": "application/json; charset=UTF-8",
    "client-id": context.clientId,
    "request-time": `${new Date().toISOString().slice(0, 19)}Z`,
  };
  await post(signNotification({ url, headers, text: JSON.stringify(body) }, context));
}

export async function post(
  { url, headers, text }: Notification,
  redirect: "manual" | "follow" = "manual",
): Promise<HttpResponse> {
  const response = await fetch(url, { method: "POST", headers, body: text, redirect });
  const { status } = response;
  const type = response.headers.get("content-type");
  return { status, headers: type === null ? {} : { "content-type": type }, text: await response.text() };
}
