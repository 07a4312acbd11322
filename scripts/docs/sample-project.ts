/**
 * A reader's project: a directory in which the package and the command `antom-vault` run from this checkout's sources. Requires no build and no
 * network.
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

/** Other packages that the guides import or run, as installed in this checkout. */
const INSTALLED = [
  "@hono/node-server",
  "@nestjs/core",
  "@opentelemetry/api",
  "@opentelemetry/sdk-trace-base",
  "@types/express",
  "@types/koa",
  "@types/node",
  "express",
  "fastify",
  "hono",
  "koa",
  "openapi-typescript",
  "typescript",
  "undici",
  "vitest",
];
const COMMANDS = ["vitest", "openapi-typescript"];

export interface SampleProject {
  readonly directory: string;
  /** The environment for programs in the project. */
  readonly environment: NodeJS.ProcessEnv;
  readonly remove: () => void;
}

export function createSampleProject(): SampleProject {
  // Use the real path, because a module must have the same URL in every import.
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "antom-vault-docs-")));
  const modules = join(directory, "node_modules");
  const bin = join(modules, ".bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "reader", private: true, type: "module" }));
  installSources(join(modules, "antom-vault"));
  for (const name of INSTALLED) link(join(root, "node_modules", name), join(modules, name));
  writeCommand(join(bin, "antom-vault"), `exec ${shellQuote(process.execPath)} ${shellQuote(main)} "$@"`);
  for (const name of COMMANDS) link(join(root, "node_modules", ".bin", name), join(bin, name));
  // This npx runs only installed commands, because the real npx downloads other packages.
  writeCommand(
    join(bin, "npx"),
    'command -v "$1" >/dev/null || { echo "npx would download $1" >&2; exit 64; }\nexec "$@"',
  );
  // Environment variables that configure the command must not affect the reader's project.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:ANTOM|GITHUB)_/.test(name)),
  );
  const path = [bin, dirname(process.execPath), environment["PATH"]].join(delimiter);
  // Cache compiled modules between processes, because blocks spend most of their time loading the package.
  const cache = join(directory, "compile-cache");
  return {
    directory,
    environment: { ...environment, PATH: path, NO_COLOR: "1", CI: "true", NODE_COMPILE_CACHE: cache },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Installs the package with its exports mapped to the sources. */
function installSources(directory: string): void {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  };
  const exported = Object.entries(manifest.exports).map(([name, target]) => [
    name,
    typeof target === "string"
      ? resolveSource(target)
      : { types: resolveSource(target.types), default: resolveSource(target.default) },
  ]);
  mkdirSync(directory);
  const stub = { name: "antom-vault", version: "0.0.0", type: "module", exports: Object.fromEntries(exported) };
  writeFileSync(join(directory, "package.json"), JSON.stringify(stub));
  for (const name of ["src", "generated"]) symlinkSync(join(root, name), join(directory, name));
}

/** Returns the source file of an export: the file of the same name if this checkout contains it, as for JSON; otherwise, the TypeScript file. */
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
