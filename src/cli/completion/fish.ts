import type { CommandNode, CommandTree, OptionNode, ValueType } from "./command-tree.ts";

/** Creates a script for fish, which you can source or store as ~/.config/fish/completions/<name>.fish. */
export function createFishCompletion({ name, options, commands }: CommandTree): string {
  const complete = (condition: string, words: string) => `complete -c ${name} -n ${quote(condition)} ${words}`;
  const first = "__fish_use_subcommand";
  return `# fish completion for ${name}. To install, add to ~/.config/fish/config.fish: ${name} completion fish | source
complete -c ${name} -f
${[
  ...commands.map((command) => complete(first, `-a ${command.name} -d ${quote(command.description)}`)),
  ...options.map((option) => complete(first, formatOption(option))),
  ...commands.flatMap((command) => formatCommand(command, complete)),
].join("\n")}
`;
}

function formatCommand(
  { name, options, argument }: CommandNode,
  complete: (condition: string, words: string) => string,
): readonly string[] {
  const seen = `__fish_seen_subcommand_from ${name}`;
  const values = argument?.kind === "values" ? argument.values.filter((value) => value !== name) : [];
  return [
    ...options.map((option) => complete(seen, formatOption(option))),
    // Values are suggested only until one of them is given.
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
