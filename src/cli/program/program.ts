/** The command `antom-vault`: which subcommands there are. Each loads what it needs when it is called. */
import { Argument, Command, CommanderError } from "commander";
import { readPackageVersion } from "../../machine/package-version.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { didYouMean } from "../console/did-you-mean.ts";
import { createStyles, type ExitCode, type Output, type Sink } from "../console/output.ts";
import { registerApiCommands } from "./api-commands.ts";
import { type CommandContext, formatExamples } from "./command-group.ts";
import { registerContractCommands } from "./contract-commands.ts";
import { rejectCardArguments } from "./reject-card-arguments.ts";
import { registerServerCommands } from "./server-commands.ts";
import { registerSignatureCommands } from "./signature-commands.ts";

/** Runs the command. Never rejects; gives the exit code. */
export async function run(args: readonly string[], stdout: Sink, stderr: Sink): Promise<ExitCode> {
  const output: Output = { stdout, stderr, style: createStyles(stdout) };
  const json = args.includes("--json");
  let exitCode: ExitCode = 0;
  const tell = (message: string, code?: string) =>
    stderr.write(json ? `${JSON.stringify({ error: { code, message } })}\n` : `antom-vault: ${message}\n`);
  try {
    rejectCardArguments(args);
    const program = buildProgram(output, json, (code) => {
      exitCode = code;
    });
    rejectUnknownHelp(program, args);
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (json) tell(hideValue(error.message.replace(/^error: /, "")), "CONFIGURATION_INVALID");
      return 2;
    }
    // Our own errors are made to be shown. Of a foreign one only its kind is: its message may quote a body.
    if (!(error instanceof AntomVaultError)) tell(`Something unforeseen went wrong: ${describeError(error)}.`);
    else if (error.code === "ABORTED") return 130;
    else tell(`${error.message} (${error.code})`, error.code);
    return 2;
  }
}

const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return "no error was given";
  const { code, path } = error as NodeJS.ErrnoException;
  return [error.name, code, path].filter(Boolean).join(" ");
};

function buildProgram(output: Output, json: boolean, done: (code: ExitCode) => void): Command {
  const program = new Command("antom-vault")
    .description("Use the Antom (Alipay) Vault API and prove that both sides keep its contract.")
    .version(readPackageVersion())
    .addHelpText(
      "after",
      "\nExit codes: 0 fine, 1 the thing checked failed, 2 wrong usage or unreachable; 130 interrupted before it was done.",
    );
  const registering: CommandContext = { program, output, onExit: done };
  program.commandsGroup("On this machine:");
  registerServerCommands(registering);
  program.commandsGroup("Calls, and what comes of them:");
  registerApiCommands(registering);
  program.commandsGroup("The contract:");
  registerContractCommands(registering);
  program.commandsGroup("Cards, keys and signatures:");
  registerSignatureCommands(registering);
  program.commandsGroup("The command itself:");
  registerCompletion(registering);

  // What is set on the program does not reach its subcommands by itself.
  for (const command of [program, ...program.commands])
    command
      .exitOverride()
      .showSuggestionAfterError()
      .showHelpAfterError("Run with --help to see what there is.")
      .configureOutput({
        writeOut: (text) => void output.stdout.write(text),
        // With --json the error is told as JSON, by whoever catches it.
        writeErr: (text) => void (json || output.stderr.write(text)),
        outputError: (text, write) => write(hideValue(text) + suggestLongOption(text, command)),
      });
  return program;
}

/** Commands about the command. */
function registerCompletion({ program, output, onExit }: CommandContext): void {
  program
    .command("completion")
    .description("print the script by which a shell completes commands, options and their values")
    .addArgument(new Argument("[shell]", "the shell").choices(["bash", "zsh", "fish"]))
    .option("--json", "the script as a JSON object; without a shell, what it is made of")
    .addHelpText(
      "after",
      formatExamples(
        "source <(antom-vault completion bash)",
        "antom-vault completion zsh > _antom-vault",
        "antom-vault completion fish > antom-vault.fish",
      ),
    )
    .action(async (shell, options) =>
      onExit((await import("../commands/completion.ts")).completion(output, program, shell, options)),
    );
  program.helpCommand("help [command]", "show the help of a command");
}

/** commander quotes the value of an unknown option and of a wrong choice. A value can be anything, so no message shows it. */
const hideValue = (text: string): string =>
  text
    .replace(/(unknown option '-[^'=]*)=[\s\S]*'/, "$1'")
    .replace(INVALID_CHOICE, (_, option?: string, value = "", argument?: string, choices = "") => {
      const suggestion = didYouMean(value, choices.split(", "));
      return `${option ?? argument} must be one of ${choices}.${suggestion}`;
    });

const INVALID_CHOICE =
  /(?:option '(\S+)[^']*' argument|command-argument value) '([\s\S]*)' is invalid(?: for argument '(.*)')?\. Allowed choices are (.*)\./;

/** commander suggests nothing for `-json`, which it takes for four letters. */
function suggestLongOption(text: string, command: Command): string {
  const word = /unknown option '-([a-z][\w-]+)/.exec(text)?.[1];
  if (word === undefined) return "";
  const suggestion = didYouMean(
    `--${word}`,
    command.options.flatMap(({ long }) => long ?? []),
  );
  return suggestion && `(${suggestion.trim()})\n`;
}

/** commander answers `help` of a command that there is not with all that there is, and without a suggestion. */
function rejectUnknownHelp(program: Command, [first, name]: readonly string[]): void {
  if (first !== "help" || name === undefined || name.startsWith("-")) return;
  const names = ["help", ...program.commands.map((command) => command.name())];
  if (names.includes(name)) return;
  const suggestion = didYouMean(name, names).trim();
  program.error(`error: unknown command '${name}'${suggestion && `\n(${suggestion})`}`);
}
