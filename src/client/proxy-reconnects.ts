/** Stops the fetch of Node.js from reconnecting to a proxy without a pause. */
import { diagnostics } from "./call-log.ts";

const CHANNEL = "undici:client:connectError";

/**
 * If a proxy closes a tunnel that is not open yet, undici 7, which is part of Node.js 24, reconnects without a pause and does not stop when the
 * call is aborted (https://github.com/nodejs/undici/issues/3897). It does so only for this code, so give the error the code of undici 8, which
 * fails the request.
 */
const failRequest = ({ error }: { readonly error?: { code?: unknown } }): void => {
  if (error?.code === "UND_ERR_SOCKET") error.code = "UND_ERR_PRX_CONN";
};

/** Changes this for the whole process, because the fetch of Node.js belongs to the process. */
export function limitProxyReconnects(): void {
  diagnostics?.unsubscribe(CHANNEL, failRequest);
  diagnostics?.subscribe(CHANNEL, failRequest);
}
