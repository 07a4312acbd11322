/** Whether the command has what a guide gives it, asked of its own parser. */
import { run } from "../../src/cli/program/program.ts";

const helps = new Map<string, Promise<string>>();

/** A sentence for each option that the command of these words does not have. */
export async function optionsUnknown([name = "", ...words]: readonly string[]): Promise<readonly string[]> {
  if (name === "" || name.startsWith("-")) return [];
  const help = helps.get(name) ?? helpOf(name);
  helps.set(name, help);
  const text = await help;
  if (!text.startsWith(`Usage: antom-vault ${name} `)) return [`antom-vault has no command ${name}`];
  const options = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0] ?? word);
  return options
    .filter((option) => !new RegExp(`(?:^|\\s)${option}(?![\\w-])`, "m").test(text))
    .map((option) => `antom-vault ${name} has no option ${option}`);
}

async function helpOf(name: string): Promise<string> {
  const parts: string[] = [];
  const sink = { write: (written: string) => parts.push(written) };
  await run([name, "--help"], sink, sink);
  return parts.join("");
}
