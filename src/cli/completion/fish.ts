import type { CommandNode, CommandTree, OptionNode, ValueType } from "./command-tree.ts";

/** A script for fish: to be sourced, or to stand in ~/.config/fish/completions/<name>.fish. */
export function createFishCompletion({ name, options, commands }: CommandTree): string {
  const complete = (condition: string, what: string) => `complete -c ${name} -n ${quote(condition)} ${what}`;
  const first = "__fish_use_subcommand";
  return `# fish completion for ${name}: put  ${name} completion fish | source  into ~/.config/fish/config.fish
complete -c ${name} -f
${[
  ...commands.map((each) => complete(first, `-a ${each.name} -d ${quote(each.description)}`)),
  ...options.map((option) => complete(first, formatOption(option))),
  ...commands.flatMap((command) => formatCommand(command, complete)),
].join("\n")}
`;
}

function formatCommand(
  { name, options, argument }: CommandNode,
  complete: (condition: string, what: string) => string,
): readonly string[] {
  const seen = `__fish_seen_subcommand_from ${name}`;
  const values = argument?.kind === "values" ? argument.values.filter((value) => value !== name) : [];
  return [
    ...options.map((option) => complete(seen, formatOption(option))),
    // Once a value is there, it is not offered again.
    ...(values.length > 0
      ? [complete(`${seen}; and not __fish_seen_subcommand_from ${values.join(" ")}`, `-a ${quote(values.join(" "))}`)]
      : []),
    ...(argument?.kind === "file" ? [complete(seen, "-F")] : []),
  ];
}

const quote = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

function formatOption({ long, short, description, takes }: OptionNode): string {
  return [
    `-l ${long.replace(/^--/, "")}`,
    ...(short ? [`-s ${short.replace(/^-/, "")}`] : []),
    ...(takes ? [formatValue(takes)] : []),
    `-d ${quote(description)}`,
  ].join(" ");
}

const VALUE_WORDS = { file: "-r -F", directory: "-x -a '(__fish_complete_directories)'", anything: "-x" } as const;

const formatValue = (takes: ValueType): string =>
  takes.kind === "values" ? `-x -a ${quote(takes.values.join(" "))}` : VALUE_WORDS[takes.kind];
