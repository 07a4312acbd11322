import { createSign } from "node:crypto";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { validateVaultPaymentMethodRequest } from "../../../generated/validators.js";
import { readGenerated } from "../../machine/generated-documents.ts";
import { generateKeyPair } from "../../signature/index.ts";
import { createTemporaryDirectory, runCommand, startCommand, waitForExit } from "../../testing/processes/command.ts";
import type { CommandTree } from "../completion/command-tree.ts";

const tree: CommandTree = JSON.parse((await runCommand("completion", "--json")).stdout);
const NAMES = tree.commands.map(({ name }) => name);
const [ownKeys, antomKeys, otherKeys] = await Promise.all([generateKeyPair(), generateKeyPair(), generateKeyPair()]);
const COMMANDS = NAMES.filter((name) => name !== "help");

/** Swaps the first 2 letters of a word. */
const mistype = (word: string) =>
  word.replace(/(.)(.)(.*)/, (_, first: string, second: string, rest: string) => second + first + rest);

describe("antom-vault", () => {
  test("lists its commands, and the help of each command contains examples and --json", async () => {
    const { exitCode, stdout } = await runCommand("--help");
    expect(exitCode).toBe(0);
    expect(COMMANDS.length).toBeGreaterThan(17);
    for (const name of COMMANDS) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
      const help = await runCommand(name, "--help");
      expect(help).toMatchObject({ exitCode: 0, stderr: "" });
      expect(help.stdout).toContain("Examples:");
      expect(help.stdout).toContain("  --json ");
    }
  });

  test.each(NAMES)("suggests %s for a mistyped command name, with and without help before it", async (name) => {
    const word = mistype(name);
    for (const args of [[word], [word, "--json"], ["help", word]]) {
      const { exitCode, stdout, stderr } = await runCommand(...args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain(`Did you mean ${name}?`);
    }
  });

  test.each(
    tree.commands.filter(({ name }) => name !== "help").map(({ name, options }) => [name, options] as const),
  )("suggests the options of %s for mistyped options", async (name, options) => {
    for (const { long } of options) {
      const word = `--${mistype(long.slice(2))}`;
      const { exitCode, stdout, stderr } = await runCommand(name, word);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(new RegExp(`Did you mean (?:one of .*)?${long}\\b`));
    }
  });

  test.each([
    ["an option with one dash", ["vault", "-json"], "Did you mean --json?"],
    ["a mistyped value of an option", ["sandbox", "--notification-scope", "publik"], "Did you mean public?"],
    ["a mistyped argument", ["trigger", "timout"], "Did you mean timeout?"],
    ["an unknown command", ["frobnicate"], "unknown command 'frobnicate'"],
  ])("exits with 2 for %s, and suggests a similar word if there is one", async (_, args, expected) => {
    const { exitCode, stdout, stderr } = await runCommand(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(expected);
  });

  test.each([
    [["vault", "--frobnicate", "--json"]],
    [["frobnicate", "--json"]],
    [["inquire", "--json"]],
    [["vault", "--id", "x", "surplus", "--json"]],
    [["vault", "--json", "--id"]],
  ])("prints a usage error as JSON with --json: %j", async (args) => {
    const { exitCode, stdout, stderr } = await runCommand(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(JSON.parse(stderr)).toEqual({ error: { code: "CONFIGURATION_INVALID", message: expect.any(String) } });
  });

  test.each([
    ["sandbox", "--notification-scope", "loopback, network, public"],
    ["sandbox", "--id-reuse", "first-result, reject"],
    [
      "contract",
      "--without",
      "examples, both-base-paths, forced-results, state, notifications, clock, multiple-merchants",
    ],
    ["spec", "--openapi", "3.1, 3.0"],
    ["spec", "--for", "codegen"],
    ["spec", "--operation", "vaultPaymentMethod, createVaultingSession, inquireVaulting, notifyVaulting"],
    ["sign", "--operation", "vaultPaymentMethod, createVaultingSession, inquireVaulting"],
    ["verify", "--operation", "vaultPaymentMethod, createVaultingSession, inquireVaulting"],
    ["verify", "--signed-by", "antom, merchant"],
    ["completion", "shell", "bash, zsh, fish"],
  ])("lists the allowed values of %s %s, suggests the closest one, and never quotes the given value", async (name, option, values) => {
    const [first = ""] = values.split(", ");
    const flags = option.startsWith("-") ? [option] : [];
    for (const value of ["917", "9'1'7", "917' is invalid. Allowed choices are 917.\n", "4054695723100768"])
      for (const json of [[], ["--json"]]) {
        const { exitCode, stdout, stderr } = await runCommand(name, ...flags, value, ...json);
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
        expect(stderr).toContain(`${option} must be one of ${values}.`);
        expect(stderr).not.toMatch(/917|9'1|4054/);
      }
    expect((await runCommand(name, ...flags, mistype(first))).stderr).toContain(`Did you mean ${first}?`);
  });

  test.each(["", ...COMMANDS])("wraps the help of %j at 80 columns, never within a word", async (name) => {
    const args = name === "" ? ["--help"] : [name, "--help"];
    const wide = await runCommand(...args);
    const columns = process.env["COLUMNS"];
    process.env["COLUMNS"] = "80";
    const { stdout } = await runCommand(...args).finally(() => {
      process.env["COLUMNS"] = columns;
    });
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    const listWords = (text: string) => text.split(/\s+/).filter((word) => word !== "\\");
    expect(listWords(stdout)).toEqual(listWords(wide.stdout));
  });

  test("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    expect(await runCommand("--version")).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
  });

  test.each([
    ["an unknown command", ["mokc"], "Did you mean mock?"],
    ["an unknown option", ["spec", "--openap", "3.0"], "Did you mean --openapi?"],
    ["a missing option", ["verify", "--time", "1"], "--signature"],
    ["an invalid value", ["spec", "--openapi", "2.0"], "--openapi must be one of 3.1, 3.0"],
    ["an OpenAPI version together with a variant", ["spec", "--openapi", "3.1", "--for", "codegen"], "--for"],
    ["an unknown example", ["spec", "--example", "Nope"], "No example has this name."],
    [
      "an unknown example of an operation",
      ["spec", "--operation", "inquireVaulting", "--example", "Nope"],
      "No example of inquireVaulting has this name.",
    ],
    ["an invalid port", ["mock", "--port", "99999"], "--port must be a number"],
    [
      "a missing file",
      ["sign", "--credentials", "/nowhere/credentials.json"],
      "Cannot read /nowhere/credentials.json: no such file or directory.",
    ],
  ])("exits with 2 and says what to do for %s", async (_, args, expected) => {
    const { exitCode, stdout, stderr } = await runCommand(...args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain("CONFIGURATION_INVALID");
  });
});

describe("antom-vault spec", () => {
  test.each([
    ["--openapi 3.1", "openapi.json"],
    ["--openapi 3.0", "openapi-3.0.json"],
    ["--for codegen", "openapi-codegen.json"],
  ] as const)("with %s prints %s", async (option, file) => {
    const { exitCode, stdout } = await runCommand("spec", ...option.split(" "));
    expect(exitCode).toBe(0);
    expect(stdout).toBe(readGenerated(file));
  });

  test("lists the examples by operation and prints the selected one", async () => {
    const { stdout } = await runCommand("spec", "--examples");
    expect(stdout).toMatch(/^inquireVaulting, response\n(?: {2}\w+\n)*? {2}FAIL_CARD_EXPIRED\n/m);
    expect(stdout).toMatch(/^notifyVaulting, notification\n(?: {2}\w+\n)*? {2}CARD_EXPIRED\n/m);
    const inquiry = await runCommand("spec", "--example", "SUCCESS", "--operation", "inquireVaulting");
    expect(JSON.parse(inquiry.stdout)).toMatchObject({ vaultingStatus: "SUCCESS" });
  });

  test("lists the examples as JSON", async () => {
    const { stdout } = await runCommand("spec", "--examples", "--json");
    const lists: readonly { readonly operation: string; readonly part: string }[] = JSON.parse(stdout);
    expect(lists.find(({ operation, part }) => operation === "inquireVaulting" && part === "response")).toMatchObject({
      examples: expect.arrayContaining(["SUCCESS", "FAIL_CARD_EXPIRED"]),
    });
  });

  test("exits with 0 if the reader of its output stops early", async () => {
    const child = startCommand("spec");
    child.stdout?.once("data", () => child.stdout?.destroy());
    let stderr = "";
    child.stderr?.on("data", (text) => {
      stderr += text;
    });
    const [exitCode] = await once(child, "exit");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("prints the body of an example", async () => {
    const { stdout } = await runCommand("spec", "--example", "Sample");
    expect(validateVaultPaymentMethodRequest(JSON.parse(stdout)).valid).toBe(true);
  });
});

describe("antom-vault keygen", () => {
  test("generates a key pair as PEM and as base64", async () => {
    const { exitCode, stdout } = await runCommand("keygen", "--json");
    expect(exitCode).toBe(0);
    const pair = JSON.parse(stdout);
    expect(Object.keys(pair).sort()).toEqual(["privateKey", "privateKeyBase64", "publicKey", "publicKeyBase64"]);
    expect(pair.publicKey.replace(/-----.*-----|\s/g, "")).toBe(pair.publicKeyBase64);
  });

  test("writes the keys to files, makes the private key readable only by its owner, and never overwrites a file", async () => {
    using directory = createTemporaryDirectory();
    const out = join(directory.path, "keys");
    const first = await runCommand("keygen", "--out", out);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).not.toContain("PRIVATE KEY");
    expect(statSync(join(out, "merchant-private-key.pem")).mode & 0o777).toBe(0o600);
    const second = await runCommand("keygen", "--out", out);
    expect(second).toMatchObject({ exitCode: 2, stdout: "" });
    expect(second.stderr).toContain("the file already exists, and keygen never overwrites files");
  });
});

describe("antom-vault sign and verify", () => {
  const cardNo = "5555341244441115";
  const body = `{"vaultingRequestId":"r+1","paymentMethodDetail":{"card":{"cardNo":"${cardNo}","cvv":"739","expiryYear":"37"}}}`;
  const PATH = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";

  async function signBody(directory: string, text = body, merchant = ownKeys) {
    const credentials = join(directory, "credentials.json");
    const { privateKey: merchantPrivateKey } = merchant;
    const fields = {
      baseUrl: "http://127.0.0.1:1",
      clientId: "SANDBOX_T",
      merchantPrivateKey,
      antomPublicKey: antomKeys.publicKey,
    };
    writeFileSync(credentials, JSON.stringify(fields));
    const file = join(directory, "body.json");
    writeFileSync(file, text);
    const keyFile = join(directory, "public.txt");
    writeFileSync(keyFile, merchant.publicKeyBase64);
    const { stdout } = await runCommand("sign", "--credentials", credentials, "--body", file, "--json");
    const { stringToSign, headers } = JSON.parse(stdout);
    const time: string = headers["Request-Time"];
    const signature: string = headers["Signature"];
    const options = ["--credentials", credentials, "--signed-by", "merchant", "--body", file];
    const verify = (...overrides: readonly string[]) =>
      runCommand("verify", ...options, "--time", time, "--signature", signature, ...overrides);
    return { credentials, file, keyFile, stringToSign, headers, time, signature, options, verify };
  }

  type SignedBody = Awaited<ReturnType<typeof signBody>>;

  test("verify accepts the output of sign, and both commands mask the card", async () => {
    using directory = createTemporaryDirectory();
    const { credentials, file, headers, stringToSign, time, verify } = await signBody(directory.path);
    expect(stringToSign).toBe(
      `POST ${PATH}\nSANDBOX_T.${time}.${body.replace(cardNo, "************1115").replace("739", "***").replace('"37"', '"***"')}`,
    );
    expect(Object.keys(headers)).toEqual(["Content-Type", "Client-Id", "Request-Time", "Signature"]);
    const verified = await verify();
    expect(verified).toMatchObject({ exitCode: 0, stderr: "" });
    expect(verified.stdout).toContain("✓ Signature is valid.");
    const printed = await runCommand("sign", "--credentials", credentials, "--body", file);
    for (const { stdout } of [verified, printed]) {
      expect(stdout).toContain("************1115");
      for (const secret of [cardNo, '"739"', '"37"', "PRIVATE"]) expect(stdout).not.toContain(secret);
    }
  });

  test.each<[string, string, (signed: SignedBody) => readonly string[]]>([
    [
      "LF instead of CRLF",
      "crlf-body",
      ({ file }) => {
        writeFileSync(file, readFileSync(file, "utf8").replaceAll("\r\n", "\n"));
        return [];
      },
    ],
    [
      "a reserialized body",
      "reserialized-body",
      ({ file }) => {
        writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, "utf8"))));
        return [];
      },
    ],
    ["a different path", "different-path", () => ["--path", PATH.replace("/sandbox", "")]],
    ["a different time format", "different-time", ({ time }) => ["--time", new Date(Number(time)).toISOString()]],
    ["swapped keys", "own-key", () => ["--signed-by", "antom"]],
    [
      "a signature with spaces instead of plus signs",
      "not-url-encoded",
      ({ signature }) => ["--signature", decodeURIComponent(signature).replaceAll("+", " ")],
    ],
    [
      "a signature that was encoded twice",
      "double-encoded",
      ({ signature }) => ["--signature", signature.replaceAll("%", "%25")],
    ],
    ["a path with a host", "different-path", () => ["--path", `https://open-sea-global.alipay.com${PATH}`]],
    ["a clock that was read twice", "nearby-time", ({ time }) => ["--time", String(Number(time) + 3)]],
    ["a client ID without its prefix", "different-client", () => ["--client-id", "T", "--path", PATH]],
    [
      "a newline that was added at the end",
      "trailing-newline",
      ({ file }) => {
        writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
        return [];
      },
    ],
  ])("verify diagnoses %s", async (_, id, change) => {
    using directory = createTemporaryDirectory();
    const text =
      id === "crlf-body"
        ? body.replaceAll(",", ",\r\n")
        : id === "reserialized-body"
          ? JSON.stringify(JSON.parse(body), null, 2)
          : body;
    // Only a signature that contains a plus sign can lose it.
    let signed = await signBody(directory.path, text);
    while (!signed.signature.includes("%2B")) signed = await signBody(directory.path, text);
    const { exitCode, stdout } = await signed.verify(...change(signed), "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verified: false, cause: { id } });
    expect(stdout).not.toContain(cardNo);
    const printed = await signed.verify(...change(signed));
    expect(printed.stdout).toContain(`(${id})`);
  });

  test("verify reports for any signature that the public key is the merchant's own instead of Antom's", async () => {
    using directory = createTemporaryDirectory();
    const { keyFile, verify } = await signBody(directory.path);
    const other = await signBody(directory.path, body, otherKeys);
    const { exitCode, stdout } = await verify("--key", keyFile, "--own-key", keyFile, "--signature", other.signature);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("(own-key)");
  });

  test("verify diagnoses a different algorithm", async () => {
    using directory = createTemporaryDirectory();
    const { verify, stringToSign, headers } = await signBody(directory.path, "{}");
    expect(stringToSign).toBe(`POST ${PATH}\nSANDBOX_T.${headers["Request-Time"]}.{}`);
    const signature = createSign("sha1").update(stringToSign).sign(ownKeys.privateKey, "base64");
    const { stdout } = await verify("--signature", `algorithm=RSA256,keyVersion=1,signature=${signature}`);
    expect(stdout).toContain("(different-algorithm)");
  });

  test("verify reports a Client-Id header that differs from the signed client ID, and prints the signed string", async () => {
    using directory = createTemporaryDirectory();
    const { options, time, signature } = await signBody(directory.path);
    const headers = join(directory.path, "headers.txt");
    writeFileSync(headers, `Client-Id: OTHER\r\nRequest-Time: ${time}\r\nSignature: ${signature}\r\n`);
    const sent = await runCommand("verify", ...options, "--headers", headers, "--path", PATH);
    expect(sent.exitCode).toBe(1);
    expect(sent.stdout).toContain(`POST ${PATH}\n    OTHER.${time}.`);
    expect(sent.stdout).toContain("(different-client)");
    expect(sent.stdout).toContain(`Signed string (card data masked)\n    POST ${PATH}\n    SANDBOX_T.${time}.`);
    expect(sent.stdout).toContain("The Client-Id header does not contain your client ID.");
    expect(sent.stdout).not.toContain(cardNo);
    const signed = await runCommand("verify", ...options, "--headers", headers, "--client-id", "SANDBOX_T");
    expect(signed).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("The Client-Id header does not contain"),
    });
  });

  test("verify diagnoses the path of a different operation, and a reserialized body without its trailing newline", async () => {
    using directory = createTemporaryDirectory();
    const { verify } = await signBody(directory.path);
    expect((await verify("--operation", "inquireVaulting")).stdout).toContain("(different-path)");
    const pretty = await signBody(directory.path, `${JSON.stringify(JSON.parse(body), null, 2)}\n`);
    writeFileSync(pretty.file, body);
    expect((await pretty.verify()).stdout).toContain("(reserialized-body)");
  });

  test("verify reads the signature and the time from a file of headers, and accepts a --signature that includes the header name", async () => {
    using directory = createTemporaryDirectory();
    const { options, time, signature } = await signBody(directory.path);
    const headers = join(directory.path, "headers.txt");
    writeFileSync(headers, `HTTP/1.1 200 OK\r\nresponse-time: ${time}\r\nSignature: ${signature}\r\n\r\n`);
    expect(await runCommand("verify", ...options, "--headers", headers)).toMatchObject({ exitCode: 0 });
    const copied = ["--time", time, "--signature", `Signature: ${signature}\r`];
    expect(await runCommand("verify", ...options, ...copied)).toMatchObject({ exitCode: 0 });
  });

  test("verify recognizes the headers of a request and suggests --signed-by", async () => {
    using directory = createTemporaryDirectory();
    const { credentials, file, time, signature } = await signBody(directory.path);
    const headers = join(directory.path, "headers.txt");
    const hint = "use --signed-by merchant";
    writeFileSync(headers, `Request-Time: ${time}\r\nSignature: ${signature}\r\n`);
    const given = ["--credentials", credentials, "--body", file, "--headers", headers];
    const { exitCode, stdout } = await runCommand("verify", ...given);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(hint);
    const verified = await runCommand("verify", ...given, "--signed-by", "merchant");
    expect(verified).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining(hint) });
  });

  test("sign prints an error as JSON with --json", async () => {
    const { exitCode, stdout, stderr } = await runCommand("sign", "--json", "--time", "now", "--client-id", "x");
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({ error: { message: expect.any(String) } });
  });

  test("verify accepts a key in base64, the format that the Antom dashboard uses", async () => {
    using directory = createTemporaryDirectory();
    const { keyFile, verify } = await signBody(directory.path);
    expect(await verify("--key", keyFile)).toMatchObject({ exitCode: 0 });
  });

  test("verify reports that it found no cause", async () => {
    using directory = createTemporaryDirectory();
    const { file, verify } = await signBody(directory.path);
    writeFileSync(file, body.replace("r+1", "r+2"));
    const { exitCode, stdout } = await verify();
    expect(exitCode).toBe(1);
    expect(stdout).toContain("Cause not found.");
  });

  test("sign reads the body from standard input, and prints a curl command only for a body from a file", async () => {
    using directory = createTemporaryDirectory();
    const { credentials, file } = await signBody(directory.path);
    const { exitCode, stdout } = await waitForExit(startCommand("sign", "--credentials", credentials, "--json"), body);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).stringToSign).toContain("************1115");
    const curl = await runCommand("sign", "--credentials", credentials, "--body", file, "--curl");
    expect(curl.stdout).toContain(`--data-binary @${file}`);
    expect(curl.stdout).not.toContain(cardNo);
    expect(await runCommand("sign", "--credentials", credentials, "--curl")).toMatchObject({ exitCode: 2 });
  });

  test("sign warns about a body that is not JSON, and signs it", async () => {
    using directory = createTemporaryDirectory();
    const { credentials, file } = await signBody(directory.path);
    const sign = (text: string) => {
      writeFileSync(file, text);
      return runCommand("sign", "--credentials", credentials, "--body", file, "--json");
    };
    expect(await sign("{'a': 1}")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Signature"),
      stderr: expect.stringMatching(/^! The body is not JSON, so the gateway rejects the request/),
    });
    expect((await sign("")).stderr).toContain("The body is empty");
    expect((await sign(body)).stderr).toBe("");
  });

  test("sign rejects an invalid key without quoting it", async () => {
    using directory = createTemporaryDirectory();
    const { credentials, keyFile, file } = await signBody(directory.path);
    const args = ["sign", "--credentials", credentials, "--body", file, "--key", keyFile];
    const { exitCode, stderr } = await runCommand(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^antom-vault: .*key/);
    expect(JSON.parse((await runCommand(...args, "--json")).stderr)).toMatchObject({ error: { code: "KEY_INVALID" } });
    expect(stderr).not.toContain(readFileSync(keyFile, "utf8").slice(40, 60));
  });
});
