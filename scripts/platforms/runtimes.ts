/** The runtimes, which are installed from npm, and the program that uses this package on all of them. */

export interface Runtime {
  /** The packages of the runtime, which npm skips on platforms that they do not support. */
  readonly optional: readonly string[];
  /** The packages with the types of the runtime. */
  readonly packages: readonly string[];
  /** A glob pattern for the binary. The main package of a runtime links to the binary only in an install script, which does not run here. */
  readonly program: string;
  readonly types: readonly string[];
  /** The name of the package with the types of this Node.js version, without the scope. */
  readonly nodeTypes?: string;
  /** Whether to skip type checks of library declarations, because some are incompatible with the pinned version of the types of Node.js. */
  readonly skipLibCheck?: boolean;
  /** The arguments that run the program, and those that type-check it if tsc cannot. */
  readonly run: readonly string[];
  readonly check?: readonly string[];
  readonly entry: "main" | "worker";
}

const system = process.platform === "win32" ? "win" : process.platform;

const node = (version: string, types: string): Runtime => {
  const major = version.slice(0, 2);
  return {
    optional: [`node-${major}@npm:node-${system}-${process.arch}@${version}`],
    packages: [`@types/node-${major}@npm:@types/node@${types}`],
    program: `node-${major}/bin/node*`,
    types: ["node"],
    nodeTypes: `node-${major}`,
    run: ["main.js"],
    entry: "main",
  };
};

export const RUNTIMES: Readonly<Record<string, Runtime>> = {
  "Node.js 20.19": node("20.19.5", "20.19.43"),
  "Node.js 22": node("22.23.5", "22.20.7"),
  "Node.js 24": node("24.21.0", "24.19.2"),
  Bun: {
    optional: ["bun@1.4.5"],
    packages: ["@types/bun@1.4.5"],
    program: "@oven/bun-*/bin/bun*",
    types: ["bun"],
    skipLibCheck: true,
    run: ["run", "main.js"],
    entry: "main",
  },
  Deno: {
    optional: ["deno@2.9.6"],
    packages: [],
    program: "@deno/*/deno*",
    types: ["node"],
    run: ["run", "--allow-all", "--no-lock", "main.ts"],
    check: ["check", "--no-lock", "main.ts"],
    entry: "main",
  },
  workerd: {
    optional: ["workerd@1.20261117.1"],
    packages: ["@cloudflare/workers-types@5.20261117.1"],
    program: "@cloudflare/workerd-*/bin/workerd*",
    types: ["@cloudflare/workers-types"],
    run: ["serve", "config.capnp"],
    entry: "worker",
  },
};

/** The program for every runtime. It uses only web platform APIs. */
const PROGRAM = `
import { createVaultClient, type VaultClientOptions, type VaultPaymentMethodRequest } from "antom-vault";
import { createNotificationReceiver, verifyNotification } from "antom-vault/notification";
export interface Input {
  readonly credentials: VaultClientOptions;
  readonly request: VaultPaymentMethodRequest;
  readonly notification: { readonly path: string; readonly headers: Record<string, string>; readonly body: string };
}
export async function run({ credentials, request, notification: { path, headers, body } }: Input) {
  const outcome = await createVaultClient(credentials).vaultPaymentMethod(request);
  const { clientId, antomPublicKey } = credentials;
  const event = await verifyNotification({ body, headers, path, clientId, antomPublicKey });
  const ids: string[] = [];
  const receive = createNotificationReceiver({
    clientId,
    antomPublicKey,
    onVaulting: ({ vaultingRequestId }) => void ids.push(vaultingRequestId),
    onRejected: () => {},
  });
  const send = (text: string) => receive(new Request("http://merchant.example" + path, { method: "POST", headers, body: text }));
  const [accepted, rejected] = [await send(body), await send(body + " ")];
  const handled = ids.join() === event.vaultingRequestId;
  return { client: outcome.outcome === "vaulted", receiver: accepted.status === 200 && rejected.status === 401 && handled };
}`;

export const RUNTIME_FILES: Readonly<Record<Runtime["entry"], Readonly<Record<string, string>>>> = {
  main: {
    "program.ts": PROGRAM,
    "main.ts": `import { createRequire } from "node:module";
import process from "node:process";
import { run } from "./program.ts";
for (const name of ["", "/notification", "/notification/node"]) createRequire(import.meta.url)("antom-vault" + name);
console.log(JSON.stringify(await run(JSON.parse(process.env["INPUT"] ?? ""))));\n`,
  },
  worker: {
    "program.ts": PROGRAM,
    "worker.ts": `import { type Input, run } from "./program.ts";
const respond = async (request: Request) => Response.json(await run(await request.json<Input>()));
export default { fetch: (request: Request) => (request.method === "POST" ? respond(request) : new Response()) };\n`,
  },
};

/** Returns a workerd configuration that allows requests to private addresses, which workerd blocks by default. */
export const formatWorkerConfig = (port: number): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["public", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const worker :Workerd.Worker = (modules = [(name = "worker", esModule = embed "bundle.js")], compatibilityDate = "2026-01-01");
`;
