import { mkdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openWindow, startBrowser } from "../../testing/browser/browser.ts";
import { createCheckResult, createReport, mixedReport, reportOptions } from "../../testing/messages/reports.ts";
import type { ContractReport } from "../model/report.ts";
import { formatHtml } from "./html.ts";

const found = findBrowser();
if (found === undefined)
  console.warn("SKIPPED: no browser found. Install Chromium or set CHROME_PATH to test the HTML report in a browser.");

/** The directory for screenshots. If it is not set, the tests take none. */
const SCREENSHOT_DIRECTORY = process.env["ANTOM_VAULT_SCREENSHOTS"];

let browser: Browser;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "html-report-"));
  if (found !== undefined) browser = await startBrowser(found);
});
afterAll(async () => {
  if (found !== undefined) await browser.close();
  await rm(directory, { recursive: true });
});

/** Writes a report to a file and returns the URL of the file. */
async function writeReport(report: ContractReport): Promise<string> {
  const file = join(directory, `${crypto.randomUUID()}.html`);
  await writeFile(
    file,
    formatHtml(report, { ...reportOptions, commandForCheck: (id) => `npx antom-vault contract sandbox --only ${id}` }),
  );
  return pathToFileURL(file).href;
}

/** Records the requests of a page, except for the request for the page itself. */
function recordRequests(page: Page): readonly string[] {
  const requests: string[] = [];
  page.on("request", (request) => {
    if (request.resourceType() !== "document") requests.push(request.url());
  });
  return requests;
}

const malicious = createReport(
  mixedReport.checks.map((check) => ({
    ...check,
    title: `${check.title} </script><img src=http://127.0.0.1:1/ onerror="document.title='taken'"> ${"wide".repeat(100)}`,
    message: check.message.replaceAll("SUCCESS", `</pre><script>document.title='taken'</script>${"x".repeat(3000)}`),
  })),
  `</title><script>document.title='taken'</script>${"target".repeat(30)}`,
);

describe.skipIf(found === undefined).each([
  { width: 320, dark: false },
  { width: 360, dark: true },
  { width: 1280, dark: false },
  { width: 1280, dark: true },
])("the HTML report in a window $width pixels wide (dark: $dark)", ({ width, dark }) => {
  test.each([
    ["failed", mixedReport],
    [
      "passed",
      createReport([createCheckResult("protocol.path.rejected"), createCheckResult("protocol.method.rejected")]),
    ],
    ["malicious", malicious],
    ["empty", createReport([])],
  ])("fits the width, makes no requests, and logs no errors for the %s sample report", async (name, report) => {
    await using opened = await openWindow(browser, { width, height: 800, dark });
    const { page, consoleErrors } = opened;
    const requests = recordRequests(page);
    await page.goto(await writeReport(report));
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    expect(await page.title()).toContain("Vault API contract tests of");
    expect(requests).toEqual([]);
    expect(consoleErrors).toEqual([]);
    if (SCREENSHOT_DIRECTORY === undefined) return;
    mkdirSync(SCREENSHOT_DIRECTORY, { recursive: true });
    await page.screenshot({
      path: join(SCREENSHOT_DIRECTORY, `report-${name}-${width}${dark ? "-dark" : ""}.png`),
      fullPage: true,
    });
  });
});

/** Returns a script that finds words that break across lines in table cells. */
const findBrokenWords = (cells: string): string => `[...document.querySelectorAll("${cells}")].flatMap((cell) => {
  const nodes = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const broken = [];
  while (nodes.nextNode())
    for (const { 0: word, index } of nodes.currentNode.data.matchAll(/\\w+/g)) {
      const range = new Range();
      range.setStart(nodes.currentNode, index);
      range.setEnd(nodes.currentNode, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) broken.push(word);
    }
  return broken;
})`;

test.skipIf(found === undefined).each([
  [320, ".overview :is(thead th, td)"],
  [360, ".overview :is(th, td)"],
])("the HTML report breaks no words in its tables in a window %i pixels wide (%s)", async (width, cells) => {
  const coverage = (["constraints", "messages", "codes"] as const).map((kind) => ({
    subject: "createVaultingSession" as const,
    kind,
    total: 194,
    covered: 194,
    missing: [],
  }));
  await using opened = await openWindow(browser, { width });
  const { page } = opened;
  await page.goto(await writeReport({ ...mixedReport, coverage }));
  expect(await page.locator(".overview").count()).toBe(2);
  expect(await page.evaluate(findBrokenWords(cells))).toEqual([]);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
});

