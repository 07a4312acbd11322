/** Verifies the signature of a request before anything in its body is used. */
import { stripQuery } from "../protocol/http.ts";
import type { RequestHead } from "../protocol/request-head.ts";
import { type CryptoKey, importPublicKey, type Keyring } from "../signature/index.ts";
import { findSignatureErrorSync } from "./node-crypto.ts";

/** A merchant that the gateway knows. */
export interface Merchant {
  readonly clientId: string;
  /** The public keys that the merchant uploaded. If there are none yet, the gateway responds with KEY_NOT_FOUND. */
  readonly publicKeys: Keyring | undefined;
}

/** A request whose signature was rejected. Do not log `body`: it can contain card data. */
export interface RejectedSignature {
  /** Why the signature was rejected, as a sentence. */
  readonly reason: string;
  /** The request path without the query. */
  readonly path: string;
  /** The `Client-Id` header. Empty if it is missing. */
  readonly clientId: string;
  /** The `Request-Time` header. Empty if it is missing. */
  readonly time: string;
  /** The raw body, unmasked. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** The `Signature` header. Empty if it is missing. */
  readonly headerValue: string;
  /** The merchant with its public keys. `undefined` if the client ID is unknown. */
  readonly merchant: Merchant | undefined;
}

/** A throwaway key. Verifying against it makes a request with an unknown client ID take as long as a request with a known ID. */
const DECOY_KEY =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoDDy2je5Do7CnaPpO+n8pqd3rvxHSSBgnq5XIJ1AHO/tCN7Mz6+wAgAF" +
  "0ShoDDOH/yV8czxncYtyL+PUlSUsFuc+KSfDelNusENnuzfid0bIS211qzJ8DE+jEI056DdMD0KyFM5WeRUh1glnsjvlsfgTIqCJ" +
  "m5/x59ANBWDzB9OWkPRsrrWjS5sBQH6l4X0dwhRWYrR/BsJ/VHhrHeJUY8QuRapMY0pK6sw7UBw9V5y1JyxIFf/HhfEqp2p/FCyL" +
  "T8HyRq3/LJw/pUq09C77Q0fKHrg/QBWQGrE83pq//FWeYlULnJSoxZbmvW5utslZlz24F6U1cMtsG1LvdmIShwIDAQAB";

let decoy: Promise<CryptoKey> | undefined;

/**
 * Verifies the signature over the raw bytes. Returns `undefined` if it is valid; otherwise, the rejected signature with the reason.
 *
 * No operation uses a query, so the signed path can include or omit the query.
 */
export async function verifyRequest(
  { headers, target }: RequestHead & { readonly target: string },
  body: Uint8Array<ArrayBuffer>,
  merchant: Merchant | undefined,
): Promise<RejectedSignature | undefined> {
  decoy ??= importPublicKey(DECOY_KEY);
  const decoyKey = await decoy;
  const clientId = headers.get("client-id") ?? "";
  const time = headers.get("request-time") ?? "";
  const headerValue = headers.get("signature");
  const keys = merchant?.publicKeys ?? { keys: [], select: () => decoyKey };
  const path = stripQuery(target);
  const verifyPath = (signedPath: string) =>
    findSignatureErrorSync(keys, { path: signedPath, clientId, time, body }, headerValue);
  let reason = verifyPath(target);
  if (reason !== undefined && path !== target) reason = verifyPath(path);
  if (!merchant) reason = clientId === "" ? "The Client-Id header is missing." : "The client ID is unknown.";
  if (reason === undefined) return undefined;
  return { reason, path, clientId, time, body, headerValue: headerValue ?? "", merchant };
}
