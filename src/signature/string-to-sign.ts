/** The parts of a request, response, or notification that its signature covers. */
export interface SignedMessage {
  /** The HTTP method. Default: `POST`. */
  readonly method?: string;
  /** The requested path with its query, without the scheme and host. In Antom's sandbox: `/ams/sandbox/api/v1/…`. */
  readonly path: string;
  readonly clientId: string;
  /** The value of the `Request-Time` or `Response-Time` header, unchanged. */
  readonly time: string;
  /** The raw body. A string is encoded as UTF-8. */
  readonly body: Uint8Array | string;
}

const utf8 = new TextEncoder();

/** Returns the part of the string to sign that precedes the body. */
export const stringToSignPrefix = ({ method = "POST", path, clientId, time }: SignedMessage): string =>
  `${method} ${path}\n${clientId}.${time}.`;

/**
 * Returns the bytes to sign: `<METHOD> <path>`, a line feed, and `<clientId>.<time>.<body>`.
 *
 * Copies the body, so that a later change to it cannot affect the signature.
 *
 * @example
 * ```ts
 * const bytes = stringToSign({
 *   path: "/ams/api/v1/vaults/vaultPaymentMethod",
 *   clientId: "SANDBOX_5Y00000000000000",
 *   time: "1685599933871",
 *   body: "{}",
 * });
 * new TextDecoder().decode(bytes);
 * // "POST /ams/api/v1/vaults/vaultPaymentMethod\nSANDBOX_5Y00000000000000.1685599933871.{}"
 * ```
 */
export function stringToSign(message: SignedMessage): Uint8Array<ArrayBuffer> {
  const { body } = message;
  const prefix = utf8.encode(stringToSignPrefix(message));
  const suffix = typeof body === "string" ? utf8.encode(body) : body;
  const bytes = new Uint8Array(prefix.length + suffix.length);
  bytes.set(prefix);
  bytes.set(suffix, prefix.length);
  return bytes;
}
