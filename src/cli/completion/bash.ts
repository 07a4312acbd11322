import type { CommandNode, CommandTree, OptionNode, ValueType } from "./command-tree.ts";

/** Creates a script for bash 3.2 and later. The script leaves the completion of file names to bash, which quotes them correctly. */
export function createBashCompletion({ name, options, commands }: CommandTree): string {
  const functionName = `_${name.replaceAll("-", "_")}`;
  return `# bash completion for ${name}. To install, add to ~/.bashrc: source <(${name} completion bash)
${functionName}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" cmd="" i
  # bash splits --option=value into three words.
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
${commands
  .flatMap(({ name: command, options: commandOptions }) => formatValueCases(command, commandOptions))
  .join("\n")}
  esac
  case "$cmd" in
    "") ${formatReply([...commands.map((command) => command.name), ...listFlags(options)])} ;;
${commands.map(formatCommandCase).join("\n")}
  esac
}
complete -o default -F ${functionName} ${name}
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
  // If COMPREPLY is empty, bash completes file names.
  takes.kind === "values" ? `${formatReply(takes.values)}; return` : "return";

function formatCommandCase({ name, options, argument }: CommandNode): string {
  const values = argument?.kind === "values" ? argument.values : [];
  return `    ${name}) ${formatReply([...values, ...listFlags(options)])} ;;`;
}
