/** Reads the bodies of an HTTP Archive from separate files in its directory, where Playwright can store them. */
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { BODY_LIMIT } from "../../protocol/json.ts";

/** A function that returns the bytes of a file, or the reason why it cannot be read. The reason completes a sentence that starts with "The file". */
export type ReadAttachment = (name: string) => Uint8Array | string;

/** Creates a function that reads regular files in the directory of an archive. If `directory` is `undefined`, the function reads no file. */
export function createAttachmentReader(directory: string | undefined): ReadAttachment {
  const cache = new Map<string, Uint8Array | string>();
  return (name) => {
    const result = cache.get(name) ?? readAttachment(directory, name);
    cache.set(name, result);
    return result;
  };
}

function readAttachment(directory: string | undefined, name: string): Uint8Array | string {
  if (directory === undefined) return "cannot be found, because the archive was read from standard input";
  if (isAbsolute(name) || name.split(/[/\\]/).includes(".."))
    return "is outside the directory that contains the archive";
  try {
    const path = join(realpathSync(directory), name);
    if (realpathSync(path) !== path) return "is a symbolic link";
    return readRegularFile(path);
  } catch {
    return "is not in the same directory as the archive, or cannot be read";
  }
}

function readRegularFile(path: string): Uint8Array | string {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return "is not a regular file";
    return stats.size > BODY_LIMIT ? `is larger than ${BODY_LIMIT} bytes` : readFileSync(file);
  } finally {
    closeSync(file);
  }
}
