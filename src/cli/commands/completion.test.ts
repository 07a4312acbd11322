import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryDirectory, runCommand } from "../../testing/processes/command.ts";
import { createZshCaptureScript } from "../../testing/processes/zsh-completion.ts";
import type { CommandTree } from "../completion/command-tree.ts";

const tree: CommandTree = JSON.parse((await runCommand("completion", "--json")).stdout);
const getScript = async (shell: string) => (await runCommand("completion", shell)).stdout;

type Complete = (...words: readonly string[]) => readonly string[];

interface Shell {
  readonly version: string;
  /** Returns a function that completes the last of the given words in a directory that contains `card.json`. */
  readonly createCompleter: (directory: string, script: string) => Complete;
}

const parseWords = (output: string) =>
  [...new Set(output.split("\n").map((line) => line.split("\t")[0] ?? ""))].filter(Boolean).sort();
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function findShell(
  program: string,
  createScript: (script: string, words: readonly string[]) => string,
): Shell | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  if (status !== 0) return undefined;
  const createCompleter = (directory: string, script: string): Complete => {
    const file = join(directory, "completion-script");
    writeFileSync(file, script);
    return (...words) => {
      // These options skip the user's configuration files.
      const options = program === "bash" ? ["--norc", "--noprofile"] : program === "zsh" ? ["-f"] : ["--no-config"];
      const { PATH, LD_LIBRARY_PATH } = process.env;
      const env = { PATH, LD_LIBRARY_PATH, HOME: directory, TERM: "xterm" };
      const args = [...options, "-c", createScript(file, ["antom-vault", ...words])];
      const result = spawnSync(program, args, { encoding: "utf8", cwd: directory, env });
      if (result.status !== 0) throw new Error(`${program} exited with ${result.status}: ${result.stderr}`);
      return parseWords(result.stdout);
    };
  };
  return { version: stdout.trim().split("\n")[0] ?? "", createCompleter };
}

// If COMPREPLY is empty, `-o default` makes bash complete file names. Here, compgen simulates this behavior.
const bash = findShell(
  "bash",
  (script, words) => `source ${script}
complete -p antom-vault | grep -q -- '-o default' || exit 3
COMP_WORDS=(${words.map(quote).join(" ")}); COMP_CWORD=${words.length - 1}
_antom_vault
if [ \${#COMPREPLY[@]} -eq 0 ]; then compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"; else printf '%s\\n' "\${COMPREPLY[@]}"; fi; true`,
);
const fish = findShell("fish", (script, words) => `source ${script}; complete -C ${quote(words.join(" "))}`);

const zsh = findShell("zsh", createZshCaptureScript);

const SHELLS = [
  ["bash", bash],
  ["zsh", zsh],
  ["fish", fish],
] as const;

describe.each(SHELLS)("completion in %s", (name, found) => {
  const inShell =
    (body: (complete: Complete) => void) =>
    async ({ skip }: { skip: (note: string) => void }) => {
      if (!found) return skip(`${name} is not installed.`);
      using directory = createTemporaryDirectory();
      writeFileSync(join(directory.path, "card.json"), "{}");
      body(found.createCompleter(directory.path, await getScript(name)));
    };

  test(
    "completes commands",
    inShell((complete) => {
      expect(complete("")).toEqual(expect.arrayContaining(tree.commands.map((node) => node.name)));
      expect(complete("ses")).toEqual(["session"]);
      expect(complete("ev")).toEqual(["events"]);
    }),
  );

  test(
    "completes the options of a command",
    inShell((complete) => {
      for (const { name: command, options } of tree.commands.filter((node) =>
        ["vault", "contract", "open"].includes(node.name),
      ))
        expect(complete(command, "--")).toEqual(expect.arrayContaining(options.map(({ long }) => long)));
      expect(complete("vault", "--test")).toEqual(["--test-card"]);
    }),
  );

  test(
    "completes the values of options and arguments",
    inShell((complete) => {
      expect(complete("vault", "--test-card", "challenge-f")).toEqual(["challenge-failed"]);
      expect(complete("trigger", "notification-du")).toEqual(["notification-duplicated"]);
      expect(complete("completion", "")).toEqual(expect.arrayContaining(["bash", "fish", "zsh"]));
      expect(complete("sandbox", "--notification-scope", "")).toEqual(
        expect.arrayContaining(["loopback", "network", "public"]),
      );
    }),
  );

  test(
    "completes file names",
    inShell((complete) => {
      expect(complete("vault", "--card", "car")).toEqual(["card.json"]);
    }),
  );
});

describe("antom-vault completion", () => {
  test("lists every command and option that --help lists", async () => {
    const help = (await runCommand("--help")).stdout;
    const listed = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(tree.commands.map((node) => node.name)).toEqual(listed);
    for (const { name, options } of tree.commands) {
      if (name === "help") continue;
      const text = (await runCommand(name, "--help")).stdout;
      const written = [...text.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name]) => name);
      expect(options.map(({ long }) => long)).toEqual(written);
    }
  });

  test("derives the kind of an option's value from its placeholder or its choices", () => {
    const getKind = (name: string, long: string) =>
      tree.commands.find((node) => node.name === name)?.options.find((option) => option.long === long)?.takes?.kind;
    expect(getKind("vault", "--card")).toBe("file");
    expect(getKind("vault", "--data")).toBe("directory");
    expect(getKind("vault", "--id")).toBe("anything");
    expect(getKind("vault", "--json")).toBeUndefined();
    expect(getKind("contract", "--without")).toBe("values");
  });

  test.each([
    ["an unsupported shell", ["tcsh"]],
    ["a missing shell", []],
  ])("exits with 2 for %s", async (_, args) => {
    const { exitCode, stdout, stderr } = await runCommand("completion", ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("bash, zsh");
  });

  test("prints the script as JSON with --json", async () => {
    expect(JSON.parse((await runCommand("completion", "fish", "--json")).stdout)).toEqual({
      script: await getScript("fish"),
    });
  });
});
