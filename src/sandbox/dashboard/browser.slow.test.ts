import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { formatVaultingPath } from "../../control-api/sandbox-paths.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../signature/index.ts";
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

const browserPath = findBrowser();
if (browserPath === undefined)
  console.warn("SKIPPED: no browser found. Install Chromium or set CHROME_PATH to test the dashboard in a browser.");

const axe = findAxe();
if (axe === undefined) console.warn("SKIPPED: axe-core not found. Install it or set AXE_PATH to check accessibility.");

/** The directory for screenshots. If it is not set, the tests take no screenshots. */
const SCREENSHOTS = process.env["ANTOM_VAULT_SCREENSHOTS"];

let browser: Browser;
let sandbox: RunningSandbox;
let listener: Listener;
beforeAll(async () => {
  if (browserPath !== undefined) browser = await startBrowser(browserPath);
});
afterAll(async () => {
  if (browserPath !== undefined) await browser.close();
});
beforeEach(async () => {
  sandbox = await startSandbox();
  // The first notification attempt for each vaulting fails, and the second succeeds.
  const attempted = new Set<string>();
  listener = await startListener(sandbox.credentials, ({ id }) => {
    if (attempted.has(id)) return "acknowledge";
    attempted.add(id);
    return { status: 500 };
  });
});
afterEach(async () => {
  await sandbox.close(0);
  await listener[Symbol.asyncDispose]();
});

async function vault(options: RequestOptions = {}): Promise<string> {
  const { id = createId() } = options;
  await callDirectly(
    sandbox.credentials,
    "vaultPaymentMethod",
    createVaultRequest({ url: listener.url, ...options, id }),
  );
  return id;
}

const toUrl = (path: string): string => sandbox.credentials.baseUrl + path;
const getPageUrl = (vaultingRequestId: string): string =>
  toUrl(formatVaultingPath({ clientId: sandbox.credentials.clientId, vaultingRequestId }));

/** Checks the layout and the accessibility of a page. */
async function checkPage(page: Page, width: number, name: string): Promise<void> {
  // A click returns before the next page has loaded.
  await page.waitForLoadState();
  // Elements of Swagger UI are checked only by axe.
  const measured =
    (await page.evaluate(`const find = (selector) => [...document.querySelectorAll(selector)].filter((element) => !element.closest(".swagger-ui")); ({
    scrollWidth: document.documentElement.scrollWidth,
    unlabeled: find("input:not([type=hidden]), select, textarea").filter((element) => element.labels.length !== 1).map((element) => element.outerHTML),
    nameless: find("a, button, summary").filter((element) => !(element.getAttribute("aria-label") ?? element.textContent).trim()).map((element) => element.outerHTML),
    headings: [...document.querySelectorAll("h1, h2, h3")].filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.tagName[1])),
    landmarks: ["main", "header", "nav", "footer"].map((name) => document.querySelectorAll(name).length > 0),
    ids: find("[id]").map((element) => element.id),
    tooSmall: find("a.button, button, select, summary, nav a, table a, .chips a, .breadcrumb a, input:not([type=hidden])").filter((element) => { const { width, height } = element.getBoundingClientRect(); return width > 0 && (element.type === "radio" || element.type === "checkbox" ? element.labels[0].getBoundingClientRect().height < 24 : width < 24 || height < 24); }).map((element) => element.outerHTML),
    tooSmallText: find("body *").filter((element) => element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "") && parseFloat(getComputedStyle(element).fontSize) < 12).map((element) => element.outerHTML),
  })`)) as {
      readonly scrollWidth: number;
      readonly unlabeled: readonly string[];
      readonly nameless: readonly string[];
      readonly headings: readonly number[];
      readonly landmarks: readonly boolean[];
      readonly ids: readonly string[];
      readonly tooSmall: readonly string[];
      readonly tooSmallText: readonly string[];
    };
  expect(measured.scrollWidth, name).toBeLessThanOrEqual(width);
  expect(measured, name).toMatchObject({
    unlabeled: [],
    nameless: [],
    tooSmall: [],
    tooSmallText: [],
    landmarks: [true, true, true, true],
  });
  expect(
    measured.headings.filter((level) => level === 1),
    name,
  ).toHaveLength(1);
  expect(
    measured.headings.every((level, index) => level - (measured.headings[index - 1] ?? 0) <= 1),
    name,
  ).toBe(true);
  expect(new Set(measured.ids).size, name).toBe(measured.ids.length);
  // axe requires JavaScript.
  const scripted = (await page.locator("html.js").count()) > 0;
  if (axe !== undefined && scripted) expect(await findViolations(page, axe), name).toEqual([]);
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `dashboard-${name}-${width}.png`), fullPage: true });
}

