/**
 * Compiles a user's program with old and new TypeScript versions, in every module format, with and without browser types. Also runs CommonJS
 * programs.
 */
import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Every minor version of TypeScript since 5.0, with versions of @types/node that support that version. */
const VERSIONS = [
  ["5.0.4", "20.19.43"],
  ["5.1.6", "20.19.43"],
  ["5.2.2", "22.20.7"],
  ["5.3.3", "20.19.43"],
  ["5.4.5", "22.20.7"],
  ["5.5.4", "24.19.4"],
  ["5.6.3", "20.19.43"],
  ["5.7.3", "22.20.7"],
  ["5.8.3", "24.19.4"],
  ["5.9.3", "20.19.43"],
  ["5.9.3", "24.19.4"],
  ["6.0.3", "22.20.7"],
  ["7.0.2", "20.19.43"],
  ["7.0.2", "22.20.7"],
  ["7.0.2", "24.19.4"],
] as const;

const SETTINGS = [
  { type: "commonjs", module: "commonjs", moduleResolution: "node10" },
  { type: "commonjs", module: "node16", moduleResolution: "node16" },
  { type: "commonjs", module: "nodenext", moduleResolution: "nodenext" },
  { type: "commonjs", module: "esnext", moduleResolution: "bundler" },
  { type: "module", module: "esnext", moduleResolution: "node10" },
  { type: "module", module: "node16", moduleResolution: "node16" },
  { type: "module", module: "nodenext", moduleResolution: "nodenext" },
  { type: "module", module: "esnext", moduleResolution: "bundler" },
];

/** A merchant's program. It also uses `vault.raw`, whose types come from openapi-fetch. */
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

/**
 * Returns a description of each combination that failed, with the compiler's output. `install` installs npm packages in a directory. For each entry
 * of `VERSIONS`, only an eighth of the combinations is compiled, so that 8 consecutive entries cover all combinations.
 */
export async function checkTypes(
  directory: string,
  tarball: string,
  install: (directory: string, ...packages: readonly string[]) => void,
): Promise<readonly string[]> {
  const failures: string[] = [];
  const getProject = (node: string) => join(directory, `types-${node}`);
  // Each version of @types/node has one project, with an alias for each version of TypeScript.
  for (const node of new Set(VERSIONS.map(([, node]) => node))) {
    const project = getProject(node);
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), "{}");
    const compilers = VERSIONS.filter(([, other]) => other === node).map(([typescript]) => toAlias(typescript));
    install(
      project,
      tarball,
      `@types/node@${node}`,
      ...compilers.map((alias) => `${alias}@npm:${alias.replace("-", "@")}`),
    );
  }
  for (const [index, [typescript, node]] of VERSIONS.entries()) {
    const project = getProject(node);
    const combinations = SETTINGS.flatMap((setting) =>
      [["es2022"], ["es2022", "dom"]].map((lib) => ({ ...setting, lib })),
    )
      .filter((_, position) => position % 8 === index % 8)
      // TypeScript 7 has no node10 resolution.
      .filter(({ moduleResolution }) => !(typescript.startsWith("7") && moduleResolution === "node10"))
      .values();
    const compileNext = async () => {
      for (const combination of combinations) {
        const output = await compile(project, typescript, combination);
        if (output)
          failures.push(`TypeScript ${typescript}, @types/node ${node}, ${JSON.stringify(combination)}:\n${output}`);
      }
    };
    await Promise.all([compileNext(), compileNext()]);
  }
  return failures;
}

const toAlias = (typescript: string): string => `typescript-${typescript}`;

type Combination = (typeof SETTINGS)[number] & { readonly lib: readonly string[] };

/** Compiles the program in a separate directory. Returns the compiler's errors, or an empty string. */
async function compile(project: string, typescript: string, { type, ...options }: Combination): Promise<string> {
  const directory = mkdtempSync(join(project, "use-"));
  // TypeScript 6 reports node10 as deprecated.
  const deprecations = typescript.startsWith("6") ? { ignoreDeprecations: "6.0" } : {};
  const compilerOptions = {
    strict: true,
    target: "es2022",
    types: ["node"],
    noEmit: true,
    ...deprecations,
    ...options,
  };
  writeFileSync(join(directory, "package.json"), JSON.stringify({ type }));
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
  writeFileSync(join(directory, "use.ts"), PROGRAM);
  const compiler = join(project, "node_modules", toAlias(typescript), "bin/tsc");
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, "-p", directory], (error, stdout) =>
      resolve(error ? stdout || error.message : ""),
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

/** Runs CommonJS programs with each Node.js executable. Node.js may print warnings only for the two exports that are ESM only. */
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
