/** That the tests of the guides find what is wrong in one. */
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
const code = (info: string, ...lines: readonly string[]) => [`${fence}${info}`, ...lines, fence].join("\n");
const blockOf = (markdown: string): Block => {
  const [block] = readPage("docs/x.md", markdown).blocks;
  if (!block) throw new Error("there is no block");
  return block;
};

describe("a page", () => {
  const markdown = [
    "# One",
    "<!-- names: of the blocks\nexport const a = 1;\n[no link](nowhere.md)\n-->",
    "## `Two`, and [more](a.md) é",
    code("ts run exit=1", "# no heading", "[no link](nowhere.md)"),
    "## One",
    `- ${"in a list"}`,
    ["  ```sh", "  one", "    two", "  ```"].join("\n"),
    "`[no link](nowhere.md)` and [a link that",
    "goes on](b.md#c) ![picture](d.png)",
    '<img alt="x" src="e.svg">',
    "",
    "[named]: https://example.com/f",
  ].join("\n");
  const page = readPage("docs/x.md", markdown);

  test("has its blocks, with their place and their words", () => {
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
    expect(page.names).toBe("export const a = 1;\n[no link](nowhere.md)\n");
  });

  test("has its links, and the anchors that GitHub makes", () => {
    const targets = page.links.map(({ target }) => target).sort();
    expect(targets).toEqual(["a.md", "b.md#c", "d.png", "e.svg", "https://example.com/f"]);
    expect(page.anchors).toEqual(["one", "two-and-more-é", "one-1"]);
  });

  test("must end its blocks", () => {
    expect(() => readPage("docs/x.md", "```ts\n1")).toThrow("docs/x.md:2: the block has no end.");
  });
});

test.each([
  ["../README.md", undefined],
  ["../README.md#quick-start", undefined],
  ["#here", undefined],
  ["https://docs.antom.com/ac/ams/api_fund", undefined],
  ["missing.md", "is not there."],
  ["../README.md#nowhere", "names a heading that is not there."],
  ["#nowhere", "names a heading that is not there."],
  ["../package.json#a", "names a place in what is no page."],
  ["../../elsewhere", "leads out of the repository."],
  ["http://docs.antom.com/", "is not https."],
  ["https://localhost/", "names no host."],
  ["https://a b/", "is not there."],
])("the link %s", (target, why) => {
  const broken = findBrokenLinks(root, {
    file: "docs/x.md",
    blocks: [],
    links: [{ line: 1, target }],
    anchors: ["here"],
    names: "",
  });
  if (target.includes(" ")) expect(broken).toEqual([`docs/x.md:1: ${target} is no address.`]);
  else expect(broken).toEqual(why === undefined ? [] : [`docs/x.md:1: ${target} ${why}`]);
});

test("a block is given the names that it uses and does not declare", () => {
  const names = getExportedNames("const no = 1; export const { a, b: c } = x, d = 1; export async function e() {}");
  expect(names).toEqual(["a", "c", "d", "e"]);
  const module = toModule(blockOf(code("ts", "const d = a; import { e } from 'e';")), names, "./names.ts");
  expect(module.split("\n").slice(0, 2)).toEqual([
    'import { a } from "./names.ts";',
    "const d = a; import { e } from 'e';",
  ]);
});

test("lines of shell are joined, and comments dropped", () => {
  expect(readCommands("a \\\n  b # why\n\n# all of it\nc '#1'")).toEqual(["a  b", "c '#1'"]);
  expect(findCalls("x && npx antom-vault contract URL --only 'a b' | cat")).toEqual([
    ["contract", "URL", "--only", "'a b'"],
  ]);
  expect(findCalls("npm run --silent antom-vault -- mock --port 0 &")).toEqual([["mock", "--port", "0"]]);
  expect(findCalls("npm install antom-vault vitest")).toEqual([]);
});

test("a command and its options are asked of the parser", async () => {
  expect(await findCallErrors("antom-vault contract URL --only x --junit=y")).toEqual([]);
  expect(await findCallErrors("npx antom-vault contract --on x && antom-vault contrat")).toEqual([
    "antom-vault contract has no option --on",
    "antom-vault has no command contrat",
  ]);
});

test("a step of a pipeline is held against the action", () => {
  const faults = findPipelineErrors(
    "steps:\n  - uses: OWNER/antom-vault@v0\n    with:\n      targt: x\n  - uses: a/b@main\n",
  );
  expect(faults).toEqual(["the action has no input targt", "the action needs target", "a/b@main is not pinned"]);
});

test("what is printed follows the page, line after line", () => {
  expect(readExpectedLines("a(); // → x …\nb(); // no\n// → y")).toEqual(["x …", "y"]);
  expect(findMissingLines(["x …", "y"], "x 1\nz\n  y")).toEqual([]);
  expect(findMissingLines(["y", "x …"], "x 1\ny")).toEqual(["x …"]);
  expect(findMissingLines(["a.c"], "abc")).toEqual(["a.c"]);
});

describe("a guide that is wrong", () => {
  const markdown = [
    "<!-- names\nexport const one: number = 1;\n-->",
    code("ts", "const text: string = one;"),
    code("ts run", "console.log(one); // → 2"),
    code("ts run", "await fetch('https://docs.antom.com/');"),
    code("sh run", "npx antom-vault cards --jsn"),
    code("sh run", "echo one"),
    code("text", "two"),
    code("json", "{,}"),
    code("ts test", 'import { test } from "vitest";', 'test("x", () => { throw new Error("y"); });'),
    code("ts run", "console.log(one + 1); // → 2"),
  ].join("\n");
  const page = readPage("docs/wrong.md", markdown);
  let project: SampleProject;
  let reading: ReturnType<typeof createGuideRunner>;
  beforeAll(() => {
    project = createSampleProject();
    reading = createGuideRunner(page, project);
  });
  afterAll(() => project.remove());

  test("does not compile where a type does not fit, and the page's line is told", () => {
    // Without the block that imports vitest, whose types take longer to read than all the rest.
    const modules = reading.modules.filter((file) => !file.endsWith(".test.ts"));
    expect(checkTypes(modules, project.directory)).toBe(
      "docs-wrong-md/line-5.ts(5,7): error TS2322: Type 'number' is not assignable to type 'string'.\n",
    );
  });

  test.each([
    [1, /did not print:\n2/],
    [2, /A block asks docs\.antom\.com/],
    [3, /ended with 2, not with 0/],
    [5, /two/],
    [6, /JSON/],
    [7, /Not every test passed/],
  ])(
    "block %i",
    async (at, fault) => {
      const block = page.blocks[at];
      if (!block) throw new Error("there is no block");
      if (at === 5) await reading.run(blockOf(code("sh run", "echo one")));
      await expect(reading.run(block)).rejects.toThrow(fault);
    },
    60_000,
  );

  test("and right where it is right", async () => {
    await reading.run(page.blocks.at(-1) ?? blockOf(""));
  }, 60_000);
});
