import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { shellQuote } from "../src/machine/shell-quote.ts";
import { startMock } from "../src/mock/mock.ts";
import { generateKeyPair } from "../src/signature/index.ts";

const root = join(import.meta.dirname, "..");
const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

interface Step {
  readonly if?: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly "working-directory"?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description?: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
};
const step = action.runs.steps.find(({ run }) => run !== undefined);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "antom-vault-action-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Replaces expressions as GitHub does. The action's expressions use only its inputs and its path. */
const evaluate = (value: string, inputs: Readonly<Record<string, string>>): string =>
  value.replace(/\$\{\{ (?:inputs\.([a-z-]+)|github\.action_path) \}\}/g, (_, name?: string) =>
    name === undefined ? root : (inputs[name] ?? action.inputs[name]?.default ?? ""),
  );

/** Runs the action's script as GitHub does, with a fake npx. */
async function run(npx: string, inputs: Readonly<Record<string, string>>, environment: Record<string, string> = {}) {
  const file = (name: string) => join(directory, name);
  mkdirSync(file("bin"), { recursive: true });
  writeFileSync(file("bin/npx"), `#!/bin/sh\n${npx}\n`);
  chmodSync(file("bin/npx"), 0o755);
  writeFileSync(file("script.sh"), step?.run ?? "");
  for (const name of ["arguments", "output", "summary"]) rmSync(file(name), { force: true });
  const cwd = join(directory, evaluate(step?.["working-directory"] ?? "", inputs));
  const env = Object.entries(step?.env ?? {}).map(([name, value]) => [name, evaluate(value, inputs)]);
  const { GITHUB_ACTIONS: _, ...inherited } = process.env;
  const running = spawn("sh", ["-e", file("script.sh")], {
    cwd,
    env: {
      ...inherited,
      ...Object.fromEntries(env),
      NO_COLOR: "1",
      PATH: `${file("bin")}${delimiter}${process.env["PATH"]}`,
      GITHUB_OUTPUT: file("output"),
      GITHUB_STEP_SUMMARY: file("summary"),
      ARGUMENTS: file("arguments"),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errorOutput, [code]] = await Promise.all([
    text(running.stdout),
    text(running.stderr),
    once(running, "exit"),
  ]);
  const readIfExists = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : "");
  return {
    code: Number(code),
    printed: output + errorOutput,
    arguments: readIfExists("arguments").split("\0").slice(0, -1),
    output: readIfExists("output"),
    summary: readIfExists("summary"),
  };
}

/** Creates a fake npx that records its arguments and writes a report to the --junit file. */
const createFakeNpx = (report: string, code = 0): string => `
printf '%s\\0' "$@" > "$ARGUMENTS"
for argument in "$@"; do case $argument in --junit=*) cat > "\${argument#--junit=}" <<'REPORT'
${report}
REPORT
esac; done
exit ${code}`;

const createReport = (tests: number, failures: number, skipped: number): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Vault API contract tests of x" tests="${tests}" failures="${failures}" errors="0" skipped="${skipped}" time="1.000">
</testsuite>`;

/** A fake npx that runs antom-vault from this checkout. */
const checkoutNpx = `
while [ "$1" != antom-vault ]; do shift; done
shift
exec ${shellQuote(process.execPath)} ${shellQuote(main)} "$@"`;

describe("action.yml", () => {
  test("is a composite action that uses only GitHub's setup-node, pinned to a commit", () => {
    expect(action.runs.using).toBe("composite");
    const uses = action.runs.steps.flatMap(({ uses }) => uses ?? []);
    expect(uses).toEqual([expect.stringMatching(/^actions\/setup-node@[0-9a-f]{40}$/)]);
  });

  test("passes each input to the script as an environment variable, and uses no expressions in the script", () => {
    expect(step?.shell).toBe("sh");
    expect(step?.run).not.toContain("${{");
    const values = Object.values(step?.env ?? {});
    for (const value of values) expect(value).toMatch(/^\$\{\{ (?:inputs\.[a-z-]+|github\.action_path) \}\}$/);
    const usedElsewhere = ["working-directory", "node-version"];
    const named = Object.keys(action.inputs).filter((name) => !usedElsewhere.includes(name));
    expect(values.slice(0, -1)).toEqual(named.map((name) => `\${{ inputs.${name} }}`));
    for (const { description } of Object.values(action.inputs)) expect(description).toMatch(/\.$/);
  });

  test("runs this version of the package against a base URL", async () => {
    const result = await run(createFakeNpx(createReport(10, 0, 3)), { target: "http://127.0.0.1:8080" });
    expect(result.arguments).toEqual([
      "--yes",
      `--package=antom-vault@${manifest.version}`,
      "--",
      "antom-vault",
      "contract",
      expect.stringMatching(/^--junit=\/.+\/contract\.xml$/),
      "--",
      "http://127.0.0.1:8080",
    ]);
    expect(result).toMatchObject({ code: 0, output: "passed=7\nfailed=0\n", summary: "" });
  });

  test("passes every input as a single argument", async () => {
    const shellSyntax = `a b"c'$(touch ${directory}/hacked)\`touch ${directory}/hacked\`;*\\`;
    mkdirSync(join(directory, "a b"));
    const inputs = {
      target: `-${shellSyntax}`,
      credentials: shellSyntax,
      "base-path": shellSyntax,
      only: `-${shellSyntax}`,
      lenient: "true",
      version: shellSyntax,
      junit: "-report 1.xml",
      html: shellSyntax,
      "working-directory": "a b",
    };
    const result = await run(createFakeNpx(createReport(1, 0, 0)), inputs);
    expect(result.arguments).toEqual([
      "--yes",
      `--package=antom-vault@${shellSyntax}`,
      "--",
      "antom-vault",
      "contract",
      "--junit=-report 1.xml",
      `--credentials=${shellSyntax}`,
      `--base-path=${shellSyntax}`,
      `--only=-${shellSyntax}`,
      "--lenient",
      `--html=${shellSyntax}`,
      "--",
      `-${shellSyntax}`,
    ]);
    expect(result).toMatchObject({ code: 0, output: "passed=1\nfailed=0\n" });
    expect(existsSync(join(directory, "hacked"))).toBe(false);
    expect(existsSync(join(directory, "a b", "-report 1.xml"))).toBe(true);
  });

  test.each([
    ["mock", ["@stoplight/prism-http", "@hono/node-server", "hono"]],
    ["sandbox", ["@hono/node-server", "hono"]],
  ] as const)("installs the peer dependencies that the target %s requires", async (target, names) => {
    const result = await run(createFakeNpx(createReport(1, 0, 0)), { target });
    const packages = result.arguments.filter((argument) => argument.startsWith("--package="));
    const peers = names.map((name) => `--package=${name}@${manifest.peerDependencies[name]}`);
    expect(packages).toEqual([`--package=antom-vault@${manifest.version}`, ...peers]);
  });

  test("fails if the command fails, and leaves the summary to the command", async () => {
    const result = await run(createFakeNpx(createReport(9, 3, 2), 1), { target: "http://127.0.0.1:8080" });
    expect(result).toMatchObject({ code: 1, output: "passed=4\nfailed=3\n", summary: "" });
  });

  test("reports an incomplete run, and ignores the report of an earlier run", async () => {
    writeFileSync(join(directory, "report.xml"), createReport(9, 0, 0));
    const result = await run("exit 2", { target: "http://127.0.0.1:8080", junit: "report.xml" });
    expect(result).toMatchObject({ code: 2, output: "" });
    expect(result.summary).toContain("did not run completely (exit code 2).");
  });

  test("reads credentials from a file or from the environment", async () => {
    await using mock = await startMock();
    const { baseUrl, clientId, merchantPrivateKey, antomPublicKey } = mock.credentials;
    writeFileSync(join(directory, "credentials.json"), JSON.stringify(mock.credentials));
    const inputs = { target: baseUrl, only: "vaultPaymentMethod.response.*", junit: "report.xml" };
    const withFile = await run(checkoutNpx, { ...inputs, credentials: "credentials.json", html: "report.html" });
    expect(withFile.printed).toMatch(/ [1-9]\d* passed, 0 failed/);
    expect(withFile).toMatchObject({ code: 0, output: expect.stringMatching(/^passed=[1-9]\d*\nfailed=0\n$/) });
    expect(existsSync(join(directory, "report.html"))).toBe(true);

    const environment = { ANTOM_CLIENT_ID: clientId, ANTOM_PRIVATE_KEY: merchantPrivateKey };
    const missing = await run(checkoutNpx, inputs, environment);
    expect(missing).toMatchObject({ code: 2, printed: expect.stringContaining("ANTOM_PUBLIC_KEY") });
    const { publicKey } = await generateKeyPair();
    const differentKey = await run(checkoutNpx, inputs, { ...environment, ANTOM_PUBLIC_KEY: publicKey });
    expect(differentKey).toMatchObject({ code: 1, output: expect.stringMatching(/^passed=\d+\nfailed=[1-9]\d*\n$/) });
    expect(differentKey.summary.match(/^\| passed \| failed \| skipped \|$/gm)).toHaveLength(1);
    expect(differentKey.summary).toMatch(/<li>Response signature is invalid: .+ \(<code>.+<\/code>.*\)<\/li>/);
    const withEnvironment = await run(checkoutNpx, inputs, { ...environment, ANTOM_PUBLIC_KEY: antomPublicKey });
    expect(withEnvironment.code).toBe(0);
  });
});
