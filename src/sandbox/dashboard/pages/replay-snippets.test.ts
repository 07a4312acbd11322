import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CARD, callDirectly, createId, createVaultRequest } from "../../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../../start-sandbox.ts";
import { createClientCode, createCurlScript } from "./replay-snippets.ts";

function there(...programs: readonly string[]): boolean {
  try {
    for (const each of programs) execFileSync("sh", ["-c", `command -v ${each}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const hasPrograms = there("sh", "openssl", "curl", "base64", "sed");
if (!hasPrograms) console.warn("SKIPPED: no sh, openssl or curl, with which a call can be replayed.");

let sandbox: RunningSandbox;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "antom-vault-replay-"));
  sandbox = await startSandbox({ data: join(folder, "it's \u00e9") });
});
afterAll(async () => {
  await sandbox.close(0);
  await rm(folder, { recursive: true });
});

const file = () => join(folder, "it's \u00e9", "credentials.json");
const place = () => ({ baseUrl: sandbox.credentials.baseUrl, file: file() });
const HOSTILE = "a'b\"c$(id)`x`\\%s\\n\u202e é 😀";

async function journalled(id: string) {
  const request = { ...createVaultRequest({ id }), metadata: HOSTILE };
  await callDirectly(sandbox.credentials, "vaultPaymentMethod", request);
  const [last] = sandbox.calls({ limit: 1 });
  return last ?? expect.fail("The journal is empty.");
}

/** Puts a test card in the place of the words. */
const withCard = (text: string): string =>
  text.replace("<card number>", CARD.vaults).replace("<CVV>", "123").replace("<YY>", "30").replace("<MM>", "12");

describe("a call to be made again", () => {
  test.skipIf(!hasPrograms)("by openssl and curl: signed rightly, the same body but for the card", async () => {
    const exchange = await journalled(`${HOSTILE} ${createId()}`.slice(0, 60));
    const script = createCurlScript(exchange, place()) ?? "";
    const run = promisify(execFile);
    const env = { ...process.env, PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter) };
    const { stdout } = await run("sh", ["-c", withCard(script)], { cwd: folder, env });
    expect(JSON.parse(stdout)).toMatchObject({
      result: { resultCode: "SUCCESS" },
      vaultingRequestId: exchange.vaultingRequestId,
    });
    const [again] = sandbox.calls({ limit: 1 });
    expect(again?.sequence).toBeGreaterThan(exchange.sequence);
    expect(again?.request).toBe(exchange.request);
  });

  test("by the client", async () => {
    const exchange = await journalled(createId());
    const program = join(folder, "call.mts");
    const client = new URL("../../../client/index.ts", import.meta.url).href;
    await writeFile(
      program,
      withCard(createClientCode(exchange, place()) ?? "").replace('"antom-vault"', JSON.stringify(client)),
    );
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    expect(stdout).toContain("outcome: 'vaulted'");
    expect(sandbox.calls({ limit: 1 })[0]?.request).toBe(exchange.request);
  });

  test("holds no card, no key and no signature", async () => {
    const exchange = await journalled(createId());
    for (const text of [createCurlScript(exchange, place()), createClientCode(exchange, place())]) {
      expect(text).toContain("<card number>");
      expect(text).toContain("<CVV>");
      expect(text).not.toMatch(/0768|\*\*\*|"123"|"30"|PRIVATE KEY|signature=[A-Za-z0-9]/);
    }
  });

  test("there is none of what could not be read", async () => {
    await fetch(`${sandbox.credentials.baseUrl}/nowhere`, { method: "POST" });
    const [last] = sandbox.calls({ limit: 1 });
    expect(last && [createCurlScript(last, place()), createClientCode(last, place())]).toEqual([undefined, undefined]);
  });
});
