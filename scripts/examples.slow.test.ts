import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shellQuote } from "../src/machine/shell-quote.ts";

const root = join(import.meta.dirname, "..");
const example = join(root, "examples", "contract-in-ci");
const preload = new URL("./examples/resolve-from-checkout.ts", import.meta.url).href;

/** A directory with an `antom-vault` command that runs this checkout. */
let commands: string;
beforeAll(() => {
  commands = mkdtempSync(join(tmpdir(), "antom-vault-commands-"));
  const command = join(commands, "antom-vault");
  const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  writeFileSync(command, `#!/bin/sh\nexec ${shellQuote(process.execPath)} ${shellQuote(main)} "$@"\n`);
  chmodSync(command, 0o755);
});
afterAll(() => rmSync(commands, { recursive: true }));

/** Runs the script of the example's `npm test` with options for the command. The example's dependencies need not be installed. */
async function runExample(
  options: readonly string[] = [],
  breakage?: string,
): Promise<{ readonly code: number; readonly output: string }> {
  const { BREAK: _, GITHUB_ACTIONS: __, ...environment } = process.env;
  const running = spawn(process.execPath, ["--import", preload, "contract.js", ...options], {
    cwd: example,
    env: {
      ...environment,
      NO_COLOR: "1",
      PATH: `${commands}${delimiter}${process.env["PATH"]}`,
      ...(breakage === undefined ? {} : { BREAK: breakage }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([text(running.stdout), text(running.stderr), once(running, "exit")]);
  return { code: Number(code), output: out + err };
}

describe("examples/contract-in-ci", () => {
  test("passes all checks that apply to it, and reports the skipped ones", async () => {
    const { code, output } = await runExample();
    expect(output).toMatch(/ [1-9]\d* passed, 0 failed, [1-9]\d* skipped/);
    expect(output).toContain("checks skipped: The target does not require 3-D Secure");
    expect(code).toBe(0);
  });

  // Run only the checks that must fail with a breakage. Without a breakage, all checks pass, as tested above.
  const breakages = [
    [
      "no-signature-check",
      "protocol.signature.rejected.*",
      "Target did not reject an invalid request with F / INVALID_SIGNATURE",
    ],
    ["no-idempotency", "*.idempotency.*", "Retry with the same ID returns a different response than before."],
    ["http-400", "protocol.path.*", "Rejection is not an API response with HTTP status 200 and a result."],
    ["card-number-in-response", "vaultPaymentMethod.response.*", "Response contains the card number."],
    ["unsigned-responses", "vaultPaymentMethod.response.*", "Response has no signature header: "],
  ] as const;

  test.each(
    breakages,
  )("fails with BREAK=%s in the checks %s, and reports the error", async (breakage, only, message) => {
    const { code, output } = await runExample(["--only", only], breakage);
    expect(output).toContain(`✗ ${message}`);
    expect(code).toBe(1);
  });

  test("rejects an unknown value of BREAK", async () => {
    const { code, output } = await runExample([], "nothing");
    expect(output).toContain("BREAK must be one of no-signature-check, ");
    expect(code).toBe(1);
  });

  test("documents all breakages in its README", () => {
    const names = breakages.map(([name]) => name);
    const source = readFileSync(join(example, "breakages.js"), "utf8");
    expect([...source.matchAll(/^ {2}"([a-z0-9-]+)":/gm)].map(([, name]) => name)).toEqual(names);
    const readme = readFileSync(join(example, "README.md"), "utf8");
    for (const name of names) expect(readme).toContain(`\`${name}\``);
  });

  test("pins all actions in its workflow", () => {
    const workflow = readFileSync(join(example, ".github", "workflows", "contract.yml"), "utf8");
    const uses = [...workflow.matchAll(/uses: (.+)/g)].map(([, action]) => action);
    expect(uses).toHaveLength(2);
    for (const action of uses) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("pins its dependencies to tested versions, and shares none of them with the package", () => {
    const read = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, string>>;
    const { dependencies, devDependencies } = read(join(example, "package.json"));
    const packageManifest = read(join(root, "package.json"));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (name === "antom-vault") continue;
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect({ ...packageManifest["dependencies"], ...packageManifest["peerDependencies"] }).not.toHaveProperty(name);
      expect(version).toBe(packageManifest["devDependencies"]?.[name]);
    }
  });
});
