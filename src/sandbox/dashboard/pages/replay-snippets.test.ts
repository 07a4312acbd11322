import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CARD, callDirectly, createId, createVaultRequest } from "../../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../../start-sandbox.ts";
import { createClientCode, createCurlScript } from "./replay-snippets.ts";

function areInstalled(...programs: readonly string[]): boolean {
  try {
    for (const program of programs) execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const hasPrograms = areInstalled("sh", "openssl", "curl", "base64", "sed");
if (!hasPrograms) console.warn("SKIPPED: install sh, openssl, curl, base64, and sed to test the curl replay.");

let sandbox: RunningSandbox;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "antom-vault-replay-"));
  sandbox = await startSandbox({ data: join(directory, "it's \u00e9") });
});
afterAll(async () => {
  await sandbox.close(0);
  await rm(directory, { recursive: true });
});

const getCredentialsFile = () => join(directory, "it's \u00e9", "credentials.json");
const getTarget = () => ({ baseUrl: sandbox.credentials.baseUrl, credentialsFile: getCredentialsFile() });
const SPECIAL_CHARACTERS = "a'b\"c$(id)`x`\\%s\\n\u202e é 😀";

async function makeCall(id: string) {
  const request = { ...createVaultRequest({ id }), metadata: SPECIAL_CHARACTERS };
  await callDirectly(sandbox.credentials, "vaultPaymentMethod", request);
  const [last] = await sandbox.calls({ limit: 1 });
  return last ?? expect.fail("The call log is empty.");
}

/** Replaces the placeholders with the data of a test card. */
const withCard = (text: string): string =>
  text.replace("<card number>", CARD.vaults).replace("<CVV>", "123").replace("<YY>", "30").replace("<MM>", "12");

describe("the replay code", () => {
  test.skipIf(!hasPrograms)("replays a call with openssl and curl", async () => {
    const call = await makeCall(`${SPECIAL_CHARACTERS} ${createId()}`.slice(0, 60));
    const script = createCurlScript(call, getTarget()) ?? "";
    const run = promisify(execFile);
    const env = { ...process.env, PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter) };
    const { stdout } = await run("sh", ["-c", withCard(script)], { cwd: directory, env });
    expect(JSON.parse(stdout)).toMatchObject({
      result: { resultCode: "SUCCESS" },
      vaultingRequestId: call.vaultingRequestId,
    });
    const [replayed] = await sandbox.calls({ limit: 1 });
    expect(replayed?.sequence).toBeGreaterThan(call.sequence);
    expect(replayed?.request).toBe(call.request);
  });

  test("replays a call with the client of this package", async () => {
    const call = await makeCall(createId());
    const program = join(directory, "call.mts");
    const client = new URL("../../../client/index.ts", import.meta.url).href;
    await writeFile(
      program,
      withCard(createClientCode(call, getTarget()) ?? "").replace('"antom-vault"', JSON.stringify(client)),
    );
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    expect(stdout).toContain("outcome: 'vaulted'");
    expect((await sandbox.calls({ limit: 1 }))[0]?.request).toBe(call.request);
  });

  test("contains no card data, key, or signature", async () => {
    const call = await makeCall(createId());
    for (const text of [createCurlScript(call, getTarget()), createClientCode(call, getTarget())]) {
      expect(text).toContain("<card number>");
      expect(text).toContain("<CVV>");
      expect(text).not.toMatch(/0768|\*\*\*|"123"|"30"|PRIVATE KEY|signature=[A-Za-z0-9]/);
    }
  });

  test("is not created for a request without a body to an unknown path", async () => {
    await fetch(`${sandbox.credentials.baseUrl}/nowhere`, { method: "POST" });
    const [last] = await sandbox.calls({ limit: 1 });
    expect(last && [createCurlScript(last, getTarget()), createClientCode(last, getTarget())]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
