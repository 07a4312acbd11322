import { getWidth } from "../console/terminal-capabilities.ts";
import { wrapText } from "../console/wrap-text.ts";
import { LISTEN_PORT, NOTIFICATION_PATH } from "../notifications/listen-defaults.ts";
import { type CommandContext, formatExamples, formatExitCodes } from "./command-group.ts";

const TARGET = [
  "--target <target>",
  "a base URL, an Antom region, antom (the same as north-america), or sandbox (default: the baseUrl of the credentials, otherwise the local sandbox)",
] as const;
const CREDENTIALS = [
  "--credentials <file>",
  "the credentials file (default: the environment variables ANTOM_BASE_URL, ANTOM_CLIENT_ID, ANTOM_PRIVATE_KEY, and ANTOM_PUBLIC_KEY, otherwise the credentials of the local sandbox)",
] as const;
const DATA = ["--data <dir>", "the data directory of the sandbox (default: .antom-vault/sandbox)"] as const;
const describeNotificationUrl = (defaultUrl: string) =>
  `the URL that receives the result (default for a local target: ${defaultUrl})`;
const REDIRECT_URL = ["--redirect-url <url>", "the page to which the buyer returns"] as const;
const ID = ["--id <id>", "the vaultingRequestId (default: a new ID)"] as const;
const TIMEOUT = ["--timeout <seconds>", "how long to wait for the result", "900"] as const;

/** Registers the commands that call the API, receive notifications, and inspect the sandbox. */
export function registerApiCommands(context: CommandContext): void {
  registerVaultingCommands(context);
  registerSandboxCommands(context);
}

function registerVaultingCommands({ program, output, onExit }: CommandContext): void {
  const note = wrapText(
    "Without --card or --test-card, the command prompts for the card. No option takes real card data as its value.",
    getWidth(output.stdout),
  );
  const exitCodes = formatExitCodes(
    output,
    "0 vaulted or in progress, 1 not vaulted, 2 usage or connection error, 130 interrupted",
  );
  program
    .command("vault")
    .description("vault a card from a file, standard input, or a hidden prompt, and wait for 3-D Secure")
    .option("--card <file>", "a JSON file with cardNo, expiryYear, expiryMonth, and cvv; use - for standard input")
    .option("--test-card <name>", "a test card by name or number, such as visa, declined, challenge, or card-expired")
    .option(...ID)
    .option("--3ds", "request 3-D Secure (is3DSAuthentication)")
    .option(
      "--notification-url <url>",
      describeNotificationUrl(
        "a receiver that this command starts; with --no-wait, the default URL of antom-vault listen",
      ),
    )
    .option(...REDIRECT_URL)
    .option("--metadata <text>", "a value that Antom returns in the notification")
    .option("--no-wait", "do not wait for the buyer")
    .option(...TIMEOUT)
    .option(...TARGET)
    .option(...CREDENTIALS)
    .option(...DATA)
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `${formatExamples(
        "antom-vault vault --test-card visa",
        "antom-vault vault --test-card challenge",
        "antom-vault vault --card card.json --3ds --no-wait --json",
        "antom-vault vault --card - < card.json",
        "antom-vault vault --test-card visa --credentials credentials.json",
      )}\n\n${note}\n${exitCodes}`,
    )
    .action(async (options) => onExit(await (await import("../commands/vault.ts")).vault(output, options)));

  program
    .command("session")
    .description("create a vaulting session, in which the buyer enters the card on a hosted page")
    .option(...ID)
    .option("--3ds", "request 3-D Secure (is3DSAuthentication)")
    .option(
      "--notification-url <url>",
      describeNotificationUrl(
        "the default URL of antom-vault listen; with --wait, a receiver that this command starts",
      ),
    )
    .option(...REDIRECT_URL)
    .option("--open", "open the page in the browser")
    .option("--wait", "wait for the result")
    .option(...TIMEOUT)
    .option(...TARGET)
    .option(...CREDENTIALS)
    .option(...DATA)
    .option("--json", "print one JSON object, and with --wait a second one for the result")
    .addHelpText(
      "after",
      formatExamples("antom-vault session", "antom-vault session --3ds --wait", "antom-vault session --json"),
    )
    .action(async (options) => onExit(await (await import("../commands/session.ts")).session(output, options)));

  program
    .command("inquire")
    .description("get the status of a vaulting")
    .argument("<id>", "the vaultingRequestId")
    .option("--wait", "wait until the result is final")
    .option(...TIMEOUT)
    .option(...TARGET)
    .option(...CREDENTIALS)
    .option(...DATA)
    .option("--json", "print one JSON object")
    .addHelpText("after", formatExamples("antom-vault inquire order-17", "antom-vault inquire order-17 --wait --json"))
    .action(async (id, options) => onExit(await (await import("../commands/inquire.ts")).inquire(output, id, options)));

  program
    .command("listen")
    .description("receive, verify, acknowledge, and print notifications")
    .option("--port <port>", "the port on 127.0.0.1; use 0 for any free port", String(LISTEN_PORT))
    .option("--path <path>", "the path of vaultingNotificationUrl, which the signature covers", NOTIFICATION_PATH)
    .option(
      "--fail-first <number>",
      "respond to this many notifications with status 500 first, so that the gateway resends them",
      "0",
    )
    .option(
      "--credentials <file>",
      "the credentials file for verifying signatures (default: the environment variables ANTOM_CLIENT_ID and ANTOM_PUBLIC_KEY, otherwise the credentials of the sandbox)",
    )
    .option(...DATA)
    .option("--json", "print one JSON line on startup and one per notification")
    .addHelpText("after", formatExamples("antom-vault listen", "antom-vault listen --port 0 --fail-first 2 --json"))
    .action(async (options) => onExit(await (await import("../commands/listen.ts")).listen(output, options)));
}

function registerSandboxCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("trigger")
    .description("simulate a situation in the sandbox and show the resulting notifications")
    .argument("[situation]", "the name of a situation, or a result code; see --list")
    .option("--list", "list the situations")
    .option("--port <port>", "the port on 127.0.0.1 that receives notifications; use 0 for any free port", "0")
    .option(...DATA)
    .option("--json", "print one JSON object; with --list, an array")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault trigger challenge-cancelled",
        "antom-vault trigger notification-resent",
        "antom-vault trigger CARD_EXPIRED --json",
        "antom-vault trigger --list",
      ),
    )
    .action(async (name, options) =>
      onExit(await (await import("../commands/trigger.ts")).trigger(output, name, options)),
    );

  program
    .command("events")
    .description("stream the sandbox's API calls, with card data masked")
    .option("--limit <number>", "number of earlier calls to print first", "10")
    .option("--no-follow", "exit after printing the earlier calls")
    .option(...DATA)
    .option("--json", "print one JSON line per API call")
    .addHelpText("after", formatExamples("antom-vault events", "antom-vault events --limit 100 --no-follow --json"))
    .action(async (options) => onExit(await (await import("../commands/events.ts")).events(output, options)));

  program
    .command("open")
    .description("open the sandbox's dashboard, or the page of a vaulting")
    .argument("[id]", "the vaultingRequestId")
    .option("--buyer", "open the buyer's page instead, for 3-D Secure or to enter the card")
    .option("--print", "print the URL without opening it")
    .option(...DATA)
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      formatExamples("antom-vault open", "antom-vault open order-17", "antom-vault open order-18 --buyer --print"),
    )
    .action(async (id, options) => onExit(await (await import("../commands/open.ts")).open(output, id, options)));
}