describe.skipIf(browserPath === undefined).each([
  { width: 360, javaScriptEnabled: true },
  { width: 1280, javaScriptEnabled: true },
  { width: 1280, javaScriptEnabled: false },
])("the dashboard in a browser, $width pixels wide, JavaScript: $javaScriptEnabled", ({ width, javaScriptEnabled }) => {
  const open = () => openWindow(browser, { width, javaScriptEnabled, dark: (width === 360) === javaScriptEnabled });
  const expectFlash = (page: Page, text: string) => page.locator(".flash", { hasText: text }).waitFor();

  test("completes a challenge, moves the clock, and resends a notification", async () => {
    const id = await vault({ cardNo: CARD.challenges });
    await vault({ cardNo: CARD.fails });
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await page.goto(toUrl("/"));
    await checkPage(page, width, "list");
    await page.getByLabel("Status").selectOption("PROCESSING");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
    await page.getByRole("link", { name: id }).click();
    await checkPage(page, width, "waiting");
    expect(await page.getByRole("link", { name: "Open challenge page" }).getAttribute("href")).toContain("/3ds/");
    await page.getByLabel("Challenge result").selectOption("passed");
    await page.getByRole("button", { name: "Complete challenge" }).click();
    await expectFlash(page, "Challenge completed.");
    await sandbox.notifications.waitFor(id, { attempts: 1 });
    await page.goto(getPageUrl(id));
    await page.getByRole("heading", { name: "Notification attempt 1" }).waitFor();
    await page.getByRole("button", { name: "Move clock to next attempt" }).click();
    await expectFlash(page, "Clock moved.");
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    await page.goto(getPageUrl(id));
    await page.getByText(/^Acknowledged\./).waitFor();
    await page.getByText("String to sign").first().click();
    await page.getByText("Replay with curl").first().click();
    await checkPage(page, width, "vaulting");
    await page.getByRole("button", { name: "Resend notification" }).click();
    await expectFlash(page, "Notification resent.");
    await listener.waitForDeliveries(3, id);
    expect(consoleErrors).toEqual([]);
  });

  test("lists API calls and shows the details of a call", async () => {
    await vault();
    await fetch(toUrl("/no/such/path"), { method: "POST" });
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", { vaultingRequestId: "incomplete", env: null });
    await callDirectly({ ...sandbox.credentials, clientId: "UNKNOWN" }, "inquireVaulting", { vaultingRequestId: "x" });
    await callDirectly(sandbox.credentials, "createVaultingSession", createSessionRequest());
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await page.goto(toUrl("/"));
    await page.getByRole("link", { name: "API calls" }).click();
    await checkPage(page, width, "calls");
    await page.getByText("The client ID is unknown.").waitFor();
    await page.getByLabel("Search").fill("incomplete");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
    await page.getByRole("link", { name: "vaultPaymentMethod" }).click();
    await page.getByText("PARAM_ILLEGAL").first().waitFor();
    await checkPage(page, width, "call");
    await page.getByRole("link", { name: "incomplete" }).click();
    await page.getByText("No vaulting exists for this ID").waitFor();
    await checkPage(page, width, "rejected");
    expect(consoleErrors).toEqual([]);
  });

  test("lists notifications, shows the request and response of each attempt, and resends a notification", async () => {
    const id = await vault();
    const failed = await vault({ cardNo: CARD.fails, url: "http://127.0.0.1:22/" });
    const { sequence } = await sandbox.notifications.waitFor(id, { attempts: 1 });
    await sandbox.notifications.waitFor(failed, { attempts: 1 });
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await page.goto(toUrl("/"));
    await page.getByRole("link", { name: "2 pending" }).click();
    await checkPage(page, width, "notifications");
    await page.getByLabel("Last attempt").selectOption("HTTP error");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
    await page.getByRole("link", { name: id }).click();
    await page.getByRole("heading", { name: `Notification ${sequence}` }).waitFor();
    await page.getByText("Your handler failed.").waitFor();
    await page.getByText("String to sign", { exact: true }).click();
    await page.getByText("Send again with curl").click();
    await checkPage(page, width, "notification");
    await page.getByRole("button", { name: "Resend now" }).click();
    await expectFlash(page, "Notification resent.");
    await sandbox.notifications.waitFor(id, { state: "ACKNOWLEDGED" });
    await page.goto(toUrl(`/notifications/${sequence}`));
    await page.getByText("Acknowledged. HTTP 200.").waitFor();
    await page.getByRole("link", { name: id }).click();
    await page.getByRole("link", { name: "Request and response for attempt 2" }).click();
    await page.waitForURL(toUrl(`/notifications/${sequence}#attempt-2`));
    await page.goto(toUrl("/notifications?q=none"));
    await page.getByText("No notifications match your filters.").waitFor();
    expect(consoleErrors).toEqual([]);
  });

  test("moves the clock, starts a scenario, injects a fault, and resets the sandbox", async () => {
    await vault();
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await page.goto(toUrl("/controls"));
    await page.getByRole("button", { name: "10 min" }).click();
    await expectFlash(page, "Clock moved.");
    await page.getByLabel("Custom duration (seconds)").fill("30");
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await page.getByText("10 min 30 s ahead of system time").waitFor();
    await page.locator('input[value="inquireVaulting UNKNOWN_EXCEPTION"]').check();
    await page.getByRole("button", { name: "Start scenario" }).click();
    await expectFlash(page, "Scenario started.");
    await page.getByRole("radio", { name: "notification-delayed" }).check();
    await page.getByLabel("Delay (ms)").fill("5");
    await page.getByRole("button", { name: "Inject fault" }).click();
    await expectFlash(page, "Fault injected.");
    await checkPage(page, width, "controls");
    await page.getByRole("button", { name: "End scenarios of inquireVaulting" }).click();
    await expectFlash(page, "Scenario ended.");
    await page.getByRole("button", { name: "Clear all faults" }).click();
    await expectFlash(page, "Faults cleared.");
    await page.getByRole("button", { name: "Reset to system time" }).click();
    await page.locator(".status-bar").getByText("system time", { exact: true }).waitFor();
    await page.getByText("Reset sandbox…").click();
    await page.getByLabel(/You cannot undo this/).check();
    await page.getByRole("button", { name: "Reset sandbox" }).click();
    await expectFlash(page, "Sandbox reset.");
    expect(await sandbox.vaultings.list()).toEqual([]);
    await page.getByRole("link", { name: "Vaultings" }).click();
    await page.getByText("No vaultings yet").waitFor();
    await checkPage(page, width, "empty");
    expect(consoleErrors).toEqual([]);
  });

  // Other tests submit the same forms without JavaScript.
  test.runIf(javaScriptEnabled)("vaults a test card, and edits and resends its call", async () => {
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await page.goto(toUrl("/"));
    await checkPage(page, width, "first-steps");
    await page.getByRole("button", { name: "Vault a test card" }).click();
    await expectFlash(page, "Call sent.");
    await page.getByRole("link", { name: "Edit and resend" }).click();
    await page.getByRole("heading", { name: "Send a call" }).waitFor();
    await checkPage(page, width, "send");
    await page.locator("textarea").fill('{ "vaultingRequestId": "1", }');
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("alert").getByText("The body is not JSON (line 1, column").waitFor();
    await checkPage(page, width, "send-error");
    await page.goBack();
    await page.goBack();
    await page.getByRole("link", { name: "Edit and resend" }).click();
    await page.getByLabel("Test card").selectOption("lost-card");
    await page.getByRole("button", { name: "Send" }).click();
    await expectFlash(page, "Call sent.");
    await checkPage(page, width, "sent");
    await page.getByRole("link", { name: "Open timeline" }).click();
    await page.getByRole("heading", { name: "Failed: LOST_CARD" }).waitFor();
    await page.getByRole("link", { name: "Test cards" }).click();
    await page.getByRole("button", { name: "Try it: challenge", exact: true }).click();
    await page.getByRole("link", { name: "Open challenge page" }).waitFor();
    expect(consoleErrors.filter((message) => !message.includes("422"))).toEqual([]);
  });

  test.runIf(javaScriptEnabled)("shows how the signed string differs from the expected string", async () => {
    const { clientId, merchantPrivateKey } = sandbox.credentials;
    const path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";
    const message = { clientId, time: String(Date.now()), body: JSON.stringify(createVaultRequest(), null, 2) };
    const signature = await sign(
      { ...message, path: path.replace("/sandbox", "") },
      await importPrivateKey(merchantPrivateKey),
    );
    const headers = { "content-type": "application/json", "client-id": clientId, "request-time": message.time };
    await fetch(toUrl(path), {
      method: "POST",
      headers: { ...headers, signature: formatSignatureHeader(signature, 1) },
      body: message.body,
    });
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await expect.poll(async () => (await sandbox.calls())[0]?.rejectedSignature?.signedString).toBeDefined();
    await page.goto(toUrl("/calls?kind=signature"));
    await page.getByRole("link", { name: "vaultPaymentMethod" }).click();
    expect(await page.locator("del").allTextContents()).toEqual(["sandbox/"]);
    await checkPage(page, width, "rejected-signature");
    await page.getByRole("link", { name: "Credentials", exact: true }).last().click();
    await page.getByText("Key fingerprint").waitFor();
    expect(consoleErrors).toEqual([]);
  });

  test("shows test cards and credentials, and rotates the signing key", async () => {
    await using opened = await open();
    const { page, consoleErrors } = opened;
    await page.goto(toUrl("/"));
    await page.getByRole("link", { name: "Test cards" }).click();
    await page.getByText("5162 7741 1497 4622").waitFor();
    await checkPage(page, width, "cards");
    expect(await page.locator("button.copy:visible").count()).toBe(
      javaScriptEnabled ? await page.locator("button.copy").count() : 0,
    );
    await page.getByRole("link", { name: "Credentials" }).click();
    await page.getByText("Rotate signing key…").click();
    await page.getByRole("button", { name: "Rotate key" }).click();
    await expectFlash(page, "Signing key rotated.");
    await page.getByRole("heading", { name: "Version 2" }).waitFor();
    await checkPage(page, width, "credentials");
    expect(consoleErrors).toEqual([]);
  });
});

