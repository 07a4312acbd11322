import { createRequire } from "node:module";

/** Returns the version of this package. Resolves `package.json` by package name, which works in the repository and when installed. */
export function readPackageVersion(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)("antom-vault/package.json");
  return manifest.version;
}
