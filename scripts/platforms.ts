/**
 * Installs the package as a user does, and tests it on each runtime and behind each web framework. Prints a table, and writes it to docs/platforms.md
 * and, in a short form, to the README. In CI, checks that both files are up to date instead of writing them. Each program is type-checked with the
 * types of its platform. On each runtime, the client vaults a card. Each receiver accepts a notification from the sandbox, and rejects the same
 * notification with a changed body.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { createVaultClient, type VaultPaymentMethodRequest } from "../src/index.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import { findFreePort } from "../src/testing/servers/free-port.ts";
import { FRAMEWORKS, type Framework } from "./platforms/frameworks.ts";
import { createPackedProject } from "./platforms/packed-project.ts";
import { formatWorkerConfig, RUNTIME_FILES, RUNTIMES, type Runtime } from "./platforms/runtimes.ts";
import { formatSummary, formatTable, isFailed, type Result, writeTable } from "./platforms/table.ts";

const PATH = "/antom/notifications";
const CARD = { cardNo: "4054695723100768", expiryYear: "30", expiryMonth: "12", cvv: "123" };
const root = join(import.meta.dirname, "..");
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const run = promisify(execFile);

interface Notification {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const createRequest = (vaultingRequestId: string, vaultingNotificationUrl: string): VaultPaymentMethodRequest => ({
  vaultingRequestId,
  vaultingNotificationUrl,
  redirectUrl: "https://merchant.example/cards/done",
  paymentMethodDetail: { paymentMethodType: "CARD", card: CARD },
  env: { terminalType: "WEB" },
});

/** Vaults a card, and returns the notification that the sandbox sends. */
async function receiveNotification(id: string): Promise<Notification> {
  const { promise, resolve } = Promise.withResolvers<Notification>();
  const server = createServer(async ({ headers }, response) => {
    const { "content-length": _length, host: _host, connection: _connection, ...signed } = headers;
    resolve({ path: PATH, headers: signed as Record<string, string>, body: await text(response.req) });
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;
  await createVaultClient(sandbox.credentials).vaultPaymentMethod(createRequest(id, url));
  const notification = await promise;
  server.close();
  return notification;
}

/** Writes the files of a platform, a tsconfig.json, and the sandbox's credentials to a directory. Returns the directory. */
function writeProject(name: string, files: Readonly<Record<string, string>>, compilerOptions: object) {
  const directory = join(project.directory, name.replaceAll(/[^\w.]/g, "-"));
  const config = {
    compilerOptions: {
      target: "es2022",
      lib: ["esnext"],
      module: "nodenext",
      strict: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      rewriteRelativeImportExtensions: true,
      types: ["node"],
      ...compilerOptions,
    },
    exclude: ["types"],
  };
  const credentials = { ".antom-vault/sandbox/credentials.json": JSON.stringify(sandbox.credentials) };
  const all = { ...files, ...credentials, "tsconfig.json": JSON.stringify(config) };
  for (const [file, source] of Object.entries(all)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), source);
  }
  return directory;
}

/** Runs a program, and returns whether it succeeds. Prints its output if it fails. */
async function succeeds(directory: string, program: string, args: readonly string[], env = {}): Promise<boolean> {
  return run(program, args, { cwd: directory, env: { ...process.env, ...env, NO_COLOR: "1" } }).then(
    () => true,
    ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
      console.error(`${directory}: ${args.join(" ")}\n${stdout}${stderr}`);
      return false;
    },
  );
}

