import type { CommandShape, OptionShape, ProgramShape, Takes } from "./command-tree.ts";

/** A script for bash, 3.2 and later. Where a file is wanted it leaves the word to bash itself, which knows best how to quote one. */
export function bashCompletion({ name, options, commands }: ProgramShape): string {
  const own = `_${name.replaceAll("-", "_")}`;
  return `# bash completion for ${name}: put  source <(${name} completion bash)  into ~/.bashrc
${own}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" cmd="" i
  # bash takes --option=value for three words.
  if [ "$cur" = "=" ]; then cur=""; fi
  if [ "$prev" = "=" ]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      -*) ;;
      *) cmd="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  COMPREPLY=()
  case "$cmd $prev" in
${commands.flatMap(({ name: command, options: each }) => valueCases(command, each)).join("\n")}
  esac
  case "$cmd" in
    "") COMPREPLY=($(compgen -W "${[...commands.map((each) => each.name), ...flags(options)].join(" ")}" -- "$cur")) ;;
${commands.map(commandCase).join("\n")}
  esac
}
complete -o default -F ${own} ${name}
`;
}

const reply = (words: readonly string[]): string => `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$cur"))`;

const flags = (options: readonly OptionShape[]): readonly string[] =>
  options.flatMap(({ long, short }) => (short ? [long, short] : [long]));

function valueCases(command: string, options: readonly OptionShape[]): readonly string[] {
  return options.flatMap(({ long, takes }) => (takes ? [`    "${command} ${long}") ${valueReply(takes)} ;;`] : []));
}

const valueReply = (takes: Takes): string =>
  // Nothing of ours: bash goes on with file names.
  takes.kind === "values" ? `${reply(takes.values)}; return` : "return";

function commandCase({ name, options, argument }: CommandShape): string {
  const values = argument?.kind === "values" ? argument.values : [];
  return `    ${name}) ${reply([...values, ...flags(options)])} ;;`;
}
