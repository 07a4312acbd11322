import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { formatVaultingPath } from "../../control-api/sandbox-paths.ts";
import { findAxe, findViolations } from "../../testing/browser/axe.ts";
import { findBrowser, openWindow, startBrowser } from "../../testing/browser/browser.ts";
import {
  CARD,
  callDirectly,
  createId,
  createSessionRequest,
  createVaultRequest,
  type Listener,
  type RequestOptions,
  startListener,
} from "../../testing/sandbox/sandbox.ts";
import { findFreePort } from "../../testing/servers/free-port.ts";
import { startPrefixProxy } from "../../testing/servers/prefix-proxy.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

const found = findBrowser();
if (found === undefined)
  console.warn("SKIPPED: no browser. Set CHROME_PATH, or install chromium, to test the dashboard in a real one.");

const axe = findAxe();
if (axe === undefined)
  console.warn("SKIPPED: no axe. Set AXE_PATH, or install axe-core, to hold the dashboard against it.");

/** Where screenshots are put for people to look at; nowhere unless it is set. */
const SHOTS = process.env["ANTOM_VAULT_SCREENSHOTS"];

let browser: Browser;
let sandbox: RunningSandbox;
let listener: Listener;
beforeAll(async () => {
  if (found !== undefined) browser = await startBrowser(found);
});
afterAll(async () => {
  if (found !== undefined) await browser.close();
});
beforeEach(async () => {
  sandbox = await startSandbox();
  // The first attempt of each vaulting fails, and the second does not.
  const tried = new Set<string>();
  listener = await startListener(sandbox.credentials, ({ id }) => {
    if (tried.has(id)) return "acknowledge";
    tried.add(id);
    return { status: 500 };
  });
});
afterEach(async () => {
  await sandbox.close(0);
  await listener[Symbol.asyncDispose]();
});

async function vault(wanted: RequestOptions = {}): Promise<string> {
  const { id = createId() } = wanted;
  await callDirectly(
    sandbox.credentials,
    "vaultPaymentMethod",
    createVaultRequest({ url: listener.url, ...wanted, id }),
  );
  return id;
}

const at = (path: string): string => sandbox.credentials.baseUrl + path;
const pageOf = (vaultingRequestId: string): string =>
  at(formatVaultingPath({ clientId: sandbox.credentials.clientId, vaultingRequestId }));

/** What must hold for every page, however wide the window is. */
async function expectGood(page: Page, width: number, name: string): Promise<void> {
  // Of what the renderer of the reference made, axe is the judge.
  const measured =
    (await page.evaluate(`const own = (selector) => [...document.querySelectorAll(selector)].filter((each) => !each.closest(".swagger-ui")); ({
    wide: document.documentElement.scrollWidth,
    unlabelled: own("input:not([type=hidden]), select").filter((each) => each.labels.length !== 1).map((each) => each.outerHTML),
    nameless: own("a, button, summary").filter((each) => !(each.getAttribute("aria-label") ?? each.textContent).trim()).map((each) => each.outerHTML),
    headings: [...document.querySelectorAll("h1, h2, h3")].filter((each) => each.checkVisibility()).map((each) => Number(each.tagName[1])),
    landmarks: ["main", "header", "nav", "footer"].map((each) => document.querySelectorAll(each).length > 0),
    ids: own("[id]").map((each) => each.id),
    small: own("a.button, button, select, input:not([type=hidden])").filter((each) => { const { width, height } = each.getBoundingClientRect(); return width > 0 && (width < 13 || height < 13); }).map((each) => each.outerHTML),
  })`)) as {
      readonly wide: number;
      readonly unlabelled: readonly string[];
      readonly nameless: readonly string[];
      readonly headings: readonly number[];
      readonly landmarks: readonly boolean[];
      readonly ids: readonly string[];
      readonly small: readonly string[];
    };
  expect(measured.wide, name).toBeLessThanOrEqual(width);
  expect(measured, name).toMatchObject({
    unlabelled: [],
    nameless: [],
    small: [],
    landmarks: [true, true, true, true],
  });
  expect(
    measured.headings.filter((each) => each === 1),
    name,
  ).toHaveLength(1);
  expect(
    measured.headings.every((each, index) => each - (measured.headings[index - 1] ?? 0) <= 1),
    name,
  ).toBe(true);
  expect(new Set(measured.ids).size, name).toBe(measured.ids.length);
  // Where no script runs, axe does not either.
  const scripted = (await page.locator("html.js").count()) > 0;
  if (axe !== undefined && scripted) expect(await findViolations(page, axe), name).toEqual([]);
  if (SHOTS === undefined) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `dashboard-${name}-${width}.png`), fullPage: true });
}

