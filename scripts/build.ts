/**
 * Builds dist/, the content of the package: the compiled modules, the generated files that tsc does not copy, the declarations of the public exports,
 * and CommonJS versions of the modules that a merchant's backend imports.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type OutputOptions, rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

/** The modules that a merchant's backend imports in production, by the name of their CommonJS file. */
const MERCHANT_MODULES = {
  index: "src/index",
  notification: "src/notification/index",
  "notification-node": "src/notification/node",
  types: "generated/types",
  validators: "generated/validators",
};
const OTHER_MODULES = ["src/contract/register-contract-tests", "src/sandbox/index"];

// CI builds once, and then runs several checks of the package at the same time.
if (process.env["ANTOM_VAULT_BUILT"] !== undefined) process.exit();

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
const copied = [
  "validators.js",
  "validators.d.ts",
  "openapi.json",
  "openapi-3.0.json",
  "signature-vectors.json",
  "signature-vectors.tsv",
  "openapi-codegen.json",
  "control-validators.js",
  "control-validators.d.ts",
  "control.json",
];
for (const file of copied) {
  copyFileSync(join(root, "generated", file), join(dist, "generated", file));
}
chmodSync(join(dist, "src", "cli", "main.js"), 0o755);

copyFileSync(join(root, "node_modules/openapi-fetch/LICENSE"), join(dist, "openapi-fetch.LICENSE"));

/** Replaces `unknown` in a type of openapi-fetch, because TypeScript 5.0 does not accept it there. */
const forOldCompilers = {
  name: "for-old-compilers",
  transform: (code: string) => code.replace(/(type ResponseObjectMap<T> = [^?]*\?[^:]*: )unknown;/, "$1{};"),
};

const merchantModules = Object.entries(MERCHANT_MODULES);
const modules = [...Object.values(MERCHANT_MODULES), ...OTHER_MODULES];
const esmTypes = await bundle(
  modules.map((path) => [path, `${path}.d.ts`]),
  "d.ts",
);
const cjsTypes = await bundle(
  merchantModules.map(([name, path]) => [`cjs/${name}`, `${path}.d.ts`]),
  "d.cts",
);
const cjs = await bundle(
  merchantModules.map(([name, path]) => [`cjs/${name}`, `${path}.js`]),
  "cjs",
);
// Delete tsc's declarations, because the bundles contain the declarations of the exports.
for (const file of globSync("**/*.d.ts", { cwd: dist })) rmSync(join(dist, file));
for (const { fileName, code } of [...esmTypes, ...cjsTypes, ...cjs]) {
  mkdirSync(dirname(join(dist, fileName)), { recursive: true });
  writeFileSync(join(dist, fileName), code);
}

/** Returns bundles of files in dist/, with shared chunks. Each pair in `files` contains the name of a bundle and its entry file. */
async function bundle(files: readonly (readonly [string, string])[], ending: "d.ts" | "d.cts" | "cjs") {
  const input = Object.fromEntries(files.map(([name, file]) => [name, join(dist, file)]));
  const isCode = ending === "cjs";
  const build = await rolldown({
    input,
    // Bundle openapi-fetch too, because a default import of its CommonJS version returns the module object, and its CommonJS declarations do not
    // compile.
    external: /^node:/,
    plugins: isCode ? [] : [forOldCompilers, dts({ emitDtsOnly: true, tsconfig: false })],
    onLog: (_level, log) => {
      throw new Error(log.message);
    },
  });
  const options: OutputOptions = {
    format: isCode ? "cjs" : "es",
    entryFileNames: `[name].${ending}`,
    chunkFileNames: `${ending === "d.ts" ? "types" : "cjs"}/shared-[name].${ending}`,
  };
  const { output } = await build.generate(options);
  return output.filter((part) => part.type === "chunk");
}
