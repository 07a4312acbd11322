import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryDirectory } from "../testing/processes/command.ts";
import { describeNodePackage } from "./node-package.ts";

test("describeNodePackage explains how to complete or use an installation of the package node", () => {
  using project = createTemporaryDirectory();
  const directory = join(project.path, "node_modules/node");
  expect(describeNodePackage(project.path)).toBeUndefined();
  mkdirSync(join(directory, "bin"), { recursive: true });
  writeFileSync(join(directory, "package.json"), "{}");
  expect(describeNodePackage(project.path)).toBe(
    "The package node is installed without its executable, because its install script did not run. With pnpm, run pnpm approve-builds and select node; with npm, run npm rebuild node",
  );
  writeFileSync(join(directory, "bin/node"), "");
  expect(describeNodePackage(project.path)).toMatch(/installed\. To use it, run your command with npx/);
});
