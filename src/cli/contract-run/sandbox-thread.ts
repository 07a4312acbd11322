/** Starts a sandbox in memory on a separate thread. */
import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { AntomVaultError } from "../../protocol/errors.ts";
import type { Credentials } from "../../sandbox/index.ts";

/** @throws AntomVaultError as `startSandbox` does */
export async function startSandboxThread(): Promise<AsyncDisposable & { readonly credentials: Credentials }> {
  // The worker is next to this file and has the same extension, whether compiled or not.
  const file = new URL(`./sandbox-worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url);
  const worker = new Worker(file);
  const [credentials] = await once(worker, "message").catch((error: AntomVaultError) => {
    // An error loses its class when it is sent to a different thread.
    throw error.name === "AntomVaultError" ? new AntomVaultError(error.code, error.message) : error;
  });
  return {
    credentials,
    // The sandbox is in memory, so there is no work to finish first.
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  };
}
