/** A sandbox on a thread of its own, so that whoever asks it and what answers do not share one processor. */
import { parentPort } from "node:worker_threads";
import { startSandbox } from "../../sandbox/index.ts";

const { credentials } = await startSandbox();
parentPort?.postMessage(credentials);