describe.skipIf(browserPath === undefined)("the API reference in a browser", () => {
  test.each([
    { width: 360, dark: true },
    { width: 1280, dark: false },
  ])("signs and sends the calls that users try out (width: $width pixels)", async ({ width, dark }) => {
    await using opened = await openWindow(browser, { width, dark });
    const { page, consoleErrors } = opened;
    await page.goto(toUrl("/"));
    await page.getByRole("link", { name: "API reference" }).click();
    const operation = page.locator("#operations-Vault-vaultPaymentMethod");
    await operation.waitFor();
    await checkPage(page, width, "reference");
    await operation.locator(".opblock-summary-control").click();
    const body = operation.getByLabel("Request body");
    const execute = async () => {
      const count = (await sandbox.calls()).length;
      await operation.getByRole("button", { name: "Execute" }).click();
      await expect.poll(async () => (await sandbox.calls()).length).toBe(count + 1);
      return (await sandbox.calls()).at(-1);
    };
    const [first, second] = [await execute(), await execute()];
    expect(second).toMatchObject({
      signed: true,
      resultCode: "SUCCESS",
      request: expect.not.stringContaining("https"),
    });
    expect(second?.vaultingRequestId).not.toBe(first?.vaultingRequestId);
    await page.getByRole("link", { name: `Open the timeline of ${second?.vaultingRequestId}` }).waitFor();
    await body.fill(JSON.stringify(createVaultRequest({ id: "tried <b>" })));
    expect(await execute()).toMatchObject({ signed: true, resultCode: "SUCCESS", vaultingRequestId: "tried <b>" });
    await operation.locator(".live-responses-table").getByText('"success."').waitFor();
    await checkPage(page, width, "reference-tried");
    await body.fill(JSON.stringify({ vaultingRequestId: "incomplete" }));
    await operation.getByRole("button", { name: "Execute" }).click();
    await operation.locator(".live-responses-table").getByText('"PARAM_ILLEGAL"').waitFor();
    await page.getByRole("link", { name: "Vaultings" }).first().click();
    await page.getByRole("link", { name: "tried <b>" }).waitFor();
    expect(consoleErrors).toEqual([]);
  });

  test("signs the path that the gateway sees behind a reverse proxy", async () => {
    const port = await findFreePort();
    await using proxy = await startPrefixProxy("/vault", port);
    await using proxied = await startSandbox({ port, publicUrl: proxy.url, controlToken: "t" });
    await using opened = await openWindow(browser);
    const { page, consoleErrors } = opened;
    await page.goto(`${proxy.url}/reference`);
    await page.getByLabel("Control token").fill("t");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.goto(`${proxy.url}/reference`);
    const operation = page.locator("#operations-Vault-inquireVaulting");
    await operation.locator(".opblock-summary-control").click();
    await operation.getByRole("button", { name: "Execute" }).click();
    await operation.locator(".live-responses-table").getByText('"VAULTING_NOT_EXIST"').waitFor();
    expect(await proxied.calls()).toMatchObject([{ signed: true }]);
    expect(consoleErrors).toEqual([]);
  });

  test("lists the operations and the result codes without JavaScript", async () => {
    await using opened = await openWindow(browser, { width: 360, javaScriptEnabled: false });
    const { page, consoleErrors } = opened;
    await page.goto(toUrl("/reference"));
    await page.getByText("POST /ams/sandbox/api/v1/vaults/vaultPaymentMethod", { exact: true }).waitFor();
    await checkPage(page, 360, "reference-plain");
    await page.getByRole("link", { name: "Result codes" }).click();
    await page.getByRole("link", { name: "VAULTING_NOT_EXIST" }).waitFor();
    await checkPage(page, 360, "result-codes");
    expect(consoleErrors).toEqual([]);
  });

  test("shows the notification operation, which cannot be tried out", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(toUrl("/reference"));
    const webhook = page.locator(".opblock", { hasText: "notifyVaulting" });
    await webhook.locator(".opblock-summary-control").click();
    await webhook.getByText("Acknowledge").first().waitFor();
    expect(await webhook.getByRole("button", { name: "Execute" }).count()).toBe(0);
  });
});

