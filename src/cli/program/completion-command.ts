import { Argument } from "commander";
import { examples, type Registering } from "./command-group.ts";

/** Commands about the command. */
export function registerItself({ program, output, done }: Registering): void {
  program
    .command("completion")
    .description("print the script by which a shell completes commands, options and their values")
    .addArgument(new Argument("[shell]", "the shell").choices(["bash", "zsh", "fish"]))
    .option("--json", "the script as a JSON object; without a shell, what it is made of")
    .addHelpText(
      "after",
      examples(
        "source <(antom-vault completion bash)",
        "antom-vault completion zsh > _antom-vault",
        "antom-vault completion fish > antom-vault.fish",
      ),
    )
    .action(async (shell, options) =>
      done((await import("../commands/completion.ts")).completion(output, program, shell, options)),
    );
  program.helpCommand("help [command]", "show the help of a command");
}
