import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const npm = (cwd: string, ...args: readonly string[]): string =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** Builds and packs this package, and installs it with other packages from npm into a temporary project. Runs no install scripts. */
export function createPackedProject(packages: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), "antom-vault-packed-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    npm(root, "run", "--silent", "build");
    const [packed] = JSON.parse(npm(root, "pack", "--json", "--ignore-scripts", "--pack-destination", directory)) as [
      { readonly filename: string },
    ];
    writeFileSync(join(directory, "package.json"), JSON.stringify({ private: true, type: "module" }));
    npm(directory, "install", "--ignore-scripts", "--no-audit", "--no-fund", `./${packed.filename}`, ...packages);
  } catch (error) {
    remove();
    throw error;
  }
  return { directory, [Symbol.dispose]: remove };
}