describe.skipIf(browserPath === undefined)("the live pages in a browser", () => {
  test("add new vaultings immediately and keep the focus", async () => {
    await vault();
    await using opened = await openWindow(browser);
    const { page, consoleErrors } = opened;
    await page.goto(toUrl("/"));
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

  test("add notification attempts to the page of a vaulting and keep sections open", async () => {
    const id = await vault();
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(getPageUrl(id));
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByText("Replay with the client").click();
    await page.getByRole("heading", { name: "Notification attempt 1" }).waitFor();
    await sandbox.clock.advance(130_000);
    await page.getByText(/^Acknowledged\./).waitFor();
    await page.getByText("2 min 10 s ahead of system time").waitFor();
    expect(await page.getByText("await vault.vaultPaymentMethod").isVisible()).toBe(true);
  });

  test("add attempts to the page of a notification and to the list", async () => {
    const id = await vault();
    const { sequence } = await sandbox.notifications.waitFor(id, { attempts: 1 });
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(toUrl(`/notifications/${sequence}`));
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByText("Send again with curl").click();
    await sandbox.clock.advance(130_000);
    await page.getByRole("heading", { name: "Attempt 2" }).waitFor();
    await page.locator(".title").getByText("ACKNOWLEDGED").waitFor();
    expect(await page.getByText("curl -i -g").last().isVisible()).toBe(true);
    await page.goto(toUrl("/notifications"));
    await page.getByText("Live", { exact: true }).waitFor();
    const next = await vault();
    await page.getByRole("link", { name: next }).waitFor();
    await page.locator("tr", { hasText: next }).getByText("HTTP 500").waitFor();
  });

  test("filter while the user types, and keep the search in the URL", async () => {
    const id = await vault({ id: "needle <b>\u202e" });
    await vault();
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(toUrl("/"));
    await page.getByLabel("Search").pressSequentially("needle");
    await expect.poll(() => new URL(page.url()).search).toBe("?q=needle");
    await expect.poll(() => page.locator("tbody th").allTextContents()).toEqual(["needle <b>⟨U+202E⟩"]);
    await page.reload();
    expect(await page.locator("tbody tr").count()).toBe(1);
    expect(await page.getByLabel("Search").inputValue()).toBe("needle");
    await page.locator("tbody th a").click();
    await page.getByRole("heading", { name: "needle <b>⟨U+202E⟩" }).waitFor();
    expect(await page.getByRole("button", { name: "Copy ID" }).getAttribute("data-copy")).toBe(id);
  });

  test("let the user copy a card number", async () => {
    await using opened = await openWindow(browser);
    const { page, context } = opened;
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: toUrl("") });
    await page.goto(toUrl("/test-cards"));
    await page.getByRole("button", { name: "Copy card number ending in 4622" }).click();
    await page.getByRole("button", { name: "Copy card number ending in 4622" }).getByText("Copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("5162774114974622");
  });

  test("show that the connection to the sandbox is lost, and reconnect when the sandbox restarts", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(toUrl("/"));
    await page.getByText("Live", { exact: true }).waitFor();
    const port = Number(new URL(sandbox.credentials.baseUrl).port);
    await sandbox.close(30_000);
    await page.getByText("Reconnecting…").waitFor();
    sandbox = await startSandbox({ port });
    await page.getByText("Live", { exact: true }).waitFor();
    await vault({ id: "afterwards", url: "http://127.0.0.1:22/" });
    await page.getByRole("link", { name: "afterwards" }).waitFor();
  });

  test("can be navigated with the keyboard", async () => {
    const id = await vault();
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(toUrl("/"));
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to content");
    await page.keyboard.press("Enter");
    const getFocused = () => page.evaluate<string>("document.activeElement.textContent");
    for (let presses = 0; presses < 12 && (await getFocused()) !== id; presses++) await page.keyboard.press("Tab");
    expect(await getFocused()).toBe(id);
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    expect(outline).toBe("solid");
    await page.keyboard.press("Enter");
    await page.waitForURL(getPageUrl(id));
  });
});

