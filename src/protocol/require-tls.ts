/** Requires TLS for connections that carry card data, except to loopback addresses. @module */
import { AntomVaultError } from "./errors.ts";

/** Returns whether a host is a loopback address: `localhost`, 127.0.0.0/8, or ::1, with or without brackets. Does not use DNS. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);

/**
 * Requires verified TLS or a loopback address.
 *
 * @throws {AntomVaultError} `TLS_REQUIRED` if the URL provides neither, if certificate checks are disabled, or if a proxy could read the request.
 */
export function requireTls(url: URL): void {
  const tlsError = (message: string) => new AntomVaultError("TLS_REQUIRED", message);
  if (url.protocol !== "https:") {
    if (url.protocol !== "http:" || !isLoopback(url.hostname))
      throw tlsError("The URL must use https. Use http only for a loopback address (127.0.0.1, localhost, [::1]).");
    if (!isProxied(url)) return;
    throw tlsError(
      `The proxy in HTTP_PROXY would receive the card data unencrypted. Nothing was sent. Add ${url.hostname} to NO_PROXY, or unset NODE_USE_ENV_PROXY.`,
    );
  }
  if (isCertificateCheckDisabled()) {
    throw tlsError(
      "NODE_TLS_REJECT_UNAUTHORIZED=0 disables certificate checks. Unset it. To trust a test CA, set NODE_EXTRA_CA_CERTS instead.",
    );
  }
}

/** The parts of `process` that this module reads. Not every platform has `process`. */
interface Process {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly execArgv?: readonly string[];
  readonly versions?: Readonly<Record<string, string | undefined>>;
}

function readProcess<Value>(read: (process: Process) => Value): Value | undefined {
  try {
    return read((globalThis as { readonly process?: Process }).process ?? {});
  } catch {
    // Deno can deny access to the environment.
    return undefined;
  }
}

/** Returns whether NODE_TLS_REJECT_UNAUTHORIZED disables certificate checks for the whole process. This package cannot override that setting. */
const isCertificateCheckDisabled = (): boolean =>
  readProcess(({ env }) => env?.["NODE_TLS_REJECT_UNAUTHORIZED"] === "0") ?? false;

/**
 * Returns whether `fetch` sends an http request through the proxy in HTTP_PROXY, which could read the card data. Accepts only forms
 * of NO_PROXY that every platform supports: `*`, or a list of hosts with or without ports.
 */
function isProxied({ host, hostname }: URL): boolean {
  const proxied = readProcess(({ env = {}, execArgv = [], versions = {} }) => {
    if (!(env["http_proxy"] ?? env["HTTP_PROXY"])) return false;
    const isEnabled =
      env["NODE_USE_ENV_PROXY"] === "1" ||
      [...execArgv, ...(env["NODE_OPTIONS"] ?? "").split(/\s+/)].includes("--use-env-proxy") ||
      // Bun and Deno always use these variables.
      Boolean(versions["bun"] ?? versions["deno"]);
    if (!isEnabled) return false;
    const excluded = (env["no_proxy"] ?? env["NO_PROXY"] ?? "").toLowerCase();
    return excluded !== "*" && ![host, hostname].some((entry) => excluded.split(/[,\s]+/).includes(entry));
  });
  return proxied ?? false;
}
