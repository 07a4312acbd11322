/** Starts a sandbox in memory on a thread of its own. */
import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { AntomVaultError, type AntomVaultErrorCode } from "../../protocol/errors.ts";
import type { Credentials } from "../../sandbox/index.ts";

export type WorkerMessage =
  | { readonly credentials: Credentials }
  | { readonly failed: { readonly code: AntomVaultErrorCode; readonly message: string } };

export interface SandboxThread extends AsyncDisposable {
  readonly credentials: Credentials;
}

/** @throws AntomVaultError as `startSandbox` */
export async function startSandboxThread(): Promise<SandboxThread> {
  // Compiled or not, the worker stands beside this file and ends like it.
  const file = new URL(`./sandbox-worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url);
  const worker = new Worker(file);
  const [message]: WorkerMessage[] = await once(worker, "message");
  if (!message || "failed" in message) {
    await worker.terminate();
    const { code, message: told } = message?.failed ?? { code: "CONFIGURATION_INVALID", message: "No sandbox came." };
    throw new AntomVaultError(code, told);
  }
  return {
    credentials: message.credentials,
    [Symbol.asyncDispose]: async () => {
      const ended = once(worker, "exit");
      worker.postMessage("stop");
      await ended;
    },
  };
}
