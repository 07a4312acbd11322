/** Runs a sandbox on a separate thread so that it can use a different CPU core than the contract tests. */
import { parentPort } from "node:worker_threads";
import { startSandbox } from "../../sandbox/index.ts";

const { credentials } = await startSandbox();
parentPort?.postMessage(credentials);
