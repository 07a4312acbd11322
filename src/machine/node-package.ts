import { existsSync } from "node:fs";
import { join } from "node:path";

/** Explains how to use the npm package `node` if it is installed in the project. Otherwise, returns `undefined`. */
export function describeNodePackage(project = process.cwd()): string | undefined {
  const directory = join(project, "node_modules/node");
  if (!existsSync(join(directory, "package.json"))) return undefined;
  if (!["bin/node", "bin/node.exe"].some((path) => existsSync(join(directory, path))))
    return "The package node is installed without its executable, because its install script did not run. With pnpm, run pnpm approve-builds and select node; with npm, run npm rebuild node";
  return "The package node is installed. To use it, run your command with npx, pnpm exec, or a script in package.json";
}
