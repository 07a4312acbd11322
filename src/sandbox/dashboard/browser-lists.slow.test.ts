import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { formatVaultingPath } from "../../control-api/sandbox-paths.ts";
import { findAxe, findViolations } from "../../testing/browser/axe.ts";
import { findBrowser, openWindow, startBrowser } from "../../testing/browser/browser.ts";
import { callDirectly, createVaultRequest } from "../../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "../start-sandbox.ts";

const browserPath = findBrowser();
if (browserPath === undefined)
  console.warn("SKIPPED: no browser found. Install Chromium or set CHROME_PATH to test the lists in a browser.");
const axe = findAxe();

let browser: Browser;
let sandbox: RunningSandbox;
let vaulted = 0;
beforeAll(async () => {
  sandbox = await startSandbox();
  if (browserPath !== undefined) browser = await startBrowser(browserPath);
});
afterAll(async () => {
  if (browserPath !== undefined) await browser.close();
  await sandbox.close(0);
});
beforeEach(async () => {
  await sandbox.reset();
  vaulted = 0;
});

const toUrl = (path: string): string => sandbox.credentials.baseUrl + path;

/** Creates `count` vaultings. Their IDs continue the sequence `order 1`, `order 2`, and so on. */
async function vault(count: number): Promise<void> {
  for (; count > 0; count--) {
    vaulted += 1;
    await callDirectly(sandbox.credentials, "vaultPaymentMethod", createVaultRequest({ id: `order ${vaulted}` }));
  }
}

async function openList(page: Page, path = "/"): Promise<void> {
  await page.goto(toUrl(path));
  await page.getByText("Live", { exact: true }).waitFor();
}

const listIds = (page: Page) => page.locator("tbody th").allTextContents();
const getFocused = (page: Page) => page.evaluate<string>("document.activeElement.textContent");
const expectNoViolations = async (page: Page) => {
  if (axe !== undefined) expect(await findViolations(page, axe)).toEqual([]);
};

