/** Builds dist/, the content of the package: tsc's output and the generated files that tsc does not copy. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
const copied = [
  "validators.js",
  "validators.d.ts",
  "openapi.json",
  "openapi-3.0.json",
  "control-validators.js",
  "control-validators.d.ts",
  "control.json",
];
for (const file of copied) {
  copyFileSync(join(root, "generated", file), join(dist, "generated", file));
}
chmodSync(join(dist, "src", "cli", "main.js"), 0o755);
