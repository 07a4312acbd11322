/**
 * Does with the blocks of a page what its reader does: one after the other, in one folder. What is done stands behind the block's language:
 *
 * - `run`: it is run, and must end with 0, or as `exit=1` says. What the comments `// → …`, or a `text` block after it, show must be printed.
 * - `serves`: the command serves until the page ends. Its address takes the place of the usual one in the blocks that follow.
 * - `receiver`: it receives notifications at /antom/notifications: a forged one, which it must refuse, and one of the sandbox's.
 * - `test`: it is a test of vitest, which must pass. `file=NAME` gives a block a name by which others import it.
 *
 * TypeScript and JavaScript are compiled whatever they say; JSON must be JSON.
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
import { type RunningCommand, startCommand } from "./shell-block.ts";

const driver = fileURLToPath(new URL("./run-code-block.ts", import.meta.url));

type ExitResult = Awaited<ReturnType<typeof waitForExit>>;

/** The addresses that the guides write, by the command that serves there unless it is told otherwise. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = { sandbox: "4020", mock: "4010", record: "4030" };
/** The port on which a reader's own server listens in the guides. */
const READER_PORT = "3000";
/** Time for a loaded machine; and without isolation, the test files of a page load the package only once. */
const VITEST_OPTIONS = ["--reporter=verbose", "--testTimeout=60000", "--no-isolate"];

export interface GuideRunner {
  /** The modules of the blocks and of the page's names, for the compiler. */
  readonly modules: readonly string[];
  /** Does what the block's words ask for. Rejects if the outcome differs from what the page shows. */
  readonly run: (block: Block) => Promise<void>;
  /** Stops the commands that serve, and returns their exit codes. */
  readonly stop: () => Promise<readonly unknown[]>;
}

export function createGuideRunner(page: Page, project: SampleProject): GuideRunner {
  const folder = join(project.directory, page.file.replace(/[^\w]/g, "-"));
  mkdirSync(folder);
  symlinkSync(join(project.directory, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "reader", private: true, type: "module" }));
  const namesFile = join(folder, "names.ts");
  if (page.names) writeFileSync(namesFile, page.names);
  const names = getExportedNames(page.names);
  /** A file's name comes from the word `file=…`, or from the line on which the block begins. */
  const fileOf = ({ line, language, words }: Block) => {
    const named = words.find((word) => word.startsWith("file="))?.slice(5);
    return join(folder, named ?? `line-${line}${words.includes("test") ? ".test" : ""}.${language}`);
  };
  const scripts = page.blocks.filter(({ language }) => language === "ts" || language === "js");
  const write = (block: Block, text = block.text) =>
    writeFileSync(fileOf(block), toModule({ ...block, text }, names, "./names.ts"));
  for (const block of scripts) write(block);

  const place = { cwd: folder, env: project.environment };
  const end = (program: string, ...args: readonly string[]) => waitForExit(spawn(program, args, place));
  const serving: RunningCommand[] = [];
  const addresses = new Map<string, string>();
  /** What was printed by the block before, which a block of text may show. */
  let printed: string | undefined;

  /** A block as it can be run here: with the addresses at which something really serves. */
  const placed = (text: string): string =>
    [...addresses].reduce(
      (all, [port, baseUrl]) =>
        all.replaceAll(new RegExp(`(?:http://)?(?:127\\.0\\.0\\.1|localhost):${port}\\b`, "g"), baseUrl),
      text,
    );

  function expectEnd({ exitCode, stdout, stderr }: ExitResult, { words, text }: Block): void {
    const wanted = Number(words.find((word) => word.startsWith("exit="))?.slice(5) ?? 0);
    if (exitCode !== wanted) throw new Error(`It ended with ${exitCode}, not with ${wanted}:\n${stdout}${stderr}`);
    const missing = findMissingLines(readExpectedLines(text), stdout);
    if (missing.length > 0) throw new Error(`It did not print:\n${missing.join("\n")}\nbut:\n${stdout}${stderr}`);
    printed = stdout + stderr;
  }

  const node = async (block: Block, ...more: readonly string[]) =>
    expectEnd(await end(process.execPath, driver, fileOf(block), ...more), block);

  let tested: Promise<ExitResult> | undefined;

  const WAYS: Readonly<Record<string, (block: Block) => Promise<void>>> = {
    run: async (block) => {
      if (block.language === "sh") return expectEnd(await end("sh", "-euc", placed(block.text)), block);
      write(block, placed(block.text));
      return node(block);
    },
    receiver: async (block) => {
      const port = String(await findFreePort());
      write(block, block.text.replaceAll(READER_PORT, port));
      await node(block, "receiver", namesFile, port);
    },
    test: async (block) => {
      tested ??= end("vitest", "run", ...VITEST_OPTIONS, "--root", folder);
      const { stdout, stderr } = await tested;
      const file = fileOf(block).slice(folder.length + 1);
      const lines = stdout.split("\n").filter((line) => line.includes(`${file} >`));
      const passed = lines.filter((line) => line.trim().startsWith("✓"));
      if (passed.length === 0 || passed.length < lines.length)
        throw new Error(`Not every test passed:\n${stdout}${stderr}`);
    },
    serves: async ({ text }) => {
      const started = await startCommand(placed(text.trim()), place);
      serving.push(started);
      const command = /antom-vault (\w+)/.exec(text)?.[1] ?? "";
      const port = DEFAULT_PORTS[command];
      if (port !== undefined) addresses.set(port, started.baseUrl);
      // On the page the address is the usual one.
      printed = [...addresses].reduce(
        (all, [usual, baseUrl]) => all.replaceAll(baseUrl, `http://127.0.0.1:${usual}`),
        started.output,
      );
    },
  };

  return {
    modules: [...scripts.map(fileOf), ...(page.names ? [namesFile] : [])],
    run: async (block) => {
      if (block.language === "json") JSON.parse(block.text);
      if (block.language === "text") return expectText(block, printed);
      const way = block.words.map((word) => WAYS[word]).find((each) => each !== undefined);
      if (block.language === "ts" || block.language === "sh" || block.language === "js") printed = undefined;
      await way?.(block);
    },
    stop: () => Promise.all(serving.splice(0).map(({ stop }) => stop())),
  };
}

/** A block of text shows what the block before it prints. */
function expectText({ text, file, line }: Block, printed: string | undefined): void {
  if (printed === undefined) throw new Error(`${file}:${line}: no block before it that is run prints this.`);
  const missing = findMissingLines(
    text.split("\n").filter((each) => each.trim() !== "" && each.trim() !== "…"),
    printed,
  );
  if (missing.length > 0) throw new Error(`It does not print:\n${missing.join("\n")}\nbut:\n${printed}`);
}
