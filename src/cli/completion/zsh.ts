import type { CommandShape, OptionShape, ProgramShape, Takes } from "./command-tree.ts";

/** A script for zsh: to be sourced once compinit has run, or to stand in a folder of $fpath as _<name>. */
export function zshCompletion({ name, options, commands }: ProgramShape): string {
  const own = `_${name.replaceAll("-", "_")}`;
  return `#compdef ${name}
# zsh completion for ${name}: put  source <(${name} completion zsh)  into ~/.zshrc, below compinit
${own}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map((each) => `    ${quoted(`${each.name}:${each.description}`)}`).join("\n")}
  )
  _arguments -C \\
${options.map((option) => `    ${optionSpec(option)} \\`).join("\n")}
    '1: :->command' \\
    '*:: :->rest'
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $words[1] in
${commands.map(commandCase).join("\n")}
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

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What would end a description, or begin something else. */
const escaped = (text: string): string => text.replace(/[\\[\]:]/g, "\\$&");

function optionSpec({ long, short, description, takes }: OptionShape): string {
  const value = takes ? `:${action(takes)}` : "";
  const told = `[${escaped(description)}]${value}`;
  return short ? `'(${short} ${long})'{${short},${long}}${quoted(told)}` : quoted(`${long}${told}`);
}

const ACTIONS = { file: "file:_files", directory: "folder:_files -/", anything: "value:" } as const;

const action = (takes: Takes): string =>
  takes.kind === "values" ? `value:(${takes.values.join(" ")})` : ACTIONS[takes.kind];

function commandCase({ name, options, argument }: CommandShape): string {
  const specs = [...options.map(optionSpec), ...(argument ? [quoted(`1::${action(argument)}`)] : [])];
  return `        ${name}) _arguments ${specs.join(" ")} ;;`;
}
