import { Option } from "commander";
import { type CommandContext, formatExamples } from "./command-group.ts";

/** Registers the commands that start a local server, and the demo command. */
export function registerServerCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("demo")
    .description("send three test cards to the sandbox, then run the contract tests against the mock and the sandbox")
    .option("--json", "print one JSON object")
    .addHelpText("after", formatExamples("antom-vault demo", "antom-vault demo --json"))
    .action(async (options) => onExit(await (await import("../commands/demo.ts")).demo(output, options)));

  program
    .command("mock")
    .description("start the mock server, which returns the examples of the OpenAPI document")
    .option("--data <dir>", "directory for the credentials", ".antom-vault/mock")
    .option("--port <port>", "the port to listen on; use 0 for any free port", "4010")
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option("--tls", "serve only HTTPS, with a server certificate for 127.0.0.1, ::1, and localhost")
    .option("--tls-host <name>", "an additional host name or IP address for the certificate; implies --tls")
    .option("--json", "print one JSON line on startup, without the private key")
    .addHelpText("after", formatExamples("antom-vault mock", "antom-vault mock --port 0 --data /tmp/mock --json"))
    .action(async (options) => onExit(await (await import("../commands/mock.ts")).mock(output, options)));

  program
    .command("sandbox")
    .description("start the sandbox, a local Vault API with 3-D Secure pages and notifications")
    .option("--data <dir>", "directory for keys, credentials, and vaultings", ".antom-vault/sandbox")
    .option("--port <port>", "the port to listen on; use 0 for any free port", "4020")
    .option(
      "--host <address>",
      "the address to listen on; if it is not a loopback address, the control API and the dashboard require the token in the environment variable ANTOM_CONTROL_TOKEN or in the control-token file in the --data directory",
      "127.0.0.1",
    )
    .option(
      "--database <url>",
      "store vaultings in PostgreSQL (postgres://…); to hide the URL from process lists, set the environment variable ANTOM_DATABASE instead",
    )
    .option(
      "--public-url <url>",
      "the sandbox's public base URL, if it differs from the local address; the control API and the dashboard then require a token",
    )
    .addOption(
      new Option(
        "--notification-scope <scope>",
        "where notifications can be sent: loopback (only this computer), network (this computer, private networks, and public addresses), or public (only public addresses). Default: public if --public-url is set or --host is not a loopback address; otherwise, network",
      ).choices(["loopback", "network", "public"]),
    )
    .option(
      "--no-notifications",
      "do not send notifications; use this if a different process that shares the database sends them",
    )
    .addOption(
      new Option(
        "--id-reuse <response>",
        "how to respond if a request reuses a vaultingRequestId with different content",
      )
        .choices(["first-result", "reject"])
        .default("first-result"),
    )
    .option("--tls", "serve only HTTPS, with a server certificate for 127.0.0.1, ::1, and localhost")
    .option("--tls-host <name>", "an additional host name or IP address for the certificate; implies --tls")
    .option("--backup <file>", "copy the database of a stopped sandbox to a new file, and exit")
    .option("--json", "print one JSON line on startup, without the private key")
    .addHelpText(
      "after",
      formatExamples("antom-vault sandbox", "antom-vault sandbox --port 0 --data /tmp/sandbox --json"),
    )
    .action(async (options) => {
      const { backUp, sandbox } = await import("../commands/sandbox.ts");
      onExit(await (options.backup === undefined ? sandbox : backUp)(output, options));
    });
}
