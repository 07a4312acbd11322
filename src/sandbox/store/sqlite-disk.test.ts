/** Tests the SQLite engine on disks that are full, fail to flush, or are read-only. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createTemporaryDirectory } from "../../testing/processes/command.ts";
import { buildFailingSync, type FailingSync } from "../../testing/processes/failing-fsync.ts";
import { type Program, startProgram } from "../../testing/processes/store-program.ts";
import { openTestStore } from "../../testing/sandbox/store.ts";
import { createProcessing, getVaultingKey, toSucceeded } from "../../testing/sandbox/stored-vaultings.ts";
import { openSqlite } from "./sqlite.ts";

const isRoot = process.getuid?.() === 0;
const UNPRIVILEGED = { uid: 65534, gid: 65534 };

describe("the store on a full disk", () => {
  const canMount = isRoot && process.platform === "linux" && canMountTmpfs();
  if (!canMount) console.warn("The test of a full disk is skipped: it mounts a tmpfs, which requires root.");

  test.skipIf(!canMount)("rejects calls until space is available", async () => {
    using directory = createTemporaryDirectory();
    using disk = mountTmpfs(join(directory.path, "disk"), "3m");
    const onFatal = vi.fn();
    const file = join(disk.path, "vault.db");
    const store = await openTestStore(await openSqlite({ file, onFatal }));
    const put = async () => {
      const vaulting = toSucceeded(createProcessing({ metadata: "m".repeat(20_000) }));
      await store.vaultings.update(getVaultingKey(vaulting), () => ({ response: 1, vaulting }));
      return vaulting.vaultingRequestId;
    };
    const confirmed: string[] = [];
    const filler = join(disk.path, "filler");
    for (let round = 0; round < 2; round++) {
      fillDisk(filler);
      let rejected: unknown;
      for (let tries = 0; tries < 500 && !rejected; tries++) {
        const results = await Promise.allSettled([put(), put(), put()]);
        for (const result of results) {
          if (result.status === "fulfilled") confirmed.push(result.value);
          else rejected = result.reason;
        }
      }
      expect(rejected).toMatchObject({ errstr: "database or disk is full" });
      await expect(put()).rejects.toMatchObject({ errstr: "database or disk is full" });
      rmSync(filler);
      confirmed.push(await put());
    }
    expect(onFatal).not.toHaveBeenCalled();
    const ids = (rows: readonly { readonly vaultingRequestId: string }[]) => rows.map((row) => row.vaultingRequestId);
    const expectStored = async (target: typeof store) => {
      expect(ids(await target.vaultings.list({ limit: 1_000 })).sort()).toEqual(confirmed.sort());
      expect(ids(await target.outbox.list({ limit: 1_000 })).sort()).toEqual(confirmed);
    };
    await expectStored(store);
    await store.close();
    const again = await openTestStore(await openSqlite({ file }));
    await expectStored(again);
    await again.close();
  });
});

describe("the SQLite engine on a disk that fails to flush", () => {
  const directory = createTemporaryDirectory();
  afterAll(() => directory[Symbol.dispose]());
  const shim = buildFailingSync(directory.path);
  if (!shim)
    console.warn("The tests of a failing flush are skipped: they require Linux and a C compiler (cc). Install gcc.");

  /** Starts a process that writes the rows it receives on standard input. The test can make its disk fail. */
  const startWriter = (file: string, { env }: FailingSync): Program =>
    startProgram(
      `
      const { openSqlite } = await load("sqlite.ts");
      const { createInterface } = await import("node:readline");
      let fatal = 0;
      const engine = await openSqlite({ file: ${JSON.stringify(file)}, onFatal: () => { fatal += 1; } });
      const all = (sql, ...values) => engine.transact((tx) => tx.all({ sql, values }));
      await all("create table if not exists t (name text primary key, more text)");
      print("open");
      for await (const line of createInterface(process.stdin)) {
        const { names, length } = JSON.parse(line);
        const puts = names.map((name) => all("insert into t values (?, ?)", name, "x".repeat(length)));
        const late = Promise.race(puts.map((put) => put.catch(() => {}))).then(() => all("select 1"));
        const results = await Promise.allSettled([...puts, late]);
        print({ results: results.map(({ status, reason }) => reason?.errstr ?? status), fatal });
      }
      `,
      { env },
    );

  test.skipIf(!shim)("rejects all calls after a failed flush of the log, and keeps the confirmed data", async () => {
    if (!shim) return;
    using data = createTemporaryDirectory();
    const file = join(data.path, "vault.db");
    await using writer = startWriter(file, shim);
    expect(await writer.readLine()).toBe("open");
    writer.send({ names: ["a", "b"], length: 10 });
    expect(await writer.readLine()).toEqual({ results: ["fulfilled", "fulfilled", "fulfilled"], fatal: 0 });
    shim.fail("vault.db-wal");
    writer.send({ names: ["c", "d"], length: 10 });
    const failed = { results: ["disk I/O error", "disk I/O error", "disk I/O error"], fatal: 1 };
    expect(await writer.readLine()).toEqual(failed);
    // The disk works again, but its contents are unknown.
    shim.recover();
    writer.send({ names: ["e", "f"], length: 10 });
    expect(await writer.readLine()).toEqual(failed);
    writer.kill("SIGKILL");
    await writer.ended;
    const engine = await openSqlite({ file });
    const rows = await engine.read({ sql: "select name from t where name in ('a', 'b', 'e', 'f')", values: [] });
    expect(rows).toEqual([{ name: "a" }, { name: "b" }]);
    await engine.close();
  });

  test.skipIf(!shim)("rejects all calls after a failed flush during a checkpoint", async () => {
    if (!shim) return;
    using data = createTemporaryDirectory();
    await using writer = startWriter(join(data.path, "vault.db"), shim);
    expect(await writer.readLine()).toBe("open");
    shim.fail("vault.db");
    const createNames = (prefix: string) => Array.from({ length: 100 }, (_, index) => `${prefix}${index}`);
    let result: unknown;
    for (let round = 0; round < 20; round++) {
      writer.send({ names: createNames(String.fromCharCode(97 + round)), length: 20_000 });
      result = await writer.readLine();
      if ((result as { readonly fatal: number }).fatal > 0) break;
    }
    shim.recover();
    expect(result).toMatchObject({ fatal: 1 });
    expect(new Set((result as { readonly results: readonly string[] }).results)).toEqual(new Set(["disk I/O error"]));
    writer.send({ names: ["z"], length: 1 });
    expect(await writer.readLine()).toMatchObject({ fatal: 1, results: ["disk I/O error", "disk I/O error"] });
  });
});

