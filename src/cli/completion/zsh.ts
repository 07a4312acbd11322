import type { CommandNode, CommandTree, OptionNode, ValueType } from "./command-tree.ts";

/** A script for zsh: to be sourced once compinit has run, or to stand in a folder of $fpath as _<name>. */
export function createZshCompletion({ name, options, commands }: CommandTree): string {
  const own = `_${name.replaceAll("-", "_")}`;
  return `#compdef ${name}
# zsh completion for ${name}: put  source <(${name} completion zsh)  into ~/.zshrc, below compinit
${own}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map((each) => `    ${quote(`${each.name}:${each.description}`)}`).join("\n")}
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
# Sourced, it has to be told to zsh; as a file of $fpath it is the function itself.
if [ "$funcstack[1]" = "${own}" ]; then
  ${own} "$@"
else
  compdef ${own} ${name}
fi
`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What would end a description, or begin something else. */
const escapeSpec = (text: string): string => text.replace(/[\\[\]:]/g, "\\$&");

function formatOption({ long, short, description, takes }: OptionNode): string {
  const value = takes ? `:${formatAction(takes)}` : "";
  const told = `[${escapeSpec(description)}]${value}`;
  return short ? `'(${short} ${long})'{${short},${long}}${quote(told)}` : quote(`${long}${told}`);
}

const ACTIONS = { file: "file:_files", directory: "folder:_files -/", anything: "value:" } as const;

const formatAction = (takes: ValueType): string =>
  takes.kind === "values" ? `value:(${takes.values.join(" ")})` : ACTIONS[takes.kind];

function formatCommandCase({ name, options, argument }: CommandNode): string {
  const specs = [...options.map(formatOption), ...(argument ? [quote(`1::${formatAction(argument)}`)] : [])];
  return `        ${name}) _arguments ${specs.join(" ")} ;;`;
}
