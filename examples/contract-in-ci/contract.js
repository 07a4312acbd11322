/** `npm test`: starts the server on a free port, and has the contract tests ask it everything. What is given after `--` goes to them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { broken } from "./breakages.js";
import { Gateway } from "./gateway.js";
import { developmentKeys } from "./keys.js";
import { startServer } from "./server.js";

const TheGateway = broken(Gateway, process.env.BREAK);
const folder = mkdtempSync(join(tmpdir(), "gateway-"));
try {
  const { gatewayOptions, credentialsFile } = developmentKeys(folder);
  const server = await startServer(new TheGateway(gatewayOptions));
  const options = ["contract", server.url, "--credentials", credentialsFile, ...process.argv.slice(2)];
  // npm puts the commands of the dependencies on the path.
  const contract = spawn("antom-vault", options, { stdio: "inherit", shell: process.platform === "win32" });
  const [code] = await once(contract, "exit");
  process.exitCode = code ?? 1;
  await server.close();
} finally {
  rmSync(folder, { recursive: true });
}
