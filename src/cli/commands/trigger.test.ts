import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { createTemporaryDirectory, runCommand } from "../../testing/processes/command.ts";
import { startNodeServer } from "../../testing/servers/node-server.ts";
import { findUnmetExpectations, type SituationResult } from "../situations/run-situation.ts";
import { type Situation, situations } from "../situations/situations.ts";

const directory = createTemporaryDirectory();
const data = join(directory.path, "sandbox");
const sandbox = await startSandbox({ data, notificationScope: "loopback" });
const { baseUrl } = sandbox.credentials;
afterAll(async () => {
  await sandbox.close();
  directory[Symbol.dispose]();
});

async function callControlApi<Result>(path: string, body?: object): Promise<Result> {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${baseUrl}/_sandbox${path}`, body ? post : {});
  return (await response.json()) as Result;
}

describe("antom-vault trigger", () => {
  test.each([...situations.keys()])("produces %s as expected", async (name) => {
    const { exitCode, stdout, stderr } = await runCommand("trigger", name, "--data", data, "--json");
    expect({ stderr, ...JSON.parse(stdout) }).toMatchObject({
      stderr: "",
      situation: name,
      passed: true,
      problems: [],
    });
    expect(exitCode).toBe(0);
  });

  test("leaves no faults active, and restores the scenarios that were active before the command", async () => {
    expect(await callControlApi("/faults")).toEqual({ faults: [] });
    expect(await callControlApi("/scenarios")).toEqual({ scenarios: [] });
    await callControlApi("/scenarios", { operation: "vaultPaymentMethod", resultCode: "PROCESS_FAIL", minutes: 30 });
    await callControlApi("/scenarios", { operation: "inquireVaulting", resultCode: "SYSTEM_ERROR", clientId: "OTHER" });
    const before = await callControlApi<ControlSchemas["ScenarioList"]>("/scenarios");
    expect(await runCommand("trigger", "risk-reject", "--data", data)).toMatchObject({ exitCode: 0 });
    const { scenarios } = await callControlApi<ControlSchemas["ScenarioList"]>("/scenarios");
    const removeEndTime = ({ until, ...scenario }: ControlSchemas["Scenario"]) => scenario;
    expect(scenarios.map(removeEndTime)).toEqual(expect.arrayContaining(before.scenarios.map(removeEndTime)));
    expect(scenarios).toHaveLength(2);
  });

  test("prints unexpected results and exits with 1", async () => {
    // The scenario from the previous test is still active.
    const { exitCode, stdout } = await runCommand("trigger", "success", "--data", data);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("Response: expected vaulted, received failed.");
    expect(stdout).toContain("Inquiry: expected vaulted, received PROCESS_FAIL.");
    const hint = "Active in this sandbox: scenario ";
    expect(stdout).toContain(hint);
    const vaulted = await runCommand("vault", "--test-card", "visa", "--data", data, "--no-wait");
    expect(vaulted).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(hint) });
    await fetch(`${baseUrl}/_sandbox/scenarios`, { method: "DELETE" });
  });

  test("prints each step", async () => {
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
    expect(stdout).toContain("✗ rejected (status 401)  The Signature header is missing");
    expect(stdout).toContain("✓ verified  vaulted");
  });

  test("uses the given ID, metadata, and fields, and rejects an ID that a vaulting already has", async () => {
    const settings = ["--set", "env.osType=IOS", "--set", "merchantRegion=DE"];
    const chosen = ["--id", "chosen/1", "--metadata", "basket-7", ...settings];
    const { exitCode, stdout } = await runCommand("trigger", "success", ...chosen, "--data", data, "--json");
    expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({ exitCode: 0, vaultingRequestId: "chosen/1" });
    const [call] = (await sandbox.calls()).filter(({ operation }) => operation === "vaultPaymentMethod").slice(-1);
    expect(JSON.parse(call?.request ?? "")).toMatchObject({
      vaultingRequestId: "chosen/1",
      metadata: "basket-7",
      merchantRegion: "DE",
      env: { osType: "IOS", terminalType: "WEB" },
    });
    const again = await runCommand("trigger", "challenge-passed", "--id", "chosen/1", "--data", data);
    expect(again).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("A vaulting with this ID already exists"),
    });
  });

  test.each([
    "notification-unsigned",
    "notification-out-of-order",
    "response-dropped",
  ])("produces %s at the merchant's endpoint", async (name) => {
    await using server = await startNodeServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}');
    });
    const options = ["--notification-url", `${server.baseUrl}/hook`, "--data", data, "--json"];
    const { exitCode, stdout } = await runCommand("trigger", name, ...options);
    expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
      exitCode: 0,
      passed: true,
      delivery: { state: "ACKNOWLEDGED" },
    });
    expect(JSON.parse(stdout)).not.toHaveProperty("notifications");
  });

  test("completes a challenge and reports the delivery to the merchant's endpoint", async () => {
    await using server = await startNodeServer((_request, response) => void response.writeHead(500).end());
    const url = `${server.baseUrl}/hook`;
    const { exitCode, stdout } = await runCommand(
      "trigger",
      "challenge-passed",
      "--notification-url",
      url,
      "--data",
      data,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /notifyVaulting {6}→ http:\S+\/hook {2}PENDING\n +UNEXPECTED_HTTP_STATUS \(status 500\): Only HTTP 200 acknowledges/,
    );
    expect(stdout).toMatch(/ notifications \d+\n/);
    const rejected = await runCommand("trigger", "risk-reject", "--notification-url", url, "--data", data);
    expect(rejected).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("none, because the request created no vaulting"),
    });
  });

  test.each<[string, readonly string[], string]>([
    [
      "--notification-url for a situation that requires the listener",
      ["notification-resent", "--notification-url", "http://a"],
      "cannot be used with --notification-url",
    ],
    [
      "--port together with --notification-url",
      ["success", "--port", "1", "--notification-url", "http://a"],
      "--port cannot be used with --notification-url",
    ],
    ["card data", ["success", "--set", "paymentMethodDetail.card.cvv=917"], "--set does not accept card data"],
    ["a field that violates the contract", ["success", "--set", "merchantRegion=Germany"], "merchantRegion"],
    ["a card number", ["success", "--metadata", "5555341244441115"], "looks like a card number"],
  ])("exits with 2 for %s", async (_, args, expected) => {
    const { exitCode, stderr } = await runCommand("trigger", ...args, "--data", data);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/917|Germany|5555/);
  });

  test("accepts a result code as the name of a situation", async () => {
    const { exitCode, stdout } = await runCommand("trigger", "CARD_EXPIRED", "--data", data);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("inquireVaulting     failed CARD_EXPIRED");
  });

  test("lists all situations, and suggests the closest name for a mistyped one", async () => {
    const { stdout } = await runCommand("trigger", "--list");
    for (const name of situations.keys()) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    const json = JSON.parse((await runCommand("trigger", "--list", "--json")).stdout);
    expect(json).toHaveLength(situations.size);
    const mistyped = await runCommand("trigger", "chalenge-cancelled");
    expect(mistyped).toMatchObject({ exitCode: 2, stdout: "" });
    expect(mistyped.stderr).toContain("Did you mean challenge-cancelled?");
    expect((await runCommand("trigger")).stderr).toContain(" trigger --list");
  });
});

describe("findUnmetExpectations", () => {
  const success = situations.get("success") as Situation;
  const received = [{ receivedAt: "", verified: true, responseStatus: 200 }];
  const result: SituationResult = {
    vaultingRequestId: "1",
    response: {
      outcome: "vaulted",
      vaultingRequestId: "1",
      cardToken: "t",
      paymentMethodDetail: { paymentMethodType: "CARD", card: { cardToken: "t" } },
    },
    notifications: received,
    inquiry: { outcome: "inquiry_failed", vaultingRequestId: "1", code: "X", message: "", advice: "", action: "none" },
  };
  const inquiry = result.response as SituationResult["inquiry"];

  test.each<[string, Partial<SituationResult>, RegExp]>([
    [
      "an error",
      { response: new AntomVaultError("TIMEOUT", "late") },
      /^Response: expected vaulted, received TIMEOUT\.$/,
    ],
    ["a missing notification", { notifications: [] }, /^Notifications: expected verified; received none\.$/],
    [
      "a second notification",
      { notifications: [...received, ...received] },
      /^Notifications: expected verified; received verified, verified\.$/,
    ],
    ["a different inquiry result", { inquiry: result.inquiry }, /^Inquiry: expected vaulted, received X\.$/],
  ])("reports %s", (_, change, expected) => {
    expect(findUnmetExpectations(success, { ...result, inquiry })).toEqual([]);
    const problems = findUnmetExpectations(success, { ...result, inquiry, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });
});
