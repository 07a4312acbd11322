/** The startup test: concurrent starts, and starts on copied, truncated, and incomplete data directories and on a full disk. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { CleanUp } from "./clean-up.ts";
import { createBody } from "./compare-responses.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { createSignedClient } from "./signed-client.ts";

export interface StartTestResult {
  readonly rounds: number;
  /** The number of starts on existing data that the sandbox rejected. `complete` is the number that succeeded. */
  readonly rejected: number;
  readonly complete: number;
  /** Descriptions of starts that lost results, did not reject damaged data, or left a directory that cannot be used. */
  readonly problems: readonly string[];
}

const PROCESSES = 10;
const NOWHERE = "http://127.0.0.1:9/";
const DATA_FILES = ["vault.db", "vault.db-wal", "vault.db-commit", "credentials.json", "gateway-private-key.pem"];

const main = fileURLToPath(import.meta.resolve("../../src/cli/main.ts"));
const run = promisify(execFile);

/** Runs the rounds, each in new directories. */
export async function runStartTest(rounds: number, cleanUp: CleanUp): Promise<StartTestResult> {
  const directory = await mkdtemp(join(tmpdir(), "antom-vault-start-"));
  const remove = cleanUp.add(() => rm(directory, { recursive: true, force: true }));
  const counts = { rejected: 0, complete: 0 };
  const problems: string[] = [];
  const start = (data: string) => startSandboxProcess({ data, synchronous: "FULL", cleanUp });

  /** Starts the sandbox on a directory. If the sandbox starts, it must have all results. With `mustReject`, it must not start. */
  async function check(name: string, data: string, ids: readonly string[], mustReject = false): Promise<void> {
    const sandbox = await start(data).catch(() => undefined);
    counts[sandbox ? "complete" : "rejected"] += 1;
    const missing = sandbox ? await countMissing(sandbox, ids) : 0;
    await sandbox?.kill();
    if (missing > 0) problems.push(`${name}: ${missing} of ${ids.length} results are missing`);
    if (sandbox && mustReject) problems.push(`${name}: the sandbox did not reject the data`);
  }

  /** Starts several processes in a new directory. Exactly one of them must start, and the keys that it writes must match. */
  async function startConcurrently(data: string): Promise<void> {
    const children = Array.from({ length: PROCESSES }, (_, index) =>
      spawn(process.execPath, [main, index % 2 ? "mock" : "sandbox", "--data", data, "--port", "0", "--json"]),
    );
    const stop = cleanUp.add(async () => void children.map((child) => child.kill("SIGKILL")));
    const losers = children.map(async (child) => {
      const [[code], errors] = await Promise.all([once(child, "exit"), text(child.stderr)]);
      return code === 2 && errors.includes("is already in use by a");
    });
    let left = PROCESSES;
    for (const loser of losers) void loser.then(() => left--);
    for (let waited = 0; left > 1 && waited < 60_000; waited += 50) await sleep(50);
    await stop();
    const rejected = (await Promise.all(losers)).filter(Boolean).length;
    if (rejected !== PROCESSES - 1) problems.push(`concurrent starts: ${rejected} of ${PROCESSES} were rejected`);
    const sandbox = await start(data).catch((error: Error) =>
      problems.push(`after concurrent starts: ${error.message}`),
    );
    if (typeof sandbox === "number") return;
    if ((await vault(sandbox, 1)).length === 0) problems.push("concurrent starts: the keys do not match");
    await sandbox.kill();
  }

  async function testDamagedCopies(data: string): Promise<void> {
    const sandbox = await start(data);
    const ids = await vault(sandbox, 40);
    const load = vault(sandbox, 40);
    await copy(data, `${data}-running`);
    ids.push(...(await load));
    await sandbox.kill();
    await check("a copy of a running sandbox", `${data}-running`, ids.slice(0, 40));
    await copy(data, `${data}-no-log`);
    await rm(join(`${data}-no-log`, "vault.db-wal"));
    await check("a missing log", `${data}-no-log`, ids, true);
    for (const file of DATA_FILES) {
      const copied = `${data}-${file}`;
      await copy(data, copied);
      const { size } = await stat(join(copied, file));
      await truncate(join(copied, file), Math.floor(Math.random() * size));
      await check(`a truncated ${file}`, copied, ids);
    }
    await check("a killed sandbox", data, ids);
  }

  for (let round = 1; round <= rounds; round++) {
    await startConcurrently(join(directory, `concurrent-${round}`));
    await testDamagedCopies(join(directory, `damaged-${round}`));
    if (process.getuid?.() === 0) await startOnFullDisk(join(directory, `full-${round}`), cleanUp, start, problems);
  }
  await remove();
  return { rounds, ...counts, problems };
}

/** Starts the sandbox on a disk that is full or almost full, and again after space has been freed. */
async function startOnFullDisk(
  disk: string,
  cleanUp: CleanUp,
  start: (data: string) => Promise<SandboxProcess>,
  problems: string[],
): Promise<void> {
  await mkdir(disk);
  const isMounted = await run("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]).catch(() => undefined);
  if (!isMounted) return;
  const unmount = cleanUp.add(async () => void (await run("umount", ["-l", disk])));
  const filler = join(disk, "filler");
  const leftBytes = Math.floor(Math.random() * 16) * 4_096;
  await run("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"]).catch(() => {});
  await truncate(filler, Math.max(0, (await stat(filler)).size - leftBytes));
  const data = join(disk, "sandbox");
  await start(data)
    .then((sandbox) => sandbox.kill())
    .catch(() => {});
  await rm(filler);
  const sandbox = await start(data).catch((error: Error) => {
    problems.push(`after a full disk with ${leftBytes} bytes left: ${error.message}`);
  });
  await sandbox?.kill();
  await unmount();
}

/** Vaults cards, and returns the IDs of the confirmed vaultings. */
async function vault({ credentials }: SandboxProcess, count: number): Promise<string[]> {
  const client = await createSignedClient(credentials);
  const ids = Array.from({ length: count }, () => `start-${crypto.randomUUID()}`);
  const calls = ids.map((id) => client.call("vaultPaymentMethod", createBody(id, "vaulted", NOWHERE)));
  const bodies = await Promise.all(calls);
  return ids.filter((_, index) => bodies[index]?.includes('"SUCCESS"'));
}

async function countMissing({ credentials }: SandboxProcess, ids: readonly string[]): Promise<number> {
  const client = await createSignedClient(credentials);
  const calls = ids.map((id) => client.call("inquireVaulting", JSON.stringify({ vaultingRequestId: id })));
  return (await Promise.all(calls)).filter((body) => !body?.includes('"cardToken"')).length;
}

/** Copies a directory that the sandbox may be using. Skips files that disappear during the copy. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  for (const name of await readdir(from)) await run("cp", ["-p", join(from, name), to]).catch(() => {});
}
