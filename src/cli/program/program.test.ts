import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { validateVaultPaymentMethodRequest } from "../../../generated/validators.js";
import { readGenerated } from "../../machine/generated-documents.ts";
import { generateKeyPair } from "../../signature/index.ts";
import { createTemporaryDirectory, runCommand, startCommand, waitForExit } from "../../testing/processes/command.ts";
import type { CommandTree } from "../completion/command-tree.ts";

const shape: CommandTree = JSON.parse((await runCommand("completion", "--json")).stdout);
const NAMES = shape.commands.map(({ name }) => name);
const [ownKeys, antomKeys, otherKeys] = await Promise.all([generateKeyPair(), generateKeyPair(), generateKeyPair()]);
const COMMANDS = NAMES.filter((name) => name !== "help");

/** A word with two of its letters swapped. */
const mistyped = (word: string) =>
  word.replace(/(.)(.)(.*)/, (_, one: string, two: string, rest: string) => two + one + rest);

describe("antom-vault", () => {
  test("lists its commands, and each has examples and --json", async () => {
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

  test.each(NAMES)("a mistyped %s is understood, as a command and after help", async (name) => {
    const word = mistyped(name);
    for (const args of [[word], [word, "--json"], ["help", word]]) {
      const { exitCode, stdout, stderr } = await runCommand(...args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain(`Did you mean ${name}?`);
    }
  });

  test.each(
    shape.commands.filter(({ name }) => name !== "help").map(({ name, options }) => [name, options] as const),
  )("mistyped options of %s are understood", async (name, options) => {
    for (const { long } of options) {
      const word = `--${mistyped(long.slice(2))}`;
      const { exitCode, stdout, stderr } = await runCommand(name, word);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(new RegExp(`Did you mean (?:one of .*)?${long}\\b`));
    }
  });

  test.each([
    ["one dash in the place of two", ["vault", "-json"], "Did you mean --json?"],
    ["a value of an option", ["sandbox", "--notification-scope", "publik"], "Did you mean public?"],
    ["an argument", ["trigger", "timout"], "Did you mean timeout?"],
    ["nothing that is near", ["frobnicate"], "unknown command 'frobnicate'"],
  ])("%s", async (_, args, told) => {
    const { exitCode, stdout, stderr } = await runCommand(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(told);
  });

  test.each([
    [["vault", "--frobnicate", "--json"]],
    [["frobnicate", "--json"]],
    [["inquire", "--json"]],
    [["vault", "--id", "x", "surplus", "--json"]],
    [["vault", "--json", "--id"]],
  ])("with --json wrong usage is told as JSON: %j", async (args) => {
    const { exitCode, stdout, stderr } = await runCommand(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(JSON.parse(stderr)).toEqual({ error: { code: "CONFIGURATION_INVALID", message: expect.any(String) } });
  });

  test.each([
    ["sandbox", "--notification-scope", "loopback, network, public"],
    ["sandbox", "--id-reuse", "first-result, reject"],
    ["contract", "--without", "examples, both-paths, chosen-answers, state, notifies, clock, clients"],
    ["spec", "--openapi", "3.1, 3.0"],
    ["spec", "--operation", "vaultPaymentMethod, createVaultingSession, inquireVaulting, notifyVaulting"],
    ["sign", "--operation", "vaultPaymentMethod, createVaultingSession, inquireVaulting"],
    ["verify", "--operation", "vaultPaymentMethod, createVaultingSession, inquireVaulting"],
    ["verify", "--signed-by", "antom, merchant"],
    ["completion", "shell", "bash, zsh, fish"],
  ])("%s %s names the allowed values and the nearest one, and never shows the value", async (name, option, values) => {
    const [first = ""] = values.split(", ");
    const flags = option.startsWith("-") ? [option] : [];
    for (const value of ["917", "9'1'7", "917' is invalid. Allowed choices are 917.\n", "4054695723100768"])
      for (const json of [[], ["--json"]]) {
        const { exitCode, stdout, stderr } = await runCommand(name, ...flags, value, ...json);
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
        expect(stderr).toContain(`${option} must be one of ${values}.`);
        expect(stderr).not.toMatch(/917|9'1|4054/);
      }
    expect((await runCommand(name, ...flags, mistyped(first))).stderr).toContain(`Did you mean ${first}?`);
  });

  test("tells its version", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    expect(await runCommand("--version")).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
  });

  test.each([
    ["an unknown command", ["mokc"], "Did you mean mock?"],
    ["an unknown option", ["spec", "--openap", "3.0"], "Did you mean --openapi?"],
    ["a missing option", ["verify", "--time", "1"], "--client-id"],
    ["a wrong value", ["spec", "--openapi", "2.0"], "--openapi must be one of 3.1, 3.0"],
    ["an unknown example", ["spec", "--example", "Nope"], "There is no example of that name"],
    ["a port that is none", ["mock", "--port", "99999"], "--port must be a number"],
    [
      "a file that is not there",
      ["sign", "--credentials", "/nowhere/credentials.json"],
      "There is no file /nowhere/credentials.json.",
    ],
  ])("%s is wrong usage: exit 2 and what to do", async (_, args, told) => {
    const { exitCode, stdout, stderr } = await runCommand(...args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(told);
  });
});

describe("antom-vault spec", () => {
  test.each([
    ["3.1", "openapi.json"],
    ["3.0", "openapi-3.0.json"],
  ] as const)("prints the document, OpenAPI %s", async (version, file) => {
    const { exitCode, stdout } = await runCommand("spec", "--openapi", version);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(readGenerated(file));
  });

  test("lists the examples by operation, and prints the one that is meant", async () => {
    const { stdout } = await runCommand("spec", "--examples");
    expect(stdout).toMatch(/^inquireVaulting, answer\n(?: {2}\w+\n)*? {2}FAIL_CARD_EXPIRED\n/m);
    expect(stdout).toMatch(/^notifyVaulting, notification\n(?: {2}\w+\n)*? {2}CARD_EXPIRED\n/m);
    const inquiry = await runCommand("spec", "--example", "SUCCESS", "--operation", "inquireVaulting");
    expect(JSON.parse(inquiry.stdout)).toMatchObject({ vaultingStatus: "SUCCESS" });
  });

  test("may be piped into what stops reading", async () => {
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
  test("makes a pair in both forms", async () => {
    const { exitCode, stdout } = await runCommand("keygen", "--json");
    expect(exitCode).toBe(0);
    const pair = JSON.parse(stdout);
    expect(Object.keys(pair).sort()).toEqual(["privateKey", "privateKeyBase64", "publicKey", "publicKeyBase64"]);
    expect(pair.publicKey.replace(/-----.*-----|\s/g, "")).toBe(pair.publicKeyBase64);
  });

  test("writes files, the private one for its owner only, and never over one that is there", async () => {
    using folder = createTemporaryDirectory();
    const out = join(folder.path, "keys");
    const first = await runCommand("keygen", "--out", out);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).not.toContain("PRIVATE KEY");
    expect(statSync(join(out, "merchant-private-key.pem")).mode & 0o777).toBe(0o600);
    const second = await runCommand("keygen", "--out", out);
    expect(second).toMatchObject({ exitCode: 2, stdout: "" });
    expect(second.stderr).toContain("is there already and is not written over");
  });
});

describe("antom-vault sign and verify", () => {
  const cardNo = "5555341244441115";
  const body = `{"vaultingRequestId":"r+1","paymentMethodDetail":{"card":{"cardNo":"${cardNo}","cvv":"739","expiryYear":"37"}}}`;
  const PATH = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";

  async function prepared(folder: string, text = body, merchant = ownKeys) {
    const credentials = join(folder, "credentials.json");
    const { privateKey: merchantPrivateKey } = merchant;
    const fields = {
      baseUrl: "http://127.0.0.1:1",
      clientId: "SANDBOX_T",
      merchantPrivateKey,
      antomPublicKey: antomKeys.publicKey,
    };
    writeFileSync(credentials, JSON.stringify(fields));
    const file = join(folder, "body.json");
    writeFileSync(file, text);
    const bare = join(folder, "public.txt");
    writeFileSync(bare, merchant.publicKeyBase64);
    const { stdout } = await runCommand("sign", "--credentials", credentials, "--body", file, "--json");
    const { text: signedText, headers } = JSON.parse(stdout);
    const time: string = headers["Request-Time"];
    const signature: string = headers["Signature"];
    const verify = (...change: readonly string[]) =>
      runCommand(
        "verify",
        "--credentials",
        credentials,
        "--signed-by",
        "merchant",
        "--body",
        file,
        "--time",
        time,
        "--signature",
        signature,
        ...change,
      );
    return { credentials, file, bare, signedText, headers, time, signature, verify };
  }

  type Prepared = Awaited<ReturnType<typeof prepared>>;

  test("what was signed verifies, and neither shows the card", async () => {
    using folder = createTemporaryDirectory();
    const { credentials, file, headers, signedText, time, verify } = await prepared(folder.path);
    expect(signedText).toBe(
      `POST ${PATH}\nSANDBOX_T.${time}.${body.replace(cardNo, "************1115").replace("739", "***").replace('"37"', '"***"')}`,
    );
    expect(Object.keys(headers)).toEqual(["Content-Type", "Client-Id", "Request-Time", "Signature"]);
    const verified = await verify();
    expect(verified).toMatchObject({ exitCode: 0, stderr: "" });
    expect(verified.stdout).toContain("✓ The signature fits.");
    const human = await runCommand("sign", "--credentials", credentials, "--body", file);
    for (const { stdout } of [verified, human]) {
      expect(stdout).toContain("************1115");
      for (const secret of [cardNo, '"739"', '"37"', "PRIVATE"]) expect(stdout).not.toContain(secret);
    }
  });

  test.each<[string, string, (ready: Prepared) => readonly string[]]>([
    [
      "CRLF for LF",
      "crlf-body",
      ({ file }) => {
        writeFileSync(file, readFileSync(file, "utf8").replaceAll("\r\n", "\n"));
        return [];
      },
    ],
    [
      "a body written anew",
      "reserialized-body",
      ({ file }) => {
        writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, "utf8"))));
        return [];
      },
    ],
    ["another path", "different-path", () => ["--path", PATH.replace("/sandbox", "")]],
    ["another form of the time", "different-time", ({ time }) => ["--time", new Date(Number(time)).toISOString()]],
    ["one's own key for the other side's", "own-key", () => ["--signed-by", "antom"]],
    [
      "a signature whose plus signs became blanks",
      "not-url-encoded",
      ({ signature }) => ["--signature", decodeURIComponent(signature).replaceAll("+", " ")],
    ],
  ])("the mistake is named: %s", async (_, id, mistake) => {
    using folder = createTemporaryDirectory();
    const text =
      id === "crlf-body"
        ? body.replaceAll(",", ",\r\n")
        : id === "reserialized-body"
          ? JSON.stringify(JSON.parse(body), null, 2)
          : body;
    // A signature without a plus has nothing that could become a blank.
    let ready = await prepared(folder.path, text);
    while (!ready.signature.includes("%2B")) ready = await prepared(folder.path, text);
    const { exitCode, stdout } = await ready.verify(...mistake(ready), "--json");
    expect(exitCode).toBe(1);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ verified: false, cause: { id } });
    expect(stdout).not.toContain(cardNo);
    const human = await ready.verify(...mistake(ready));
    expect(human.stdout).toContain(`(${id})`);
  });

  test("one's own public key in the place of the other side's is seen, whoever signed", async () => {
    using folder = createTemporaryDirectory();
    const { bare, verify } = await prepared(folder.path);
    const other = await prepared(folder.path, body, otherKeys);
    const { exitCode, stdout } = await verify("--key", bare, "--own-key", bare, "--signature", other.signature);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("(own-key)");
  });

  test("the path of another operation, and a line feed that a file has at its end, are tried", async () => {
    using folder = createTemporaryDirectory();
    const { verify } = await prepared(folder.path);
    expect((await verify("--operation", "inquireVaulting")).stdout).toContain("(different-path)");
    const pretty = await prepared(folder.path, `${JSON.stringify(JSON.parse(body), null, 2)}\n`);
    writeFileSync(pretty.file, body);
    expect((await pretty.verify()).stdout).toContain("(reserialized-body)");
  });

  test("signature and time can be taken from a file of headers", async () => {
    using folder = createTemporaryDirectory();
    const { credentials, file, time, signature } = await prepared(folder.path);
    const headers = join(folder.path, "headers.txt");
    writeFileSync(headers, `HTTP/1.1 200 OK\r\nresponse-time: ${time}\r\nSignature: ${signature}\r\n\r\n`);
    const given = ["--credentials", credentials, "--signed-by", "merchant", "--body", file];
    expect(await runCommand("verify", ...given, "--headers", headers)).toMatchObject({ exitCode: 0 });
    expect(
      await runCommand("verify", ...given, "--time", time, "--signature", `Signature: ${signature}\r`),
    ).toMatchObject({ exitCode: 0 });
  });

  test("the headers of a request are known by their time: who signed it is then asked for", async () => {
    using folder = createTemporaryDirectory();
    const { credentials, file, time, signature } = await prepared(folder.path);
    const headers = join(folder.path, "headers.txt");
    const hint = "--signed-by merchant verifies it";
    writeFileSync(headers, `Request-Time: ${time}\r\nSignature: ${signature}\r\n`);
    const given = ["--credentials", credentials, "--body", file, "--headers", headers];
    const { exitCode, stdout } = await runCommand("verify", ...given);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(hint);
    const right = await runCommand("verify", ...given, "--signed-by", "merchant");
    expect(right).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining(hint) });
  });

  test("with --json an error is JSON too", async () => {
    const { exitCode, stdout, stderr } = await runCommand("sign", "--json", "--time", "now", "--client-id", "x");
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({ error: { message: expect.any(String) } });
  });

  test("a key can be given as the dashboard shows it", async () => {
    using folder = createTemporaryDirectory();
    const { bare, verify } = await prepared(folder.path);
    expect(await verify("--key", bare)).toMatchObject({ exitCode: 0 });
  });

  test("what fits no mistake says so", async () => {
    using folder = createTemporaryDirectory();
    const { file, verify } = await prepared(folder.path);
    writeFileSync(file, body.replace("r+1", "r+2"));
    const { exitCode, stdout } = await verify();
    expect(exitCode).toBe(1);
    expect(stdout).toContain("Tried without success");
  });

  test("the body can come by standard input, and a curl line can be had", async () => {
    using folder = createTemporaryDirectory();
    const { credentials, file } = await prepared(folder.path);
    const { exitCode, stdout } = await waitForExit(startCommand("sign", "--credentials", credentials, "--json"), body);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).text).toContain("************1115");
    const curl = await runCommand("sign", "--credentials", credentials, "--body", file, "--curl");
    expect(curl.stdout).toContain(`--data-binary @${file}`);
    expect(curl.stdout).not.toContain(cardNo);
    expect(await runCommand("sign", "--credentials", credentials, "--curl")).toMatchObject({ exitCode: 2 });
  });

  test("a wrong key is told without its text", async () => {
    using folder = createTemporaryDirectory();
    const { credentials, bare, file } = await prepared(folder.path);
    const { exitCode, stderr } = await runCommand("sign", "--credentials", credentials, "--body", file, "--key", bare);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("KEY_INVALID");
    expect(stderr).not.toContain(readFileSync(bare, "utf8").slice(40, 60));
  });
});
