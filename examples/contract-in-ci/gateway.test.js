/** Runs the contract tests as Vitest tests: `npm run test:vitest`. */
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registerContractTests } from "antom-vault/contract-tests";
import { afterAll, beforeAll, describe, test } from "vitest";
import { Gateway } from "./gateway.js";
import { loadKeys } from "./keys.js";
import { startServer } from "./server.js";

const directory = mkdtempSync(join(tmpdir(), "gateway-"));
let server;
let target;

beforeAll(async () => {
  const { gatewayOptions, credentialsFile } = loadKeys(directory);
  server = await startServer(new Gateway(gatewayOptions));
  target = { name: "example gateway", baseUrl: server.url, ...JSON.parse(await readFile(credentialsFile, "utf8")) };
});
afterAll(async () => {
  await server?.close();
  rmSync(directory, { recursive: true });
});

registerContractTests({ describe, test }, () => target);
