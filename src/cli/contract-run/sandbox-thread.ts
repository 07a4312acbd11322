/** Starts a sandbox in memory on a separate thread. */
import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { AntomVaultError } from "../../protocol/errors.ts";
import type { Credentials } from "../../sandbox/index.ts";

/** @throws AntomVaultError as `startSandbox` */
export async function startSandboxThread(): Promise<AsyncDisposable & { readonly credentials: Credentials }> {
  // Compiled or not, the worker is beside this file and has its extension.
  const file = new URL(`./sandbox-worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url);
  const worker = new Worker(file);
  const [credentials] = await once(worker, "message").catch((error: AntomVaultError) => {
    // An error does not keep its class on the way to another thread.
    throw error.name === "AntomVaultError" ? new AntomVaultError(error.code, error.message) : error;
  });
  return {
    credentials,
    // The sandbox is in memory, so no work has to be finished.
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  };
}
