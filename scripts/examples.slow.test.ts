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

/** Where the command `antom-vault` is this checkout's. */
let commands: string;
beforeAll(() => {
  commands = mkdtempSync(join(tmpdir(), "antom-vault-commands-"));
  const command = join(commands, "antom-vault");
  const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  writeFileSync(command, `#!/bin/sh\nexec ${shellQuote(process.execPath)} ${shellQuote(main)} "$@"\n`);
  chmodSync(command, 0o755);
});
afterAll(() => rmSync(commands, { recursive: true }));

/** What the example's `npm test` does, with whatever else is for the command; nothing of the example's own need be installed. */
async function contracted(
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
  test("its gateway keeps the contract, and what it cannot be asked is told", async () => {
    const { code, output } = await contracted();
    expect(output).toMatch(/ [1-9]\d* passed, 0 failed, [1-9]\d* not applicable/);
    expect(output).toContain("could not be asked. The target does not require 3-D Secure");
    expect(code).toBe(0);
  });

  // The checks that know the fault; the whole run says it too, and more. That they pass without it, the whole run above has shown.
  const breakages = [
    [
      "no-signature-check",
      "protocol.signature.rejected.*",
      "Target did not reject an invalid request with F / INVALID_SIGNATURE",
    ],
    ["forgets-idempotency", "*.idempotency.*", "The same ID gets a different response than before."],
    ["http-400", "protocol.path.*", "Rejection is not an API response with HTTP status 200 and a result."],
    ["leaks-card-number", "vaultPaymentMethod.response.*", "Response contains the card number."],
    [
      "unsigned-answers",
      "vaultPaymentMethod.response.*",
      "Response signature is invalid: The Signature header is missing",
    ],
  ] as const;

  test.each(breakages)("BREAK=%s fails in %s, and the fault is named", async (breakage, only, fault) => {
    const { code, output } = await contracted(["--only", only], breakage);
    expect(output).toContain(`✗ ${fault}`);
    expect(code).toBe(1);
  });

  test("a BREAK that there is not is refused", async () => {
    const { code, output } = await contracted([], "nothing");
    expect(output).toContain("BREAK is one of no-signature-check, ");
    expect(code).toBe(1);
  });

  test("its README and its breakages tell the same names", () => {
    const names = breakages.map(([name]) => name);
    const source = readFileSync(join(example, "breakages.js"), "utf8");
    expect([...source.matchAll(/^ {2}"([a-z0-9-]+)":/gm)].map(([, name]) => name)).toEqual(names);
    const readme = readFileSync(join(example, "README.md"), "utf8");
    for (const name of names) expect(readme).toContain(`\`${name}\``);
  });

  test("its workflow takes no action that is not pinned", () => {
    const workflow = readFileSync(join(example, ".github", "workflows", "contract.yml"), "utf8");
    const uses = [...workflow.matchAll(/uses: (.+)/g)].map(([, action]) => action);
    expect(uses).toHaveLength(2);
    for (const action of uses) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("it needs nothing that the package itself needs, and pins what is tested here", () => {
    const manifest = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, string>>;
    const { dependencies, devDependencies } = manifest(join(example, "package.json"));
    const own = manifest(join(root, "package.json"));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (name === "antom-vault") continue;
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect({ ...own["dependencies"], ...own["peerDependencies"] }).not.toHaveProperty(name);
      expect(version).toBe(own["devDependencies"]?.[name]);
    }
  });
});
