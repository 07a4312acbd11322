/** Requires TLS for every connection that carries card data. @module */
import { AntomVaultError } from "./errors.ts";

/** Returns whether a host is a loopback address: `localhost`, 127.0.0.0/8, or ::1, with or without brackets. Does not use DNS. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);

/**
 * Requires verified TLS or a loopback address.
 *
 * @throws {AntomVaultError} `TLS_REQUIRED` if the URL provides neither, or if certificate checks are disabled.
 */
export function requireTls(url: URL): void {
  const tlsError = (message: string) => new AntomVaultError("TLS_REQUIRED", message);
  if (url.protocol !== "https:") {
    if (url.protocol === "http:" && isLoopback(url.hostname)) return;
    throw tlsError("The URL must use https. Use http only for a loopback address (127.0.0.1, localhost, [::1]).");
  }
  if (isCertificateCheckDisabled()) {
    throw tlsError(
      "NODE_TLS_REJECT_UNAUTHORIZED=0 disables certificate checks. Unset it. To trust a test CA, set NODE_EXTRA_CA_CERTS instead.",
    );
  }
}

/** Returns whether NODE_TLS_REJECT_UNAUTHORIZED disables certificate checks for the whole process. This package cannot override it. */
function isCertificateCheckDisabled(): boolean {
  const { process } = globalThis as {
    readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
  };
  try {
    return process?.env?.["NODE_TLS_REJECT_UNAUTHORIZED"] === "0";
  } catch {
    // Deno can deny access to the environment, and ignores this variable.
    return false;
  }
}
