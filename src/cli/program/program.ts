/** The command `antom-vault`. Each subcommand loads its modules when it runs. @module */
import { Argument, Command, CommanderError } from "commander";
import { readPackageVersion } from "../../machine/package-version.ts";
import { didYouMean } from "../../protocol/did-you-mean.ts";
import { AntomVaultError, type AntomVaultErrorCode } from "../../protocol/errors.ts";
import { escapeLines } from "../../protocol/escape-controls.ts";
import { createStyles, type ExitCode, type Output, writeJson, writeText } from "../console/output.ts";
import { getWidth, type Sink } from "../console/terminal-capabilities.ts";
import { wrapCommand, wrapText } from "../console/wrap-text.ts";
import { registerApiCommands } from "./api-commands.ts";
import { type CommandContext, formatExamples, formatExitCodes } from "./command-group.ts";
import { registerContractCommands } from "./contract-commands.ts";
import { rejectCardArguments } from "./reject-card-arguments.ts";
import { registerServerCommands } from "./server-commands.ts";
import { registerSignatureCommands } from "./signature-commands.ts";

const PREFIX = "antom-vault: ";

/** The codes of usage errors. The messages of these errors say what to fix, so the codes are printed only with `--json`. */
const USAGE_ERRORS: ReadonlySet<AntomVaultErrorCode> = new Set([
  "CONFIGURATION_INVALID",
  "DEPENDENCY_MISSING",
  "KEY_INVALID",
  "REQUEST_INVALID",
]);

/** Runs the command and returns the exit code. Never rejects. */
export async function run(args: readonly string[], stdout: Sink, stderr: Sink): Promise<ExitCode> {
  const output: Output = { stdout, stderr, style: createStyles(stdout) };
  const json = args.includes("--json");
  let exitCode: ExitCode = 0;
  const printError = (message: string, code?: string) =>
    json ? writeJson(stderr, { error: { code, message } }) : writeText(stderr, escapeLines(message), PREFIX);
  try {
    rejectCardArguments(args);
    const program = buildProgram(output, json, (code) => {
      exitCode = code;
    });
    rejectUnknownHelpTopic(program, args);
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (json) printError(hideValue(error.message.replace(/^error: /, "")), "CONFIGURATION_INVALID");
      return 2;
    }
    // The message of a third-party error might quote a body, so only the error's name, code, and path are printed.
    if (!(error instanceof AntomVaultError)) printError(`Unexpected error: ${describeError(error)}.`);
    else if (error.code === "ABORTED") return 130;
    else if (json || USAGE_ERRORS.has(error.code)) printError(error.message, error.code);
    else printError(`${error.message} (${error.code})`);
    return 2;
  }
}

const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return "unknown";
  const { code, path } = error as NodeJS.ErrnoException;
  return [error.name, code, path].filter(Boolean).join(" ");
};

function buildProgram(output: Output, json: boolean, onExit: (code: ExitCode) => void): Command {
  const program = new Command("antom-vault")
    .description("Vault cards with the Antom (Alipay) Vault API, and test your integration offline")
    .version(readPackageVersion())
    .addHelpText(
      "after",
      `\n${formatExitCodes(output, "0 success, 1 check or vaulting failed, 2 usage or connection error, 130 interrupted")}`,
    );
  const context: CommandContext = { program, output, onExit };
  program.commandsGroup("Local servers:");
  registerServerCommands(context);
  program.commandsGroup("API calls and notifications:");
  registerApiCommands(context);
  program.commandsGroup("Contract tests and recordings:");
  registerContractCommands(context);
  program.commandsGroup("Cards, keys, and signatures:");
  registerSignatureCommands(context);
  program.commandsGroup("Shell completion:");
  registerCompletion(context);

  // Subcommands that are already registered do not inherit these settings.
  for (const command of [program, ...program.commands])
    command
      .exitOverride()
      .showSuggestionAfterError()
      .showHelpAfterError("Run with --help for usage.")
      .configureOutput({
        writeOut: (text) => void output.stdout.write(wrapExamples(text, getWidth(output.stdout))),
        // With --json, run() prints the error as JSON.
        writeErr: (text) => void (json || output.stderr.write(text)),
        getOutHelpWidth: () => getWidth(output.stdout),
        getErrHelpWidth: () => getWidth(output.stderr),
        outputError: (text, write) => {
          const message = hideValue(text.replace(/^error: /, "")) + suggestLongOption(text, command);
          write(`${wrapText(message.trimEnd(), getWidth(output.stderr), PREFIX)}\n`);
        },
      });
  return program;
}

/** Wraps the examples, because commander wraps only the text that it generates. */
const wrapExamples = (help: string, width: number): string =>
  help.replace(/^ {2}\$ (.*)$/gm, (_, command: string) => wrapCommand(command, width, "  $ "));

function registerCompletion({ program, output, onExit }: CommandContext): void {
  program
    .command("completion")
    .description("print a script that completes commands, options, and values in your shell")
    .addArgument(new Argument("[shell]", "the shell; required unless --json is given").choices(["bash", "zsh", "fish"]))
    .option("--json", "print the script as a JSON object, or the command tree if no shell is given")
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
  program.helpCommand("help [command]", "show help for a command");
}

/** Removes the value that commander quotes for an unknown option or an invalid choice, because the value might be card data. */
const hideValue = (text: string): string =>
  text
    .replace(/(unknown option '-[^'=]*)=[\s\S]*'/, "$1'")
    .replace(INVALID_CHOICE, (_, option?: string, value = "", argument?: string, choices = "") => {
      const suggestion = didYouMean(value, choices.split(", "));
      return `${option ?? argument} must be one of ${choices}.${suggestion}`;
    });

const INVALID_CHOICE =
  /(?:option '(\S+)[^']*' argument|command-argument value) '([\s\S]*)' is invalid(?: for argument '(.*)')?\. Allowed choices are (.*)\./;

/** Suggests `--json` for `-json`, which commander parses as 4 short options. */
function suggestLongOption(text: string, command: Command): string {
  const word = /unknown option '-([a-z][\w-]+)/.exec(text)?.[1];
  if (word === undefined) return "";
  const suggestion = didYouMean(
    `--${word}`,
    command.options.flatMap(({ long }) => long ?? []),
  );
  return suggestion && `(${suggestion.trim()})\n`;
}

/** Rejects `help NAME` for an unknown command, and suggests a similar name. Otherwise, commander would print the help of the program. */
function rejectUnknownHelpTopic(program: Command, [first, name]: readonly string[]): void {
  if (first !== "help" || name === undefined || name.startsWith("-")) return;
  const names = ["help", ...program.commands.map((command) => command.name())];
  if (names.includes(name)) return;
  const suggestion = didYouMean(name, names).trim();
  program.error(`error: unknown command '${name}'${suggestion && `\n(${suggestion})`}`);
}
