import { Option } from "commander";
import { LISTEN_PORT, NOTIFICATION_PATH } from "../notifications/listen-defaults.ts";
import { type CommandContext, DATA, formatExamples } from "./command-group.ts";

/** Registers the commands that receive and inspect notifications. */
export function registerNotificationCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("listen")
    .description("receive and verify notifications, acknowledge or forward them, and print them")
    .option("--port <port>", "the port on 127.0.0.1; use 0 for any free port", String(LISTEN_PORT))
    .option(
      "--path <path>",
      `the path of vaultingNotificationUrl; the signature covers this path (default: the path of --forward-to; otherwise, ${NOTIFICATION_PATH})`,
    )
    .option(
      "--forward-to <url>",
      "forward the body and signature headers of verified notifications to your endpoint, and return its response to the gateway; by default, --path is the path of <url>",
    )
    .option(
      "--fail-first <number>",
      "respond to the first <number> valid notifications with status 500, so that the gateway resends them",
      "0",
    )
    .option(
      "--credentials <file>",
      "the credentials file for verifying signatures (default: the environment variables ANTOM_CLIENT_ID and ANTOM_PUBLIC_KEY; otherwise, the credentials of the sandbox)",
    )
    .option(...DATA)
    .option("--json", "print one JSON line on startup and one per notification")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault listen",
        "antom-vault listen --forward-to http://localhost:3000/hook",
        "antom-vault listen --port 0 --fail-first 2 --json",
      ),
    )
    .action(async (options) => onExit(await (await import("../commands/listen.ts")).listen(output, options)));

  program
    .command("notifications")
    .description("list the sandbox's notifications, or show, resend, or export one")
    .argument("[id]", "the number of a notification, or the vaultingRequestId")
    .addOption(
      new Option("--state <state>", "list only notifications in this state").choices([
        "PENDING",
        "ACKNOWLEDGED",
        "EXHAUSTED",
      ]),
    )
    .option("--limit <number>", "number of notifications to list, newest first", "20")
    .option("--resend", "send the notification again now, with a new signature, and show the result")
    .option("--curl", "print a curl command that sends the last request again, byte for byte")
    .option(...DATA)
    .option("--json", "print one JSON object; without an ID, an array")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault notifications",
        "antom-vault notifications --state PENDING",
        "antom-vault notifications order-17",
        "antom-vault notifications order-17 --curl > resend.sh",
      ),
    )
    .action(async (name, options) =>
      onExit(await (await import("../commands/notifications.ts")).notifications(output, name, options)),
    );
}
