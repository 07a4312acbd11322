/** The version of this package. */
import { readFileSync } from "node:fs";

let read: string | undefined;

export function packageVersion(): string {
  read ??= readVersion();
  return read;
}

function readVersion(): string {
  // Two directories up in a checkout, three in the package, where everything is in dist/.
  for (const up of ["../../package.json", "../../../package.json"]) {
    try {
      return (JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8")) as { readonly version: string }).version;
    } catch {}
  }
  return "unknown";
}
