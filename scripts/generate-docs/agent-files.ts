/**
 * Assembles two files for coding agents from the README, the guides, and the API reference: llms.txt, an index in the format of llmstxt.org, and
 * llms-full.txt, with the shortest correct code and the rules for using it.
 */
import { globSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, posix } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** The sections of llms-full.txt. */
const SECTIONS = [
  ["README.md", "Install"],
  ["README.md", "Quick start"],
  ["docs/go-live.md", "Handle each outcome"],
  ["docs/vault-a-card.md", "Idempotency and retries"],
  ["docs/vault-a-card.md", "Store and log data safely"],
  ["docs/vault-a-card.md", "Use a hosted page"],
  ["docs/notifications.md", "Handle duplicate notifications"],
  ["docs/sandbox.md", "Test cards"],
  ["docs/sandbox.md", "Scenarios and faults"],
  ["docs/contract-tests-in-ci.md", "Run the checks in your Vitest suite"],
  ["README.md", "Run the contract tests in CI"],
] as const;

const PATHS =
  "Paths are relative to the root of the repository. In the npm package, `generated/` is `dist/generated/`, and `examples/` is missing.";

/** Writes the files to a directory, and returns their names. */
export async function generateAgentFiles(directory: string): Promise<readonly string[]> {
  const files = { "llms.txt": createIndex(), "llms-full.txt": createSummary() };
  await mkdir(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  return Object.keys(files);
}

function createIndex(): string {
  const examples = globSync("examples/*/README.md", { cwd: root }).sort();
  return joinParagraphs(
    createHead(),
    `[llms-full.txt](llms-full.txt) contains the shortest correct code, the outcomes, and the error codes. ${PATHS}`,
    "## Guides",
    readTable("docs/README.md", "Guides").map(formatRow).join("\n"),
    "## Reference",
    readTable("docs/README.md", "Reference").map(formatRow).join("\n"),
    "## API",
    listApi(),
    "## OpenAPI documents",
    readTable("README.md", "OpenAPI document").flatMap(formatDocuments).join("\n"),
    "## Examples",
    examples.map((file) => formatLink(readTitle(file), file, readSummary(file))).join("\n"),
  );
}

function createSummary(): string {
  const errorCodes = "docs/api/antom-vault/type-aliases/AntomVaultErrorCode.md";
  return joinParagraphs(
    createHead(),
    `[llms.txt](llms.txt) lists all pages. ${PATHS}`,
    "## Entry points",
    listApi(),
    ...SECTIONS.map(([file, heading]) => `## ${heading}\n\n${readSection(file, heading)}`),
    `## Error codes\n\n${adapt(errorCodes, read(errorCodes).replace(/^[\s\S]*?\n> .*\n/, ""))}`,
  );
}

/** Returns the title, the summary, and the introduction of the README. */
function createHead(): string {
  const [title = "", summary = ""] = read("README.md").split("\n\n");
  const introduction = read("README.md")
    .split("\n\n")
    .find((paragraph) => paragraph.startsWith("Antom has"));
  return joinParagraphs(title, `> ${summary}`, introduction ?? "");
}

/** Lists the modules of the package and their functions. */
function listApi(): string {
  const modules = globSync("docs/api/antom-vault/**/README.md", { cwd: root }).sort();
  const functions = globSync("docs/api/antom-vault/**/functions/*.md", { cwd: root }).sort();
  return modules
    .flatMap((file) => [
      formatLink(`\`${readTitle(file)}\``, file, readSummary(file)),
      ...functions
        .filter((page) => dirname(dirname(page)) === dirname(file))
        .map((page) => `  ${formatLink(`\`${basename(page, ".md")}\``, page, readSummary(page))}`),
    ])
    .join("\n");
}

const formatRow = ([subject = "", link = ""]: readonly string[]): string => `- ${link}: ${subject}`;

/** Formats a link to each JSON document in a row of the README's table of documents. */
const formatDocuments = ([use = "", names = ""]: readonly string[]): readonly string[] =>
  Array.from(names.matchAll(/`antom-vault\/([\w.-]+\.json)`/g), ([, name = ""]) =>
    formatLink(`\`antom-vault/${name}\``, `generated/${name}`, use),
  );

const formatLink = (name: string, path: string, description: string): string => `- [${name}](${path}): ${description}`;

const joinParagraphs = (...paragraphs: readonly string[]): string =>
  `${paragraphs.map((part) => part.trim()).join("\n\n")}\n`;

const read = (file: string): string => readFileSync(join(root, file), "utf8");

const readTitle = (file: string): string => /^# (.+)$/m.exec(read(file))?.[1] ?? file;

/** Returns the first sentence below the title and the signature of a page. */
function readSummary(file: string): string {
  const text = adapt(file, read(file).replace(/^[\s\S]*?^# .*\n/m, ""));
  const paragraph = text.split("\n\n").find((part) => part.trim() !== "" && !part.startsWith(">")) ?? "";
  return paragraph
    .trim()
    .replaceAll("\n", " ")
    .replace(/^(.*?\.)\s.*$/, "$1")
    .replace(/[.:]$/, "");
}

/** Returns the text below a heading of a page. @throws {Error} if the page has no such heading */
function readSection(file: string, heading: string): string {
  const [, section] = read(file).split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`${file} has no section "${heading}".`);
  return adapt(file, section.split(/\n## /)[0] ?? "");
}

/** Returns the cells of a section's table, without the header row. */
function readTable(file: string, heading: string): readonly (readonly string[])[] {
  const rows = readSection(file, heading).matchAll(/^\| (.+) \|$/gm);
  return Array.from(rows, ([, cells = ""]) => cells.split(" | ")).slice(1);
}

/** Removes comments, images, and the words after the language of a code block, which are for the tests. Makes links relative to the root. */
function adapt(file: string, markdown: string): string {
  const parts = markdown.replaceAll(/<!--[\s\S]*?-->\n*|^!\[.*\n*/gm, "").split(/^(```[\s\S]*?^```$)/m);
  return parts
    .map((part) => (part.startsWith("```") ? part.replace(/^(```\w+).*/, "$1") : resolveLinks(file, part)))
    .join("")
    .trim();
}

const resolveLinks = (file: string, text: string): string =>
  text.replaceAll(/\]\((?!https:)([^)]*)\)/g, (_, target: string) => {
    const path = target.startsWith("#") ? file + target : posix.join(posix.dirname(file), target);
    return `](${path})`;
  });