describe.skipIf(found === undefined).each([
  { width: 360, javaScriptEnabled: true },
  { width: 360, javaScriptEnabled: false },
  { width: 1280, javaScriptEnabled: true },
  { width: 1280, javaScriptEnabled: false },
])("$width pixels wide, JavaScript $javaScriptEnabled", ({ width, javaScriptEnabled }) => {
  const open = () => openWindow(browser, { width, javaScriptEnabled, dark: (width === 360) === javaScriptEnabled });
  const said = (page: Page, text: string) => page.locator(".said", { hasText: text }).waitFor();

  test("from the list to a challenge: it is ended, notified, sent again", async () => {
    const id = await vault({ cardNo: CARD.challenges });
    await vault({ cardNo: CARD.fails });
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await page.goto(at("/"));
    await expectGood(page, width, "list");
    await page.getByLabel("Status").selectOption("PROCESSING");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
    await page.getByRole("link", { name: id }).click();
    await expectGood(page, width, "waiting");
    expect(await page.getByRole("link", { name: "Open the challenge page" }).getAttribute("href")).toContain("/3ds/");
    await page.getByLabel("End the challenge as").selectOption("passed");
    await page.getByRole("button", { name: "End challenge" }).click();
    await said(page, "The challenge has ended.");
    await sandbox.notifications.waitFor(id, { attempts: 1 });
    await page.goto(pageOf(id));
    await page.getByRole("heading", { name: "Notification, attempt 1" }).waitFor();
    await page.getByRole("button", { name: "Move the clock to the next attempt" }).click();
    await said(page, "The clock was moved.");
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    await page.goto(pageOf(id));
    await page.getByText(/^Acknowledged\./).waitFor();
    await page.getByText("Text that was signed").first().click();
    await page.getByText("Replay as curl").first().click();
    await expectGood(page, width, "story");
    await page.getByRole("button", { name: "Resend the notification" }).click();
    await said(page, "The notification is sent again.");
    await listener.waitForDeliveries(3, id);
    expect(consoleErrors).toEqual([]);
  });

  test("exchanges, and one of them", async () => {
    await vault();
    await fetch(at("/no/such/path"), { method: "POST" });
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", { vaultingRequestId: "wrong", env: null });
    await callDirectly({ ...sandbox.credentials, clientId: "NOBODY" }, "inquireVaulting", { vaultingRequestId: "x" });
    await callDirectly(sandbox.credentials, "createVaultingSession", createSessionRequest());
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await page.goto(at("/"));
    await page.getByRole("link", { name: "Exchanges" }).click();
    await expectGood(page, width, "calls");
    await page.getByText("The client ID is unknown.").waitFor();
    await page.getByLabel("Search").fill("wrong");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
    await page.getByRole("link", { name: "vaultPaymentMethod" }).click();
    await page.getByText("PARAM_ILLEGAL").first().waitFor();
    await expectGood(page, width, "call");
    await page.getByRole("link", { name: "wrong" }).click();
    await page.getByText("No vaulting was begun under this ID").waitFor();
    await expectGood(page, width, "rejected");
    expect(consoleErrors).toEqual([]);
  });

  test("every control", async () => {
    await vault();
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await page.goto(at("/controls"));
    await page.getByRole("button", { name: "10 min" }).click();
    await said(page, "The clock was moved.");
    await page.getByLabel("Or by so many seconds").fill("30");
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await page.getByText("10 min 30 s ahead of the machine").waitFor();
    await page.getByLabel("Operation and result code").selectOption("inquireVaulting UNKNOWN_EXCEPTION");
    await page.getByRole("button", { name: "Switch on" }).click();
    await said(page, "The scenario is on.");
    await page.locator("select[name=fault]").selectOption("notification-delayed");
    await page.getByLabel("Late by, ms").fill("5");
    await page.getByRole("button", { name: "Inject" }).click();
    await said(page, "The fault is injected.");
    await expectGood(page, width, "controls");
    await page.getByRole("button", { name: "End the scenarios of inquireVaulting" }).click();
    await said(page, "The scenario is over.");
    await page.getByRole("button", { name: "Take all back" }).click();
    await said(page, "No fault is left.");
    await page.getByRole("button", { name: "Back to the machine’s time" }).click();
    await page.getByText("the machine’s own time").waitFor();
    await page.getByText("Forget everything…").click();
    await page.getByLabel(/Yes, forget/).check();
    await page.getByRole("button", { name: "Forget everything" }).click();
    await said(page, "Everything is forgotten.");
    expect(await sandbox.vaultings.list()).toEqual([]);
    await page.getByRole("link", { name: "Vaultings" }).click();
    await page.getByText("No vaulting yet.").waitFor();
    await expectGood(page, width, "empty");
    expect(consoleErrors).toEqual([]);
  });

  test("test cards, credentials and the next key", async () => {
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await page.goto(at("/"));
    await page.getByRole("link", { name: "Test cards" }).click();
    await page.getByText("5162 7741 1497 4622").waitFor();
    await expectGood(page, width, "cards");
    expect(await page.locator("button.copy:visible").count()).toBe(
      javaScriptEnabled ? await page.locator("button.copy").count() : 0,
    );
    await page.getByRole("link", { name: "Credentials" }).click();
    await page.getByText("Replace the signing key…").click();
    await page.getByRole("button", { name: "Replace the key" }).click();
    await said(page, "The next key signs from now on.");
    await page.getByRole("heading", { name: "Version 2" }).waitFor();
    await expectGood(page, width, "credentials");
    expect(consoleErrors).toEqual([]);
  });
});

