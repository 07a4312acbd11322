/** Stops the fetch of Node.js from reconnecting to a proxy without a pause. */
import { diagnostics } from "./call-log.ts";

const CHANNEL = "undici:client:connectError";

/**
 * If a proxy closes the connection before the tunnel is open, undici 7, which is part of Node.js 24, reconnects without a pause and does not stop
 * when the call is aborted (https://github.com/nodejs/undici/issues/3897). It reconnects only for the error code UND_ERR_SOCKET. This
 * function replaces that code with the code that undici 8 uses, so that the request fails.
 */
const replaceErrorCode = ({ error }: { readonly error?: { code?: unknown } }): void => {
  if (error?.code === "UND_ERR_SOCKET") error.code = "UND_ERR_PRX_CONN";
};

/** Stops such reconnects in the whole process, because all code in the process shares the fetch of Node.js. */
export function limitProxyReconnects(): void {
  diagnostics?.unsubscribe(CHANNEL, replaceErrorCode);
  diagnostics?.subscribe(CHANNEL, replaceErrorCode);
}
