/** The command `antom-vault`: which subcommands there are. Each loads what it needs when it is called. */
import { Command, CommanderError } from "commander";
import { AntomVaultError } from "../errors.ts";
import { packageVersion } from "../package-version.ts";
import { type Output, type Sink, styles } from "./output.ts";

/** 0: fine. 1: the thing that was checked failed. 2: wrong usage, or something cannot be had. */
export type ExitCode = 0 | 1 | 2;

/** Runs the command. Never rejects; gives the exit code. */
export async function run(args: readonly string[], stdout: Sink, stderr: Sink): Promise<ExitCode> {
  const output: Output = { stdout, stderr, style: styles(stdout) };
  let exitCode: ExitCode = 0;
  const program = build(output, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // Our own errors are made to be shown. Of a foreign one only its kind is: its message may quote a body.
    const told =
      error instanceof AntomVaultError
        ? `${error.message} (${error.code})`
        : `Something unforeseen went wrong: ${describeForeign(error)}.`;
    const code = error instanceof AntomVaultError ? error.code : undefined;
    stderr.write(
      args.includes("--json") ? `${JSON.stringify({ error: { code, message: told } })}\n` : `antom-vault: ${told}\n`,
    );
    return 2;
  }
}

const describeForeign = (error: unknown): string => {
  if (!(error instanceof Error)) return "no error was given";
  const { code, path } = error as NodeJS.ErrnoException;
  return [error.name, code, path].filter(Boolean).join(" ");
};

