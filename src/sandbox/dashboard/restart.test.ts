import { expect, onTestFinished, test } from "vitest";
import { formatVaultingPath } from "../../control-api/sandbox-paths.ts";
import { createBuyer, VALID_CARD } from "../../testing/browser/buyer.ts";
import { createVisitor } from "../../testing/browser/visitor.ts";
import { createTemporaryDirectory } from "../../testing/processes/command.ts";
import { startInstrumentedSandbox } from "../../testing/processes/instrumented-process.ts";
import {
  CARD,
  callDirectly,
  createSessionRequest,
  createVaultRequest,
  type Reply,
  startListener,
} from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

/** A step in the history of a vaulting. `url` is the URL of the listener. */
type Step = (sandbox: RunningSandbox, id: string, url: string) => Promise<unknown>;

const vault =
  (cardNo: string): Step =>
  ({ credentials }, id, url) =>
    callDirectly(credentials, "vaultPaymentMethod", createVaultRequest({ id, cardNo, url }));
const inquire: Step = ({ credentials }, id) => callDirectly(credentials, "inquireVaulting", { vaultingRequestId: id });
const sendInvalidRequest: Step = ({ credentials }, id) =>
  callDirectly(credentials, "vaultPaymentMethod", { vaultingRequestId: id, env: null });
const completeChallengeAs =
  (result: "passed" | "failed"): Step =>
  (sandbox, id) =>
    sandbox.vaultings.completeChallenge(id, result);
const waitForAcknowledgement: Step = (sandbox, id) => sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
const waitForAttempt: Step = (sandbox, id) => sandbox.notifications.waitFor(id, { attempts: 1 });
const resend: Step = async (sandbox, id) => {
  const { sequence } = await sandbox.notifications.waitFor(id, { attempts: 1 });
  await sandbox.notifications.resend(sequence);
  await sandbox.notifications.waitFor(id, { attempts: 2 });
};
const openSession: Step = ({ credentials }, id, url) =>
  callDirectly(credentials, "createVaultingSession", createSessionRequest({ id, url }));
const enterCard: Step = async (sandbox, id) => {
  const url = (await sandbox.vaultings.get(id))?.normalUrl ?? "";
  const buyer = createBuyer();
  await buyer.get(url);
  await buyer.post(url, VALID_CARD);
};
const dropResponse: Step = async (sandbox, id, url) => {
  sandbox.faults.inject({ fault: "response-dropped" });
  await expect(vault(CARD.vaults)(sandbox, id, url)).rejects.toThrow();
};
const expire: Step = (sandbox) => sandbox.clock.advance(900_001);

const FIRST_ATTEMPT = "Notification attempt 1";

/** For each ID: the steps before and after the restart, and the expected titles in the timeline. */
const HISTORIES: Readonly<Record<string, readonly [readonly Step[], readonly Step[], readonly string[]]>> = {
  plain: [[vault(CARD.vaults)], [waitForAcknowledgement], ["vaultPaymentMethod called", "Vaulted", FIRST_ATTEMPT]],
  failed: [
    [vault(CARD.fails), waitForAcknowledgement],
    [vault(CARD.fails)],
    ["vaultPaymentMethod called", "Failed: ", FIRST_ATTEMPT, "vaultPaymentMethod called again"],
  ],
  passed: [
    [vault(CARD.challenges), inquire],
    [vault(CARD.challenges), completeChallengeAs("passed"), waitForAcknowledgement, inquire, inquire],
    [
      ...["vaultPaymentMethod called", "3-D Secure challenge", "Inquired: PROCESSING"],
      ...["vaultPaymentMethod called again", "Challenge ended", "Vaulted", FIRST_ATTEMPT, "Inquired 2 times: SUCCESS"],
    ],
  ],
  notPassed: [
    [vault(CARD.challenges), completeChallengeAs("failed"), waitForAcknowledgement],
    [inquire],
    [
      ...["vaultPaymentMethod called", "3-D Secure challenge", "Challenge ended", "Failed: "],
      ...[FIRST_ATTEMPT, "Inquired: FAIL"],
    ],
  ],
  session: [
    [openSession],
    [openSession, enterCard, waitForAcknowledgement],
    [
      ...["createVaultingSession called", "Hosted card page", "createVaultingSession called again"],
      ...["Vaulted", FIRST_ATTEMPT],
    ],
  ],
  rejectedThenVaulted: [
    [sendInvalidRequest, vault(CARD.vaults), waitForAcknowledgement],
    [vault(CARD.vaults), sendInvalidRequest],
    [
      ...["vaultPaymentMethod called", "vaultPaymentMethod called", "Vaulted", FIRST_ATTEMPT],
      ...["vaultPaymentMethod called again", "vaultPaymentMethod called again"],
    ],
  ],
  onlyRejected: [
    [sendInvalidRequest],
    [sendInvalidRequest],
    ["vaultPaymentMethod called", "vaultPaymentMethod called"],
  ],
  dropped: [
    [dropResponse, waitForAcknowledgement],
    [vault(CARD.vaults)],
    ["vaultPaymentMethod called", "Vaulted", FIRST_ATTEMPT, "vaultPaymentMethod called again"],
  ],
  resent: [
    [vault(CARD.vaults), waitForAttempt],
    [resend],
    ["vaultPaymentMethod called", "Vaulted", FIRST_ATTEMPT, "Notification attempt 2"],
  ],
  // This history comes last, because it moves the clock.
  expired: [
    [vault(CARD.challenges)],
    [expire, waitForAcknowledgement, vault(CARD.challenges)],
    [
      ...["vaultPaymentMethod called", "3-D Secure challenge", "Challenge ended", "Failed: "],
      ...[FIRST_ATTEMPT, "vaultPaymentMethod called again"],
    ],
  ],
};