describe.skipIf(found === undefined)("the reference, in a browser", () => {
  test.each([
    { width: 360, dark: true },
    { width: 1280, dark: false },
  ])("$width pixels wide: what is tried is signed, answered and seen", async ({ width, dark }) => {
    await using opened = await openWindow(browser, { width, dark });
    const { page, consoleErrors } = opened;
    await page.goto(at("/"));
    await page.getByRole("link", { name: "Reference" }).click();
    const operation = page.locator("#operations-Vault-vaultPaymentMethod");
    await operation.waitFor();
    await expectGood(page, width, "reference");
    await operation.locator(".opblock-summary-control").click();
    const body = operation.getByLabel("Request body");
    await body.fill(JSON.stringify(createVaultRequest({ id: "tried <b>" })));
    await operation.getByRole("button", { name: "Execute" }).click();
    await operation.locator(".live-responses-table").getByText('"success."').waitFor();
    await expectGood(page, width, "reference-tried");
    expect(sandbox.calls()).toMatchObject([{ signed: true, resultCode: "SUCCESS", vaultingRequestId: "tried <b>" }]);
    await body.fill(JSON.stringify({ vaultingRequestId: "wrong" }));
    await operation.getByRole("button", { name: "Execute" }).click();
    await operation.locator(".live-responses-table").getByText('"PARAM_ILLEGAL"').waitFor();
    await page.getByRole("link", { name: "Vaultings" }).first().click();
    await page.getByRole("link", { name: "tried <b>" }).waitFor();
    expect(consoleErrors).toEqual([]);
  });

  test("behind another server, below a path of that one, it is signed as the gateway sees it", async () => {
    const port = await findFreePort();
    await using proxy = await startPrefixProxy("/vault", port);
    await using behind = await startSandbox({ port, publicUrl: proxy.url });
    await using opened = await openWindow(browser);
    const { page, consoleErrors } = opened;
    await page.goto(`${proxy.url}/reference`);
    const operation = page.locator("#operations-Vault-inquireVaulting");
    await operation.locator(".opblock-summary-control").click();
    await operation.getByRole("button", { name: "Execute" }).click();
    await operation.locator(".live-responses-table").getByText('"VAULTING_NOT_EXIST"').waitFor();
    expect(behind.calls()).toMatchObject([{ signed: true }]);
    expect(consoleErrors).toEqual([]);
  });

  test("without a script the operations, the codes and the signature are there", async () => {
    await using opened = await openWindow(browser, { width: 360, javaScriptEnabled: false });
    const { page, consoleErrors } = opened;
    await page.goto(at("/reference"));
    await page.getByText("POST /ams/sandbox/api/v1/vaults/vaultPaymentMethod", { exact: true }).waitFor();
    await page.getByText("VAULTING_NOT_EXIST").waitFor();
    await expectGood(page, 360, "reference-plain");
    expect(consoleErrors).toEqual([]);
  });

  test("the operation that sends a notification is shown, and cannot be tried", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(at("/reference"));
    const webhook = page.locator(".opblock", { hasText: "notifyVaulting" });
    await webhook.locator(".opblock-summary-control").click();
    await webhook.getByText("Acknowledge").first().waitFor();
    expect(await webhook.getByRole("button", { name: "Execute" }).count()).toBe(0);
  });
});

