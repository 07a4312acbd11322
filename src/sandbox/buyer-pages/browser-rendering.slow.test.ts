import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findAxe, findViolations } from "../../testing/browser/axe.ts";
import { findBrowser, openWindow, startBrowser } from "../../testing/browser/browser.ts";
import { createCardPage, startChallenge } from "../../testing/browser/buyer.ts";
import { type RunningSandbox, startSandbox } from "../index.ts";

const browserPath = findBrowser();
if (browserPath === undefined)
  console.warn("SKIPPED: no browser found. Install Chromium or set CHROME_PATH to test the pages in a browser.");
const axe = findAxe();
if (axe === undefined) console.warn("SKIPPED: axe-core not found. Install it or set AXE_PATH to check accessibility.");

/** The directory for screenshots. If it is not set, the tests take no screenshots. */
const SCREENSHOTS = process.env["ANTOM_VAULT_SCREENSHOTS"];

let browser: Browser;
let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  if (browserPath !== undefined) browser = await startBrowser(browserPath);
});
afterAll(async () => {
  if (browserPath !== undefined) await browser.close();
  await sandbox.close();
});

/** Visits the challenge page and the card page, each with the banner closed and open, and pages with errors and results. */
async function visitPages(page: Page, check: (name: string) => Promise<void>): Promise<void> {
  const { credentials } = sandbox;
  const challenge = await startChallenge(credentials, { redirectUrl: "http://127.0.0.1:9/shop" });
  await page.goto(challenge);
  await check("challenge");
  await page.click("summary");
  await check("challenge-code");
  await page.fill("#code", "1");
  await page.press("#code", "Enter");
  await page.waitForSelector("#code-error");
  await check("challenge-error");
  await page.context().clearCookies();
  await page.click("button[value=cancel]");
  await page.waitForSelector(".result");
  await check("expired-form");
  await page.goto(challenge.slice(0, -1));
  await check("expired-link");
  await page.goto(await createCardPage(credentials, { redirectUrl: null }));
  await check("card");
  await page.click("summary");
  await check("card-numbers");
  await page.click("form button");
  await page.waitForSelector("#cvv-error");
  await check("card-missing");
  for (const field of ["#cardNo", "#expiry", "#cvv"]) await page.fill(field, "1");
  await page.evaluate("document.querySelector('form').submit()");
  await page.waitForSelector(".summary p");
  await check("card-error");
  await page.fill("#cardNo", "4054695723100768");
  await page.fill("#expiry", "1230");
  await page.fill("#cvv", "123");
  await page.press("#cvv", "Enter");
  await page.waitForSelector(".result");
  await check("saved");
}

describe.skipIf(browserPath === undefined).each([
  { width: 360, dark: false },
  { width: 320, dark: true },
  { width: 1280, dark: false },
  { width: 1280, dark: true },
])("the buyer pages, $width pixels wide, dark mode: $dark", ({ width, dark }) => {
  test("fit the window and pass all accessibility checks", { timeout: 120_000 }, async () => {
    await using opened = await openWindow(browser, { width, height: 740, dark });
    const { page, consoleErrors } = opened;
    await visitPages(page, async (name) => {
      expect(await page.evaluate("document.documentElement.scrollWidth"), name).toBeLessThanOrEqual(width);
      expect(await page.getAttribute("html", "lang"), name).toBe("en");
      if (axe !== undefined) expect(await findViolations(page, axe), name).toEqual([]);
      if (SCREENSHOTS === undefined) return;
      mkdirSync(SCREENSHOTS, { recursive: true });
      const file = `${name}-${width}${dark ? "-dark" : ""}.png`;
      await page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true });
    });
    expect(consoleErrors.filter((message) => !/status of 4(?:03|04|22)/.test(message))).toEqual([]);
  });
});

describe.skipIf(browserPath === undefined)("the card page in a browser", () => {
  test("moves keyboard focus through its controls in order, and outlines the focused control", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(await createCardPage(sandbox.credentials));
    const stops: unknown[] = [];
    // The card number field has the focus when the page opens.
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    for (let times = 0; times < 5; times++) {
      await page.keyboard.press("Tab");
      const { name, outline } = await page.evaluate<{ name: string; outline: string }>(
        "(({ id, localName }) => ({ name: id || localName, outline: getComputedStyle(document.activeElement).outlineStyle }))(document.activeElement)",
      );
      expect(outline, name).toBe("solid");
      stops.push(name);
    }
    expect(stops).toEqual(["summary", "cardNo", "expiry", "cvv", "button"]);
  });

  test("exposes field labels, hints, errors, and landmarks to screen readers", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(await createCardPage(sandbox.credentials));
    await page.click("form button");
    const field = page.getByRole("textbox", { name: "Security code (CVV)" });
    expect(await field.getAttribute("aria-describedby")).toBe("cvv-error cvv-hint");
    expect(await page.getByRole("alert").textContent()).toContain("Check your card details");
    await field.fill("12");
    await page.click("form button");
    expect(await page.locator(".error").allTextContents()).toEqual([
      "Enter the card number.",
      "Enter the expiry date.",
      "The security code must have 3 or 4 digits.",
    ]);
    expect(await field.getAttribute("aria-describedby")).toBe("cvv-error cvv-hint");
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await page.getByRole("main").count()).toBe(1);
    expect(await page.getByRole("complementary", { name: "Sandbox" }).count()).toBe(1);
  });
});
