/** Checks the package: the tarball installs into an empty project and works there, with only the runtime dependencies that the README lists. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { rolldown } from "rolldown";

const root = join(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
const directory = mkdtempSync(join(tmpdir(), "antom-vault-package-"));
const project = join(directory, "consumer");

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** Programs like those of a user of the package. */
const EXPORTS_PROGRAM = `
import assert from "node:assert/strict";
import { AntomVaultError, createVaultClient } from "antom-vault";
import { createNotificationReceiver } from "antom-vault/notification";
import { toNodeHandler } from "antom-vault/notification/node";
import { validateVaultPaymentMethodRequest } from "antom-vault/validators";
import { registerContractTests } from "antom-vault/contract-tests";
import openapi from "antom-vault/openapi.json" with { type: "json" };
import openapi30 from "antom-vault/openapi-3.0.json" with { type: "json" };
assert.match(openapi.openapi, /^3\\.1/);
assert.match(openapi30.openapi, /^3\\.0/);
assert.equal(validateVaultPaymentMethodRequest(openapi.components.examples.Sample.value).valid, true);
assert.equal(typeof registerContractTests, "function");
assert.equal(typeof toNodeHandler(createNotificationReceiver({ clientId: "x", antomPublicKey: "x", onVaulting() {} })), "function");
const vault = createVaultClient({ clientId: "SANDBOX_X", region: "asia", merchantPrivateKey: "x", antomPublicKey: "x" });
await assert.rejects(vault.ready(), (error) => error instanceof AntomVaultError && error.code === "KEY_INVALID");
`;

const SANDBOX_PROGRAM = `
import assert from "node:assert/strict";
import { createVaultClient } from "antom-vault";
import openapi from "antom-vault/openapi.json" with { type: "json" };
import control from "antom-vault/sandbox/control.json" with { type: "json" };
import { startSandbox } from "antom-vault/sandbox";
assert.ok(control.paths["/clock"] ?? control.paths["/_sandbox/clock"]);
await using sandbox = await startSandbox();
const vault = createVaultClient(sandbox.credentials);
const outcome = await vault.vaultPaymentMethod(openapi.components.examples.Sample.value);
assert.equal(outcome.outcome, "vaulted");
const page = await (await fetch(sandbox.credentials.baseUrl + "/reference")).text();
assert.ok(page.includes("VAULTING_NOT_EXIST"));
assert.equal(page.includes('id="swagger-ui"'), process.argv[2] === "swagger-ui");
assert.equal(page.includes("npm install --save-dev swagger-ui-dist"), process.argv[2] !== "swagger-ui");
`;

const TYPES_PROGRAM = `
import { createVaultClient } from "antom-vault";
import { createNotificationReceiver, type VaultingEvent } from "antom-vault/notification";
import type { components } from "antom-vault/types";
import { validateVaultingNotification } from "antom-vault/validators";
const vault = createVaultClient({ clientId: "x", region: "asia", merchantPrivateKey: "x", antomPublicKey: "x" });
const request: components["schemas"]["InquireVaultingRequest"] = { vaultingRequestId: "1" };
const outcome = await vault.inquireVaulting(request);
export const token: string | undefined = outcome.outcome === "vaulted" ? outcome.cardToken : undefined;
export const receive = createNotificationReceiver({ clientId: "x", antomPublicKey: "x", onVaulting: (event: VaultingEvent) => void event.vaultingRequestId });
const checked = validateVaultingNotification({});
export const id: string | undefined = checked.valid ? checked.value.vaultingRequestId : undefined;
`;

