import { getWidth } from "../console/terminal-capabilities.ts";
import { wrapText } from "../console/wrap-text.ts";
import { type CommandContext, DATA, formatExamples, formatExitCodes } from "./command-group.ts";
import { registerNotificationCommands } from "./notification-commands.ts";

const TARGET = [
  "--target <target>",
  "a base URL, an Antom region, antom (the same as north-america), or sandbox (default: the baseUrl of the credentials; otherwise, the local sandbox)",
] as const;
const CREDENTIALS = [
  "--credentials <file>",
  "the credentials file (default: the environment variables ANTOM_BASE_URL, ANTOM_CLIENT_ID, ANTOM_PRIVATE_KEY, and ANTOM_PUBLIC_KEY; otherwise, the credentials of the local sandbox)",
] as const;
const describeNotificationUrl = (defaultUrl: string) =>
  `the URL that receives the result (default for a local target: ${defaultUrl})`;
const REDIRECT_URL = ["--redirect-url <url>", "the URL to which the buyer returns"] as const;
const ID = ["--id <id>", "the vaultingRequestId (default: a new ID)"] as const;
const TIMEOUT = ["--timeout <seconds>", "how long to wait for the result", "900"] as const;

/** Registers the commands that call the API, receive notifications, and inspect the sandbox. */
export function registerApiCommands(context: CommandContext): void {
  registerVaultingCommands(context);
  registerNotificationCommands(context);
  registerSandboxCommands(context);
}

function registerVaultingCommands({ program, output, onExit }: CommandContext): void {
  const note = wrapText(
    "Without --card or --test-card, the command prompts for the card. No option accepts real card data as its value.",
    getWidth(output.stdout),
  );
  const exitCodes = formatExitCodes(
    output,
    "0 vaulted (or, with --no-wait, in progress), 1 not vaulted, 2 usage or connection error, 130 interrupted",
  );
  program
    .command("vault")
    .description("vault a test card, or a card that you enter or pass in a file, and wait for 3-D Secure")
    .option("--card <file>", "a JSON file with cardNo, expiryYear, expiryMonth, and cvv; use - for standard input")
    .option(
      "--test-card <name>",
      "the name or number of a test card, such as visa, declined, challenge, or card-expired",
    )
    .option(...ID)
    .option("--3ds", "request 3-D Secure (is3DSAuthentication)")
    .option(
      "--notification-url <url>",
      describeNotificationUrl(
        "a receiver that this command starts; with --no-wait, the default URL of antom-vault listen",
      ),
    )
    .option(...REDIRECT_URL)
    .option("--metadata <text>", "a value that the gateway includes in the notification")
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
        "the default URL of antom-vault listen or, if this command waits, a receiver that it starts",
      ),
    )
    .option(...REDIRECT_URL)
    .option("--open", "open the page in the browser")
    .option("--wait", "wait for the result (always on if this command starts a temporary sandbox)")
    .option(...TIMEOUT)
    .option(...TARGET)
    .option(...CREDENTIALS)
    .option(...DATA)
    .option("--json", "print one JSON object and, if the command waits, a second one for the result")
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
}

function registerSandboxCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("trigger")
    .description("simulate a situation in the sandbox and show the resulting notifications")
    .argument("[situation]", "the name of a situation, or a result code; see --list")
    .option("--list", "list the situations")
    .option("--port <port>", "the port on 127.0.0.1 that receives notifications; use 0 for any free port", "0")
    .option("--notification-url <url>", "your endpoint, which receives the notifications instead of this command")
    .option("--id <id>", "the vaultingRequestId (default: a new ID)")
    .option("--metadata <text>", "a value that the sandbox includes in the notification")
    .option(
      "--set <path=value>",
      "set a field of the request, such as env.osType=IOS (repeatable); valid JSON values are sent as JSON, and card data is rejected",
      (setting: string, earlier: readonly string[] = []) => [...earlier, setting],
    )
    .option(...DATA)
    .option("--json", "print one JSON object; with --list, an array")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault trigger challenge-cancelled",
        "antom-vault trigger notification-resent",
        "antom-vault trigger CARD_EXPIRED --json",
        "antom-vault trigger success --notification-url http://127.0.0.1:3000/hook --set merchantRegion=DE",
        "antom-vault trigger --list",
      ),
    )
    .action(async (name, options) =>
      onExit(await (await import("../commands/trigger.ts")).trigger(output, name, options)),
    );

  program
    .command("events")
    .description("stream the sandbox's API calls and notifications, with card data masked")
    .option(
      "--filter <filter>",
      "print only events that match this filter, such as code=RISK_REJECT|DO_NOT_HONOR,operation=vaultPaymentMethod; the keys are kind, operation, code, status, client, id, and fault",
    )
    .option("--limit <number>", "number of earlier events to print first", "10")
    .option("--no-follow", "exit after printing the earlier events")
    .option(...DATA)
    .option("--json", "print one JSON line per event")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault events",
        "antom-vault events --filter kind=notification",
        "antom-vault events --filter 'status=F|U,operation=vaultPaymentMethod' --limit 100 --no-follow --json",
      ),
    )
    .action(async (options) => onExit(await (await import("../commands/events.ts")).events(output, options)));

  program
    .command("open")
    .description("open the sandbox's dashboard, or the page of a vaulting")
    .argument("[id]", "the vaultingRequestId")
    .option("--buyer", "open the page on which the buyer completes 3-D Secure or enters the card")
    .option("--print", "print the URL without opening it")
    .option(...DATA)
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      formatExamples("antom-vault open", "antom-vault open order-17", "antom-vault open order-18 --buyer --print"),
    )
    .action(async (id, options) => onExit(await (await import("../commands/open.ts")).open(output, id, options)));
}
