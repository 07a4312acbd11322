import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../../generated/operations.ts";
import { formatVaultingPath } from "../../control-api/sandbox-paths.ts";
import { createVisitor, expectSafe, type Visitor } from "../../testing/browser/visitor.ts";
import { CARD, callDirectly, createId, createVaultRequest } from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";
import { scenarioGroup } from "./pages/choices.ts";

let sandbox: RunningSandbox;
let browser: Visitor;
let cardToken: string;
const call = (operation: string, request: object) => callDirectly(sandbox.credentials, operation as never, request);
beforeAll(async () => {
  sandbox = await startSandbox();
  browser = createVisitor(sandbox.credentials.baseUrl);
  await call("vaultPaymentMethod", createVaultRequest({ id: "good" }));
  await call("vaultPaymentMethod", createVaultRequest({ id: "declined", cardNo: CARD.fails }));
  await call("vaultPaymentMethod", createVaultRequest({ id: "waiting", cardNo: CARD.challenges }));
  await call("vaultPaymentMethod", { vaultingRequestId: "incomplete", env: null });
  cardToken = (await sandbox.vaultings.get("good"))?.cardToken ?? "";
});
afterAll(() => sandbox.close(0));

const getText = async (target: string) => (await browser.get(target)).text;

/** Returns the link targets and texts of the chips. */
const listChips = async (target: string) =>
  [...(await getText(target)).matchAll(/<a class="chip[^"]*" href="([^"]*)">(.*?)<\/a>/gs)].map(
    ([, href = "", text = ""]) => [
      href.replaceAll("&amp;", "&"),
      text
        .replace(/<[^>]*>/g, "")
        .replace(/\s+/g, " ")
        .trim(),
    ],
  );

describe("the lists", () => {
  test("offer each status or outcome with the number of matches", async () => {
    expect(await listChips("/")).toEqual([
      ["/?status=PROCESSING", "PROCESSING 1"],
      ["/?status=SUCCESS", "SUCCESS 1"],
      ["/?status=FAIL", "FAIL 1"],
    ]);
    expect(await listChips("/calls?q=declined")).toEqual([
      ["/calls", "Remove filter Search: declined ×"],
      ["/calls?q=declined&kind=signature", "Invalid signature 0"],
      ["/calls?q=declined&kind=rejected", "Rejected or failed 1"],
      ["/calls?q=declined&kind=unknown", "Unknown or dropped 0"],
      ["/calls?q=declined&kind=success", "Successful 0"],
    ]);
  });

  test("have no chips in an empty list", async () => {
    await using separateSandbox = await startSandbox();
    expect((await createVisitor(separateSandbox.credentials.baseUrl).get("/")).text).not.toContain('class="chip');
  });

  test("can be removed one by one", async () => {
    const chips = await listChips(`/?q=visa&status=FAIL&clientId=${sandbox.credentials.clientId}`);
    expect(chips.slice(0, 3)).toEqual([
      [`/?status=FAIL&clientId=${sandbox.credentials.clientId}`, "Remove filter Search: visa ×"],
      [`/?q=visa&clientId=${sandbox.credentials.clientId}`, "Remove filter Status: FAIL 1 ×"],
      ["/?q=visa&status=FAIL", `Remove filter Client: ${sandbox.credentials.clientId} ×`],
    ]);
  });

  test.each([
    ["the ID", () => "good"],
    ["the brand", () => "visa"],
    ["the last 4 digits", () => CARD.vaults.slice(-4)],
    ["the end of the token", () => cardToken.slice(-8)],
    ["the client", () => sandbox.credentials.clientId.toLowerCase()],
    ["the result code", () => "success"],
  ])("find vaultings and API calls by %s", async (_, getSearch) => {
    const query = new URLSearchParams({ q: getSearch() });
    for (const path of ["/", "/calls"]) expect(await getText(`${path}?${query}`)).toContain(">good</bdi></a>");
  });

  test("find API calls by the vaulting status that they returned", async () => {
    await call("inquireVaulting", { vaultingRequestId: "waiting" });
    expect(await listChips("/calls?q=processing")).toContainEqual(["/calls?q=processing&kind=success", "Successful 1"]);
  });

  test("without matches link to the lists that have matches", async () => {
    expect(await getText("/?q=incomplete")).toContain(
      '<a href="/calls?q=incomplete">1 API call matches your search</a>',
    );
    expect(await getText("/calls?q=CARD_EXPIRED")).toContain(
      '<a href="/?q=CARD_EXPIRED">1 vaulting matches your search</a>',
    );
    expect(await getText("/calls?q=nowhere")).not.toContain("your search");
  });

  test("and exports never contain a card number that was pasted into the search", async () => {
    for (const path of ["/", "/calls"]) {
      const text = await getText(`${path}?q=${CARD.vaults}`);
      expect(text).toContain(">good</bdi></a>");
      expect(text).not.toContain(CARD.vaults);
    }
    for (const target of ["/notifications?", "/?format=json&", "/calls?format=json&", "/notifications?format=json&"])
      expect(await getText(`${target}q=${CARD.vaults}`)).not.toContain(CARD.vaults);
  });
});

describe("the list of notifications", () => {
  test("has filters, an export, and links to the other lists", async () => {
    await expect.poll(async () => (await sandbox.notifications.list()).length).toBe(2);
    expect((await listChips("/notifications?q=good")).map(([href]) => href)).toEqual([
      "/notifications",
      "/notifications?q=good&state=PENDING",
      "/notifications?q=good&state=ACKNOWLEDGED",
      "/notifications?q=good&state=EXHAUSTED",
    ]);
    const { text } = await browser.get("/notifications?q=GOOD&format=json");
    expect(JSON.parse(text).notifications).toMatchObject([{ vaultingRequestId: "good" }]);
    expect(await getText("/notifications?q=waiting")).toContain(
      '<a href="/?q=waiting">1 vaulting matches your search</a>',
    );
    expect(await getText("/?q=notify")).not.toContain("your search");
  });
});

describe("the export of a list", () => {
  test("is a JSON file with the filtered rows, as the control API returns them", async () => {
    const page = await browser.get("/?status=FAIL&format=json");
    expect(page.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "content-disposition": expect.stringMatching(/^attachment; filename="vaultings-[\dT-]+\.json"$/),
      "cache-control": "no-store",
    });
    const exported = JSON.parse(page.text);
    expect(exported).toMatchObject({ filter: { status: "FAIL" }, isComplete: true });
    expect(exported.vaultings).toEqual(await sandbox.vaultings.list({ status: "FAIL" }));
  });

  test("contains calls with masked card data", async () => {
    const { text } = await browser.get("/calls?q=good&format=json");
    expect(JSON.parse(text).calls).toMatchObject([{ vaultingRequestId: "good", resultCode: "SUCCESS" }]);
    expect(text).not.toMatch(new RegExp(`${CARD.vaults}|"cvv\\\\":\\\\"123`));
  });
});

