/** A sandbox on a thread of its own, so that whoever asks it and what answers do not share one processor. */
import { parentPort } from "node:worker_threads";
import { AntomVaultError } from "../../protocol/errors.ts";
import { startSandbox } from "../../sandbox/index.ts";
import type { WorkerMessage } from "./sandbox-thread.ts";

const tell = (message: WorkerMessage) => parentPort?.postMessage(message);

try {
  const running = await startSandbox();
  parentPort?.once("message", async () => {
    await running[Symbol.asyncDispose]();
    parentPort?.close();
  });
  tell({ credentials: running.credentials });
} catch (error) {
  // An error does not keep its class on the way to another thread.
  if (!(error instanceof AntomVaultError)) throw error;
  tell({ failed: { code: error.code, message: error.message } });
}
