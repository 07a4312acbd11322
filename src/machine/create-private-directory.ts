import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Creates a directory and its missing parents, readable only by their owner. Rejects with the error of the file system.
 *
 * Node's own `recursive` never ends if a file system accepts no directories and reports ENOENT, as `/proc` does.
 */
export async function createPrivateDirectory(path: string): Promise<void> {
  const folder = resolve(path);
  const parent = dirname(folder);
  try {
    await createOne(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || parent === folder) throw error;
    await createPrivateDirectory(parent);
    await createOne(folder);
  }
}

/** Creates a directory, unless there is one, which a second process may have created a moment ago. */
async function createOne(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    throw error;
  }
}
