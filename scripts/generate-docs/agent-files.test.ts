import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrokenLinks } from "../docs/check-links.ts";
import { readPage } from "../docs/markdown.ts";
import { generateAgentFiles } from "./agent-files.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

let directory: string;
let index: string;
let summary: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "antom-vault-agent-files-"));
  expect(await generateAgentFiles(directory)).toEqual(["llms.txt", "llms-full.txt"]);
  [index = "", summary = ""] = ["llms.txt", "llms-full.txt"].map((name) => readFileSync(join(directory, name), "utf8"));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe("llms.txt", () => {
  test("has the format of llmstxt.org: a title, a summary, and sections that contain only links with descriptions", () => {
    const [title = "", quote = "", ...rest] = index.trim().split("\n\n");
    expect(title).toBe("# antom-vault");
    expect(quote).toMatch(/^> \S.*$/);
    const sections = rest.slice(rest.findIndex((part) => part.startsWith("## ")));
    expect(sections.length % 2).toBe(0);
    for (const [number, part] of sections.entries()) {
      if (number % 2 === 0) expect(part).toMatch(/^## .+$/);
      else for (const line of part.split("\n")) expect(line).toMatch(/^ *- \[[^\]]+\]\([^)]+\): \S.*[^.:]$/);
    }
  });

  test("lists every guide, every entry point, and every function", () => {
    const pages = globSync(
      ["docs/*.md", "docs/api/antom-vault/**/README.md", "docs/api/antom-vault/**/functions/*.md"],
      {
        cwd: root,
      },
    );
    const missing = pages.filter((page) => page !== "docs/README.md" && !index.includes(`](${page}): `));
    expect(pages.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });
});

describe("llms-full.txt", () => {
  test("contains only code blocks from tested pages, unchanged", () => {
    const tested = globSync(["README.md", "docs/*.md"], { cwd: root }).flatMap(
      (file) => readPage(file, read(file)).blocks,
    );
    const { blocks } = readPage("llms-full.txt", summary);
    expect(blocks.length).toBeGreaterThan(10);
    for (const { text, language } of blocks)
      expect(tested.filter((block) => block.text === text && block.language === language)).not.toEqual([]);
  });

  test("contains the code for the client, the receiver, the sandbox, and the contract tests", () => {
    for (const name of ["createVaultClient", "createNotificationReceiver", "startSandbox", "registerContractTests"])
      expect(summary).toMatch(new RegExp(`import \\{ ${name} \\} from "antom-vault`));
  });

  test("describes every error code", () => {
    const declaration = /export type AntomVaultErrorCode =([^;]+);/.exec(read("src/protocol/errors.ts"))?.[1] ?? "";
    const codes = Array.from(declaration.matchAll(/"([A-Z_]+)"/g), ([, code = ""]) => code);
    expect(codes.length).toBeGreaterThan(15);
    const [, section = ""] = summary.split("\n## Error codes\n");
    expect(codes.filter((code) => !section.includes(`\`${code}\``))).toEqual([]);
  });

  test("contains no comments, images, or words that are only for the tests", () => {
    expect(summary).not.toMatch(/<!--|!\[|^```\w+ /m);
  });
});

test("llms.txt and llms-full.txt have no broken links", () => {
  for (const [file, text] of [
    ["llms.txt", index],
    ["llms-full.txt", summary],
  ] as const)
    expect(findBrokenLinks(root, readPage(file, text))).toEqual([]);
});
