import { LISTEN_PORT, NOTIFICATION_PATH } from "../notifications/listen-defaults.ts";
import { type CommandContext, formatExamples } from "./command-group.ts";

const TARGET = [
  "--target <url>",
  "a base URL, a region of the vendor's, or sandbox; default: the credentials' baseUrl, else the sandbox on this machine",
] as const;
const CREDENTIALS = [
  "--credentials <file>",
  "credentials.json; else ANTOM_BASE_URL, ANTOM_CLIENT_ID, ANTOM_PRIVATE_KEY, ANTOM_PUBLIC_KEY",
] as const;
const DATA = ["--data <dir>", "the folder of the sandbox that is meant; default: .antom-vault/sandbox"] as const;
const NOTIFICATION_URL = [
  "--notification-url <url>",
  "where the result is sent; default, with a target on this machine: this command itself, or antom-vault listen",
] as const;
const REDIRECT_URL = ["--redirect-url <url>", "the page that the buyer comes back to"] as const;
const ID = ["--id <id>", "the vaultingRequestId; default: a new one"] as const;
const TIMEOUT = ["--timeout <seconds>", "how long to wait for the result", "900"] as const;

/** Commands that call the API, and that show what the sandbox does. */
export function registerApiCommands(registering: CommandContext): void {
  registerVaultingCommands(registering);
  registerSandboxCommands(registering);
}

function registerVaultingCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("vault")
    .description("vault a card: from a file, standard input, or a prompt that does not echo; follow its challenge")
    .option("--card <file>", "a JSON file (cardNo, expiryYear, expiryMonth, cvv); - for standard input")
    .option("--test-card <name>", "a published test card, by name or number: visa, declined, challenge, card-expired …")
    .option(...ID)
    .option("--3ds", "ask for 3-D Secure (is3DSAuthentication)")
    .option(...NOTIFICATION_URL)
    .option(...REDIRECT_URL)
    .option("--metadata <text>", "what the notification is to say again")
    .option("--no-wait", "do not wait for the buyer")
    .option(...TIMEOUT)
    .option(...TARGET)
    .option(...CREDENTIALS)
    .option(...DATA)
    .option("--json", "one JSON object in the place of the text")
    .addHelpText(
      "after",
      `${formatExamples(
        "antom-vault vault --test-card visa",
        "antom-vault vault --test-card challenge",
        "antom-vault vault --card card.json --3ds --no-wait --json",
        "antom-vault vault --card - < card.json",
        "antom-vault vault --test-card visa --credentials .antom-vault/sandbox/credentials.json",
      )}\n\nWithout --card and --test-card the card is asked for, on a terminal. No option takes card data.\nExit codes: 0 vaulted, or on its way; 1 not vaulted; 2 wrong usage or unreachable; 130 interrupted.`,
    )
    .action(async (options) => onExit(await (await import("../commands/vault.ts")).vault(output, options)));

  program
    .command("session")
    .description("create a session, in which the buyer types the card on a page")
    .option(...ID)
    .option("--3ds", "ask for 3-D Secure (is3DSAuthentication)")
    .option(...NOTIFICATION_URL)
    .option(...REDIRECT_URL)
    .option("--open", "open the page in the browser")
    .option("--wait", "wait until the buyer is done")
    .option(...TIMEOUT)
    .option(...TARGET)
    .option(...CREDENTIALS)
    .option(...DATA)
    .option("--json", "a JSON object in the place of the text; with --wait another one for the result")
    .addHelpText(
      "after",
      formatExamples("antom-vault session", "antom-vault session --3ds --wait", "antom-vault session --json"),
    )
    .action(async (options) => onExit(await (await import("../commands/session.ts")).session(output, options)));

  program
    .command("inquire")
    .description("ask how a vaulting stands")
    .argument("<id>", "its vaultingRequestId")
    .option("--wait", "wait until it is final")
    .option(...TIMEOUT)
    .option(...TARGET)
    .option(...CREDENTIALS)
    .option(...DATA)
    .option("--json", "one JSON object in the place of the text")
    .addHelpText("after", formatExamples("antom-vault inquire order-17", "antom-vault inquire order-17 --wait --json"))
    .action(async (id, options) => onExit(await (await import("../commands/inquire.ts")).inquire(output, id, options)));

  program
    .command("listen")
    .description("receive, verify and acknowledge notifications, and show each")
    .option("--port <port>", "on 127.0.0.1; 0 for any free one", String(LISTEN_PORT))
    .option("--path <path>", "the path of vaultingNotificationUrl, which is signed", NOTIFICATION_PATH)
    .option("--fail-first <number>", "answer so many of the first with 500, so that they are sent again", "0")
    .option(
      "--credentials <file>",
      "credentials.json, by which they are verified; else ANTOM_CLIENT_ID, ANTOM_PUBLIC_KEY; else the sandbox's",
    )
    .option(...DATA)
    .option("--json", "one JSON line when it listens, and one a notification")
    .addHelpText("after", formatExamples("antom-vault listen", "antom-vault listen --port 0 --fail-first 2 --json"))
    .action(async (options) => onExit(await (await import("../commands/listen.ts")).listen(output, options)));
}

function registerSandboxCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("trigger")
    .description("make the sandbox produce a situation, and show what arrives at a listener")
    .argument("[situation]", "its name, or a result code; --list shows them")
    .option("--list", "list the situations")
    .option("--port <port>", "of the listener on 127.0.0.1; 0 for any free one", "0")
    .option(...DATA)
    .option("--json", "one JSON object in the place of the text")
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
    .description("follow what a running sandbox is asked and answers, card data masked")
    .option("--limit <number>", "so many of what was there before", "10")
    .option("--no-follow", "end after that")
    .option(...DATA)
    .option("--json", "a JSON object a line")
    .addHelpText("after", formatExamples("antom-vault events", "antom-vault events --limit 100 --no-follow --json"))
    .action(async (options) => onExit(await (await import("../commands/events.ts")).events(output, options)));

  program
    .command("open")
    .description("open the sandbox's dashboard, or a vaulting's page in it")
    .argument("[id]", "the vaultingRequestId")
    .option("--buyer", "the page to which the vaulting's buyer is sent")
    .option("--print", "print the address and open nothing")
    .option(...DATA)
    .option("--json", "one JSON object in the place of the text")
    .addHelpText(
      "after",
      formatExamples("antom-vault open", "antom-vault open order-17", "antom-vault open order-18 --buyer --print"),
    )
    .action(async (id, options) => onExit(await (await import("../commands/open.ts")).open(output, id, options)));
}