describe("openStore without permissions", () => {
  const readable = !isRoot || canRead();
  if (!readable) console.warn("The tests of read-only directories are skipped: other users cannot read this checkout.");

  /** Opens the store in a process without root privileges, because root ignores file permissions. */
  async function openUnprivileged(file: string): Promise<unknown> {
    await using opening = startProgram(
      `
      const { openSqlite } = await load("sqlite.ts");
      const { openStore } = await load("store.ts");
      try {
        const engine = await openSqlite({ file: ${JSON.stringify(file)} });
        await openStore(engine, { now: () => 1, onFinal: () => {} });
        print("open");
      } catch (error) {
        print(describeError(error));
      }
      `,
      isRoot ? { user: UNPRIVILEGED } : {},
    );
    return await opening.readLine();
  }

  const createOpenError = (file: string) => ({
    name: "AntomVaultError",
    code: "CONFIGURATION_INVALID",
    message: expect.stringMatching(
      new RegExp(
        `^Cannot use ${file} as the sandbox's database: .+\\. Fix this problem, or use a different --data directory\\.$`,
      ),
    ),
  });

  const snapshot = (directory: string) =>
    readdirSync(directory).map((name) => [
      name,
      readFileSync(join(directory, name)).toString("base64"),
      statSync(join(directory, name)).mtimeMs,
    ]);

  test.skipIf(!readable).each([
    ["a read-only directory without a database", 0o555, undefined],
    ["a read-only directory with a read-only database", 0o555, 0o444],
    ["a read-only database", 0o777, 0o444],
    ["an unreadable database", 0o777, 0o000],
    ["a read-only directory with a writable database", 0o555, 0o666],
  ])("rejects %s, and changes nothing", async (_, directoryMode, fileMode) => {
    using directory = createTemporaryDirectory();
    chmodSync(directory.path, 0o755);
    const data = join(directory.path, "data");
    const file = join(data, "vault.db");
    mkdirSync(data);
    if (fileMode !== undefined) {
      const store = await openTestStore(await openSqlite({ file }));
      await store.close();
      chmodSync(file, fileMode);
    }
    chmodSync(data, directoryMode);
    const before = isRoot ? snapshot(data) : [];
    expect(await openUnprivileged(file)).toEqual(createOpenError(file));
    if (isRoot) expect(snapshot(data)).toEqual(before);
    chmodSync(data, 0o755);
    if (fileMode !== undefined) chmodSync(file, 0o644);
  });

  function canRead(): boolean {
    const { status } = spawnSync("test", ["-r", join(import.meta.dirname, "sqlite.ts")], UNPRIVILEGED);
    return status === 0;
  }
});

function canMountTmpfs(): boolean {
  using directory = createTemporaryDirectory();
  try {
    using _disk = mountTmpfs(join(directory.path, "disk"), "1m");
    return true;
  } catch {
    return false;
  }
}

function mountTmpfs(path: string, size: string): { readonly path: string; readonly [Symbol.dispose]: () => void } {
  mkdirSync(path);
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]);
  if (status !== 0) throw new Error(`Cannot mount a tmpfs in ${tmpdir()}.`);
  return { path, [Symbol.dispose]: () => void spawnSync("umount", ["-l", path]) };
}

function fillDisk(file: string): void {
  spawnSync("dd", ["if=/dev/zero", `of=${file}`, "bs=64k"]);
}
