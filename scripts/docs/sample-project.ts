/**
 * The project of somebody who reads the guides: a folder with `antom-vault` in its node_modules and in its PATH, both of them this checkout's
 * sources. Nothing needs to be built, and nothing is fetched.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { shellQuote } from "../../src/machine/shell-quote.ts";

const root = join(import.meta.dirname, "..", "..");
const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** The packages that the guides import or call beside antom-vault, as installed in this checkout. */
const INSTALLED = [
  "@hono/node-server",
  "@nestjs/core",
  "@types/express",
  "@types/koa",
  "@types/node",
  "express",
  "fastify",
  "hono",
  "koa",
  "openapi-typescript",
  "typescript",
  "vitest",
];
const COMMANDS = ["vitest", "openapi-typescript"];

export interface SampleProject {
  readonly directory: string;
  /** For programs that run there. */
  readonly environment: NodeJS.ProcessEnv;
  readonly remove: () => void;
}

export function createSampleProject(): SampleProject {
  // The real path: a module's address must be the same from wherever it is imported.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "antom-vault-docs-")));
  const modules = join(folder, "node_modules");
  const bin = join(modules, ".bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "reader", private: true, type: "module" }));
  installSources(join(modules, "antom-vault"));
  for (const name of INSTALLED) link(join(root, "node_modules", name), join(modules, name));
  writeCommand(join(bin, "antom-vault"), `exec ${shellQuote(process.execPath)} ${shellQuote(main)} "$@"`);
  for (const name of COMMANDS) link(join(root, "node_modules", ".bin", name), join(bin, name));
  // What npx does with a command of the project; anything else it would fetch.
  writeCommand(
    join(bin, "npx"),
    'command -v "$1" >/dev/null || { echo "npx would fetch $1" >&2; exit 64; }\nexec "$@"',
  );
  // What is set for the command on this machine is none of the reader's.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:ANTOM|GITHUB)_/.test(name)),
  );
  const path = [bin, dirname(process.execPath), environment["PATH"]].join(delimiter);
  // Compiled modules are kept between processes, because most of a block's time goes into loading the package.
  const cache = join(folder, "compile-cache");
  return {
    directory: folder,
    environment: { ...environment, PATH: path, NO_COLOR: "1", CI: "true", NODE_COMPILE_CACHE: cache },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The package's public faces, each led to the source that it is built from. */
function installSources(folder: string): void {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  };
  const faces = Object.entries(manifest.exports).map(([name, target]) => [
    name,
    typeof target === "string"
      ? resolveSource(target)
      : Object.fromEntries(Object.entries(target).map(([condition, each]) => [condition, resolveSource(each)])),
  ]);
  mkdirSync(folder);
  const stub = { name: "antom-vault", version: "0.0.0", type: "module", exports: Object.fromEntries(faces) };
  writeFileSync(join(folder, "package.json"), JSON.stringify(stub));
  for (const name of ["src", "generated"]) symlinkSync(join(root, name), join(folder, name));
}

/** Types and validators are the same file built or not; the rest is TypeScript. */
function resolveSource(target: string): string {
  const source = target.replace("./dist/", "./");
  if (existsSync(join(root, source))) return source;
  return source.replace(/(?:\.d)?\.(?:ts|js)$/, ".ts");
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

function writeCommand(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}
