/** Finds the process that listens on a port, if the operating system shows it. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/**
 * Returns a phrase such as ` by process 123 (node)`. Returns an empty string on systems other than Linux, or if the process is not visible, for
 * example because it belongs to a different user.
 */
export function findPortOwner(port: number): string {
  const sockets = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => findListeningSockets(file, port));
  const processId = list("/proc").find(
    (name) =>
      /^\d+$/.test(name) &&
      list(`/proc/${name}/fd`).some((fd) =>
        sockets.includes(attempt(() => readlinkSync(`/proc/${name}/fd/${fd}`)) ?? ""),
      ),
  );
  // Read only the program name, because the arguments could contain secrets.
  const [program] = attempt(() => readFileSync(`/proc/${processId}/cmdline`, "utf8"))?.split("\0") ?? [];
  return program === undefined ? "" : ` by process ${processId} (${basename(program)})`;
}

/** Returns the sockets that listen on a port, as they appear in the file descriptors of a process. */
function findListeningSockets(file: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = (attempt(() => readFileSync(file, "utf8")) ?? "").split("\n").map((line) => line.trim().split(/\s+/));
  // The fields are: number, local address, remote address, state (0A is listening), …, inode.
  const listening = rows.filter(([, local, , state]) => local?.endsWith(suffix) && state === "0A");
  return listening.map((row) => `socket:[${row[9]}]`);
}

const list = (directory: string): readonly string[] => attempt(() => readdirSync(directory)) ?? [];

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
