import type { CommandNode, CommandTree, OptionNode, ValueType } from "./command-tree.ts";

/** Creates a script for zsh, which you can source after compinit or store in a directory of $fpath as _<name>. */
export function createZshCompletion({ name, options, commands }: CommandTree): string {
  const functionName = `_${name.replaceAll("-", "_")}`;
  return `#compdef ${name}
# zsh completion for ${name}. To install, add to ~/.zshrc after compinit: source <(${name} completion zsh)
${functionName}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map((command) => `    ${quote(`${command.name}:${command.description}`)}`).join("\n")}
  )
  _arguments -C \\
${options.map((option) => `    ${formatOption(option)} \\`).join("\n")}
    '1: :->command' \\
    '*:: :->rest'
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $words[1] in
${commands.map(formatCommandCase).join("\n")}
      esac
      ;;
  esac
}
# A sourced script registers the function. A file in $fpath is the function itself.
if [ "$funcstack[1]" = "${functionName}" ]; then
  ${functionName} "$@"
else
  compdef ${functionName} ${name}
fi
`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Escapes the characters that have a special meaning in a zsh description. */
const escapeSpec = (text: string): string => text.replace(/[\\[\]:]/g, "\\$&");

function formatOption({ long, short, description, takes }: OptionNode): string {
  const value = takes ? `:${formatAction(takes)}` : "";
  const spec = `[${escapeSpec(description)}]${value}`;
  return short ? `'(${short} ${long})'{${short},${long}}${quote(spec)}` : quote(`${long}${spec}`);
}

const ACTIONS = { file: "file:_files", directory: "directory:_files -/", anything: "value:" } as const;

const formatAction = (takes: ValueType): string =>
  takes.kind === "values" ? `value:(${takes.values.join(" ")})` : ACTIONS[takes.kind];

function formatCommandCase({ name, options, argument }: CommandNode): string {
  const specs = [...options.map(formatOption), ...(argument ? [quote(`1::${formatAction(argument)}`)] : [])];
  return `        ${name}) _arguments ${specs.join(" ")} ;;`;
}
