/**
 * Runs the code blocks of a page as a reader does: one after the other, in one directory. The words after a block's language specify how the block is
 * tested:
 *
 * - `run`: runs the block, which must exit with 0, or with N for `exit=N`. It must print what its comments `// → …` or the next `text` block show.
 * - `serves`: starts a server that runs until the end of the page. Its URL replaces the default one in later blocks.
 * - `receiver`: the block receives notifications at /antom/notifications. It must reject a forged notification and acknowledge a notification from
 *   the sandbox.
 * - `test`: runs the block as a Vitest test, which must pass. With `file=NAME`, other blocks can import the block by this file name.
 * - `project`: skips the block, because `npm run platforms` or `scripts/jest.slow.test.ts` tests it in a project with its own packages, or because it
 *   needs Docker.
 *
 * All TypeScript and JavaScript must compile, except in `project` blocks. All JSON must be valid.
 */

import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitForExit } from "../../src/testing/processes/command.ts";
import { findFreePort } from "../../src/testing/servers/free-port.ts";
import { getExportedNames, toModule } from "./code-block-module.ts";
import { findMissingLines, readExpectedLines } from "./expected-output.ts";
import type { Block, Page } from "./markdown.ts";
import type { SampleProject } from "./sample-project.ts";
import { type RunningCommand, startCommand } from "./server-block.ts";

const driver = fileURLToPath(new URL("./run-code-block.ts", import.meta.url));

type ExitResult = Awaited<ReturnType<typeof waitForExit>>;

/** The default ports in the guides, by command. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = { sandbox: "4020", mock: "4010", record: "4030" };
/** The port of the reader's server in the guides. */
const READER_PORT = "3000";
/** A long timeout, for a busy computer. Without isolation, the test files of a page load the package only once. */
const VITEST_OPTIONS = ["--reporter=verbose", "--testTimeout=60000", "--no-isolate"];

export interface GuideRunner {
  /** The modules of the blocks and of the page's declarations, for the compiler. */
  readonly modules: readonly string[];
  /** Runs a block as its words specify. Rejects if the result differs from what the page shows. */
  readonly run: (block: Block) => Promise<void>;
  /** Stops the servers, and returns their exit codes. */
  readonly stop: () => Promise<readonly unknown[]>;
}

export function createGuideRunner(page: Page, project: SampleProject): GuideRunner {
  const directory = join(project.directory, page.file.replace(/[^\w]/g, "-"));
  mkdirSync(directory);
  symlinkSync(join(project.directory, "node_modules"), join(directory, "node_modules"));
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "reader", private: true, type: "module" }));
  const namesFile = join(directory, "names.ts");
  if (page.declarations) writeFileSync(namesFile, page.declarations);
  const names = getExportedNames(page.declarations);
  /** Returns the file of a block, named by the word `file=…` or by the line of the block. */
  const getFile = ({ line, language, words }: Block) => {
    const named = words.find((word) => word.startsWith("file="))?.slice(5);
    return join(directory, named ?? `line-${line}${words.includes("test") ? ".test" : ""}.${language}`);
  };
  const scripts = page.blocks.filter(
    ({ language, words }) => (language === "ts" || language === "js") && !words.includes("project"),
  );
  const write = (block: Block, text = block.text) =>
    writeFileSync(getFile(block), toModule({ ...block, text }, names, "./names.ts"));
  for (const block of scripts) write(block);

  const options = { cwd: directory, env: project.environment };
  const runProgram = (program: string, ...args: readonly string[]) => waitForExit(spawn(program, args, options));
  const servers: RunningCommand[] = [];
  const urls = new Map<string, string>();
  /** The output of the previous block, which a text block can show. */
  let printed: string | undefined;

  /** Replaces the default URLs in a block with those of the running servers. */
  const replaceUrls = (text: string): string =>
    [...urls].reduce(
      (all, [port, baseUrl]) =>
        all.replaceAll(new RegExp(`(?:http://)?(?:127\\.0\\.0\\.1|localhost):${port}\\b`, "g"), baseUrl),
      text,
    );

  function checkExit({ exitCode, stdout, stderr }: ExitResult, { words, text }: Block): void {
    const expected = Number(words.find((word) => word.startsWith("exit="))?.slice(5) ?? 0);
    if (exitCode !== expected)
      throw new Error(`The block exited with ${exitCode} instead of ${expected}:\n${stdout}${stderr}`);
    checkOutput(readExpectedLines(text), stdout, stdout + stderr);
    printed = stdout + stderr;
  }

  const runNode = async (block: Block, ...more: readonly string[]) =>
    checkExit(await runProgram(process.execPath, driver, getFile(block), ...more), block);

  let testRun: Promise<ExitResult> | undefined;

  const ACTIONS: Readonly<Record<string, (block: Block) => Promise<void>>> = {
    run: async (block) => {
      if (block.language === "sh") return checkExit(await runProgram("sh", "-euc", replaceUrls(block.text)), block);
      write(block, replaceUrls(block.text));
      return runNode(block);
    },
    receiver: async (block) => {
      const port = String(await findFreePort());
      write(block, block.text.replaceAll(READER_PORT, port));
      await runNode(block, "receiver", namesFile, port);
    },
    test: async (block) => {
      testRun ??= runProgram("vitest", "run", ...VITEST_OPTIONS, "--root", directory);
      const { stdout, stderr } = await testRun;
      const file = getFile(block).slice(directory.length + 1);
      const lines = stdout.split("\n").filter((line) => line.includes(`${file} >`));
      const passed = lines.filter((line) => line.trim().startsWith("✓"));
      if (passed.length === 0 || passed.length < lines.length) throw new Error(`A test failed:\n${stdout}${stderr}`);
    },
    serves: async ({ text }) => {
      const started = await startCommand(replaceUrls(text.trim()), options);
      servers.push(started);
      const command = /antom-vault (\w+)/.exec(text)?.[1] ?? "";
      const port = DEFAULT_PORTS[command];
      if (port !== undefined) urls.set(port, started.baseUrl);
      // The page shows the default URLs.
      printed = [...urls].reduce(
        (all, [port, baseUrl]) => all.replaceAll(baseUrl, `http://127.0.0.1:${port}`),
        started.output,
      );
    },
  };

  return {
    modules: [...scripts.map(getFile), ...(page.declarations ? [namesFile] : [])],
    run: async (block) => {
      if (block.language === "json") JSON.parse(block.text);
      if (block.language === "text") return checkText(block, printed);
      const action = block.words.map((word) => ACTIONS[word]).find((match) => match !== undefined);
      if (block.language === "ts" || block.language === "sh" || block.language === "js") printed = undefined;
      await action?.(block);
    },
    stop: () => Promise.all(servers.splice(0).map(({ stop }) => stop())),
  };
}

/** Checks a text block against the output of the previous block. */
function checkText({ text, file, line }: Block, printed: string | undefined): void {
  if (printed === undefined)
    throw new Error(`${file}:${line}: the previous block does not run, so this output cannot be checked.`);
  const expected = text.split("\n").filter((shown) => shown.trim() !== "" && shown.trim() !== "…");
  checkOutput(expected, printed);
}

function checkOutput(expected: readonly string[], stdout: string, output = stdout): void {
  const missing = findMissingLines(expected, stdout);
  if (missing.length > 0) throw new Error(`The block did not print:\n${missing.join("\n")}\nIt printed:\n${output}`);
}
