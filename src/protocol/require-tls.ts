/** How card data may travel. @module */
import { AntomVaultError } from "./errors.ts";

/** Whether a host, as a person or `URL` writes it, is this machine itself: `localhost`, 127.0.0.0/8 or ::1. No name is looked up. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);

/** Card data travel over verified TLS, or within the machine. Throws `TLS_REQUIRED`. */
export function requireTls(url: URL): void {
  const insecure = (message: string) => new AntomVaultError("TLS_REQUIRED", message);
  if (url.protocol !== "https:") {
    if (url.protocol === "http:" && isLoopback(url.hostname)) return;
    throw insecure("The address must be https; plain http is for loopback only (127.0.0.1, localhost, [::1]).");
  }
  if (isCertificateCheckDisabled()) {
    throw insecure(
      "NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off. Unset it; trust a test authority with NODE_EXTRA_CA_CERTS instead.",
    );
  }
}

/** Node's switch turns certificate checks off for the whole process, this client's too. It cannot be overruled from here, so it is refused. */
function isCertificateCheckDisabled(): boolean {
  const { process } = globalThis as {
    readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
  };
  try {
    return process?.env?.["NODE_TLS_REJECT_UNAUTHORIZED"] === "0";
  } catch {
    // Deno, where the environment may not be read: nothing there listens to the switch either.
    return false;
  }
}