describe.skipIf(found === undefined)("the script of the HTML report", () => {
  const getVisibleRows = (page: Page) =>
    page.evaluate<string[]>(
      "[...document.querySelectorAll('tbody tr[class]')].filter((row) => row.checkVisibility()).map(({ id }) => id)",
    );

  test("filters checks as the user types, and restores the initial view after the filter is cleared", async () => {
    await using opened = await openWindow(browser);
    const { page, consoleErrors } = opened;
    await page.goto(await writeReport(mixedReport));
    const before = await getVisibleRows(page);
    expect(before).not.toContain("protocol.path.rejected");
    await page.locator("#filter-text").pressSequentially("REJECTED path");
    // The filter opens closed tables with matching checks.
    expect(await getVisibleRows(page)).toEqual(["protocol.path.rejected"]);
    expect(await page.textContent("#filter-shown")).toBe("1 of 6 checks");
    await page.fill("#filter-text", "echo");
    expect(await getVisibleRows(page)).toEqual(["vaultPaymentMethod.response.echo", "inquireVaulting.response.echo"]);
    await page.fill("#filter-text", "unknown");
    expect(await getVisibleRows(page)).toEqual([]);
    expect(await page.textContent("#filter-shown")).toBe("No checks match.");
    await page.fill("#filter-text", "");
    expect(await getVisibleRows(page)).toEqual(before);
    expect(await page.textContent("#filter-shown")).toBe("");
    await page.selectOption("#filter-status", "skipped");
    expect(await getVisibleRows(page)).toEqual(["inquireVaulting.result.SUCCESS"]);
    expect(consoleErrors).toEqual([]);
  });

  test("shows the target of a link, even if the target is in a filtered or closed table", async () => {
    await using opened = await openWindow(browser);
    const { page } = opened;
    const file = await writeReport(mixedReport);
    await page.goto(file);
    await page.fill("#filter-text", "path");
    await page.click("a[href='#inquireVaulting.response.echo']");
    await page.waitForSelector("[id='inquireVaulting.response.echo']:visible");
    expect(await page.inputValue("#filter-text")).toBe("");
    await page.goto("about:blank");
    await page.goto(`${file}#protocol.path.rejected`);
    await page.waitForSelector("[id='protocol.path.rejected']:visible");
  });

  test("copies a command", async () => {
    await using opened = await openWindow(browser);
    const { page, context, consoleErrors } = opened;
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(await writeReport(mixedReport));
    await page.click("#kind-1 > button");
    await page.waitForSelector("#kind-1 > button:text('Copied')");
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
      "npx antom-vault contract sandbox --only vaultPaymentMethod.response.echo",
    );
    expect(consoleErrors).toEqual([]);
  });

  test("is optional: without it, the report is readable and shows no filter or buttons", async () => {
    await using opened = await openWindow(browser, { javaScriptEnabled: false });
    const { page, consoleErrors } = opened;
    await page.goto(await writeReport(mixedReport));
    expect(await page.locator("#filter").isVisible()).toBe(false);
    expect(await page.locator("button").count()).toBe(0);
    expect(await page.locator("[id='protocol.path.rejected']").isVisible()).toBe(false);
    await page.click("#checks-protocol > summary");
    expect(await page.locator("[id='protocol.path.rejected']").isVisible()).toBe(true);
    await page.click("a[href='#kind-2'] >> nth=0");
    expect(page.url()).toMatch(/#kind-2$/);
    expect(consoleErrors).toEqual([]);
  });

  test("is not needed to print closed tables", async () => {
    await using opened = await openWindow(browser, { javaScriptEnabled: false });
    const { page } = opened;
    await page.goto(await writeReport(mixedReport));
    await page.emulateMedia({ media: "print" });
    expect((await page.locator("[id='protocol.path.rejected']").boundingBox())?.height).toBeGreaterThan(0);
  });
});
