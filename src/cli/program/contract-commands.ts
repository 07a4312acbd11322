import { Option } from "commander";
import { operationPaths } from "../../../generated/operations.ts";
import type { Capability } from "../../contract/index.ts";
import { type CommandContext, formatExamples } from "./command-group.ts";

/** The capabilities, listed here because src/contract is slow to load. The type keeps the list complete. */
const CAPABILITIES: Readonly<Record<Capability, true>> = {
  examples: true,
  "both-base-paths": true,
  "forced-results": true,
  state: true,
  notifications: true,
  clock: true,
  "multiple-merchants": true,
};

/** Registers the commands for contract tests, recordings, and the OpenAPI document. */
export function registerContractCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("contract")
    .description("run the contract tests against the mock, a sandbox, or a base URL")
    .argument(
      "[target]",
      "mock or sandbox (started for the run), antom (Antom's sandbox), or a base URL (default: the baseUrl of the credentials)",
    )
    .option(
      "--credentials <file>",
      "the credentials file (default: the environment variables ANTOM_BASE_URL, ANTOM_CLIENT_ID, ANTOM_PRIVATE_KEY, and ANTOM_PUBLIC_KEY; otherwise, the credentials of the local sandbox or mock at the base URL)",
    )
    .option("--base-path <path>", 'path prefix before /v1/vaults/…; use "" for none (default: detected)')
    .option("--only <id>", "run only the checks whose ID matches <id>; * in <id> matches any text")
    .option(
      "--card <file>",
      "send the card in this JSON file (cardNo, expiryYear, expiryMonth, cvv) instead of the sample card",
    )
    .option("--rate <number>", "maximum calls per second (default: 10, or no limit for a local target)")
    .option("--seed <number>", "the seed for the random sequences of calls; a failure reports its seed (default: 3)")
    .addOption(
      new Option("--without <capability...>", "skip checks that require any of these capabilities").choices(
        Object.keys(CAPABILITIES),
      ),
    )
    .option("--lenient", "accept undocumented fields and result codes in responses")
    .option("--replay <file>", "check recorded API calls (from antom-vault record or a HAR file) instead of a target")
    .option("--list", "list the checks and their locations in the OpenAPI document")
    .option("--junit <file>", "also write a JUnit report to this file")
    .option("--html <file>", "also write a self-contained HTML report to this file")
    .option("--verbose", "print the request, the response, and a curl command for each kind of failure")
    .option("--json", "print the report as JSON; with --list, the list of checks")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault contract sandbox",
        "antom-vault contract http://127.0.0.1:4020 --credentials credentials.json",
        "antom-vault contract mock --only 'protocol.signature.*' --json",
        "antom-vault contract --replay traffic.har --credentials credentials.json",
        "antom-vault contract --list",
      ),
    )
    .action(async (target, options) =>
      onExit(await (await import("../commands/contract.ts")).contract(output, target, options)),
    );

  program
    .command("record")
    .description("start a recording proxy that forwards API calls unchanged and validates requests and responses")
    .option("--target <url>", "the base URL of the target (default: the baseUrl of the credentials)")
    .option("--port <port>", "the port on 127.0.0.1; use 0 for any free port", "4030")
    .option(
      "--out <file>",
      "append one JSON line per API call to this file, with card data masked",
      ".antom-vault/recording.jsonl",
    )
    .option(
      "--credentials <file>",
      "the credentials file for verifying signatures (default: the environment variables ANTOM_BASE_URL, ANTOM_CLIENT_ID, ANTOM_PRIVATE_KEY, and ANTOM_PUBLIC_KEY)",
    )
    .option("--lenient", "accept undocumented fields and result codes in responses")
    .option("--json", "print one JSON line on startup and one per API call")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault record --credentials credentials.json",
        "antom-vault record --target https://open-sea-global.alipay.com --out traffic.jsonl",
        "antom-vault contract --replay traffic.jsonl --credentials credentials.json",
      ),
    )
    .action(async (options) => onExit(await (await import("../commands/record.ts")).record(output, options)));

  registerSpecCommand({ program, output, onExit });
}

function registerSpecCommand({ program, output, onExit }: CommandContext): void {
  program
    .command("spec")
    .description("print the OpenAPI document or one of its examples")
    .addOption(new Option("--openapi <version>", "the OpenAPI version").choices(["3.1", "3.0"]).default("3.1"))
    .addOption(
      new Option(
        "--for <purpose>",
        "print a variant of the document; codegen is for code generators without full oneOf support",
      )
        .choices(["codegen"])
        .conflicts("openapi"),
    )
    .option("--examples", "list the examples of each operation")
    .option("--example <name>", "print the body of an example, such as Sample")
    .addOption(
      new Option(
        "--operation <name>",
        "the operation of the example (default: the first operation with an example of this name)",
      ).choices([...Object.keys(operationPaths), "notifyVaulting"]),
    )
    .option("--json", "print the list of examples as JSON; other output is always JSON")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault spec > openapi.json",
        "antom-vault spec --openapi 3.0 > openapi-3.0.json",
        "antom-vault spec --for codegen > openapi-codegen.json",
        "antom-vault spec --examples",
        "antom-vault spec --example Sample > request.json",
      ),
    )
    .action(async (options) => onExit(await (await import("../commands/spec.ts")).spec(output, options)));
}
