/** What a signature covers. The same five parts for a request, its answer and a notification. */
export interface SignedMessage {
  /** `POST` unless told. */
  readonly method?: string;
  /** Path without scheme and host, as it is really requested: `/ams/sandbox/api/v1/…` in the sandbox. */
  readonly path: string;
  readonly clientId: string;
  /** The `Request-Time` or `Response-Time` header, character for character. */
  readonly time: string;
  /** The raw body. A string is taken as UTF-8; nothing is trimmed, re-indented or normalised. */
  readonly body: Uint8Array | string;
}

const utf8 = new TextEncoder();

/** What stands before the body. */
export const stringToSignPrefix = ({ method = "POST", path, clientId, time }: SignedMessage): string =>
  `${method} ${path}\n${clientId}.${time}.`;

/**
 * The bytes that are signed: `<METHOD> <path>`, one line feed, `<clientId>.<time>.<body>`.
 *
 * The answer is always a copy, so that a body which its owner changes later cannot change what is
 * signed or verified.
 *
 * @example
 * ```ts
 * const text = textToSign({
 *   path: "/ams/api/v1/vaults/vaultPaymentMethod",
 *   clientId: "SANDBOX_5Y00000000000000",
 *   time: "1685599933871",
 *   body: "{}",
 * });
 * new TextDecoder().decode(text);
 * // "POST /ams/api/v1/vaults/vaultPaymentMethod\nSANDBOX_5Y00000000000000.1685599933871.{}"
 * ```
 */
export function stringToSign(message: SignedMessage): Uint8Array<ArrayBuffer> {
  const { body } = message;
  const head = utf8.encode(stringToSignPrefix(message));
  const tail = typeof body === "string" ? utf8.encode(body) : body;
  const text = new Uint8Array(head.length + tail.length);
  text.set(head);
  text.set(tail, head.length);
  return text;
}