describe("the result code page", () => {
  test("has an anchor for every code that a page links to", async () => {
    const codes = await browser.get("/reference/result-codes");
    expectSafe(codes);
    const anchors = new Set([...codes.text.matchAll(/<tr id="([^"]*)"/g)].map(([, id]) => id));
    const paths = ["good", "declined", "waiting"].map((vaultingRequestId) =>
      formatVaultingPath({ clientId: sandbox.credentials.clientId, vaultingRequestId }),
    );
    for (const operation of operations)
      for (const { title } of scenarioGroup(operation).choices.slice(0, 1))
        sandbox.scenarios.start({ operation, resultCode: title });
    for (const target of ["/", "/calls", "/calls/1", "/notifications", "/controls", "/test-cards", ...paths]) {
      const linked = [...(await getText(target)).matchAll(/href="\/reference\/result-codes#([^"]*)"/g)].map(
        ([, id]) => id,
      );
      expect([target, linked.length > 0]).toEqual([target, true]);
      expect(linked.filter((id) => !anchors.has(id))).toEqual([]);
    }
    sandbox.scenarios.end();
  });
});

describe("the scenario and fault choices", () => {
  test("all have an explanation", async () => {
    const text = await getText("/controls");
    const choices = [...text.matchAll(/<span class="code-word">([^<]*)<\/span><small>([^<]*)<\/small>/g)];
    expect(choices.length).toBeGreaterThan(60);
    expect(choices.filter(([, , explanation = ""]) => !/^[A-Z].*\.\)?$/s.test(explanation))).toEqual([]);
  });
});

test("a vaulting's page shows milliseconds if several events occur in the same second", async () => {
  const path = formatVaultingPath({ clientId: sandbox.credentials.clientId, vaultingRequestId: createId() });
  expect((await browser.get(path)).status).toBe(404);
  const text = await getText(formatVaultingPath({ clientId: sandbox.credentials.clientId, vaultingRequestId: "good" }));
  expect(text).toMatch(/<time datetime="[^"]+Z" title="[^"]+Z">\d\d:\d\d:\d\d\.\d{3}<\/time> <small class="age"/);
});
