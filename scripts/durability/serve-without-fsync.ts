/** Runs the sandbox on a database that does not flush each commit, so that the crash test must find losses: `serve-without-fsync.ts DIR`. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openCredentials, startHttpServer, writeCredentials } from "../../src/gateway/index.ts";
import { openSandbox } from "../../src/sandbox/sandbox.ts";
import { openSqlite } from "../../src/sandbox/store/sqlite.ts";

const [, , data = ""] = process.argv;
await mkdir(data, { recursive: true, mode: 0o700 });
const keys = await openCredentials(data);
const engine = await openSqlite({
  file: join(data, "vault.db"),
  synchronous: "NORMAL",
  onFatal: () => process.exit(70),
});
let baseUrl = "";
const sandbox = await openSandbox({
  engine,
  keys,
  notificationScope: "loopback",
  sendNotifications: true,
  rejectIdReuse: false,
  baseUrl: () => baseUrl,
});
({ baseUrl } = await startHttpServer(sandbox));
await writeCredentials(data, { ...keys, baseUrl });
process.stdout.write(`${JSON.stringify({ baseUrl })}\n`);
