import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryDirectory, runCommand } from "../../testing/processes/command.ts";
import { createZshCaptureScript } from "../../testing/processes/zsh-completion.ts";
import type { CommandTree } from "../completion/command-tree.ts";

const shape: CommandTree = JSON.parse((await runCommand("completion", "--json")).stdout);
const scriptFor = async (shell: string) => (await runCommand("completion", shell)).stdout;

type Complete = (...words: readonly string[]) => readonly string[];

interface Shell {
  readonly version: string;
  /** What is offered for the last of some words, in a folder with `card.json` and the folder `cards`. */
  readonly complete: (folder: string, script: string) => Complete;
}

const words = (output: string) =>
  [...new Set(output.split("\n").map((each) => each.split("\t")[0] ?? ""))].filter(Boolean).sort();
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function shell(program: string, scriptOf: (script: string, words: readonly string[]) => string): Shell | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  if (status !== 0) return undefined;
  const complete = (folder: string, script: string): Complete => {
    const file = join(folder, "completion-script");
    writeFileSync(file, script);
    return (...given) => {
      // bash begins without what its owner has set up, zsh and fish do as they are told.
      const plain = program === "bash" ? ["--norc", "--noprofile"] : program === "zsh" ? ["-f"] : ["--no-config"];
      const ran = spawnSync(program, [...plain, "-c", scriptOf(file, ["antom-vault", ...given])], {
        encoding: "utf8",
        cwd: folder,
        env: {
          PATH: process.env["PATH"],
          HOME: folder,
          TERM: "xterm",
          LD_LIBRARY_PATH: process.env["LD_LIBRARY_PATH"],
        },
      });
      if (ran.status !== 0) throw new Error(`${program} ended with ${ran.status}: ${ran.stderr}`);
      return words(ran.stdout);
    };
  };
  return { version: stdout.trim().split("\n")[0] ?? "", complete };
}

// Where nothing of ours is offered bash goes on with file names, as `-o default` says; compgen does here what it does then.
const bash = shell(
  "bash",
  (script, given) => `source ${script}
complete -p antom-vault | grep -q -- '-o default' || exit 3
COMP_WORDS=(${given.map(quoted).join(" ")}); COMP_CWORD=${given.length - 1}
_antom_vault
if [ \${#COMPREPLY[@]} -eq 0 ]; then compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"; else printf '%s\\n' "\${COMPREPLY[@]}"; fi; true`,
);
const fish = shell("fish", (script, given) => `source ${script}; complete -C ${quoted(given.join(" "))}`);

const zsh = shell("zsh", createZshCaptureScript);

const SHELLS = [
  ["bash", bash],
  ["zsh", zsh],
  ["fish", fish],
] as const;

describe.each(SHELLS)("completion in %s", (name, found) => {
  const inShell =
    (body: (complete: Complete) => void) =>
    async ({ skip }: { skip: (note: string) => void }) => {
      if (!found) return skip(`${name} is not installed here.`);
      using folder = createTemporaryDirectory();
      writeFileSync(join(folder.path, "card.json"), "{}");
      body(found.complete(folder.path, await scriptFor(name)));
    };

  test(
    "commands",
    inShell((complete) => {
      expect(complete("")).toEqual(expect.arrayContaining(shape.commands.map((each) => each.name)));
      expect(complete("ses")).toEqual(["session"]);
      expect(complete("ev")).toEqual(["events"]);
    }),
  );

  test(
    "the options of a command",
    inShell((complete) => {
      for (const { name: each, options } of shape.commands.filter((one) =>
        ["vault", "contract", "open"].includes(one.name),
      ))
        expect(complete(each, "--")).toEqual(expect.arrayContaining(options.map(({ long }) => long)));
      expect(complete("vault", "--test")).toEqual(["--test-card"]);
    }),
  );

  test(
    "values that only some will do",
    inShell((complete) => {
      expect(complete("vault", "--test-card", "challenge-f")).toEqual(["challenge-fails"]);
      expect(complete("trigger", "notification-d")).toEqual(["notification-duplicate"]);
      expect(complete("completion", "")).toEqual(expect.arrayContaining(["bash", "fish", "zsh"]));
      expect(complete("sandbox", "--notification-scope", "")).toEqual(
        expect.arrayContaining(["loopback", "network", "public"]),
      );
    }),
  );

  test(
    "files where a file is wanted",
    inShell((complete) => {
      expect(complete("vault", "--card", "car")).toEqual(["card.json"]);
    }),
  );
});

describe("antom-vault completion", () => {
  test("knows every command and option, off commander's own tree", async () => {
    const help = (await runCommand("--help")).stdout;
    const listed = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, each]) => each);
    expect(shape.commands.map((each) => each.name)).toEqual(listed);
    for (const { name, options } of shape.commands) {
      if (name === "help") continue;
      const text = (await runCommand(name, "--help")).stdout;
      const written = [...text.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, each]) => each);
      expect(options.map(({ long }) => long)).toEqual(written);
    }
  });

  test("every kind of value is known by its placeholder", () => {
    const takes = (name: string, long: string) =>
      shape.commands.find((each) => each.name === name)?.options.find((each) => each.long === long)?.takes?.kind;
    expect(takes("vault", "--card")).toBe("file");
    expect(takes("vault", "--data")).toBe("directory");
    expect(takes("vault", "--id")).toBe("anything");
    expect(takes("vault", "--json")).toBeUndefined();
    expect(takes("contract", "--without")).toBe("values");
  });

  test.each([["tcsh"], [""]])("another shell (%j) is wrong usage", async (other) => {
    const { exitCode, stdout, stderr } = await runCommand("completion", ...(other ? [other] : []));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("bash, zsh");
  });

  test("with --json the script is a JSON text", async () => {
    expect(JSON.parse((await runCommand("completion", "fish", "--json")).stdout)).toEqual({
      script: await scriptFor("fish"),
    });
  });
});