/** Starts a server, runs a test against it, and stops it. */
async function withServer<T>(
  directory: string,
  program: string,
  args: readonly string[],
  port: number,
  env: object,
  test: (url: string) => Promise<T>,
) {
  const server = spawn(program, args, {
    cwd: directory,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(server, "exit");
  try {
    const url = `http://127.0.0.1:${port}`;
    const deadline = Date.now() + 60_000;
    while (!(await fetch(url).catch(() => undefined))) {
      if (server.exitCode !== null || Date.now() > deadline) throw new Error("The server did not start.");
      await setTimeout(100);
    }
    return await test(url);
  } finally {
    server.kill();
    await exited;
  }
}

async function testRuntime(
  name: string,
  { program: pattern, types, nodeTypes, skipLibCheck, run: args, check, entry }: Runtime,
): Promise<Result> {
  const [path] = globSync(pattern, { cwd: join(project.directory, "node_modules") }).sort();
  if (path === undefined) return { skipped: `npm has no binary for ${process.platform} on ${process.arch}` };
  const program = join(project.directory, "node_modules", path);
  const roots = nodeTypes ? { typeRoots: ["types"] } : {};
  const directory = writeProject(name, RUNTIME_FILES[entry], { types, skipLibCheck, ...roots });
  if (nodeTypes) {
    mkdirSync(join(directory, "types"));
    symlinkSync(
      join(project.directory, "node_modules", "@types", nodeTypes),
      join(directory, "types", "node"),
      "junction",
    );
  }
  const typed = check ? await succeeds(directory, program, check) : await succeeds(directory, process.execPath, [tsc]);
  const notification = await receiveNotification(name);
  const request = createRequest(`client ${name}`, `http://127.0.0.1:9${PATH}`);
  const input = JSON.stringify({ credentials: sandbox.credentials, request, notification });
  if (entry === "main") {
    const { stdout } = await run(program, args, {
      cwd: directory,
      env: { ...process.env, INPUT: input, NO_COLOR: "1" },
    });
    return { import: true, types: typed, ...(JSON.parse(stdout) as Result) };
  }
  // workerd cannot import npm packages, so the program is bundled.
  const bundle = await rolldown({ input: join(directory, "worker.ts"), cwd: directory, platform: "browser" });
  await bundle.write({ file: join(directory, "bundle.js"), format: "esm", codeSplitting: false });
  const port = await findFreePort();
  writeFileSync(join(directory, "config.capnp"), formatWorkerConfig(port));
  return withServer(directory, program, args, port, {}, async (url) => {
    const response = await fetch(url, { method: "POST", body: input });
    return { import: true, types: typed, ...((await response.json()) as Result) };
  });
}

async function testFramework(name: string, framework: Framework): Promise<Result> {
  const { files, compilerOptions = {}, build, start = ["main.js"], paths = [PATH] } = framework;
  const directory = writeProject(name, files, compilerOptions);
  const typed = await succeeds(directory, process.execPath, [tsc]);
  const env = { INPUT: JSON.stringify({ credentials: sandbox.credentials }), NEXT_TELEMETRY_DISABLED: "1" };
  if (build && !(await succeeds(directory, process.execPath, build, env))) return { import: false, types: typed };
  const { headers, body } = await receiveNotification(name);
  return withServer(directory, process.execPath, start, await findFreePort(), env, async (url) => {
    const send = async (path: string, content: string) =>
      (await fetch(url + path, { method: "POST", headers, body: content })).status;
    let receiver = true;
    for (const path of paths) receiver &&= (await send(path, `${body} `)) === 401 && (await send(path, body)) === 200;
    const result = { import: true, types: typed, receiver };
    return framework.vaultsCards
      ? { ...result, client: await vaultsCard(`${url}/cards/order-${name.at(-1)}`) }
      : result;
  });
}

/** Vaults a card through the NestJS guide's application. Returns whether the notification contains the card token of the response. */
async function vaultsCard(url: string): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(CARD) });
  const { cardToken } = (await response.json()) as { readonly cardToken?: string };
  for (let attempt = 0; cardToken !== undefined && attempt < 100; attempt++) {
    const received = (await (await fetch(url)).json()) as { readonly cardToken?: string };
    if (received.cardToken !== undefined) return received.cardToken === cardToken;
    await setTimeout(50);
  }
  return false;
}

const runtimes = Object.values(RUNTIMES);
const packages = [...runtimes, ...Object.values(FRAMEWORKS)].flatMap((platform) => platform.packages);
using project = createPackedProject(
  [...new Set([...packages, "@types/node@24.19.2"])],
  runtimes.flatMap(({ optional }) => optional),
);
await using sandbox = await startSandbox();
const tests = [
  ...Object.entries(RUNTIMES).map(([name, runtime]) => [name, () => testRuntime(name, runtime)] as const),
  ...Object.entries(FRAMEWORKS).map(([name, framework]) => [name, () => testFramework(name, framework)] as const),
];
const results: Record<string, Result> = Object.fromEntries(tests.map(([name]) => [name, {}]));
const queue = tests.values();
const runQueue = async () => {
  for (const [name, test] of queue)
    results[name] = await test().catch((error: unknown) => {
      console.error(`${name}: ${error}`);
      return { import: false };
    });
};
await Promise.all([runQueue(), runQueue()]);

console.log(formatTable(results));
for (const [name, { skipped }] of Object.entries(results)) if (skipped) console.log(`${name} was skipped: ${skipped}.`);
if (Object.values(results).some(isFailed)) process.exitCode = 1;
else if (!Object.values(results).some(({ skipped }) => skipped)) {
  const tables = { "README.md": formatSummary(), "docs/platforms.md": formatTable(results) };
  for (const [file, table] of Object.entries(tables))
    if (!writeTable(join(root, file), table, !process.env["CI"]) && process.env["CI"]) {
      console.error(`The table in ${file} is out of date: run npm run platforms, and commit the file.`);
      process.exitCode = 1;
    }
}
