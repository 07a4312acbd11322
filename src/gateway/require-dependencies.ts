import { describeNodePackage } from "../machine/node-package.ts";
import { AntomVaultError, listPackages, type OptionalFeature } from "../protocol/errors.ts";

/** The first version of SQLite without the WAL-reset bug, which could lose commits. */
const MIN_SQLITE = [3, 51, 3] as const;

/**
 * Checks the packages that the features require and, if `sqlite` is set, the SQLite version that is built into Node.js. Reports all problems in one
 * error.
 *
 * @throws {AntomVaultError} `DEPENDENCY_MISSING` if a package is not installed or the SQLite version is unsafe.
 */
export function requireDependencies(features: readonly OptionalFeature[], { sqlite = false } = {}): void {
  const packages = listPackages(...features);
  const arePackagesMissing = !packages.every(isInstalled);
  const sqliteProblem = sqlite ? findSqliteProblem() : undefined;
  if (!arePackagesMissing && !sqliteProblem) return;
  throw new AntomVaultError("DEPENDENCY_MISSING", arePackagesMissing ? describePackages() : describeSqlite());

  function describePackages(): string {
    const lines = [
      `${sqliteProblem ? `${sqliteProblem} The sandbox also` : `The ${features[0]}`} requires packages that are not installed. Run:`,
      `  npm install --save-dev ${sqliteProblem ? "node@24 " : ""}${packages.join(" ")}`,
      ...(sqliteProblem ? [`${describeNodePackage() ?? "npx and npm scripts then use Node.js 24"}.`] : []),
    ];
    return lines.join("\n");
  }

  function describeSqlite(): string {
    const fix = describeNodePackage() ?? "Run npm install --save-dev node@24 (npx and npm scripts then use it)";
    return `${sqliteProblem} ${fix}. Alternatively, store the data in PostgreSQL: set database in startSandbox, or --database in antom-vault sandbox.`;
  }
}

/** Returns whether a package can be imported. `name` can include a version. */
function isInstalled(name: string): boolean {
  try {
    return Boolean(import.meta.resolve(name.replace(/@\d[\d.]*$/, "")));
  } catch {
    return false;
  }
}

/** Returns why the SQLite version in Node.js is unsafe, or `undefined` if it is safe. */
export function findSqliteProblem(): string | undefined {
  const version = (process.versions["sqlite"] ?? "0.0.0").split(".").map(Number);
  const firstDifference = MIN_SQLITE.findIndex((part, index) => (version[index] ?? 0) !== part);
  if (firstDifference < 0 || (version[firstDifference] ?? 0) > (MIN_SQLITE[firstDifference] ?? 0)) return undefined;
  return `The sandbox requires SQLite ${MIN_SQLITE.join(".")} or later, which is part of Node.js 24.15, but this is Node.js ${process.versions.node}.`;
}
