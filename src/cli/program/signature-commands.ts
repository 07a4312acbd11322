import { Option } from "commander";
import { operationPaths } from "../../../generated/operations.ts";
import { type CommandContext, formatExamples } from "./command-group.ts";

const createOperationOption = (): Option =>
  new Option("--operation <name>", "the operation of the request")
    .choices(Object.keys(operationPaths))
    .default("vaultPaymentMethod");

/** Commands about keys, signatures and test cards. */
export function registerSignatureCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("cards")
    .description("print the sandbox's test cards: which number gives which result")
    .option("--json", "one JSON array in the place of the text")
    .addHelpText("after", formatExamples("antom-vault cards", "antom-vault cards --json"))
    .action(async (options) => onExit((await import("../commands/cards.ts")).cards(output, options)));

  program
    .command("sign")
    .description("sign a request and print the text that was signed, card data masked")
    .option("--credentials <file>", "credentials.json with clientId and merchantPrivateKey")
    .option("--key <file>", "the merchant's private key (PEM or bare base64)")
    .option("--client-id <id>", "the client ID")
    .addOption(createOperationOption())
    .option("--path <path>", "the path that is requested; default: the operation's")
    .option("--time <time>", "Request-Time; default: now, in milliseconds")
    .option("--key-version <number>", "the version of the key", "1")
    .option("--body <file>", "the body exactly as it is sent; - for standard input", "-")
    .option("--curl", "print a curl command that sends it")
    .option("--base-url <url>", "where --curl sends it; default: the credentials' baseUrl")
    .option("--json", "one JSON object in the place of the text")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault sign --credentials credentials.json --body request.json",
        "antom-vault sign --credentials credentials.json --body request.json --curl > call.sh",
      ),
    )
    .action(async (options) => onExit(await (await import("../commands/sign.ts")).signCommand(output, options)));

  program
    .command("verify")
    .description("verify a signature; where it does not match, find the usual mistake")
    .option(
      "--headers <file>",
      "the headers as they came, for example from curl -D: Signature and time are taken from it",
    )
    .option("--signature <value>", "the value of the Signature header")
    .option("--time <time>", "Request-Time or response-time, as it came")
    .option("--credentials <file>", "credentials.json with clientId and the keys")
    .addOption(
      new Option("--signed-by <side>", "who signed: antom a response or notification, merchant a request")
        .choices(["antom", "merchant"])
        .default("antom"),
    )
    .option("--key <file>", "the public key of that side (PEM or bare base64)")
    .option("--own-key <file>", "one's own key, to see whether it was taken for the other side's")
    .option("--client-id <id>", "the client ID")
    .addOption(createOperationOption())
    .option("--path <path>", "the path that was requested; default: the operation's")
    .option("--body <file>", "the body exactly as it came; - for standard input", "-")
    .option("--json", "one JSON object in the place of the text")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault verify --credentials credentials.json --headers answer-headers.txt --body answer.json",
        'antom-vault verify --credentials credentials.json --time 2026-11-23T08:04:01Z --signature "$SIGNATURE" --body answer.json',
      ),
    )
    .action(async (options) => onExit(await (await import("../commands/verify.ts")).verifyCommand(output, options)));

  program
    .command("keygen")
    .description("make an RSA-2048 key pair, as PEM and as the dashboard's bare base64")
    .option("--out <dir>", "write the keys to files there; the private one readable by its owner only")
    .option("--json", "one JSON object in the place of the text")
    .addHelpText("after", formatExamples("antom-vault keygen --out keys", "antom-vault keygen --json"))
    .action(async (options) => onExit(await (await import("../commands/keygen.ts")).keygen(output, options)));
}
