/** A sandbox in a process of its own, which tells what it has used when it is asked. */
import { startSandbox } from "../../src/sandbox/index.ts";

const { data, database, deliver } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly data?: string;
  readonly database?: string;
  readonly deliver?: boolean;
};
const sandbox = await startSandbox({
  ...(data === undefined ? {} : { data }),
  ...(database === undefined ? {} : { database }),
  deliver: deliver ?? false,
});

process.on("message", async (message) => {
  if (message === "usage") process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss(), memory: process.memoryUsage() });
  if (message === "stop") {
    await sandbox.close(1000);
    process.exit(0);
  }
});
process.send?.({ ready: sandbox.credentials });
