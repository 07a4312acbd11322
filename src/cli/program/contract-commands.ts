import { Option } from "commander";
import { operationPaths } from "../../../generated/operations.ts";
import type { Capability } from "../../contract/index.ts";
import { type CommandContext, formatExamples } from "./command-group.ts";

/** Listed here because src/contract takes long to load. The type keeps the list complete. */
const ABILITIES: Readonly<Record<Capability, true>> = {
  examples: true,
  "both-base-paths": true,
  "forced-results": true,
  state: true,
  notifications: true,
  clock: true,
  "multiple-merchants": true,
};

/** Commands about the contract and its document. */
export function registerContractCommands({ program, output, onExit }: CommandContext): void {
  program
    .command("contract")
    .description("run the contract tests against mock, sandbox or a base URL")
    .argument(
      "[target]",
      "mock, sandbox (each started for the run), antom (the vendor's sandbox) or a base URL; default: the credentials' baseUrl",
    )
    .option(
      "--credentials <file>",
      "credentials.json; else ANTOM_BASE_URL, ANTOM_CLIENT_ID, ANTOM_PRIVATE_KEY, ANTOM_PUBLIC_KEY",
    )
    .option("--base-path <path>", 'what stands before /v1/vaults/…; "" for nothing; default: found out')
    .option("--only <id>", "only the checks of this ID; * stands for anything")
    .option(
      "--card <file>",
      "send the card of this JSON file (cardNo, expiryYear, expiryMonth, cvv), not the document's",
    )
    .option("--rate <number>", "calls a second at the most; default: 10 to another machine, to this one no limit")
    .addOption(
      new Option("--without <ability...>", "skip the checks that need one of these").choices(Object.keys(ABILITIES)),
    )
    .option("--lenient", "accept fields and codes in answers that the document does not name")
    .option(
      "--replay <file>",
      "hold recorded exchanges (of antom-vault record, or HAR) against the contract; no target",
    )
    .option("--list", "list the checks and the place in the document that each stands for")
    .option("--junit <file>", "write the report there too, in JUnit's form")
    .option("--html <file>", "write it there too, as a page that stands by itself")
    .option("--json", "one JSON object in the place of the text")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault contract sandbox",
        "antom-vault contract http://127.0.0.1:4020 --credentials .antom-vault/sandbox/credentials.json",
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
    .description("pass requests on to a target unchanged, validate both directions and record them, card data masked")
    .option("--target <url>", "scheme, host and port; default: the credentials' baseUrl")
    .option("--port <port>", "on 127.0.0.1; 0 for any free one", "4030")
    .option("--out <file>", "appended to, a JSON object a line", ".antom-vault/recording.jsonl")
    .option(
      "--credentials <file>",
      "credentials.json, by which signatures are verified; else ANTOM_CLIENT_ID, ANTOM_PRIVATE_KEY, ANTOM_PUBLIC_KEY",
    )
    .option("--lenient", "accept fields and codes in answers that the document does not name")
    .option("--json", "one JSON line when it listens, and one an exchange")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault record --target http://127.0.0.1:4020 --credentials .antom-vault/sandbox/credentials.json",
        "antom-vault record --target https://open-sea-global.alipay.com --out traffic.jsonl",
        "antom-vault contract --replay traffic.jsonl --credentials credentials.json",
      ),
    )
    .action(async (options) => onExit(await (await import("../commands/record.ts")).record(output, options)));

  program
    .command("spec")
    .description("print the OpenAPI document, or one of its examples")
    .addOption(new Option("--openapi <version>", "the version of OpenAPI").choices(["3.1", "3.0"]).default("3.1"))
    .option("--examples", "list the named examples of each operation")
    .option("--example <name>", "the body of a named example, for example Sample")
    .addOption(
      new Option(
        "--operation <name>",
        "the operation of the example; default: the first that has an example of this name",
      ).choices([...Object.keys(operationPaths), "notifyVaulting"]),
    )
    .option("--json", "changes nothing: it is JSON as it is")
    .addHelpText(
      "after",
      formatExamples(
        "antom-vault spec > openapi.json",
        "antom-vault spec --openapi 3.0 > openapi-3.0.json",
        "antom-vault spec --examples",
        "antom-vault spec --example Sample > request.json",
      ),
    )
    .action(async (options) => onExit(await (await import("../commands/spec.ts")).spec(output, options)));
}
