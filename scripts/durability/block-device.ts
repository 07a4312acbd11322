/**
 * A disk for simulated power cuts: ext4 on a loop device backed by a file.
 *
 * The file contains everything that has reached the disk, but not the data that the file system still has in memory. A power cut first makes all
 * writes fail (ext4's shutdown without a journal flush, as in file system tests), so that later writes cannot reach the copy that is made
 * next. The copy becomes the new disk: it is mounted, its journal is replayed, and the sandbox starts on it.
 *
 * The disk has no write cache, so the test does not show whether a real disk honors a flush.
 *
 * @module
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { CleanUp } from "./clean-up.ts";

const execute = promisify(execFile);

/** Runs a system program. Resolves to its output, or rejects with its error message. */
async function runProgram(program: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: "C", PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };
  const { stdout } = await execute(program, [...args], { env, timeout: 60_000 });
  return stdout.trim();
}

/** Creates and mounts the disk. Rejects if loop devices or mounts are not available. */
export async function createDevice(cleanUp: CleanUp, mebibytes: number) {
  // Use a file system in memory if possible. Flushes are fast there, so more requests complete before the cut.
  const root = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "antom-vault-device-"));
  // The database server runs as a different user, which needs access to subdirectories.
  await chmod(root, 0o711);
  const removeRoot = cleanUp.add(() => rm(root, { recursive: true, force: true }));
  const image = join(root, "disk");
  const directory = join(root, "mounted");
  await mkdir(directory);
  await writeFile(image, "");
  await truncate(image, mebibytes * 1024 * 1024);
  await runProgram("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image);
  let mounted = await mount(image, directory, cleanUp);

  return {
    /** The mount point. */
    directory,
    /** Writes all cached data to the disk. */
    flush: () => runProgram("sync", "--file-system", directory),
    /** Cuts the power. Calls `stopAll` as soon as writes fail. `stopAll` must stop all programs that use the disk. */
    cut: async (stopAll: () => Promise<void>): Promise<void> => {
      await mounted.shutdown.run();
      await stopAll();
      const pendingWrites = `/sys/block/${mounted.device}/inflight`;
      while (/[1-9]/.test(await readFile(pendingWrites, "utf8"))) await sleep(1);
      await runProgram("cp", "--sparse=always", image, `${image}.copy`);
      await mounted.unmount();
      await rename(`${image}.copy`, image);
      mounted = await mount(image, directory, cleanUp);
    },
    close: async (): Promise<void> => {
      await mounted.unmount();
      await removeRoot();
    },
  };
}

async function mount(image: string, directory: string, cleanUp: CleanUp) {
  await runProgram("mount", "-t", "ext4", "-o", "loop", image, directory);
  const release = cleanUp.add(async () => {
    // Unmounts lazily if an exiting process still uses the disk.
    await runProgram("umount", directory).catch(() => runProgram("umount", "-l", directory));
  });
  const device = basename(await runProgram("losetup", "-n", "-O", "NAME", "-j", image));
  const shutdown = await prepareShutdown(directory, cleanUp);
  const unmount = async () => {
    await shutdown.end();
    await release();
  };
  return { device, shutdown, unmount };
}

// EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH. Node.js cannot call ioctl, so Perl does.
const SHUTDOWN_PROGRAM = `
$| = 1;
open(my $directory, "<", $ARGV[0]) or die "$!";
print "ready\\n";
defined(<STDIN>) or exit 0;
my $without_flush = pack("L", 2);
ioctl($directory, 0x8004587d, $without_flush) or die "$!";
print "cut\\n";
`;

/** Starts a program that can shut down the file system with one system call. Resolves when the program is ready. */
async function prepareShutdown(directory: string, cleanUp: CleanUp) {
  const child = spawn("perl", ["-e", SHUTDOWN_PROGRAM, directory], { stdio: ["pipe", "pipe", "inherit"] });
  const closed = once(child, "close");
  const end = cleanUp.add(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  const expectOutput = async (word: string) => {
    const [text] = await Promise.race([once(child.stdout, "data"), closed.then(() => ["nothing"])]);
    if (String(text).trim() !== word) throw new Error(`Cannot shut down ext4: perl printed ${String(text)}.`);
  };
  await expectOutput("ready");
  return {
    run: async () => {
      child.stdin.write("\n");
      await expectOutput("cut");
    },
    end,
  };
}

/** Returns why power cuts cannot be simulated on this computer, or `undefined` if they can. */
export async function findPowerCutProblem(cleanUp: CleanUp): Promise<string | undefined> {
  if (process.platform !== "linux") return "they require Linux";
  if (process.getuid?.() !== 0) return "they require root to mount a loop device";
  try {
    const device = await createDevice(cleanUp, 16);
    await device.cut(async () => {});
    await device.close();
    return undefined;
  } catch (error) {
    await cleanUp.runAll();
    const [first = ""] = (error instanceof Error ? error.message : String(error)).trim().split("\n");
    return `they require mkfs.ext4, mount, a free loop device, and perl (${first})`;
  }
}
