/**
 * Checks the calls to `antom-vault` in the guides against the command's subcommands and options, and the guides' CI pipelines against the inputs of
 * action.yml.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { runCommand } from "../../src/testing/processes/command.ts";

/** Returns the commands of a shell block or pipeline, without comments and with continued lines joined. */
export const readCommands = (text: string): readonly string[] =>
  text
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.replace(/(?:^|\s+)#\s.*$/, "").trim())
    .filter((line) => line !== "");

/** Returns the words after `antom-vault` in each call. */
export const findCalls = (line: string): readonly (readonly string[])[] =>
  [...line.matchAll(CALL)].map(([, words = ""]) => words.match(WORD) ?? []);

const CALL =
  /(?:^\s*|[;&|(]\s*|npx (?:--yes )?|npm run --silent )antom-vault(?: --(?= ))?((?: +(?:'[^']*'|"[^"]*"|[^\s;&|)'"]+))*)/g;
const WORD = /'[^']*'|"[^"]*"|[^\s'"]+/g;

/** Returns an error for each unknown command or option in the calls to `antom-vault`. */
export async function findCallErrors(text: string): Promise<readonly string[]> {
  const errors = await Promise.all(readCommands(text).flatMap(findCalls).map(findUnknownOptions));
  return errors.flat();
}

async function findUnknownOptions([name = "", ...words]: readonly string[]): Promise<readonly string[]> {
  if (name === "" || name.startsWith("-")) return [];
  const { stdout: text } = await runCommand(name, "--help");
  if (!text.startsWith(`Usage: antom-vault ${name} `)) return [`antom-vault has no command ${name}`];
  const options = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0] ?? word);
  return options
    .filter((option) => !new RegExp(`(?:^|\\s)${option}(?![\\w-])`, "m").test(text))
    .map((option) => `antom-vault ${name} has no option ${option}`);
}

const action = parse(readFileSync(join(import.meta.dirname, "..", "..", "action.yml"), "utf8")) as {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean }>>;
};

interface Step {
  readonly uses: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/**
 * Returns an error for each step that is not pinned to a version or does not match the inputs of action.yml.
 *
 * @throws {Error} if the text is not valid YAML
 */
export const findPipelineErrors = (yaml: string): readonly string[] =>
  findSteps(parse(yaml)).flatMap(({ uses, with: given = {} }) => {
    if (!/\/antom-vault@/.test(uses)) return /@[0-9a-f]{40}$|@v\d/.test(uses) ? [] : [`${uses} is not pinned`];
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(action.inputs, name));
    const missing = Object.entries(action.inputs).filter(
      ([name, { required }]) => required && !Object.hasOwn(given, name),
    );
    return [
      ...unknown.map((name) => `the action has no input ${name}`),
      ...missing.map(([name]) => `the action requires ${name}`),
    ];
  });

/** Returns all steps with `uses` in a workflow or in part of a workflow. */
function findSteps(value: unknown): readonly Step[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(findSteps);
  return "uses" in value && typeof value.uses === "string" ? [value as Step, ...inner] : inner;
}
