import { Option } from "commander";
import { operationPaths } from "../../../generated/operations.ts";
import { type CommandContext, formatExamples } from "./command-group.ts";

const createOperationOption = (): Option =>
  new Option("--operation <name>", "the operation of the request")
    .choices(Object.keys(operationPaths))
    .default("vaultPaymentMethod");

/** Registers the commands for test cards, keys, and signatures. */
export function registerSignatureCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("cards")
    .description("print the test cards and their results")
    .option("--json", "print one JSON array")
    .addHelpText("after", formatExamples("antom-vault cards", "antom-vault cards --json"))
    .action(async (options) => onExit((await import("../commands/cards.ts")).cards(output, options)));

  program
    .command("sign")
    .description("sign a request and print its headers and the signed string, with card data masked")
    .option("--credentials <file>", "the credentials file, with clientId and merchantPrivateKey")
    .option("--key <file>", "the merchant's private key, as PEM or base64")
    .option("--client-id <id>", "the client ID")
    .addOption(createOperationOption())
    .option("--path <path>", "the request path (default: the path of the operation)")
    .option("--time <time>", "the value of the Request-Time header (default: the current time in milliseconds)")
    .option("--key-version <number>", "the key version in the Signature header", "1")
    .option("--body <file>", "a file with the body exactly as it is sent; use - for standard input", "-")
    .option("--curl", "print only a curl command that sends the request")
    .option("--base-url <url>", "the base URL for --curl (default: the baseUrl of the credentials)")
    .option("--json", "print one JSON object")
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
    .description("verify a signature and diagnose a mismatch")
    .option(
      "--headers <file>",
      "a file with the received headers, such as the output of curl -D; replaces --signature and --time",
    )
    .option("--signature <value>", "the value of the Signature header")
    .option("--time <time>", "the value of the Request-Time or response-time header")
    .option("--credentials <file>", "the credentials file, with clientId and the keys")
    .addOption(
      new Option("--signed-by <side>", "antom for a response or notification, merchant for a request")
        .choices(["antom", "merchant"])
        .default("antom"),
    )
    .option("--key <file>", "the public key of the signer, as PEM or base64")
    .option("--own-key <file>", "your own public or private key, to detect swapped keys")
    .option("--client-id <id>", "the client ID")
    .addOption(createOperationOption())
    .option("--path <path>", "the request path (default: the path of the operation)")
    .option("--body <file>", "a file with the body exactly as it was received; use - for standard input", "-")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault verify --credentials credentials.json --headers headers.txt --body response.json",
        'antom-vault verify --credentials credentials.json --time 2026-11-23T08:04:01Z --signature "$SIGNATURE" --body response.json',
      ),
    )
    .action(async (options) => onExit(await (await import("../commands/verify.ts")).verifyCommand(output, options)));

  program
    .command("keygen")
    .description("generate an RSA-2048 key pair, as PEM and as base64 for the Antom dashboard")
    .option("--out <dir>", "write the keys to files in this directory; only you can read the private key")
    .option("--json", "print one JSON object")
    .addHelpText("after", formatExamples("antom-vault keygen --out keys", "antom-vault keygen --json"))
    .action(async (options) => onExit(await (await import("../commands/keygen.ts")).keygen(output, options)));
}
