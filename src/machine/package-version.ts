import { createRequire } from "node:module";

/** Returns the version of this package. Resolves `package.json` by the package name, which works both in the repository and in an installation. */
export function readPackageVersion(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)("antom-vault/package.json");
  return manifest.version;
}