describe.skipIf(browserPath === undefined)("a live list in a browser", () => {
  test.each([
    { width: 360, dark: true },
    { width: 1280, dark: false },
  ])("keeps its scroll position while the user reads further down, and explains its keyboard shortcuts, at a width of $width pixels", async ({
    width,
    dark,
  }) => {
    await vault(30);
    await using opened = await openWindow(browser, { width, dark, height: 600 });
    const { page, consoleErrors } = opened;
    await openList(page);
    const row = page.locator("tbody tr", { hasText: "order 15" });
    await row.scrollIntoViewIfNeeded();
    await page.evaluate("scrollBy(0, 200)");
    const before = await row.boundingBox();
    await vault(3);
    const pill = page.getByRole("button", { name: "3 new" });
    await pill.waitFor();
    expect(await row.boundingBox()).toEqual(before);
    await expectNoViolations(page);
    await pill.click();
    await page.getByRole("link", { name: "order 33" }).waitFor();
    expect(await getFocused(page)).toBe("order 33");
    expect(await page.evaluate("scrollY")).toBe(0);
    expect(await page.locator(".pill").count()).toBe(0);

    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await expectNoViolations(page);
    await dialog.getByLabel("Turn off").check();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await page.keyboard.press("j");
    expect(await getFocused(page)).toBe("order 33");
    await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    await dialog.getByLabel("Turn off").uncheck();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByRole("link", { name: "order 33" }).focus();
    await page.keyboard.press("j");
    expect(await getFocused(page)).toBe("order 32");
    expect(consoleErrors).toEqual([]);
  });

  test("keeps the selection, and shows new rows at the top again after the selection is cleared", async () => {
    await vault(2);
    await using opened = await openWindow(browser);
    const { page } = opened;
    await openList(page);
    await page.evaluate("getSelection().selectAllChildren(document.querySelector('tbody th a'))");
    await vault(1);
    await page.getByRole("button", { name: "1 new" }).waitFor();
    expect(await page.evaluate("getSelection().toString()")).toBe("order 2");
    await page.evaluate("getSelection().removeAllRanges()");
    await vault(1);
    await expect.poll(() => listIds(page)).toEqual(["order 4", "order 3", "order 2", "order 1"]);
    expect(await page.locator(".pill").count()).toBe(0);
  });

  test("defers updates while the user has paused them, and shows them on request", async () => {
    await vault(1);
    await using opened = await openWindow(browser);
    const { page } = opened;
    await openList(page, "/calls");
    await page.getByRole("button", { name: "Pause" }).click();
    await vault(2);
    await page.getByRole("button", { name: "2 new" }).waitFor();
    expect(await page.locator("tbody tr").count()).toBe(1);
    await page.getByRole("button", { name: "Resume" }).click();
    await expect.poll(() => page.locator("tbody tr").count()).toBe(3);
    await vault(1);
    await expect.poll(() => page.locator("tbody tr").count()).toBe(4);
    const path = formatVaultingPath({ clientId: sandbox.credentials.clientId, vaultingRequestId: "order 1" });
    await openList(page, path);
    await page.getByRole("button", { name: "Pause" }).click();
    await callDirectly(sandbox.credentials, "inquireVaulting", { vaultingRequestId: "order 1" });
    await page.getByRole("button", { name: "New activity" }).click();
    await page.getByRole("heading", { name: "Inquired" }).waitFor();
  });

  test("exports the rows that it shows, and opens the page of a row that the user clicks", async () => {
    await vault(3);
    await using opened = await openWindow(browser);
    const { page } = opened;
    await openList(page, "/?q=order+2");
    const downloaded = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export JSON" }).click();
    const file = await downloaded;
    expect(file.suggestedFilename()).toMatch(/^vaultings-.*\.json$/);
    const exported = JSON.parse(readFileSync(await file.path(), "utf8"));
    expect(exported.vaultings).toMatchObject([{ vaultingRequestId: "order 2" }]);
    await page.getByRole("cell", { name: "VISA" }).click();
    await page.getByRole("heading", { name: "order 2" }).waitFor();
  });
});

describe.skipIf(browserPath === undefined)("the keyboard shortcuts in a browser", () => {
  test("focus the search field, move through the rows, and open a row", async () => {
    await vault(3);
    await using opened = await openWindow(browser);
    const { page, consoleErrors } = opened;
    await openList(page);
    await page.keyboard.press("j");
    expect(await getFocused(page)).toBe("order 3");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    expect(await getFocused(page)).toBe("order 1");
    await page.keyboard.press("k");
    expect(await getFocused(page)).toBe("order 2");
    await page.keyboard.press("/");
    await page.keyboard.type("jk?/1");
    expect(await page.getByLabel("Search").inputValue()).toBe("jk?/1");
    await page.getByLabel("Search").fill("order 1");
    await expect.poll(() => listIds(page)).toEqual(["order 1"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "order 1" }).waitFor();
    expect(consoleErrors).toEqual([]);
  });
});

describe.skipIf(browserPath === undefined)("a form of the dashboard in a browser", () => {
  test("keeps its input, and shows that nothing was sent, if the sandbox is not running", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    await openList(page, "/controls");
    const port = Number(new URL(sandbox.credentials.baseUrl).port);
    await page.getByLabel("Search faults").fill("delayed");
    await page.getByText("2 matches").waitFor();
    await page.getByRole("radio", { name: "response-delayed" }).check();
    await page.getByLabel("Delay (ms)").fill("77");
    await sandbox.close(0);
    await page.getByRole("button", { name: "Inject fault" }).click();
    await page.getByRole("alert").filter({ hasText: "The sandbox is not responding, so nothing was sent." }).waitFor();
    expect(await page.getByLabel("Delay (ms)").inputValue()).toBe("77");
    sandbox = await startSandbox({ port });
    await page.getByRole("button", { name: "Inject fault" }).click();
    await page.getByText(/Fault injected|Your form has expired/).waitFor();
  });
});
