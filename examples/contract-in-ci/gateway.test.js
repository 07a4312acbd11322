/** The same checks as tests of one's own vitest: `npm run test:vitest`. */
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registerContractTests } from "antom-vault/contract-tests";
import { afterAll, beforeAll, describe, test } from "vitest";
import { Gateway } from "./gateway.js";
import { developmentKeys } from "./keys.js";
import { startServer } from "./server.js";

const folder = mkdtempSync(join(tmpdir(), "gateway-"));
let server;
let target;

beforeAll(async () => {
  const { gatewayOptions, credentialsFile } = developmentKeys(folder);
  server = await startServer(new Gateway(gatewayOptions));
  target = { name: "our gateway", baseUrl: server.url, ...JSON.parse(await readFile(credentialsFile, "utf8")) };
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

registerContractTests({ describe, test }, () => target);
