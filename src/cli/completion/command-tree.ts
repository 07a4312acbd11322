/** The commands, options, and values that a shell completes, read from commander so that none is missing. @module */
import type { Command, Option } from "commander";

export type CommandTree = ReturnType<typeof readCommandTree>;
export type CommandNode = CommandTree["commands"][number];
export type OptionNode = ReturnType<typeof readOption>;

/** The kind of value that an option or argument accepts. */
export type ValueType =
  | { readonly kind: "file" | "directory" | "anything" }
  | { readonly kind: "values"; readonly values: readonly string[] };

/** Suggested values for options (`vault --target`) and first arguments (`trigger`) that also accept other values. */
export type Suggestions = Readonly<Record<string, readonly string[]>>;

export function readCommandTree(program: Command, suggestions: Suggestions) {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  return {
    name: program.name(),
    options: help.visibleOptions(program).map((option) => readOption(option)),
    commands: commands.map((command) => {
      const name = command.name();
      const [argument] = command.registeredArguments;
      const values = name === "help" ? commands.map((other) => other.name()) : suggestions[name];
      return {
        name,
        description: command.description(),
        options: help
          .visibleOptions(command)
          .map((option) => readOption(option, suggestions[`${name} ${option.long}`])),
        argument: argument && getValueType(argument.name(), argument.argChoices ?? values),
      };
    }),
  };
}

function readOption({ long, short, flags, description, argChoices }: Option, values?: readonly string[]) {
  const placeholder = /[<[]([\w-]+)/.exec(flags)?.[1];
  return {
    long: long ?? flags,
    short,
    description,
    /** `undefined` for an option without a value. */
    takes: placeholder === undefined ? undefined : getValueType(placeholder, argChoices ?? values),
  };
}

function getValueType(placeholder: string, values: readonly string[] | undefined): ValueType {
  if (values) return { kind: "values", values };
  if (placeholder === "file") return { kind: "file" };
  return { kind: placeholder === "dir" ? "directory" : "anything" };
}
