/** The version of this package. */
import { createRequire } from "node:module";

/** Reads `package.json` by the package's own name, which means the same file in a checkout and in the package. */
export function readPackageVersion(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)("antom-vault/package.json");
  return manifest.version;
}
