import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findAxe, findViolations } from "../../testing/browser/axe.ts";
import { findBrowser, openWindow, startBrowser } from "../../testing/browser/browser.ts";
import { openCardPage, startChallenge } from "../../testing/browser/buyer.ts";
import { type RunningSandbox, startSandbox } from "../index.ts";

const found = findBrowser();
if (found === undefined)
  console.warn("SKIPPED: no browser. Set CHROME_PATH, or install chromium, to look at the pages in a real one.");
const axe = findAxe();
if (axe === undefined)
  console.warn("SKIPPED: no axe. Set AXE_PATH, or install axe-core, to hold the pages against it.");

/** Where screenshots are put for people to look at; nowhere unless it is set. */
const SHOTS = process.env["ANTOM_VAULT_SCREENSHOTS"];

let browser: Browser;
let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  if (found !== undefined) browser = await startBrowser(found);
});
afterAll(async () => {
  if (found !== undefined) await browser.close();
  await sandbox.close();
});

/** Walks over every kind of page, open and shut. */
async function walk(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  const { credentials } = sandbox;
  const challenge = await startChallenge(credentials, { redirectUrl: "http://127.0.0.1:9/shop" });
  await page.goto(challenge);
  await look("challenge");
  await page.click("summary");
  await look("challenge-code");
  await page.fill("#code", "1");
  await page.press("#code", "Enter");
  await page.waitForSelector("#code-wrong");
  await look("challenge-wrong");
  await page.context().clearCookies();
  await page.click("button[value=cancel]");
  await page.waitForSelector(".end");
  await look("not-genuine");
  await page.goto(challenge.slice(0, -1));
  await look("dead-link");
  await page.goto(await openCardPage(credentials, { redirectUrl: null }));
  await look("card");
  await page.click("summary");
  await look("card-numbers");
  await page.click("form button");
  await page.waitForSelector("#cvv-wrong");
  await look("card-missing");
  for (const field of ["#cardNo", "#expiry", "#cvv"]) await page.fill(field, "1");
  await page.evaluate("document.querySelector('form').submit()");
  await page.waitForSelector(".summary p");
  await look("card-wrong");
  await page.fill("#cardNo", "4054695723100768");
  await page.fill("#expiry", "1230");
  await page.fill("#cvv", "123");
  await page.press("#cvv", "Enter");
  await page.waitForSelector(".end");
  await look("saved");
}

describe.skipIf(found === undefined).each([
  { width: 360, dark: false },
  { width: 320, dark: true },
  { width: 1280, dark: false },
  { width: 1280, dark: true },
])("$width pixels wide, dark: $dark", ({ width, dark }) => {
  test("nothing sticks out, nothing is complained of, axe finds nothing", { timeout: 120_000 }, async () => {
    await using opened = await openWindow(browser, { width, height: 740, dark });
    const { page, consoleErrors } = opened;
    await walk(page, async (name) => {
      expect(await page.evaluate("document.documentElement.scrollWidth"), name).toBeLessThanOrEqual(width);
      expect(await page.getAttribute("html", "lang"), name).toBe("en");
      if (axe !== undefined) expect(await findViolations(page, axe), name).toEqual([]);
      if (SHOTS === undefined) return;
      mkdirSync(SHOTS, { recursive: true });
      const file = `${name}-${width}${dark ? "-dark" : ""}.png`;
      await page.screenshot({ path: join(SHOTS, file), fullPage: true });
    });
    expect(consoleErrors.filter((each) => !/status of 4(?:03|04|22)/.test(each))).toEqual([]);
  });
});

describe.skipIf(found === undefined)("with the keyboard alone", () => {
  test("every stop is seen, in the order of the page", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(await openCardPage(sandbox.credentials));
    const stops: unknown[] = [];
    for (let times = 0; times < 5; times++) {
      await page.keyboard.press("Tab");
      const { at, outline } = await page.evaluate<{ at: string; outline: string }>(
        "(({ id, localName }) => ({ at: id || localName, outline: getComputedStyle(document.activeElement).outlineStyle }))(document.activeElement)",
      );
      expect(outline, at).toBe("solid");
      stops.push(at);
    }
    expect(stops).toEqual(["summary", "cardNo", "expiry", "cvv", "button"]);
  });

  test("what a screen reader is told of a field: its name, what is wrong, what is wanted", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.goto(await openCardPage(sandbox.credentials));
    await page.click("form button");
    const field = page.getByRole("textbox", { name: "Security code (CVV)" });
    expect(await field.getAttribute("aria-describedby")).toBe("cvv-wrong cvv-hint");
    expect(await page.getByRole("alert").textContent()).toContain("Please check what you entered");
    await field.fill("12");
    await page.click("form button");
    expect(await page.locator(".wrong").allTextContents()).toEqual([
      "Enter the card number.",
      "Enter the expiry date.",
      "The security code has 3 or 4 digits.",
    ]);
    expect(await field.getAttribute("aria-describedby")).toBe("cvv-wrong cvv-hint");
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await page.getByRole("main").count()).toBe(1);
    expect(await page.getByRole("complementary", { name: "Sandbox" }).count()).toBe(1);
  });
});
