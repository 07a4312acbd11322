/**
 * Generates a client with each code generator, compiles it, and runs it against a sandbox. Also runs the Bruno collection. Prints a table. Exits with
 * code 1 on any failure. A client whose language is not installed is skipped. The generators are cached in `~/.cache/antom-vault-codegen`.
 *
 * Usage: `npm run codegen [-- WORD…]`. With words, only the clients whose definition in clients.ts contains every word are tested.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { CLIENTS, type GeneratedClient, PACKAGES } from "./codegen/clients.ts";
import { startGateway } from "./codegen/gateway.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");
const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "antom-vault-codegen");
/** Matches the output that every program must print. */
const EXPECTED =
  /^vaulted S SUCCESS VISA \S+ \S.*\ndeclined F \w+ +\S.*\ninquired FAIL DO_NOT_HONOR\nsession S http\S+\nnotification S \S+\nunknown S NEW_CODE NEW_BRAND token success\n$/;

/** Installs npm packages, unless they are in the cache, and returns their directory. */
async function install(packages: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(packages.join()).digest("hex").slice(0, 12);
  const directory = join(cache, hash);
  if (existsSync(directory)) return directory;
  mkdirSync(cache, { recursive: true });
  const incomplete = mkdtempSync(`${directory}-`);
  writeFileSync(join(incomplete, "package.json"), JSON.stringify({ private: true, type: "module" }));
  // @hey-api/openapi-ts reads the first tsconfig above its own directory.
  writeFileSync(join(incomplete, "tsconfig.json"), "{}");
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], { cwd: incomplete });
  renameSync(incomplete, directory);
  return directory;
}

const isInstalled = (program: string): boolean =>
  program.startsWith("/")
    ? existsSync(program)
    : (process.env["PATH"] ?? "").split(delimiter).some((directory) => existsSync(join(directory, program)));

/** Runs a shell script, which can call the programs of the packages and of this project. Returns its output. */
async function runScript(lines: readonly string[], cwd: string, packages: string, environment: NodeJS.ProcessEnv) {
  const bin = [packages, root].map((directory) => join(directory, "node_modules/.bin"));
  const env = { ...process.env, ...environment, PATH: [...bin, process.env["PATH"]].join(delimiter) };
  const { stdout } = await run("sh", ["-euc", lines.join("\n")], { cwd, env, maxBuffer: 2 ** 26 });
  return stdout;
}

/** Generates, compiles, and runs a client. Returns "passed" or why the client was skipped. */
async function testClient(client: GeneratedClient): Promise<string> {
  const missing = client.requires.programs.filter((program) => !isInstalled(program));
  if (missing.length > 0) return `skipped: ${missing.join(" ")} missing (Debian: ${client.requires.debian})`;
  const packages = await install(PACKAGES[client.packages]);
  const directory = mkdtempSync(join(packages, "client-"));
  const environment = await gateway.createEnvironment();
  try {
    for (const parent of ["examples/signing", "scripts/codegen/programs"]) {
      const source = join(root, parent, client.program);
      if (existsSync(source)) cpSync(source, directory, { recursive: true });
    }
    cpSync(join(root, "generated", client.document), join(directory, client.document));
    const stdout = await runScript([client.generate, client.compile, client.run], directory, packages, environment);
    const output = stdout.slice(stdout.lastIndexOf("vaulted "));
    if (!EXPECTED.test(output)) throw new Error(`The program printed unexpected output:\n${output}`);
    const otherKey = { ...environment, ANTOM_PUBLIC_KEY: gateway.otherPublicKey };
    const rejection = await runScript([client.run], directory, packages, otherKey).catch((error: Error) => error);
    if (!/not signed by Antom|signature is invalid/.test(String(rejection)))
      throw new Error(`The program did not reject a response that is signed with a different key:\n${rejection}`);
    return "passed";
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs the Bruno collection, whose tests verify the responses. */
async function testCollection(): Promise<string> {
  const packages = await install(PACKAGES.bruno);
  const command = "bru run --env sandbox --sandbox developer";
  await runScript([command], join(root, "examples/bruno"), packages, await gateway.createEnvironment());
  return "passed";
}

async function printResult(columns: string, running: Promise<string>): Promise<void> {
  const result = await running.catch((error: Error & { readonly stdout?: string }) => {
    process.exitCode = 1;
    console.error(`${error.message}${error.stdout ?? ""}`.replaceAll(/^\[main\].*\n/gm, ""));
    return "failed";
  });
  console.log(`| ${columns} | ${result} |`);
}

const words = process.argv.slice(2);
const selected = CLIENTS.filter((client) => words.every((word) => JSON.stringify(client).includes(word)));
const sets = new Set<keyof typeof PACKAGES>([...selected.map(({ packages }) => packages), "bruno"]);
await Promise.all([...sets].map((name) => install(PACKAGES[name])));
await using gateway = await startGateway();
console.log("| Language | Generator | Document | Result |\n|---|---|---|---|");
for (const client of selected)
  await printResult(`${client.language} | ${client.generator} | ${client.document}`, testClient(client));
await printResult(`Bruno | ${PACKAGES.bruno} | examples/bruno`, testCollection());
