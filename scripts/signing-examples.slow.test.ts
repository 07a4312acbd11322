import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningSandbox, startSandbox } from "../src/sandbox/index.ts";
import { createVaultRequest, type Listener, startListener } from "../src/testing/sandbox/sandbox.ts";

const root = join(import.meta.dirname, "..");
const VECTORS = readFileSync(join(root, "generated", "signature-vectors.tsv"), "utf8");
const [HEAD = "", ...ROWS] = VECTORS.trimEnd().split("\n");

interface Example {
  /** A command that succeeds if the language is installed. */
  readonly requires: string;
  /** Compiles the program into the directory $OUT. */
  readonly build?: string;
  readonly run: string;
}

/** The commands for each directory in examples/signing/. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  // Mono compiles Keys.cs, but cannot run it.
  csharp: {
    requires: "mcs --version && mono --version",
    build:
      'mcs -warnaserror -target:library -out:"$OUT/keys.dll" Keys.cs && ' +
      'mcs -warnaserror -r:System.Net.Http -r:Mono.Security -out:"$OUT/main.exe" AntomSigning.cs Program.cs mono/Keys.cs',
    run: 'mono "$OUT/main.exe"',
  },
  curl: { requires: "bash --version && curl --version && openssl version", run: "bash main.sh" },
  go: { requires: "go version", build: 'go build -o "$OUT/main" .', run: '"$OUT/main"' },
  java: { requires: "javac -version", build: 'javac -Xlint:all -Werror -d "$OUT" *.java', run: 'java -cp "$OUT" Main' },
  kotlin: {
    requires: "kotlinc -version",
    build: 'kotlinc *.kt -include-runtime -d "$OUT/main.jar"',
    run: 'java -jar "$OUT/main.jar"',
  },
  php: { requires: "php -r 'exit(extension_loaded(\"openssl\") ? 0 : 1);'", run: "php main.php" },
  python: { requires: 'python3 -c "import cryptography"', run: "python3 -B -W error main.py" },
  ruby: { requires: "ruby --version", run: "ruby -w main.rb" },
};

let sandbox: RunningSandbox;
let listener: Listener;
beforeAll(async () => {
  sandbox = await startSandbox();
  listener = await startListener(sandbox.credentials);
});
afterAll(async () => {
  await listener[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

test("examples/signing/README.md lists every language and the number of vectors", () => {
  const readme = readFileSync(join(root, "examples", "signing", "README.md"), "utf8");
  const listed = [...readme.matchAll(/^\| .*? \| \[([a-z]+)\//gm)].map(([, directory]) => directory);
  expect(listed.toSorted()).toEqual(Object.keys(EXAMPLES).toSorted());
  expect(readme).toContain(`${ROWS.length} passed, 0 failed`);
});

describe.each(Object.entries(EXAMPLES))("examples/signing/%s", (name, { requires, build, run }) => {
  const cwd = join(root, "examples", "signing", name);
  if (spawnSync("sh", ["-c", requires]).status !== 0) {
    test("is not tested, because its language is not installed", ({ skip }) => skip(`${requires} fails`));
    return;
  }

  const out = mkdtempSync(join(tmpdir(), `antom-vault-signing-${name}-`));
  afterAll(() => rmSync(out, { recursive: true }));
  const env = (): NodeJS.ProcessEnv => ({
    ...process.env,
    OUT: out,
    ANTOM_BASE_URL: sandbox.credentials.baseUrl,
    ANTOM_CLIENT_ID: sandbox.credentials.clientId,
    ANTOM_PRIVATE_KEY: sandbox.credentials.merchantPrivateKey,
    ANTOM_PUBLIC_KEY: sandbox.credentials.antomPublicKey,
  });
  async function runProgram(command: "vault" | "vectors", input: string) {
    const program = spawn("sh", ["-c", `${run} ${command}`], { cwd, env: env() });
    program.stdin.end(input);
    const [stdout, stderr, [code]] = await Promise.all([
      text(program.stdout),
      text(program.stderr),
      once(program, "close"),
    ]);
    return { stdout, stderr, code: Number(code) };
  }

  beforeAll(() => {
    if (build === undefined) return;
    const { status, stdout, stderr } = spawnSync("sh", ["-c", build], { cwd, env: env(), encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
  }, 240_000);

  test("returns the expected result for every signature vector", async () => {
    const result = await runProgram("vectors", VECTORS);
    expect(result).toEqual({ stdout: `${ROWS.length} passed, 0 failed\n`, stderr: "", code: 0 });
  }, 240_000);

  test("reports each vector for which it returns a different result", async () => {
    const [valid = "", response = "", notification = ""] = ROWS;
    const otherHeader = response.split("\t")[7] ?? "";
    const rows = [
      HEAD,
      valid.replace("\tvalid\t", "\tinvalid\t"),
      notification.replace(/[^\t]*(?=\t[^\t]*\t[^\t]*$)/, otherHeader),
      response,
    ];
    const { stdout, code } = await runProgram("vectors", `${rows.join("\n")}\n`);
    expect(stdout).toBe("failed: request\nfailed: notification\n1 passed, 2 failed\n");
    expect(code).toBe(1);
  }, 60_000);

  test("vaults a card and verifies the response and the notification", async () => {
    const request = createVaultRequest({ url: `${listener.url}?shop=7&to=%2F`, metadata: "Zoë 王小明 🙂" });
    const { stdout, stderr, code } = await runProgram("vault", JSON.stringify(request, null, 2));
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(JSON.parse(stdout)).toMatchObject({
      result: { resultStatus: "S" },
      vaultingRequestId: request.vaultingRequestId,
    });

    const [delivery] = await listener.waitForDeliveries(1, request.vaultingRequestId);
    const { clientId, antomPublicKey } = sandbox.credentials;
    const key = antomPublicKey.replace(/-----[^-]+-----|\s/g, "");
    const toRow = (expected: string, body: string) =>
      [
        "real",
        expected,
        "POST",
        delivery?.path,
        clientId,
        delivery?.time,
        Buffer.from(body).toString("base64"),
        delivery?.signature,
        key,
        "",
      ].join("\t");
    const body = delivery?.body ?? "";
    const rows = [HEAD, toRow("valid", body), toRow("invalid", `${body}\n`)];
    expect((await runProgram("vectors", `${rows.join("\n")}\n`)).stdout).toBe("2 passed, 0 failed\n");
  }, 60_000);

  test.each([
    "response-invalid-signature",
    "response-unsigned",
  ] as const)("prints an error and no response if the fault %s is injected", async (fault) => {
    sandbox.faults.inject({ fault });
    const { stdout, stderr, code } = await runProgram("vault", JSON.stringify(createVaultRequest()));
    expect({ stdout, code }).toEqual({ stdout: "", code: 1 });
    expect(stderr).toBe("The response is not signed by Antom. Send the same request again, or call inquireVaulting.\n");
  }, 60_000);
});