function build(output: Output, done: (code: ExitCode) => void): Command {
  const program = new Command("antom-vault")
    .description("Use the Antom (Alipay) Vault API and prove that both sides keep its contract.")
    .version(packageVersion())
    .showHelpAfterError("Run with --help to see what there is.")
    .configureOutput({
      writeOut: (text) => void output.stdout.write(text),
      writeErr: (text) => void output.stderr.write(text),
    })
    .exitOverride()
    .addHelpText("after", "\nExit codes: 0 fine, 1 the thing checked failed, 2 wrong usage or unreachable.");

  const examples = (...lines: readonly string[]) => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;

  program
    .command("demo")
    .description("vault three cards on the sandbox, then prove the contract of mock and sandbox")
    .option("--json", "one JSON object in the place of the text")
    .addHelpText("after", examples("antom-vault demo", "antom-vault demo --json"))
    .action(async (options: { readonly json?: true }) => done(await (await import("./demo.ts")).demo(output, options)));

  program
    .command("mock")
    .description("serve the mock: the document's examples behind the API's own protocol")
    .option("--data <dir>", "where the credentials are kept", ".antom-vault/mock")
    .option("--port <port>", "0 for any free one", "4010")
    .option("--host <address>", "where to listen", "127.0.0.1")
    .option("--json", "one JSON line when it listens, without the private key")
    .addHelpText("after", examples("antom-vault mock", "antom-vault mock --port 0 --data /tmp/mock --json"))
    .action(async (options) => done(await (await import("./mock.ts")).mock(output, options)));

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
    .option(
      "--notify <where>",
      "where notifications may go: loopback, network or public; default: network, or public on another host",
    )
    .option("--no-deliver", "send no notifications: another process on the same database does")
    .option(
      "--differing-repeat <answer>",
      "to other content under a known ID: first-result or REPEAT_REQ_INCONSISTENT",
      "first-result",
    )
    .option("--json", "one JSON line when it listens, without the private key")
    .addHelpText("after", examples("antom-vault sandbox", "antom-vault sandbox --port 0 --data /tmp/sandbox --json"))
    .action(async (options) => done(await (await import("./sandbox.ts")).sandbox(output, options)));

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
    .option(
      "--without <ability...>",
      "do not ask for these: state, notifies, clock, clients, chosen-answers, both-paths",
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
      examples(
        "antom-vault contract sandbox",
        "antom-vault contract http://127.0.0.1:4020 --credentials .antom-vault/sandbox/credentials.json",
        "antom-vault contract mock --only 'protocol.signature.*' --json",
        "antom-vault contract --replay traffic.har --credentials credentials.json",
        "antom-vault contract --list",
      ),
    )
    .action(async (target, options) => done(await (await import("./contract.ts")).contract(output, target, options)));

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
    .option(
      "--without <ability...>",
      "do not ask for these: state, notifies, clock, clients, chosen-answers, both-paths",
    )
    .option("--lenient", "accept fields and codes in answers that the document does not name")
    .option("--json", "one JSON line when it listens, and one an exchange")
    .addHelpText(
      "after",
      examples(
        "antom-vault record --target http://127.0.0.1:4020 --credentials .antom-vault/sandbox/credentials.json",
        "antom-vault record --target https://open-sea-global.alipay.com --out traffic.jsonl",
        "antom-vault contract --replay traffic.jsonl --credentials credentials.json",
      ),
    )
    .action(async (options) => done(await (await import("./record.ts")).record(output, options)));

  program
    .command("cards")
    .description("print the sandbox's test cards: which number gives which result")
    .option("--json", "one JSON array in the place of the text")
    .addHelpText("after", examples("antom-vault cards", "antom-vault cards --json"))
    .action(async (options) => done((await import("./cards.ts")).cards(output, options)));

  program
    .command("sign")
    .description("sign a request and print the text that was signed, card data masked")
    .option("--credentials <file>", "credentials.json with clientId and merchantPrivateKey")
    .option("--key <file>", "the merchant's private key (PEM or bare base64)")
    .option("--client-id <id>", "the client ID")
    .option("--operation <name>", "vaultPaymentMethod, createVaultingSession or inquireVaulting", "vaultPaymentMethod")
    .option("--path <path>", "the path that is requested; default: the operation's")
    .option("--time <time>", "Request-Time; default: now, in milliseconds")
    .option("--key-version <number>", "the version of the key", "1")
    .option("--body <file>", "the body exactly as it is sent; - for standard input", "-")
    .option("--curl", "print a curl command that sends it")
    .option("--base-url <url>", "where --curl sends it; default: the credentials' baseUrl")
    .option("--json", "one JSON object in the place of the text")
    .addHelpText(
      "after",
      examples(
        "antom-vault sign --credentials credentials.json --body request.json",
        "antom-vault sign --credentials credentials.json --body request.json --curl > call.sh",
      ),
    )
    .action(async (options) => done(await (await import("./sign.ts")).signCommand(output, options)));

  program
    .command("verify")
    .description("verify a signature; where it does not fit, find the usual mistake")
    .option(
      "--headers <file>",
      "the headers as they came, for example from curl -D: Signature and time are taken from it",
    )
    .option("--signature <value>", "the value of the Signature header")
    .option("--time <time>", "Request-Time or response-time, as it came")
    .option("--credentials <file>", "credentials.json with clientId and the keys")
    .option(
      "--signed-by <side>",
      "whose message it is: antom (an answer or a notification) or merchant (a request)",
      "antom",
    )
    .option("--key <file>", "the public key of that side (PEM or bare base64)")
    .option("--own-key <file>", "one's own key, to see whether it was taken for the other side's")
    .option("--client-id <id>", "the client ID")
    .option("--operation <name>", "vaultPaymentMethod, createVaultingSession or inquireVaulting", "vaultPaymentMethod")
    .option("--path <path>", "the path that was requested; default: the operation's")
    .option("--body <file>", "the body exactly as it came; - for standard input", "-")
    .option("--json", "one JSON object in the place of the text")
    .addHelpText(
      "after",
      examples(
        "antom-vault verify --credentials credentials.json --headers answer-headers.txt --body answer.json",
        'antom-vault verify --credentials credentials.json --time 2026-11-23T08:04:01Z --signature "$SIGNATURE" --body answer.json',
      ),
    )
    .action(async (options) => done(await (await import("./verify.ts")).verifyCommand(output, options)));

  program
    .command("keygen")
    .description("make an RSA-2048 key pair, as PEM and as the dashboard's bare base64")
    .option("--out <dir>", "write the keys to files there; the private one readable by its owner only")
    .option("--json", "one JSON object in the place of the text")
    .addHelpText("after", examples("antom-vault keygen --out keys", "antom-vault keygen --json"))
    .action(async (options) => done(await (await import("./keygen.ts")).keygen(output, options)));

  program
    .command("spec")
    .description("print the OpenAPI document, or one of its examples")
    .option("--openapi <version>", "3.1 or 3.0", "3.1")
    .option("--examples", "list the named examples of each operation")
    .option("--example <name>", "the body of a named example, for example Sample")
    .option("--operation <name>", "whose example is meant; default: the first operation that has one of the name")
    .option("--json", "changes nothing: it is JSON as it is")
    .addHelpText(
      "after",
      examples(
        "antom-vault spec > openapi.json",
        "antom-vault spec --openapi 3.0 > openapi-3.0.json",
        "antom-vault spec --examples",
        "antom-vault spec --example Sample > request.json",
      ),
    )
    .action(async (options) => done(await (await import("./spec.ts")).spec(output, options)));

  // What is set on the program does not reach its subcommands by itself.
  for (const command of program.commands)
    command
      .exitOverride()
      .showHelpAfterError("Run with --help to see what there is.")
      .configureOutput(program.configureOutput());
  return program;
}
