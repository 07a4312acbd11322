/**
 * Checks that the tarball installs into an empty project with only its runtime dependencies, that the package works there in every module format, and
 * that its types compile with old and new TypeScript versions. Prints the sizes of the tarball and of the bundles.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { rolldown } from "rolldown";
import { checkContainer } from "./check-package/check-container.ts";
import { checkRequire, checkTypes } from "./check-package/check-formats.ts";
import { measureBundles } from "./check-package/measure-bundles.ts";

const root = join(import.meta.dirname, "..");
const directory = mkdtempSync(join(tmpdir(), "antom-vault-package-"));
const project = join(directory, "consumer");

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface PackResult {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** A user's program. It imports the exports that require no optional dependencies. */
const EXPORTS_PROGRAM = `
import assert from "node:assert/strict";
import { AntomVaultError, createVaultClient } from "antom-vault";
import { createNotificationReceiver } from "antom-vault/notification";
import { toNodeHandler } from "antom-vault/notification/node";
import { validateVaultPaymentMethodRequest } from "antom-vault/validators";
import { registerContractTests } from "antom-vault/contract-tests";
import openapi from "antom-vault/openapi.json" with { type: "json" };
import openapi30 from "antom-vault/openapi-3.0.json" with { type: "json" };
import signatures from "antom-vault/signature-vectors.json" with { type: "json" };
import codegen from "antom-vault/openapi-codegen.json" with { type: "json" };
assert.match(openapi.openapi, /^3\\.1/);
assert.match(openapi30.openapi, /^3\\.0/);
assert.equal(signatures.vectors[0].expected, "valid");
assert.equal(codegen.components.schemas.VaultPaymentMethodResponse.type, "object");
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
const getPage = async (path) => (await fetch(sandbox.credentials.baseUrl + path)).text();
assert.ok((await getPage("/reference/result-codes")).includes("VAULTING_NOT_EXIST"));
const page = await getPage("/reference");
assert.equal(page.includes('id="swagger-ui"'), process.argv[2] === "swagger-ui");
assert.equal(page.includes("npm install --save-dev swagger-ui-dist"), process.argv[2] !== "swagger-ui");
`;

/** Matches the expected problem with the two exports that are ESM only. CommonJS programs can require them in Node.js 20.19 or later. */
const ONLY_ESM = /^\{"kind":"CJSResolvesToESM","entrypoint":"\.\/(?:sandbox|contract-tests)"/;

try {
  const tarball = pack();
  await step("publint reports no problems", async () => {
    const { messages, pkg } = await publint({ pkgDir: root, strict: true });
    assert(messages.length === 0, messages.map((message) => formatMessage(message, pkg ?? {})).join("\n"));
  });
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await step("the package installs into an empty project with only its runtime dependencies", () => {
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
  await step("the exports that require no optional dependencies can be imported", () => {
    writeFileSync(join(project, "use.js"), EXPORTS_PROGRAM);
    runScript("use.js");
  });
  await step("CommonJS programs can require the exports, even on Node.js 20.19", () => {
    const old = join(directory, "node-20.19");
    mkdirSync(old);
    writeFileSync(join(old, "package.json"), "{}");
    install(old, "node@20.19.0");
    checkRequire(project, [process.execPath, join(old, "node_modules/.bin/node")]);
  });
  await step("@arethetypeswrong reports no problems, except that two exports are ESM only", async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    const problems = "problems" in result ? result.problems : ["no types"];
    const unexpected = problems.map((problem) => JSON.stringify(problem)).filter((text) => !ONLY_ESM.test(text));
    assert(unexpected.length === 0, unexpected.join("\n"));
  });
  await step("the types compile with every minor version of TypeScript since 5.0, in every module format", async () => {
    const failures = await checkTypes(directory, tarball, install);
    assert(failures.length === 0, failures.join("\n"));
  });
  await step("the bundles are within their size limits", async () => {
    const bundles = await measureBundles(join(project, "node_modules", "antom-vault"));
    for (const { name, bytes, lazyBytes, limit } of bundles)
      console.log(
        `  ${name}: ${bytes} bytes with brotli (limit ${limit}), and ${lazyBytes} bytes that are loaded on demand`,
      );
    assert(
      bundles.every(({ bytes, limit }) => bytes <= limit),
      "a bundle exceeds its size limit",
    );
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
  await step("the container in examples/container runs, and works with compose.yaml", () =>
    checkContainer(directory, tarball),
  );
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

/** Packs the package, prints its size, and returns the path of the tarball. */
function pack(): string {
  const args = ["pack", "--json", "--pack-destination", directory];
  const printed = execFileSync("npm", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const [packed] = JSON.parse(printed) as readonly [PackResult];
  const { filename, size, unpackedSize, files } = packed;
  console.log(`tarball: ${size} bytes, unpacked ${unpackedSize} bytes in ${files.length} files`);
  const unneeded = files.map(({ path }) => path).filter((path) => /\.(?:png|svg|jpg)$|^examples\//.test(path));
  const missing = ["llms.txt", "llms-full.txt"].filter((name) => !files.some(({ path }) => path === name));
  assert(missing.length === 0, `the tarball does not contain ${missing.join(", ")}`);
  assert(unneeded.length === 0, `the tarball contains unneeded files: ${unneeded.join(", ")}`);
  return join(directory, filename);
}

function install(cwd: string, ...packages: readonly string[]): void {
  const args = ["install", "--no-audit", "--no-fund", "--save-exact", ...packages];
  execFileSync("npm", args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
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
