/** A `fetch` for generated clients: it signs requests, and returns only responses with a valid signature. */
import { sign, verify } from "node:crypto";

const { ANTOM_CLIENT_ID = "", ANTOM_PRIVATE_KEY = "", ANTOM_PUBLIC_KEY = "" } = process.env;

const createStringToSign = (path: string, time: string, body: string) =>
  Buffer.from(`POST ${path}\n${ANTOM_CLIENT_ID}.${time}.${body}`);

/** Checks the signature of a response or a notification. For a response, `path` is the path of the request. */
export function requireValidSignature(path: string, time: string | null, header: string | null, body: string): void {
  const signature = decodeURIComponent(/(?:^|,)\s*signature=([^,]+)/.exec(header ?? "")?.[1] ?? "");
  if (!verify("sha256", createStringToSign(path, time ?? "", body), ANTOM_PUBLIC_KEY, Buffer.from(signature, "base64")))
    throw new Error("The signature is invalid: check that ANTOM_PUBLIC_KEY is Antom's key.");
}

export const signingFetch: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  const { pathname } = new URL(request.url);
  const body = await request.text();
  const time = String(Date.now());
  const signature = sign("sha256", createStringToSign(pathname, time, body), ANTOM_PRIVATE_KEY).toString("base64");
  const headers = new Headers(request.headers);
  headers.set("Content-Type", "application/json; charset=UTF-8");
  headers.set("Client-Id", ANTOM_CLIENT_ID);
  headers.set("Request-Time", time);
  headers.set("Signature", `algorithm=RSA256, keyVersion=1, signature=${encodeURIComponent(signature)}`);
  const response = await fetch(request.url, { method: "POST", headers, body, redirect: "error" });
  const text = await response.text();
  requireValidSignature(pathname, response.headers.get("response-time"), response.headers.get("signature"), text);
  return new Response(text, { headers: { "Content-Type": "application/json" } });
};
