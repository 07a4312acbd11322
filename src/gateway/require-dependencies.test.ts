import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryDirectory, waitForExit } from "../testing/processes/command.ts";

const quotePath = (path: string) => JSON.stringify(join(import.meta.dirname, "..", path));

/** Runs code in a process in which packages that match `missing` cannot be imported and Node.js reports `version`. Returns the printed text. */
async function runWithoutPackages(missing: string, version: string, code: string): Promise<string> {
  using project = createTemporaryDirectory();
  const program = `
    import { registerHooks } from "node:module";
    registerHooks({
      resolve(name, context, next) {
        if (/${missing}/.test(name)) throw new Error("not found");
        return next(name, context);
      },
    });
    const versions = { ...process.versions, node: "${version}", ...("${version}" < "24" ? { sqlite: "3.46.1" } : {}) };
    Object.defineProperty(process, "versions", { value: versions });
    ${code}
  `;
  const args = ["--input-type=module", "-e", program];
  const { stdout, stderr } = await waitForExit(spawn(process.execPath, args, { cwd: project.path }));
  return (stdout + stderr).trimEnd();
}

test.each([
  [
    "^@?hono|^node-forge",
    "20.19.5",
    { tls: true },
    /^DEPENDENCY_MISSING: The sandbox requires SQLite [\d.]+ or later, which is part of Node.js 24.15, but this is Node.js 20.19.5. The sandbox also requires packages that are not installed. Run:\n {2}npm install --save-dev node@24 @hono\/node-server@2 hono@4 node-forge@1\nnpx and npm scripts then use Node.js 24.$/,
  ],
  [
    "^pg$",
    "20.19.5",
    { database: "postgres://127.0.0.1:9/x" },
    /^DEPENDENCY_MISSING: The sandbox requires packages that are not installed. Run:\n {2}npm install --save-dev @hono\/node-server@2 hono@4 pg@8$/,
  ],
  [
    "^nothing$",
    "20.19.5",
    {},
    /^DEPENDENCY_MISSING: The sandbox requires SQLite .* but this is Node.js 20.19.5. Run npm install --save-dev node@24 \(npx and npm scripts then use it\)\. Alternatively, store the data in PostgreSQL: set database /,
  ],
])("startSandbox without packages that match %s on Node.js %s reports all missing dependencies in one error", async (...row) => {
  const [missing, version, options, message] = row;
  const code = `
    const { startSandbox } = await import(${quotePath("sandbox/index.ts")});
    await startSandbox(${JSON.stringify(options)}).catch((error) => console.log(error.code + ": " + error.message));
  `;
  expect(await runWithoutPackages(missing, version, code)).toMatch(message);
});

test.each([
  [
    "mock",
    "--tls",
    "24.15.0",
    "The mock requires packages that are not installed. Run:",
    "@stoplight/prism-http@5.16.0 @hono/node-server@2 hono@4 node-forge@1",
  ],
  [
    "demo",
    "--json",
    "20.19.5",
    "The sandbox also requires packages that are not installed. Run:",
    "node@24 @stoplight/prism-http@5.16.0 @hono/node-server@2 hono@4",
  ],
])("%s %s on Node.js %s reports all missing dependencies in one error", async (command, option, version, reason, packages) => {
  const code = `process.argv = [process.argv[0], "antom-vault", "${command}", "${option}"]; await import(${quotePath("cli/main.ts")});`;
  const output = await runWithoutPackages("^@?hono|^node-forge|^@stoplight", version, code);
  expect(output).toContain(reason);
  expect(output).toContain(`  npm install --save-dev ${packages}`);
});