const getPath = ({ credentials: { clientId } }: Pick<RunningSandbox, "credentials">, vaultingRequestId: string) =>
  formatVaultingPath({ clientId, vaultingRequestId });

/** Returns the timeline and the details from a vaulting's page, without countdowns and ages. */
async function readHistory(sandbox: Pick<RunningSandbox, "credentials">, id: string): Promise<string> {
  const { text } = await createVisitor(sandbox.credentials.baseUrl).get(getPath(sandbox, id));
  const parts = [/<ol class="timeline".*<\/ol>/s, /<div data-live="facts">.*<\/main>/s].map(
    (part) => part.exec(text)?.[0],
  );
  return removeVolatile(parts.join(""));
}

/** Removes countdowns, ages, and form tokens. */
const removeVolatile = (html: string): string =>
  html.replace(/(?<=data-(?:until|age)="[^"]*">)[^<]*/g, "").replace(/(?<=name="token" value=")[^"]*/g, "");

/** Returns the contents of the list of notifications, and of the page of each notification. */
async function readNotifications(sandbox: RunningSandbox): Promise<readonly string[]> {
  const sequences = (await sandbox.notifications.list()).map(({ sequence }) => sequence);
  const visitor = createVisitor(sandbox.credentials.baseUrl);
  const targets = ["/notifications", ...sequences.map((sequence) => `/notifications/${sequence}`)];
  const pages = await Promise.all(targets.map((target) => visitor.get(target)));
  return pages.map(({ text }) => removeVolatile(/<main.*<\/main>/s.exec(text)?.[0] ?? ""));
}

const getTitles = (html: string): readonly string[] =>
  [...html.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title = ""]) => title.replace(/(?<=^Failed: ).*/, ""));

test("vaulting timelines and notification pages are complete after restarts in the middle and at the end of each history", async () => {
  using directory = createTemporaryDirectory();
  const data = directory.path;
  let sandbox = await startSandbox({ data });
  onTestFinished(() => sandbox.close(0));
  const failing = new Set(["resent"]);
  const reply = ({ id }: { readonly id: string }): Reply => (failing.delete(id) ? { status: 500 } : "acknowledge");
  await using listener = await startListener(sandbox.credentials, reply);
  const port = Number(new URL(sandbox.credentials.baseUrl).port);
  const restart = async () => {
    await sandbox.close();
    sandbox = await startSandbox({ data, port });
  };
  const run = async (half: 0 | 1) => {
    for (const [id, history] of Object.entries(HISTORIES))
      for (const step of history[half]) await step(sandbox, id, listener.url);
  };
  const readAll = async () => [
    ...(await Promise.all(Object.keys(HISTORIES).map((id) => readHistory(sandbox, id)))),
    ...(await readNotifications(sandbox)),
  ];

  await run(0);
  const middle = await readAll();
  await restart();
  expect(await readAll()).toEqual(middle);
  await run(1);
  const end = await readAll();
  for (const [index, [id, [, , titles]]] of Object.entries(HISTORIES).entries()) {
    expect(
      getTitles(end[index] ?? "").filter((title) => !/^Next notification/.test(title)),
      id,
    ).toEqual(titles);
  }
  const calls = await sandbox.calls({ limit: 1000 });
  await restart();
  expect(await readAll()).toEqual(end);
  expect(await sandbox.calls({ limit: 1000 })).toEqual(calls);
  expect(calls.map(({ sequence }) => sequence)).toEqual(calls.map((_, index) => index + 1));
});

test("the pages of a call with a rejected signature and of a call from the dashboard are the same after a restart", async () => {
  using directory = createTemporaryDirectory();
  const data = directory.path;
  let sandbox = await startSandbox({ data });
  onTestFinished(() => sandbox.close(0));
  const { baseUrl, clientId } = sandbox.credentials;
  const other = await sandbox.addClient("SHOP");
  await callDirectly({ ...other, baseUrl, clientId }, "inquireVaulting", { vaultingRequestId: "1" });
  const visitor = createVisitor(baseUrl);
  await visitor.get("/send");
  await visitor.post("/send", { card: "visa" });
  await expect.poll(async () => (await sandbox.calls())[0]?.note).toContain("the key of client SHOP");
  const readPages = async () => {
    const pages = await Promise.all([1, 2].map((number) => createVisitor(baseUrl).get(`/calls/${number}`)));
    return pages.map(({ text }) => /<main.*<\/main>/s.exec(text)?.[0]);
  };
  const before = await readPages();
  await sandbox.close();
  sandbox = await startSandbox({ data, port: Number(new URL(baseUrl).port) });
  expect(await readPages()).toEqual(before);
  expect(await sandbox.calls()).toMatchObject([{ rejectedSignature: {} }, { source: "dashboard" }]);
});

test("a call stays in the log if the process is killed 2 seconds after the call", async () => {
  using directory = createTemporaryDirectory();
  const killed = await startInstrumentedSandbox(directory.path);
  const { credentials } = killed;
  const call = () => callDirectly(credentials, "vaultPaymentMethod", createVaultRequest({ id: "kept" }));
  await call();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await killed.kill("SIGKILL");
  await using sandbox = await startSandbox({ data: directory.path, port: Number(new URL(credentials.baseUrl).port) });
  await call();
  const titles = getTitles(await readHistory(sandbox, "kept"));
  expect(titles.filter((title) => !title.startsWith("Notification"))).toEqual([
    ...["vaultPaymentMethod called", "Vaulted", "vaultPaymentMethod called again", "Next notification attempt"],
  ]);
  expect(await sandbox.calls()).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
});
