/** The guides and the README: every block of code does what the text says, every link leads somewhere. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pipelineFaults } from "./docs/check-ci-yaml.ts";
import { brokenLinks } from "./docs/check-links.ts";
import { optionsUnknown } from "./docs/check-options.ts";
import { type Block, readPage } from "./docs/markdown.ts";
import { README_NAMES, README_WORDS } from "./docs/readme-setup.ts";
import { type Reading, readAlong } from "./docs/run-guide.ts";
import { makeReaderProject, type ReaderProject } from "./docs/sample-project.ts";
import { callsOf, commandsOf } from "./docs/shell-block.ts";
import { NOT_RUN } from "./docs/skipped-commands.ts";
import { type Complaint, typeCheck } from "./docs/type-check.ts";

const root = join(import.meta.dirname, "..");
const page = (file: string) => readPage(file, readFileSync(join(root, file), "utf8"));

const guides = globSync("docs/*.md", { cwd: root }).sort().map(page);
const readme = page("README.md");
/** The README's first block to each heading may be run as the table says, since the README itself says nothing of tests. */
const marked = { ...readme, names: README_NAMES, blocks: readme.blocks.map(withWords) };
const pages = [...guides, marked];

function withWords(block: Block): Block {
  const words = README_WORDS[`${block.language} ${block.heading}`];
  return words === undefined ? block : { ...block, words };
}

const where = ({ file, line }: Block) => `${file}:${line}`;
const isScript = ({ language }: Block) => language === "ts" || language === "js";

/** The compiler reads the whole package first. */
const COMPILER_MS = 180_000;
const BLOCK_MS = 120_000;

let project: ReaderProject;
let readings: ReadonlyMap<string, Reading>;
let complaints: readonly Complaint[];
beforeAll(() => {
  project = makeReaderProject();
  readings = new Map(pages.map((each) => [each.file, readAlong(each, project)]));
  const files = [...readings.values()].flatMap(({ modules }) => modules);
  complaints = typeCheck(files, project.folder);
}, COMPILER_MS);
afterAll(() => project.remove());

test("there is a guide for each job, and the index names them all", () => {
  const index = readFileSync(join(root, "docs", "README.md"), "utf8");
  const files = guides.map(({ file }) => file.slice("docs/".length)).filter((file) => file !== "README.md");
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(index).toContain(`](${file})`);
});

describe.each(pages.filter(({ blocks }) => blocks.length > 0).map((each) => [each.file, each] as const))("%s", (file, {
  blocks,
}) => {
  afterAll(async () => {
    const codes = (await readings.get(file)?.stop()) ?? [];
    // What serves until it is stopped ends in order when it is.
    expect(codes).toEqual(codes.map(() => 0));
  }, BLOCK_MS);

  test
    .skipIf(blocks.length === 0)
    .each(blocks.map((block) => [`${where(block)} ${block.language} ${block.words.join(" ")}`, block] as const))(
    "%s",
    async (_, block) => {
      const reading = readings.get(file);
      if (!reading) throw new Error("the page was not read");
      if (isScript(block)) {
        const own = reading.moduleOf(block);
        expect(
          complaints
            .filter((each) => each.file === own.file)
            .map((each) => `${own.lineOf(each.line)}: ${each.message}`),
        ).toEqual([]);
      }
      if (block.language === "sh") for (const line of commandsOf(block.text)) expect(await unknownIn(line)).toEqual([]);
      await reading.read(block);
    },
    BLOCK_MS,
  );
});

test("what is said of the README's blocks is said of blocks that there are", () => {
  const blocks = readme.blocks.map(({ language, heading }) => `${language} ${heading}`);
  for (const block of Object.keys(README_WORDS)) expect(blocks).toContain(block);
});

async function unknownIn(line: string): Promise<readonly string[]> {
  const unknown = await Promise.all(callsOf(line).map(optionsUnknown));
  return unknown.flat();
}

test("the names that a page's comment gives to its blocks hold by themselves", () => {
  const names = [...readings.values()].flatMap((reading) => (reading.names === undefined ? [] : [reading.names]));
  expect(complaints.filter((each) => names.includes(each.file) || each.file === project.folder)).toEqual([]);
});

describe("what cannot be run here", () => {
  const idle = pages.flatMap(({ blocks }) =>
    blocks
      .filter(({ language, words }) => language === "sh" && words.length === 0)
      .flatMap(({ text }) => commandsOf(text)),
  );

  test.each(NOT_RUN)("$begins…: $why", ({ begins }) => {
    expect(idle.filter((line) => line.startsWith(begins))).not.toEqual([]);
  });

  test("is in that list; of the rest the options are known", () => {
    const listed = (line: string) => NOT_RUN.some(({ begins }) => line.startsWith(begins));
    expect(idle.filter((line) => callsOf(line).length === 0 && !listed(line))).toEqual([]);
  });
});

test.each(["express", "fastify", "hono", "koa", "@nestjs/core", "Next.js"])("one receiver runs on %s", (name) => {
  const receivers = guides.flatMap(({ blocks }) => blocks.filter(({ words }) => words.includes("receiver")));
  expect(receivers.filter(({ text, heading }) => text.includes(`"${name}"`) || heading === name)).toHaveLength(1);
});

test.each(
  pages
    .flatMap(({ blocks }) => blocks.filter(({ language }) => language === "yaml"))
    .map((block) => [where(block), block] as const),
)("%s: the pipeline's calls have options that there are, and the action's inputs", async (_, { text }) => {
  expect(pipelineFaults(text)).toEqual([]);
  for (const line of text.split("\n")) expect(await unknownIn(line)).toEqual([]);
});

const linking = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "spec/README.md",
  ...globSync("{docs/**/*.md,examples/**/README.md}", { cwd: root }),
].filter((file) => !file.includes("node_modules"));
test.each(linking)("%s: every link leads somewhere", (file) => {
  expect(brokenLinks(root, page(file))).toEqual([]);
});
