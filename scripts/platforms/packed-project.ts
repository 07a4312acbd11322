import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const npm = (cwd: string, ...args: readonly string[]): string =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** Converts `NAME@VERSION` arguments of `npm install` to dependencies. */
const toDependencies = (packages: readonly string[]) =>
  Object.fromEntries(
    packages.map((item) => [item.slice(0, item.indexOf("@", 1)), item.slice(item.indexOf("@", 1) + 1)]),
  );

/**
 * Builds and packs this package, and installs it with other packages from npm into a temporary project. Runs no install scripts.
 *
 * @param optional packages that npm skips if they do not support this platform
 */
export function createPackedProject(packages: readonly string[], optional: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), "antom-vault-packed-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    npm(root, "run", "--silent", "build");
    const [packed] = JSON.parse(npm(root, "pack", "--json", "--ignore-scripts", "--pack-destination", directory)) as [
      { readonly filename: string },
    ];
    const dependencies = { ...toDependencies(packages), "antom-vault": `file:./${packed.filename}` };
    const manifest = { private: true, type: "module", dependencies, optionalDependencies: toDependencies(optional) };
    writeFileSync(join(directory, "package.json"), JSON.stringify(manifest));
    npm(directory, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error");
  } catch (error) {
    remove();
    throw error;
  }
  return { directory, [Symbol.dispose]: remove };
}
