/** Tests that the checks of the guides report errors. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findCallErrors, findCalls, findPipelineErrors, readCommands } from "./check-commands.ts";
import { findBrokenLinks } from "./check-links.ts";
import { getExportedNames, toModule } from "./code-block-module.ts";
import { findMissingLines, readExpectedLines } from "./expected-output.ts";
import { type Block, readPage } from "./markdown.ts";
import { createGuideRunner } from "./run-guide.ts";
import { createSampleProject, type SampleProject } from "./sample-project.ts";
import { checkTypes } from "./type-check.ts";

const root = `${import.meta.dirname}/../..`;
const fence = "```";
const fenceCode = (info: string, ...lines: readonly string[]) => [`${fence}${info}`, ...lines, fence].join("\n");
const parseBlock = (markdown: string): Block => {
  const [block] = readPage("docs/x.md", markdown).blocks;
  if (!block) throw new Error("block not found");
  return block;
};

describe("readPage", () => {
  const markdown = [
    "# One",
    "<!-- names: of the blocks\nexport const a = 1;\n[no link](nowhere.md)\n-->",
    "## `Two`, and [more](a.md) é",
    fenceCode("ts run exit=1", "# no heading", "[no link](nowhere.md)"),
    "## One",
    "- in a list",
    ["  ```sh", "  one", "    two", "  ```"].join("\n"),
    "`[no link](nowhere.md)` and [a link that",
    "goes on](b.md#c) ![picture](d.png)",
    '<img alt="x" src="e.svg">',
    "",
    "[named]: https://example.com/f",
  ].join("\n");
  const page = readPage("docs/x.md", markdown);

  test("returns the code blocks with their lines and words", () => {
    expect(page.blocks).toEqual([
      {
        file: "docs/x.md",
        line: 8,
        language: "ts",
        words: ["run", "exit=1"],
        heading: "Two, and more é",
        text: "# no heading\n[no link](nowhere.md)",
      },
      { file: "docs/x.md", line: 14, language: "sh", words: [], heading: "One", text: "one\n  two" },
    ]);
    expect(page.declarations).toBe("export const a = 1;\n[no link](nowhere.md)\n");
  });

  test("returns the links, and the anchors that GitHub creates", () => {
    const targets = page.links.map(({ target }) => target).sort();
    expect(targets).toEqual(["a.md", "b.md#c", "d.png", "e.svg", "https://example.com/f"]);
    expect(page.anchors).toEqual(["one", "two-and-more-é", "one-1"]);
  });

  test("throws if a code block is not closed", () => {
    expect(() => readPage("docs/x.md", "```ts\n1")).toThrow("docs/x.md:2: the code block is not closed.");
  });
});

const checkLink = (target: string) =>
  findBrokenLinks(root, {
    file: "docs/x.md",
    blocks: [],
    links: [{ line: 1, target }],
    anchors: ["here"],
    declarations: "",
  });

test.each([
  "../README.md",
  "../README.md#quick-start",
  "#here",
  "https://docs.antom.com/ac/ams/api_fund",
])("findBrokenLinks accepts %s", (target) => {
  expect(checkLink(target)).toEqual([]);
});

test.each([
  ["missing.md", "does not exist."],
  ["../README.md#nowhere", "has an anchor that matches no heading."],
  ["#nowhere", "has an anchor that matches no heading."],
  ["../package.json#a", "has an anchor, but is not a Markdown page."],
  ["../../elsewhere", "is outside the repository."],
  ["http://docs.antom.com/", "is not an HTTPS URL."],
  ["https://localhost/", "has no valid host."],
  ["https://a b/", "is not a valid URL."],
])("findBrokenLinks reports that %s %s", (target, reason) => {
  expect(checkLink(target)).toEqual([`docs/x.md:1: ${target} ${reason}`]);
});

test("toModule imports the names that a block uses but does not declare", () => {
  const names = getExportedNames("const no = 1; export const { a, b: c } = x, d = 1; export async function e() {}");
  expect(names).toEqual(["a", "c", "d", "e"]);
  const module = toModule(parseBlock(fenceCode("ts", "const d = a; import { e } from 'e';")), names, "./names.ts");
  expect(module.split("\n").slice(0, 2)).toEqual([
    'import { a } from "./names.ts";',
    "const d = a; import { e } from 'e';",
  ]);
});

test("readCommands joins continued lines and removes comments, and findCalls finds calls to antom-vault", () => {
  expect(readCommands("a \\\n  b # why\n\n# all of it\nc '#1'")).toEqual(["a  b", "c '#1'"]);
  expect(findCalls("x && npx antom-vault contract URL --only 'a b' | cat")).toEqual([
    ["contract", "URL", "--only", "'a b'"],
  ]);
  expect(findCalls("npm run --silent antom-vault -- mock --port 0 &")).toEqual([["mock", "--port", "0"]]);
  expect(findCalls("npm install antom-vault vitest")).toEqual([]);
});

test("findCallErrors reports unknown commands and options", async () => {
  expect(await findCallErrors("antom-vault contract URL --only x --junit=y")).toEqual([]);
  expect(await findCallErrors("npx antom-vault contract --on x && antom-vault contrat")).toEqual([
    "antom-vault contract has no option --on",
    "antom-vault has no command contrat",
  ]);
});

test("findPipelineErrors reports unpinned actions and incorrect inputs", () => {
  const errors = findPipelineErrors(
    "steps:\n  - uses: OWNER/antom-vault@v0\n    with:\n      targt: x\n  - uses: a/b@main\n",
  );
  expect(errors).toEqual(["the action has no input targt", "the action requires target", "a/b@main is not pinned"]);
});

test("readExpectedLines returns the lines that a page shows, and findMissingLines returns those that the output lacks", () => {
  expect(readExpectedLines("a(); // → x …\nb(); // no\n// → y")).toEqual(["x …", "y"]);
  expect(findMissingLines(["x …", "y"], "x 1\nz\n  y")).toEqual([]);
  expect(findMissingLines(["y", "x …"], "x 1\ny")).toEqual(["x …"]);
  expect(findMissingLines(["a.c"], "abc")).toEqual(["a.c"]);
});

describe("a guide with errors", () => {
  const markdown = [
    "<!-- names\nexport const one: number = 1;\n-->",
    fenceCode("ts", "const text: string = one;"),
    fenceCode("ts run", "console.log(one); // → 2"),
    fenceCode("ts run", "await fetch('https://docs.antom.com/');"),
    fenceCode("sh run", "npx antom-vault cards --jsn"),
    fenceCode("sh run", "echo one"),
    fenceCode("text", "two"),
    fenceCode("json", "{,}"),
    fenceCode("ts test", 'import { test } from "vitest";', 'test("x", () => { throw new Error("y"); });'),
    fenceCode("ts run", "console.log(one + 1); // → 2"),
  ].join("\n");
  const page = readPage("docs/errors.md", markdown);
  let project: SampleProject;
  let runner: ReturnType<typeof createGuideRunner>;
  beforeAll(() => {
    project = createSampleProject();
    runner = createGuideRunner(page, project);
  });
  afterAll(() => project.remove());

  test("does not compile, and the error contains the line number on the page", () => {
    // Excludes the block that imports Vitest, because Vitest's types take a long time to load.
    const modules = runner.modules.filter((file) => !file.endsWith(".test.ts"));
    expect(checkTypes(modules, project.directory)).toBe(
      "docs-errors-md/line-5.ts(5,7): error TS2322: Type 'number' is not assignable to type 'string'.\n",
    );
  });

  test.each([
    [1, /did not print:\n2/],
    [2, /A code block must not call docs\.antom\.com/],
    [3, /exited with 2 instead of 0/],
    [5, /two/],
    [6, /JSON/],
    [7, /A test failed/],
  ])(
    "fails for block %i",
    async (at, error) => {
      const block = page.blocks[at];
      if (!block) throw new Error("block not found");
      if (at === 5) await runner.run(parseBlock(fenceCode("sh run", "echo one")));
      await expect(runner.run(block)).rejects.toThrow(error);
    },
    60_000,
  );

  test("passes for a correct block", async () => {
    await runner.run(page.blocks.at(-1) ?? parseBlock(""));
  }, 60_000);
});
