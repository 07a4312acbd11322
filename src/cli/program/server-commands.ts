import { Option } from "commander";
import { type CommandContext, formatExamples } from "./command-group.ts";

/** Commands that serve something, and the main job. */
export function registerServerCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("demo")
    .description("vault three cards on the sandbox, then prove the contract of mock and sandbox")
    .option("--json", "one JSON object in the place of the text")
    .addHelpText("after", formatExamples("antom-vault demo", "antom-vault demo --json"))
    .action(async (options) => onExit(await (await import("../commands/demo.ts")).demo(output, options)));

  program
    .command("mock")
    .description("serve the mock: the document's examples behind the API's own protocol")
    .option("--data <dir>", "where the credentials are kept", ".antom-vault/mock")
    .option("--port <port>", "0 for any free one", "4010")
    .option("--host <address>", "where to listen", "127.0.0.1")
    .option("--json", "one JSON line when it listens, without the private key")
    .addHelpText("after", formatExamples("antom-vault mock", "antom-vault mock --port 0 --data /tmp/mock --json"))
    .action(async (options) => onExit(await (await import("../commands/mock.ts")).mock(output, options)));

  program
    .command("sandbox")
    .description("serve the sandbox: the Vault API with state, 3-D Secure and notifications, on this machine")
    .option("--data <dir>", "where keys, credentials and vaultings are kept", ".antom-vault/sandbox")
    .option("--port <port>", "0 for any free one", "4020")
    .option("--host <address>", "where to listen; on any but loopback the control API asks for a token", "127.0.0.1")
    .option(
      "--database <url>",
      "postgres://…: keep the vaultings there; also by ANTOM_DATABASE, which no process list shows",
    )
    .option("--public-url <url>", "the address at which buyers reach the pages, where that is another one")
    .addOption(
      new Option(
        "--notification-scope <where>",
        "where notifications may go; default: network, or public if --host is not loopback",
      ).choices(["loopback", "network", "public"]),
    )
    .option("--no-notifications", "send no notifications: another process on the same database does")
    .addOption(
      new Option("--id-reuse <response>", "the response to different content under a known ID")
        .choices(["first-result", "reject"])
        .default("first-result"),
    )
    .option("--json", "one JSON line when it listens, without the private key")
    .addHelpText(
      "after",
      formatExamples("antom-vault sandbox", "antom-vault sandbox --port 0 --data /tmp/sandbox --json"),
    )
    .action(async (options) => onExit(await (await import("../commands/sandbox.ts")).sandbox(output, options)));
}