describe.skipIf(found === undefined)("live, in a browser", () => {
  test("what happens is seen at once, and what somebody reads and does stays", async () => {
    await vault();
    await using opened = await openWindow(browser);
    const { page, consoleErrors } = opened;
    await page.goto(at("/"));
    await page.getByText("Live", { exact: true }).waitFor();
    const first = page.locator("tbody th a").first();
    const firstId = await first.textContent();
    await first.focus();
    const id = await vault({ cardNo: CARD.challenges });
    const row = page.locator("tbody tr", { hasText: id });
    await row.waitFor();
    expect(await row.getAttribute("class")).toBe("new");
    expect(await page.evaluate("document.activeElement.textContent")).toBe(firstId);
    await sandbox.vaultings.completeChallenge(id, "rejected");
    await row.getByText("FAIL").waitFor();
    expect(consoleErrors).toEqual([]);
  });

  test("on a vaulting's page each attempt appears, and what is opened stays open", async () => {
    const id = await vault();
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(pageOf(id));
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByText("Replay as client code").click();
    await page.getByRole("heading", { name: "Notification, attempt 1" }).waitFor();
    await sandbox.clock.advance(130_000);
    await page.getByText(/^Acknowledged\./).waitFor();
    await page.getByText("2 min 10 s ahead of the machine").waitFor();
    expect(await page.getByText("await vault.vaultPaymentMethod").isVisible()).toBe(true);
  });

  test("a search as it is typed, which a reload and a link keep", async () => {
    const id = await vault({ id: "needle <b>\u202e" });
    await vault();
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(at("/"));
    await page.getByLabel("Search").pressSequentially("needle");
    await expect.poll(() => new URL(page.url()).search).toBe("?q=needle");
    await expect.poll(() => page.locator("tbody th").allTextContents()).toEqual(["needle <b>⟨U+202E⟩"]);
    await page.reload();
    expect(await page.locator("tbody tr").count()).toBe(1);
    expect(await page.getByLabel("Search").inputValue()).toBe("needle");
    await page.locator("tbody th a").click();
    await page.getByRole("heading", { name: "needle <b>⟨U+202E⟩" }).waitFor();
    expect(await page.getByRole("button", { name: "Copy the ID" }).getAttribute("data-copy")).toBe(id);
  });

  test("copying gives what was shown, to the byte", async () => {
    await using opened = await openWindow(browser);
    const { page, context } = opened;
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: at("") });
    await page.goto(at("/test-cards"));
    await page.getByRole("button", { name: "Copy the number 4622" }).click();
    await page.getByRole("button", { name: "Copy the number 4622" }).getByText("Copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("5162774114974622");
  });

  test("a sandbox that stops is told, and one that is there again is live again", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(at("/"));
    await page.getByText("Live", { exact: true }).waitFor();
    const port = Number(new URL(sandbox.credentials.baseUrl).port);
    await sandbox.close(30_000);
    await page.getByText("The sandbox does not answer").waitFor();
    sandbox = await startSandbox({ port });
    await page.getByText("Live", { exact: true }).waitFor();
    await vault({ id: "afterwards", url: "http://127.0.0.1:22/" });
    await page.getByRole("link", { name: "afterwards" }).waitFor();
  });

  test("with the keyboard alone: past the head, into the list, to a page", async () => {
    const id = await vault();
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(at("/"));
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("To the content");
    await page.keyboard.press("Enter");
    for (let presses = 0; presses < 5; presses++) await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe(id);
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    expect(outline).toBe("solid");
    await page.keyboard.press("Enter");
    await page.waitForURL(pageOf(id));
  });
});

describe.skipIf(found === undefined)("against a hostile page, in a browser", () => {
  const EVIL = "http://localhost:1/evil";

  test("a form elsewhere moves nothing, though it knows the token", async () => {
    await using opened = await openWindow(browser);
    const { page, context } = opened;
    await page.goto(at("/controls"));
    const token = await page.locator("input[name=token]").first().inputValue();
    const other = await context.newPage();
    const body = `<form method="post" action="${at("/controls")}"><input name="token" value="${token}"><input name="action" value="advance-60000"></form><script>document.forms[0].submit()</script>`;
    await other.route(EVIL, (route) => route.fulfill({ contentType: "text/html", body }));
    await other.goto(EVIL);
    await other.getByRole("heading", { name: "Not from there" }).waitFor();
    expect((await sandbox.health()).clock.offsetMs).toBe(0);
  });

  test("it is shown in no frame, and a link leads to it", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    const body = `<iframe src="${at("/")}"></iframe><a href="${at("/")}">link</a>`;
    await page.route(EVIL, (route) => route.fulfill({ contentType: "text/html", body }));
    await page.goto(EVIL);
    await expect.poll(() => page.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
    await page.getByRole("link").click();
    await page.getByRole("heading", { name: "Vaultings" }).waitFor();
  });

  test("where others can reach it, one signs in by the form, and everything works, the events too", async () => {
    await using exposed = await startSandbox({ controlToken: "open sesame" });
    const { baseUrl } = exposed.credentials;
    await using opened = await openWindow(browser, { width: 360 });
    const { page, consoleErrors } = opened;
    await page.goto(`${baseUrl}/controls`);
    await page.getByLabel("Control token").fill("open sesam");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Control token").fill("open sesame");
    await page.keyboard.press("Enter");
    await page.getByText("Live", { exact: true }).waitFor();
    await callDirectly(exposed.credentials, "vaultPaymentMethod", createVaultRequest({ id: "seen" }));
    await page.getByRole("link", { name: "seen" }).waitFor();
    await expectGood(page, 360, "signed-in");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(consoleErrors.filter((each) => !each.includes("403"))).toEqual([]);
  });
});