describe.skipIf(browserPath === undefined)("the dashboard in a browser with a malicious site", () => {
  const EVIL = "http://localhost:1/evil";

  test("rejects a form from a different site, even with a valid token", async () => {
    await using opened = await openWindow(browser);
    const { page, context } = opened;
    await page.goto(toUrl("/controls"));
    const token = await page.locator("input[name=token]").first().inputValue();
    const other = await context.newPage();
    const body = `<form method="post" action="${toUrl("/controls")}"><input name="token" value="${token}"><input name="action" value="advance-60000"></form><script>document.forms[0].submit()</script>`;
    await other.route(EVIL, (route) => route.fulfill({ contentType: "text/html", body }));
    await other.goto(EVIL);
    await other.getByRole("heading", { name: "Request not allowed" }).waitFor();
    expect((await sandbox.health()).clock.offsetMs).toBe(0);
  });

  test("cannot be framed, but can be linked to", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    const body = `<iframe src="${toUrl("/")}"></iframe><a href="${toUrl("/")}">link</a>`;
    await page.route(EVIL, (route) => route.fulfill({ contentType: "text/html", body }));
    await page.goto(EVIL);
    await expect.poll(() => page.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
    await page.getByRole("link").click();
    await page.getByRole("heading", { name: "Vaultings" }).waitFor();
  });
});

test.skipIf(browserPath === undefined)(
  "the dashboard works, including live updates, after the user signs in with the control token",
  async () => {
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
    await checkPage(page, 360, "signed-in");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(consoleErrors.filter((message) => !message.includes("403"))).toEqual([]);
  },
);
