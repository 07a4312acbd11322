/** Compiles a user's program with old and new TypeScript versions, in every form of module, with and without the types of browsers. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** TypeScript versions, with the version of @types/node that they are tested with. */
const VERSIONS = [
  { typescript: "5.0.4", node: "20.19.43" },
  { typescript: "5.9.3", node: "22.20.7" },
  { typescript: "7.0.2", node: "24.19.4" },
];

const SETTINGS = [
  { type: "commonjs", module: "commonjs", moduleResolution: "node10" },
  { type: "commonjs", module: "node16", moduleResolution: "node16" },
  { type: "commonjs", module: "nodenext", moduleResolution: "nodenext" },
  { type: "module", module: "node16", moduleResolution: "node16" },
  { type: "module", module: "nodenext", moduleResolution: "nodenext" },
  { type: "module", module: "esnext", moduleResolution: "bundler" },
];

/** A program of a merchant's backend. It also uses the client without validation, whose types are those of a dependency. */
const PROGRAM = `
import { AntomVaultError, createVaultClient, type VaultPaymentMethodOutcome } from "antom-vault";
import { createNotificationReceiver, type VaultingEvent } from "antom-vault/notification";
import { toNodeHandler } from "antom-vault/notification/node";
import type { components } from "antom-vault/types";
import { validateVaultingNotification } from "antom-vault/validators";
const vault = createVaultClient({ clientId: "x", region: "asia", merchantPrivateKey: "x", antomPublicKey: "x" });
const request: components["schemas"]["InquireVaultingRequest"] = { vaultingRequestId: "1" };
export async function inquire(): Promise<string | undefined> {
  const { data } = await vault.raw.POST("/v1/vaults/inquireVaulting", { body: request });
  const status: "S" | "F" | "U" | undefined = data?.result.resultStatus;
  const outcome = await vault.inquireVaulting(request);
  return outcome.outcome === "vaulted" ? outcome.cardToken : status;
}
export const codeOf = (error: unknown) => (error instanceof AntomVaultError ? error.code : undefined);
export const isVaulted = (outcome: VaultPaymentMethodOutcome): boolean => outcome.outcome === "vaulted";
export const receive = createNotificationReceiver({ clientId: "x", antomPublicKey: "x", onVaulting: (event: VaultingEvent) => void event.vaultingRequestId });
export const handle = toNodeHandler(receive);
const checked = validateVaultingNotification({});
export const id: string | undefined = checked.valid ? checked.value.vaultingRequestId : undefined;
// @ts-expect-error a missing field is an error, so the types are not \`any\`
export const missing: Parameters<typeof vault.inquireVaulting>[0] = {};
`;

/** Returns a description of each combination that failed, with the compiler's output. `install` runs npm in a directory. */
export function checkTypes(
  directory: string,
  tarball: string,
  install: (directory: string, ...packages: readonly string[]) => void,
): readonly string[] {
  return VERSIONS.flatMap(({ typescript, node }) => {
    const project = join(directory, `types-${typescript}`);
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), "{}");
    install(project, tarball, `typescript@${typescript}`, `@types/node@${node}`);
    const compiler = join(project, "node_modules/typescript/bin/tsc");
    // TypeScript 7 has no node10 resolution.
    const settings = SETTINGS.filter(
      ({ moduleResolution }) => !(typescript.startsWith("7") && moduleResolution === "node10"),
    );
    return settings.flatMap(({ type, ...options }) =>
      (type === "module" ? [["es2022"]] : [["es2022"], ["es2022", "dom"]]).flatMap((lib) => {
        const compilerOptions = { strict: true, target: "es2022", lib, types: ["node"], noEmit: true, ...options };
        writeFileSync(join(project, "package.json"), JSON.stringify({ type }));
        writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
        writeFileSync(join(project, "use.ts"), PROGRAM);
        const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", project], { encoding: "utf8" });
        return status === 0
          ? []
          : [`TypeScript ${typescript}, @types/node ${node}, ${type}, ${JSON.stringify(options)}, ${lib}:\n${stdout}`];
      }),
    );
  });
}

const REQUIRE_PROGRAM = `
const assert = require("node:assert/strict");
const { AntomVaultError, createVaultClient } = require("antom-vault");
const { createNotificationReceiver } = require("antom-vault/notification");
const { toNodeHandler } = require("antom-vault/notification/node");
const { validateVaultPaymentMethodRequest } = require("antom-vault/validators");
const openapi = require("antom-vault/openapi.json");
require("antom-vault/types");
require("antom-vault/sandbox/control.json");
assert.equal(validateVaultPaymentMethodRequest(openapi.components.examples.Sample.value).valid, true);
assert.equal(typeof toNodeHandler(createNotificationReceiver({ clientId: "x", antomPublicKey: "x", onVaulting() {} })), "function");
const options = { clientId: "SANDBOX_X", region: "asia", merchantPrivateKey: "x", antomPublicKey: "x" };
(async () => {
  const esm = await import("antom-vault");
  assert.notEqual(esm.AntomVaultError, AntomVaultError);
  for (const vault of [createVaultClient(options), esm.createVaultClient(options)]) {
    const error = await vault.ready().catch((error) => error);
    assert.equal(error.code, "KEY_INVALID");
    assert(error instanceof AntomVaultError && error instanceof esm.AntomVaultError);
  }
})();
`;

/** Runs a CommonJS program with every Node.js version, and expects no warnings. */
export function checkRequire(project: string, programs: readonly string[]): void {
  const file = join(project, "use.cjs");
  writeFileSync(file, REQUIRE_PROGRAM);
  for (const program of programs) {
    const { status, stderr } = spawnSync(program, [file], { encoding: "utf8" });
    assert(status === 0 && stderr === "", `${program}: exit ${status}: ${stderr}`);
  }
  const esm = 'for (const name of ["sandbox", "contract-tests"]) require("antom-vault/" + name);';
  writeFileSync(file, esm);
  for (const program of programs)
    execFileSync(program, ["--no-warnings", file], { stdio: ["ignore", "ignore", "inherit"] });
}
