/** `npm test`: starts the server on a free port and runs the contract tests against it. Options after `--` are passed to `antom-vault contract`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addBreakage } from "./breakages.js";
import { Gateway } from "./gateway.js";
import { loadKeys } from "./keys.js";
import { startServer } from "./server.js";

const TestedGateway = addBreakage(Gateway, process.env.BREAK);
const directory = mkdtempSync(join(tmpdir(), "gateway-"));
try {
  const { gatewayOptions, credentialsFile } = loadKeys(directory);
  const server = await startServer(new TestedGateway(gatewayOptions));
  const options = ["contract", server.url, "--credentials", credentialsFile, ...process.argv.slice(2)];
  // npm adds the commands of the dependencies to PATH.
  const contract = spawn("antom-vault", options, { stdio: "inherit", shell: process.platform === "win32" });
  const [code] = await once(contract, "exit");
  process.exitCode = code ?? 1;
  await server.close();
} finally {
  rmSync(directory, { recursive: true });
}
