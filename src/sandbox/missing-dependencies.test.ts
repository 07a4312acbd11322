import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryDirectory, waitForExit } from "../testing/processes/command.ts";

/** Starts a sandbox in a process in which packages are missing and Node.js is `version`. Returns the message of the error. */
async function startWithout(missing: string, version: string, options: object): Promise<string> {
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
    const { startSandbox } = await import(${JSON.stringify(join(import.meta.dirname, "index.ts"))});
    await startSandbox(${JSON.stringify(options)}).catch((error) => console.log(error.code + ": " + error.message));
  `;
  const args = ["--input-type=module", "-e", program];
  const { stdout } = await waitForExit(spawn(process.execPath, args, { cwd: project.path }));
  return stdout.trimEnd();
}

test.each([
  [
    "^@?hono|^node-forge",
    "20.19.5",
    { tls: true },
    /^DEPENDENCY_MISSING: The sandbox requires SQLite [\d.]+ or later, which is part of Node.js 24.15, but this is Node.js 20.19.5. It also requires packages that are not installed. Run:\n {2}npm install --save-dev node@24 @hono\/node-server@2 hono@4 node-forge@1\nnpx and npm scripts then use this Node.js.$/,
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
    /^DEPENDENCY_MISSING: The sandbox requires SQLite .* but this is Node.js 20.19.5. Run npm install --save-dev node@24 \(npx and npm scripts then use it\), or store/,
  ],
])("startSandbox without %s on Node.js %s reports everything that is missing at once", async (...row) => {
  const [missing, version, options, message] = row;
  expect(await startWithout(missing, version, options)).toMatch(message);
});
