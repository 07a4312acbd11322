import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { createTemporaryDirectory, runCommand } from "../../testing/processes/command.ts";
import { findUnmetExpectations, type SituationResult } from "../situations/run-situation.ts";
import { type Situation, situations } from "../situations/situations.ts";

const folder = createTemporaryDirectory();
const data = join(folder.path, "sandbox");
const sandbox = await startSandbox({ data, notificationScope: "loopback" });
const { baseUrl } = sandbox.credentials;
afterAll(async () => {
  await sandbox.close();
  folder[Symbol.dispose]();
});

async function control<Answer>(path: string, body?: object): Promise<Answer> {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`${baseUrl}/_sandbox${path}`, body ? post : {});
  return (await answer.json()) as Answer;
}

describe("antom-vault trigger", () => {
  test.each([...situations.keys()])("%s comes as promised", async (name) => {
    const { exitCode, stdout, stderr } = await runCommand("trigger", name, "--data", data, "--json");
    expect({ stderr, ...JSON.parse(stdout) }).toMatchObject({ stderr: "", situation: name, held: true, broken: [] });
    expect(exitCode).toBe(0);
  });

  test("nothing is left switched on, and what others had on stays on", async () => {
    expect(await control("/faults")).toEqual({ faults: [] });
    expect(await control("/scenarios")).toEqual({ scenarios: [] });
    await control("/scenarios", { operation: "vaultPaymentMethod", resultCode: "PROCESS_FAIL", minutes: 30 });
    await control("/scenarios", { operation: "inquireVaulting", resultCode: "SYSTEM_ERROR", clientId: "OTHER" });
    const before = await control<ControlSchemas["ScenarioList"]>("/scenarios");
    expect(await runCommand("trigger", "risk-reject", "--data", data)).toMatchObject({ exitCode: 0 });
    const { scenarios } = await control<ControlSchemas["ScenarioList"]>("/scenarios");
    const bare = ({ until, ...scenario }: ControlSchemas["Scenario"]) => scenario;
    expect(scenarios.map(bare)).toEqual(expect.arrayContaining(before.scenarios.map(bare)));
    expect(scenarios).toHaveLength(2);
  });

  test("what is not as promised is told: exit 1", async () => {
    // The scenario of the test before is on.
    const { exitCode, stdout } = await runCommand("trigger", "success", "--data", data);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("The answer should have been vaulted, and is failed.");
    expect(stdout).toContain("The inquiry should have told vaulted, and tells PROCESS_FAIL.");
    const on = "Switched on in this sandbox: the scenario ";
    expect(stdout).toContain(on);
    const vaulted = await runCommand("vault", "--test-card", "visa", "--data", data, "--no-wait");
    expect(vaulted).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(on) });
    await fetch(`${baseUrl}/_sandbox/scenarios`, { method: "DELETE" });
  });

  test("shows each step as a person reads it", async () => {
    const { stdout } = await runCommand("trigger", "notification-unsigned", "--data", data);
    expect(stdout.split("\n").map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
      "notification-unsigned",
      "vaultPaymentMethod",
      "notifyVaulting",
      "control API",
      "notifyVaulting",
      "inquireVaulting",
      "",
    ]);
    expect(stdout).toContain("✗ not taken: The Signature header is missing");
    expect(stdout).toContain("✓ verified  vaulted");
  });

  test("takes a result code as the document writes it, and starts a sandbox where none runs", async () => {
    const { exitCode, stdout } = await runCommand("trigger", "CARD_EXPIRED", "--data", data);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("inquireVaulting     failed CARD_EXPIRED");
  });

  test("lists every situation, and suggests the one that was meant", async () => {
    const { stdout } = await runCommand("trigger", "--list");
    for (const name of situations.keys()) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    const json = JSON.parse((await runCommand("trigger", "--list", "--json")).stdout);
    expect(json).toHaveLength(situations.size);
    const mistyped = await runCommand("trigger", "chalenge-cancelled");
    expect(mistyped).toMatchObject({ exitCode: 2, stdout: "" });
    expect(mistyped.stderr).toContain("Did you mean challenge-cancelled?");
    expect((await runCommand("trigger")).stderr).toContain(" trigger --list shows them");
  });
});

describe("what a situation promises", () => {
  const success = situations.get("success") as Situation;
  const held: SituationResult = {
    vaultingRequestId: "1",
    response: {
      outcome: "vaulted",
      vaultingRequestId: "1",
      cardToken: "t",
      paymentMethodDetail: { paymentMethodType: "CARD", card: { cardToken: "t" } },
    },
    notifications: [{ receivedAt: "", verified: true, responseStatus: 200 }],
    end: { outcome: "inquiry_failed", vaultingRequestId: "1", code: "X", message: "", advice: "", action: "none" },
  };
  const end = held.response as SituationResult["end"];

  test.each<[string, Partial<SituationResult>, RegExp]>([
    ["an error", { response: new AntomVaultError("TIMEOUT", "late") }, /should have been vaulted, and is TIMEOUT/],
    ["no notification", { notifications: [] }, /verified should have come, and none did/],
    ["one too many", { notifications: [...held.notifications, ...held.notifications] }, /and verified, verified did/],
    ["another end", { end: held.end }, /should have told vaulted, and tells X/],
  ])("%s breaks it", (_, change, told) => {
    expect(findUnmetExpectations(success, { ...held, end })).toEqual([]);
    const sentences = findUnmetExpectations(success, { ...held, end, ...change });
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toMatch(told);
  });
});
