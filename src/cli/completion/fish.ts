import type { CommandShape, OptionShape, ProgramShape, Takes } from "./command-tree.ts";

/** A script for fish: to be sourced, or to stand in ~/.config/fish/completions/<name>.fish. */
export function fishCompletion({ name, options, commands }: ProgramShape): string {
  const complete = (condition: string, what: string) => `complete -c ${name} -n ${quoted(condition)} ${what}`;
  const first = "__fish_use_subcommand";
  return `# fish completion for ${name}: put  ${name} completion fish | source  into ~/.config/fish/config.fish
complete -c ${name} -f
${[
  ...commands.map((each) => complete(first, `-a ${each.name} -d ${quoted(each.description)}`)),
  ...options.map((option) => complete(first, optionWords(option))),
  ...commands.flatMap((command) => commandLines(command, complete)),
].join("\n")}
`;
}

function commandLines(
  { name, options, argument }: CommandShape,
  complete: (condition: string, what: string) => string,
): readonly string[] {
  const seen = `__fish_seen_subcommand_from ${name}`;
  const values = argument?.kind === "values" ? argument.values.filter((value) => value !== name) : [];
  return [
    ...options.map((option) => complete(seen, optionWords(option))),
    // Once a value is there, it is not offered again.
    ...(values.length > 0
      ? [complete(`${seen}; and not __fish_seen_subcommand_from ${values.join(" ")}`, `-a ${quoted(values.join(" "))}`)]
      : []),
    ...(argument?.kind === "file" ? [complete(seen, "-F")] : []),
  ];
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

function optionWords({ long, short, description, takes }: OptionShape): string {
  return [
    `-l ${long.replace(/^--/, "")}`,
    ...(short ? [`-s ${short.replace(/^-/, "")}`] : []),
    ...(takes ? [valueWords(takes)] : []),
    `-d ${quoted(description)}`,
  ].join(" ");
}

const VALUE_WORDS = { file: "-r -F", directory: "-x -a '(__fish_complete_directories)'", anything: "-x" } as const;

const valueWords = (takes: Takes): string =>
  takes.kind === "values" ? `-x -a ${quoted(takes.values.join(" "))}` : VALUE_WORDS[takes.kind];
