/**
 * A disk whose power can be cut: ext4 on a loop device over a file.
 *
 * What has reached the disk is in that file. What the file system still holds in memory is not, and a plain copy of the file does not fetch
 * it. At the cut the file system is first made to fail every write (ext4's shutdown without a flush of its journal, as file systems are
 * tested for power cuts), so that nothing written later can slip into the copy while it is being made. The copy then becomes the disk: it
 * is mounted, its journal is replayed, and the sandbox starts on it.
 *
 * The disk has no write cache of its own: what was written is there. So this does not show whether a real disk obeys a flush.
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

/** Runs one of the system's programs and returns what it printed. Rejects with its message if it fails. */
async function runProgram(program: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: "C", PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };
  const { stdout } = await execute(program, [...args], { env, timeout: 60_000 });
  return stdout.trim();
}

/** Makes the disk and mounts it. Rejects where this machine has no loop devices, or does not let us mount. */
export async function createDevice(cleanUp: CleanUp, mebibytes: number) {
  // In memory, where there is such a place: a flush takes no time there, so more is answered before the cut.
  const root = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "antom-vault-device-"));
  // A database server runs under a user of its own, who passes through.
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
    /** Where the file system is mounted. */
    folder: directory,
    /** Writes out everything, as a quiet minute would. */
    flush: () => runProgram("sync", "--file-system", directory),
    /** Cuts the power. `stopAll` is called as soon as no write can succeed, and must end all that uses the disk. */
    cut: async (stopAll: () => Promise<void>): Promise<void> => {
      await mounted.shutDown.shutDown();
      await stopAll();
      const writesUnderWay = `/sys/block/${mounted.device}/inflight`;
      while (/[1-9]/.test(await readFile(writesUnderWay, "utf8"))) await sleep(1);
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

async function mount(image: string, folder: string, cleanUp: CleanUp) {
  await runProgram("mount", "-t", "ext4", "-o", "loop", image, folder);
  const release = cleanUp.add(async () => {
    // Lazily where a process that is about to end still holds it.
    await runProgram("umount", folder).catch(() => runProgram("umount", "-l", folder));
  });
  const device = basename(await runProgram("losetup", "-n", "-O", "NAME", "-j", image));
  const shutDown = await prepareShutDown(folder, cleanUp);
  const unmount = async () => {
    await shutDown.end();
    await release();
  };
  return { device, shutDown, unmount };
}

// EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH. Node has no ioctl, and every system with mkfs.ext4 has perl.
const SHUT_DOWN = `
$| = 1;
open(my $folder, "<", $ARGV[0]) or die "$!";
print "ready\\n";
defined(<STDIN>) or exit 0;
my $without_flush = pack("L", 2);
ioctl($folder, 0x8004587d, $without_flush) or die "$!";
print "cut\\n";
`;

/** A program that has everything open, so that the cut takes no longer than one system call. */
async function prepareShutDown(folder: string, cleanUp: CleanUp) {
  const child = spawn("perl", ["-e", SHUT_DOWN, folder], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = once(child, "close");
  const end = cleanUp.add(async () => {
    child.kill("SIGKILL");
    await gone;
  });
  const said = async (word: string) => {
    const [text] = await Promise.race([once(child.stdout, "data"), gone.then(() => ["nothing"])]);
    if (String(text).trim() !== word) throw new Error(`The file system cannot be shut down: ${String(text)}.`);
  };
  await said("ready");
  return {
    shutDown: async () => {
      child.stdin.write("\n");
      await said("cut");
    },
    end,
  };
}

/** Why there can be no power cut here, or `undefined` where there can. */
export async function findPowerCutProblem(cleanUp: CleanUp): Promise<string | undefined> {
  if (process.platform !== "linux") return "they need Linux";
  if (process.getuid?.() !== 0) return "they need root, for a loop device and its mount";
  try {
    const device = await createDevice(cleanUp, 16);
    await device.cut(async () => {});
    await device.close();
    return undefined;
  } catch (error) {
    await cleanUp.runAll();
    const [first = ""] = (error instanceof Error ? error.message : String(error)).trim().split("\n");
    return `they need mkfs.ext4, mount, a free loop device and perl (${first})`;
  }
}
