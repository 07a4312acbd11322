/** How notifications come by the relay: it puts an address of its own in the place of the merchant's. */
import { signSync } from "../../src/gateway/index.ts";
import { findSignatureError, formatSignatureHeader } from "../../src/signature/index.ts";
import { type Body, parseBody } from "./bodies.ts";
import { type Call, decodeBody, type HttpResponse, type MutationContext, withBody } from "./http-messages.ts";

/** A notification on its way to the merchant, signed for the merchant's address. */
export interface OutgoingNotification {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Deliver = (notice: OutgoingNotification) => Promise<HttpResponse>;

/** From right deliveries to wrong ones. What is answered is what the right server takes for the merchant's answer. */
export type DeliveryMutation = (right: Deliver, keys: MutationContext) => Deliver;

const PATH = "/notices/";

/** The call with an address of the relay's in the place of the merchant's. A call that is not rightly signed stays as it is. */
export async function routeThroughRelay(baseUrl: string, call: Call, keys: MutationContext): Promise<Call> {
  const asked = parseBody(decodeBody(call));
  const { vaultingNotificationUrl: url } = asked;
  if (typeof url !== "string" || !url.startsWith("http://127.0.0.1:") || call.method !== "POST") return call;
  const { "client-id": clientId = "", "request-time": time = "", signature = "" } = call.headers;
  const message = { path: call.path, clientId, time, body: new Uint8Array(Buffer.from(call.text, "latin1")) };
  if ((await findSignatureError(keys.merchantPublic, message, signature)) !== undefined) return call;
  const vaultingNotificationUrl = `${baseUrl}${PATH}${Buffer.from(url).toString("base64url")}`;
  return withBody(call, JSON.stringify({ ...asked, vaultingNotificationUrl }), keys);
}

export const isNotification = ({ path }: Call): boolean => path.startsWith(PATH);

/** A notification that came to the relay, as the merchant is to get it. */
export function readNotification(call: Call, keys: MutationContext): OutgoingNotification {
  const url = Buffer.from(call.path.slice(PATH.length), "base64url").toString();
  return signNotification({ url, headers: call.headers, text: decodeBody(call) }, keys);
}

/** The notification, signed anew by the gateway: what was changed before is covered. */
export function signNotification(
  notice: OutgoingNotification,
  { gateway, clientId }: MutationContext,
  path = new URL(notice.url).pathname,
): OutgoingNotification {
  const message = { path, clientId, time: notice.headers["request-time"] ?? "", body: notice.text };
  const signature = formatSignatureHeader(signSync(message, gateway), 1);
  return { ...notice, headers: { ...notice.headers, signature } };
}

/** Notifies a merchant of something, rightly signed, whenever one likes. */
export async function sendNotification(url: string, body: Body, keys: MutationContext): Promise<void> {
  const headers = {
    "content-type": "application/json; charset=UTF-8",
    "client-id": keys.clientId,
    "request-time": `${new Date().toISOString().slice(0, 19)}Z`,
  };
  await postNotification(signNotification({ url, headers, text: JSON.stringify(body) }, keys));
}

export async function postNotification(
  { url, headers, text }: OutgoingNotification,
  redirect: "manual" | "follow" = "manual",
): Promise<HttpResponse> {
  const response = await fetch(url, { method: "POST", headers, body: text, redirect });
  const { status } = response;
  const type = response.headers.get("content-type");
  return { status, headers: type === null ? {} : { "content-type": type }, text: await response.text() };
}
