/** Tests the guides and the README: code blocks do what the pages show, and links work. */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { API_REFERENCE_NAMES } from "./docs/api-reference-names.fixture.ts";
import { findCallErrors, findCalls, findPipelineErrors, readCommands } from "./docs/check-commands.ts";
import { findBrokenLinks } from "./docs/check-links.ts";
import { getExportedNames, toModule } from "./docs/code-block-module.ts";
import { type Block, readPage } from "./docs/markdown.ts";
import { README_DECLARATIONS } from "./docs/readme-setup.ts";
import { createGuideRunner, type GuideRunner } from "./docs/run-guide.ts";
import { createSampleProject, type SampleProject } from "./docs/sample-project.ts";
import { checkTypes } from "./docs/type-check.ts";

const root = join(import.meta.dirname, "..");
const loadPage = (file: string) => readPage(file, readFileSync(join(root, file), "utf8"));

const guides = globSync("docs/*.md", { cwd: root }).sort().map(loadPage);
const pages = [...guides, { ...loadPage("README.md"), declarations: README_DECLARATIONS }].filter(
  ({ blocks }) => blocks.length > 0,
);
const blocks = pages.flatMap((page) => page.blocks);

const formatTitle = ({ file, line, language, words }: Block) => `${file}:${line} ${language} ${words.join(" ")}`;

const BLOCK_TIMEOUT_MS = 120_000;
/** Long, because the compiler loads the whole package. */
const COMPILER_TIMEOUT_MS = 180_000;

let project: SampleProject;
beforeAll(() => {
  project = createSampleProject();
});
afterAll(() => project.remove());

test("docs/README.md lists every guide", () => {
  const index = readFileSync(join(root, "docs", "README.md"), "utf8");
  const files = guides.map(({ file }) => file.slice("docs/".length)).filter((file) => file !== "README.md");
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(index).toContain(`](${file})`);
});

describe("the pages with code blocks", () => {
  const modules: string[] = [];

  describe.each(pages)("$file", (guide) => {
    let runner: GuideRunner;
    beforeAll(() => {
      runner = createGuideRunner(guide, project);
      modules.push(...runner.modules);
    });
    afterAll(async () => {
      const codes = await runner.stop();
      // A stopped server must exit without an error.
      expect(codes).toEqual(codes.map(() => 0));
    }, BLOCK_TIMEOUT_MS);

    const titled = guide.blocks.map((block) => [formatTitle(block), block] as const);
    test.each(titled)(
      "has a correct code block: %s",
      async (_, block) => {
        if (block.language === "sh" || block.language === "yaml") expect(await findCallErrors(block.text)).toEqual([]);
        if (block.language === "yaml") expect(findPipelineErrors(block.text)).toEqual([]);
        await runner.run(block);
      },
      BLOCK_TIMEOUT_MS,
    );
  });

  test(
    "contain only code that compiles, including the declarations in comments",
    () => {
      expect(modules).not.toEqual([]);
      expect(checkTypes(modules, project.directory)).toBe("");
    },
    COMPILER_TIMEOUT_MS,
  );
});

test(
  "the examples in the API reference compile",
  () => {
    const directory = join(project.directory, "api");
    mkdirSync(directory);
    writeFileSync(join(directory, "names.ts"), API_REFERENCE_NAMES);
    const files = globSync("docs/api/**/*.md", { cwd: root });
    const names = [...getExportedNames(API_REFERENCE_NAMES), ...files.map((file) => basename(file, ".md"))];
    const examples = files.flatMap((file) => loadPage(file).blocks).filter(({ language }) => language === "ts");
    expect(examples.length).toBeGreaterThan(20);
    const modules = examples.map((block, index) => {
      const file = join(directory, `${index}-${basename(block.file, ".md")}.ts`);
      writeFileSync(file, toModule(block, names, "./names.ts"));
      return file;
    });
    expect(checkTypes(modules, project.directory)).toBe("");
  },
  COMPILER_TIMEOUT_MS,
);

describe("skipped commands", () => {
  const SKIPPED_COMMANDS = [
    ["npm ci && npm start", "CI runs it"],
    ["npm ci && npm test", "it runs these tests"],
    ["npm install", "it downloads packages"],
    ["docker ", "npm run check:package runs the instructions of the Containerfile"],
    ["curl --fail", "npm run check:package sends this request to the sandbox"],
    ["export ANTOM_CONTROL_TOKEN", "only Docker Compose uses it"],
    ["bru run --env sandbox --sandbox developer", "npm run codegen runs it"],
  ] as const;
  const skipped = blocks
    .filter(({ language, words }) => language === "sh" && words.length === 0)
    .flatMap(({ text }) => readCommands(text));

  test.each(SKIPPED_COMMANDS)("include %s, because %s", (start) => {
    expect(skipped.filter((line) => line.startsWith(start))).not.toEqual([]);
  });

  test("are otherwise only calls to antom-vault", () => {
    const others = skipped.filter((line) => findCalls(line).length === 0);
    expect(others.filter((line) => !SKIPPED_COMMANDS.some(([start]) => line.startsWith(start)))).toEqual([]);
  });
});

test.each([
  "express",
  "fastify",
  "hono",
  "koa",
  "@nestjs/core",
  "Next.js",
])("the guides show a receiver for %s", (name) => {
  const receivers = guides.flatMap((guide) => guide.blocks.filter(({ words }) => words.includes("receiver")));
  expect(receivers.filter(({ text, heading }) => text.includes(`"${name}"`) || heading === name)).not.toEqual([]);
});

const linkedFiles = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "spec/README.md",
  ...globSync("{docs/**/*.md,examples/**/README.md}", { cwd: root }),
].filter((file) => !file.includes("node_modules"));
test.each(linkedFiles)("%s has no broken links", (file) => {
  expect(findBrokenLinks(root, loadPage(file))).toEqual([]);
});

test("CONTRIBUTING.md names only files and directories that exist", () => {
  const named = readFileSync(join(root, "CONTRIBUTING.md"), "utf8").matchAll(
    /`((?:src|scripts|contract-tests|spec)\/[\w./-]*)`/g,
  );
  const paths = Array.from(named, ([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
