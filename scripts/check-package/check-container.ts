/**
 * Runs the instructions of examples/container/Containerfile in a directory instead of an image, because CI cannot build images. The commands, the
 * environment, and the unprivileged user are the same, but the paths of the image have a prefix.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { createVaultClient, type VaultClientOptions } from "../../src/index.ts";
import { SAMPLE_REQUEST } from "../../src/testing/messages/sample-request.ts";
import { findFreePort } from "../../src/testing/servers/free-port.ts";
import { findPostgresBinaries, startPostgres } from "../../src/testing/servers/postgres-server.ts";
import { readContainerfile } from "./containerfile.ts";

type Environment = Readonly<Record<string, string>>;

interface Service {
  readonly environment: Environment;
  readonly healthcheck: { readonly test: readonly string[] };
}

const example = join(import.meta.dirname, "..", "..", "examples", "container");
const START_TIMEOUT_MS = 30_000;
const TOKEN = "a-token-from-the-environment";
const vaultingRequestId = "container-1";
const request = { ...SAMPLE_REQUEST, vaultingRequestId, vaultingNotificationUrl: "http://127.0.0.1:9/notifications" };

/** Checks that the container runs, keeps its vaultings when it restarts, and works with the environment in compose.yaml. */
export async function checkContainer(directory: string, tarball: string): Promise<void> {
  const container = buildContainer(directory, tarball);
  await container.run({}, async ({ credentials, runHealthCheck }) => {
    assert.equal(runHealthCheck({ ANTOM_CONTROL_TOKEN: "a-different-token" }), 1);
    assert.equal((await createVaultClient(credentials).vaultPaymentMethod(request)).outcome, "vaulted");
  });
  await container.run({ ANTOM_CONTROL_TOKEN: TOKEN }, async ({ credentials }) => {
    assert.equal((await createVaultClient(credentials).inquireVaulting({ vaultingRequestId })).outcome, "vaulted");
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const response = await fetch(`${credentials.baseUrl}/_sandbox/clients`, { method: "POST", headers, body: "{}" });
    const added = (await response.json()) as VaultClientOptions;
    assert.equal((await createVaultClient(added).vaultPaymentMethod(request)).outcome, "vaulted");
  });
  await using postgres = await startPostgres();
  if (!postgres) return;
  const { database, sandbox } = readServices();
  const { hostname, port } = new URL(postgres.url);
  const binaries = findPostgresBinaries() ?? "";
  const [, program = "", ...args] = database.healthcheck.test;
  execFileSync(join(binaries, program), args, { env: { PGPORT: port }, stdio: ["ignore", "ignore", "inherit"] });
  await postgres.run([`create database ${database.environment["POSTGRES_DB"]}`]);
  const environment = Object.entries(sandbox.environment).map(([name, value]) => [
    name,
    value.replace(/^\$\{ANTOM_CONTROL_TOKEN:\?[^}]+\}$/, TOKEN).replace("@database:5432/", `@${hostname}:${port}/`),
  ]);
  await container.run(Object.fromEntries(environment), async ({ credentials }) => {
    const vault = createVaultClient(credentials);
    assert.equal((await vault.inquireVaulting({ vaultingRequestId })).outcome, "inquiry_failed");
    assert.equal((await vault.vaultPaymentMethod(request)).outcome, "vaulted");
  });
}

function readServices() {
  const file = parse(readFileSync(join(example, "compose.yaml"), "utf8")) as {
    readonly services: Readonly<Record<"database" | "sandbox", Service>>;
  };
  return file.services;
}

interface RunningContainer {
  readonly credentials: VaultClientOptions & { readonly baseUrl: string };
  /** Runs the HEALTHCHECK with additional environment variables, and returns its exit code. */
  readonly runHealthCheck: (more?: Environment) => number | null;
}

/**
 * Executes the RUN instructions. The returned `run` function starts the entry point with additional environment variables, and stops it after `use`
 * resolves.
 */
function buildContainer(directory: string, tarball: string) {
  const image = readContainerfile(readFileSync(join(example, "Containerfile"), "utf8"));
  const root = join(directory, "container");
  const isRoot = process.getuid?.() === 0;
  const { uid, gid } = image.user;
  /** Adds the prefix to the paths of the image. Replaces the owner with the current user, unless the current user is root. */
  const adapt = (part: string) =>
    part
      .replaceAll(/(?<![\w./-])\/context\b/g, dirname(tarball))
      .replaceAll(/(?<![\w./-])\/(?=(?:app|data)\b)/g, `${root}/`)
      .replace(`--owner=${uid}`, isRoot ? "$&" : `--owner=${process.getuid?.()}`)
      .replace(`--group=${gid}`, isRoot ? "$&" : `--group=${process.getgid?.()}`);

  const cwd = adapt(image.workingDirectory);
  mkdirSync(join(root, "bin"), { recursive: true });
  mkdirSync(cwd);
  // The user of the container might not be allowed to read the directory of this Node.js executable, or the temporary directory.
  copyFileSync(process.execPath, join(root, "bin/node"));
  chmodSync(directory, 0o711);
  const env: Record<string, string> = { PATH: `${join(root, "bin")}:${process.env["PATH"]}` };
  for (const [name, value] of image.variables)
    env[name] = adapt(value.replaceAll(/\$(\w+)/g, (_, variable: string) => env[variable] ?? ""));
  env["PACKAGE"] = tarball;
  for (const command of image.runs)
    execFileSync("sh", ["-c", adapt(command)], {
      cwd,
      // Use this computer's npm settings, such as the registry.
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });

  const user = isRoot ? image.user : {};
  const run = async (variables: Environment, use: (container: RunningContainer) => Promise<void>): Promise<void> => {
    const options = { cwd, ...user, env: { ...env, ...variables, PORT: String(await findFreePort()) } };
    const [program = "", ...args] = image.entryPoint.map(adapt);
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const exited = once(child, "exit");
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const [checker = "", ...checks] = image.healthCheck.map(adapt);
    const runHealthCheck = (more: Environment = {}) =>
      spawnSync(checker, checks, { ...options, env: { ...options.env, ...more } }).status;
    try {
      for (const start = Date.now(); runHealthCheck() !== 0; await sleep(100))
        assert(child.exitCode === null && Date.now() - start < START_TIMEOUT_MS, "the container is not healthy");
      const credentials = JSON.parse(readFileSync(join(root, "data/credentials.json"), "utf8"));
      await use({ credentials, runHealthCheck });
    } catch (error) {
      child.kill("SIGKILL");
      console.error((await output).join(""));
      throw error;
    }
    child.kill("SIGTERM");
    assert.deepEqual(await exited, [0, null], "SIGTERM must stop the container with exit code 0");
  };
  return { run };
}
