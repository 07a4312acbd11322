/**
 * Runs the contract tests in node:test, Mocha, Jest, and bun:test, as a user of the package does. Vitest is not included, because
 * the tests in contract-tests/ already use it. Installs the package and the test runners from npm into a temporary directory.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSandbox } from "../src/sandbox/index.ts";
import { generateKeyPair } from "../src/signature/index.ts";
import { createPackedProject } from "./platforms/packed-project.ts";

const RUNNERS = ["jest@30.5.2", "mocha@12.0.3"];
/** The runners that npm skips if they do not support this platform. */
const OPTIONAL_RUNNERS = ["bun@1.4.5"];
/** Code that reads the target and selects some checks. The coverage checks are skipped, because they require a run of all checks. */
const COMMON = `
const target = JSON.parse(process.env.TARGET);
const only = ({ id }) => /\\.coverage\\.|^protocol\\.path\\./.test(id);`;
const REGISTER = `import { registerContractTests } from "antom-vault/contract-tests";${COMMON}\n`;
const REPORT = `import { registerContractReport, runContractTests } from "antom-vault/contract-tests";${COMMON}
const report = await runContractTests(target, only);\n`;

interface Runner {
  readonly name: string;
  readonly file: string;
  readonly source: string;
  /** The program to run, followed by its arguments. */
  readonly command: readonly string[];
  /** Captures the number of skipped tests in the runner's output. */
  readonly skipped: RegExp;
}

const node = process.execPath;

const listRunners = (directory: string): readonly Runner[] => [
  {
    name: "node:test",
    file: "node.test.mjs",
    source: `import { describe, test } from "node:test";\n${REGISTER}registerContractTests({ describe, test }, target, only);\n`,
    command: [node, "--test", "node.test.mjs"],
    skipped: /skipped (\d+)/,
  },
  {
    name: "Mocha",
    file: "mocha.spec.mjs",
    source: `${REGISTER}registerContractTests({ describe, test: it }, target, only);\n`,
    command: [node, "node_modules/mocha/bin/mocha.js", "mocha.spec.mjs"],
    skipped: /(\d+) pending/,
  },
  {
    name: "Jest",
    file: "jest.test.mjs",
    source: `import { describe, test } from "@jest/globals";\n${REPORT}registerContractReport({ describe, test }, report);\n`,
    command: [
      node,
      "--experimental-vm-modules",
      "node_modules/jest/bin/jest.js",
      "--testMatch=**/jest.test.mjs",
      "--transform={}",
    ],
    skipped: /(\d+) skipped/,
  },
  {
    name: "bun:test",
    file: "bun.test.mjs",
    source: `import { describe, test } from "bun:test";\n${REPORT}registerContractReport({ describe, test }, report);\n`,
    // The `bun` package links to its binary only in an install script, which does not run here.
    command: [findBun(directory), "test", "./bun.test.mjs"],
    skipped: /(\d+) skip/,
  },
];

/** Returns the path of the Bun binary for this platform, or an empty string if npm has none. */
const findBun = (directory: string): string =>
  globSync(join(directory, "node_modules/@oven/bun-*/bin/bun*")).sort()[0] ?? "";

/** Runs the tests against a target. The sandbox runs in this process, so this function must not block. */
function run(directory: string, { file, source, command: [program = "", ...args] }: Runner, target: object) {
  writeFileSync(join(directory, file), source);
  const env = { ...process.env, TARGET: JSON.stringify(target), NO_COLOR: "1", FORCE_COLOR: "0" };
  return new Promise<{ readonly failed: boolean; readonly output: string }>((resolve) => {
    execFile(program, args, { cwd: directory, env }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: stdout + stderr }),
    );
  });
}

using project = createPackedProject(RUNNERS, OPTIONAL_RUNNERS);
await using sandbox = await startSandbox();
const target = { name: "sandbox", ...sandbox.credentials };
// With this key, every response signature is invalid.
const rejecting = { ...target, antomPublicKey: (await generateKeyPair()).publicKey };
for (const runner of listRunners(project.directory)) {
  if (!runner.command[0]) {
    console.log(
      `– ${runner.name.padEnd(10)} was skipped: npm has no binary for ${process.platform} on ${process.arch}`,
    );
    continue;
  }
  const { failed, output } = await run(project.directory, runner, target);
  const skipped = runner.skipped.exec(output)?.[1];
  assert(!failed && Number(skipped) > 0, output);
  assert((await run(project.directory, runner, rejecting)).failed, `${runner.name} passed although a check failed`);
  console.log(`✓ ${runner.name.padEnd(10)} passes with ${skipped} checks skipped, and fails if a check fails`);
}
