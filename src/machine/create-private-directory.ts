import { mkdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/**
 * Creates a directory and its missing parents with mode 0700. Adds a `.gitignore` to a new `.antom-vault` directory, so that its keys are never
 * committed. Rejects with the error of the file system.
 *
 * Does not use the `recursive` option of `mkdir`, because the call never settles if a file system rejects directories with ENOENT, as `/proc` does.
 */
export async function createPrivateDirectory(path: string): Promise<void> {
  const directory = resolve(path);
  const parent = dirname(directory);
  try {
    await createIfMissing(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || parent === directory) throw error;
    await createPrivateDirectory(parent);
    await createIfMissing(directory);
  }
}

/** Creates a directory without its parents. Accepts an existing directory, because a second process might have just created it. */
async function createIfMissing(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
    if (basename(directory) === ".antom-vault") await writeFile(join(directory, ".gitignore"), "*\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && (await stat(directory)).isDirectory()) return;
    throw error;
  }
}
