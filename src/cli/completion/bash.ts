import type { CommandNode, CommandTree, OptionNode, ValueType } from "./command-tree.ts";

/** A script for bash, 3.2 and later. Where a file is wanted it leaves the word to bash itself, which knows best how to quote one. */
export function createBashCompletion({ name, options, commands }: CommandTree): string {
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
${commands.flatMap(({ name: command, options: each }) => formatValueCases(command, each)).join("\n")}
  esac
  case "$cmd" in
    "") COMPREPLY=($(compgen -W "${[...commands.map((each) => each.name), ...listFlags(options)].join(" ")}" -- "$cur")) ;;
${commands.map(formatCommandCase).join("\n")}
  esac
}
complete -o default -F ${own} ${name}
`;
}

const formatReply = (words: readonly string[]): string => `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$cur"))`;

const listFlags = (options: readonly OptionNode[]): readonly string[] =>
  options.flatMap(({ long, short }) => (short ? [long, short] : [long]));

function formatValueCases(command: string, options: readonly OptionNode[]): readonly string[] {
  return options.flatMap(({ long, takes }) =>
    takes ? [`    "${command} ${long}") ${formatValueReply(takes)} ;;`] : [],
  );
}

const formatValueReply = (takes: ValueType): string =>
  // Nothing of ours: bash goes on with file names.
  takes.kind === "values" ? `${formatReply(takes.values)}; return` : "return";

function formatCommandCase({ name, options, argument }: CommandNode): string {
  const values = argument?.kind === "values" ? argument.values : [];
  return `    ${name}) ${formatReply([...values, ...listFlags(options)])} ;;`;
}