try {
  const tarball = pack();
  await step("publint reports no problems", async () => {
    const { messages, pkg } = await publint({ pkgDir: root, strict: true });
    assert(messages.length === 0, messages.map((message) => formatMessage(message, pkg ?? {})).join("\n"));
  });
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await step("the package installs into an empty project with only openapi-fetch and commander", () => {
    runNpm("install", "--no-audit", "--no-fund", tarball);
    const installed = readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."));
    const expected = ["antom-vault", "commander", "openapi-fetch", "openapi-typescript-helpers"];
    assert(installed.join() === expected.join(), `installed: ${installed.join(", ")}`);
  });
  await step("the client, the receiver, and the validators import only openapi-fetch", async () => {
    const installed = join(project, "node_modules", "antom-vault", "dist");
    const imports = await findImports([
      join(installed, "src/index.js"),
      join(installed, "src/notification/index.js"),
      join(installed, "generated/validators.js"),
    ]);
    assert(imports.join() === "openapi-fetch", `imports: ${imports.join(", ")}`);
  });
  await step("the exports without optional dependencies can be imported", () => {
    writeFileSync(join(project, "use.js"), EXPORTS_PROGRAM);
    runScript("use.js");
  });
  await step("the types compile in a strict project", () => {
    writeFileSync(join(project, "use.ts"), TYPES_PROGRAM);
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          exactOptionalPropertyTypes: true,
          module: "nodenext",
          target: "es2022",
          lib: ["es2022", "dom"],
          types: [],
          noEmit: true,
        },
        files: ["use.ts"],
      }),
    );
    execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", project], { stdio: "inherit" });
  });
  await step("the command runs", () => {
    assert(runCommand("--version").stdout.trim() === manifest.version, "--version prints a different version");
    assert(JSON.parse(runCommand("spec").stdout).openapi.startsWith("3.1"), "spec does not print the OpenAPI document");
    assert(runCommand("keygen", "--json").status === 0, "keygen fails");
  });
  await step("the command prints how to install missing packages", () => {
    const { status, stderr } = runCommand("mock", "--port", "0");
    assert(
      status === 2 && stderr.includes("npm install --save-dev @stoplight/prism-http"),
      `exit ${status}: ${stderr}`,
    );
  });
  await step("the sandbox vaults a card with its optional dependencies", () => {
    runNpm("install", "--no-audit", "--no-fund", "--save-dev", ...["hono", "@hono/node-server"].map(pinVersion));
    writeFileSync(join(project, "sandbox.js"), SANDBOX_PROGRAM);
    runScript("sandbox.js");
  });
  await step("the demo passes with all optional dependencies", () => {
    // Install the versions that this project is tested with.
    const packages = Object.keys(manifest.peerDependencies).map(pinVersion);
    runNpm("install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-dev", ...packages);
    runScript("sandbox.js", "swagger-ui");
    const { status, stdout, stderr } = runCommand("demo", "--json");
    assert(status === 0 && JSON.parse(stdout).passed === true, `exit ${status}: ${stderr}`);
  });
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function pinVersion(name: string): string {
  return `${name}@${manifest.devDependencies[name]}`;
}

function pack(): string {
  const printed = execFileSync("npm", ["pack", "--silent", "--pack-destination", directory], {
    cwd: root,
    encoding: "utf8",
  });
  return join(directory, printed.trim().split("\n").at(-1) ?? "");
}

function runNpm(...args: readonly string[]): void {
  execFileSync("npm", args, { cwd: project, stdio: ["ignore", "ignore", "inherit"] });
}

function runScript(...args: readonly string[]): void {
  execFileSync(process.execPath, args, { cwd: project, stdio: "inherit" });
}

function runCommand(...args: readonly string[]) {
  return spawnSync(process.execPath, [join(project, "node_modules/antom-vault/dist/src/cli/main.js"), ...args], {
    cwd: project,
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
}

/** Returns the npm packages that the files import, directly or through other files. */
async function findImports(input: readonly string[]): Promise<readonly string[]> {
  const bundle = await rolldown({ input: [...input], external: (id) => !/^[./]/.test(id), logLevel: "silent" });
  const { output } = await bundle.generate({ format: "esm" });
  const chunks = output.filter((part) => part.type === "chunk");
  const names = new Set(chunks.map(({ fileName }) => fileName));
  return [...new Set(chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]))]
    .filter((name) => !names.has(name))
    .sort();
}

async function step(title: string, work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
    console.log(`✓ ${title}`);
  } catch (error) {
    console.error(`✗ ${title}`);
    throw error;
  }
}
