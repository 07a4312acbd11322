/** How notifications come by the relay: it puts an address of its own in the place of the merchant's. */
import { signNow } from "../../src/gateway/index.ts";
import { formatSignatureHeader, verifyHeader } from "../../src/signature/index.ts";
import { type Body, parsed } from "./bodies.ts";
import { type Answer, type Call, type Keys, utf8, withBody } from "./http-messages.ts";

/** A notification on its way to the merchant, signed for the merchant's address. */
export interface Notice {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type Deliver = (notice: Notice) => Promise<Answer>;

/** From right deliveries to wrong ones. What is answered is what the right server takes for the merchant's answer. */
export type WrongDelivery = (right: Deliver, keys: Keys) => Deliver;

const PATH = "/notices/";

/** The call with an address of the relay's in the place of the merchant's. A call that is not rightly signed stays as it is. */
export async function byWayOf(baseUrl: string, call: Call, keys: Keys): Promise<Call> {
  const asked = parsed(utf8(call));
  const { vaultingNotificationUrl: url } = asked;
  if (typeof url !== "string" || !url.startsWith("http://127.0.0.1:") || call.method !== "POST") return call;
  const { "client-id": clientId = "", "request-time": time = "", signature = "" } = call.headers;
  const message = { path: call.path, clientId, time, body: new Uint8Array(Buffer.from(call.text, "latin1")) };
  if ((await verifyHeader(keys.merchantPublic, message, signature)) !== undefined) return call;
  const vaultingNotificationUrl = `${baseUrl}${PATH}${Buffer.from(url).toString("base64url")}`;
  return withBody(call, JSON.stringify({ ...asked, vaultingNotificationUrl }), keys);
}

export const isNotice = ({ path }: Call): boolean => path.startsWith(PATH);

/** A notification that came to the relay, as the merchant is to get it. */
export function noticeIn(call: Call, keys: Keys): Notice {
  const url = Buffer.from(call.path.slice(PATH.length), "base64url").toString();
  return resigned({ url, headers: call.headers, text: utf8(call) }, keys);
}

/** The notification, signed anew by the gateway: what was changed before is covered. */
export function resigned(notice: Notice, { gateway, clientId }: Keys, path = new URL(notice.url).pathname): Notice {
  const message = { path, clientId, time: notice.headers["request-time"] ?? "", body: notice.text };
  const signature = formatSignatureHeader(signNow(message, gateway), 1);
  return { ...notice, headers: { ...notice.headers, signature } };
}

/** Notifies a merchant of something, rightly signed, whenever one likes. */
export async function notify(url: string, body: Body, keys: Keys): Promise<void> {
  const headers = {
    "content-type": "application/json; charset=UTF-8",
    "client-id": keys.clientId,
    "request-time": `${new Date().toISOString().slice(0, 19)}Z`,
  };
  await post(resigned({ url, headers, text: JSON.stringify(body) }, keys));
}

export async function post({ url, headers, text }: Notice, redirect: "manual" | "follow" = "manual"): Promise<Answer> {
  const response = await fetch(url, { method: "POST", headers, body: text, redirect });
  const { status } = response;
  const type = response.headers.get("content-type");
  return { status, headers: type === null ? {} : { "content-type": type }, text: await response.text() };
}
