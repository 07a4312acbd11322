import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openWindow, startBrowser } from "../../testing/browser/browser.ts";
import { openCardPage, startChallenge } from "../../testing/browser/buyer.ts";
import { createId } from "../../testing/sandbox/sandbox.ts";
import { type Shop, startShop } from "../../testing/servers/merchant-pages.ts";
import { type RunningSandbox, startSandbox } from "../index.ts";

const found = findBrowser();
if (found === undefined)
  console.warn("SKIPPED: no browser. Set CHROME_PATH, or install chromium, to test the pages in a real one.");

let browser: Browser;
let sandbox: RunningSandbox;
let shop: Shop;
beforeAll(async () => {
  sandbox = await startSandbox();
  shop = await startShop();
  if (found !== undefined) browser = await startBrowser(found);
});
afterAll(async () => {
  if (found !== undefined) await browser.close();
  await shop.close();
  await sandbox.close();
});

const statusOf = async (id: string) => (await sandbox.vaultings.get(id))?.status;

describe.skipIf(found === undefined).each([
  { javaScriptEnabled: true, width: 360 },
  { javaScriptEnabled: false, width: 360 },
  { javaScriptEnabled: true, width: 1280 },
  { javaScriptEnabled: false, width: 1280 },
])("in a browser, JavaScript $javaScriptEnabled, $width pixels wide", (window) => {
  const { javaScriptEnabled } = window;

  test("the code, wrong and then right: the buyer lands on the merchant's page, which learns nothing from the address", async () => {
    const id = createId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await startChallenge(sandbox.credentials, { id, redirectUrl });
    await using opened = await openWindow(browser, window);
    const { page, consoleErrors } = opened;
    await page.goto(url);
    await page.fill("#code", "000000");
    await page.click("button[value=code]");
    await page.waitForSelector("[role=alert]");
    expect(await page.textContent("[role=alert]")).toBe(
      "That code is not right. Check it and try again. Tries left: 2.",
    );
    // A reload is a look, not a second try.
    await page.reload();
    expect(await page.textContent("[role=alert]")).toContain("Tries left: 2");
    await page.fill("#code", "123 456");
    await page.press("#code", "Enter");
    await page.waitForURL(redirectUrl);
    expect(await page.textContent("h1")).toBe("Thank you");
    expect(await statusOf(id)).toBe("SUCCESS");
    const visits = shop.visits.filter(({ path }) => path.includes(id));
    expect(visits).toEqual([{ path: `/done?order=${id}`, referer: undefined }]);

    await page.goBack();
    expect(await page.textContent("h1")).toBe("Your card is saved");
    await page.reload();
    expect(await page.textContent("h1")).toBe("Your card is saved");
    await page.click("text=Back to the shop");
    await page.waitForURL(redirectUrl);
    expect(shop.visits.filter(({ path }) => path.includes(id)).every(({ referer }) => referer === undefined)).toBe(
      true,
    );
    expect(consoleErrors).toEqual([]);
  });

  test("cancel", async () => {
    const id = createId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await startChallenge(sandbox.credentials, { id, redirectUrl });
    await using opened = await openWindow(browser, window);
    await opened.page.goto(url);
    await opened.page.click("button[value=cancel]");
    await opened.page.waitForURL(redirectUrl);
    expect(await statusOf(id)).toBe("FAIL");
    await opened.page.goBack();
    expect(await opened.page.textContent("h1")).toBe("You cancelled the check");
    expect(await opened.page.textContent("main p")).toContain("The card was not saved.");
    expect(opened.consoleErrors).toEqual([]);
  });

  test("three wrong codes, then back", async () => {
    const id = createId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await startChallenge(sandbox.credentials, { id, redirectUrl });
    await using opened = await openWindow(browser, window);
    const { page, consoleErrors } = opened;
    await page.goto(url);
    for (const left of [2, 1]) {
      await page.fill("#code", "000000");
      await page.press("#code", "Enter");
      await page.getByText(`Tries left: ${left}.`).waitFor();
      expect(await page.locator("*:focus").getAttribute("id")).toBe("code");
      expect(await page.title()).toMatch(/^Error: /);
    }
    await page.fill("#code", "000000");
    await page.press("#code", "Enter");
    await page.waitForURL(redirectUrl);
    await page.goBack();
    expect(await page.textContent("h1")).toBe("Too many wrong codes");
    await page.click("text=Back to the shop");
    await page.waitForURL(redirectUrl);
    expect(await statusOf(id)).toBe("FAIL");
    expect(consoleErrors).toEqual([]);
  });

  test("no code: told, and no try", async () => {
    const url = await startChallenge(sandbox.credentials);
    await using opened = await openWindow(browser, window);
    const { page, consoleErrors } = opened;
    await page.goto(url);
    await page.click("button[value=code]");
    await page.waitForSelector("#code-wrong");
    expect(await page.textContent("[role=alert]")).toBe("Enter the code. This did not count as a try.");
    expect(await page.getAttribute("#code", "aria-describedby")).toMatch(/^code-wrong /);
    expect(consoleErrors.filter((each) => !each.includes("422"))).toEqual([]);
  });

  test("the time is over while the page is open", async () => {
    const own = await startSandbox();
    try {
      const url = await startChallenge(own.credentials, { redirectUrl: `${shop.origin}/done` });
      await using opened = await openWindow(browser, window);
      const { page, consoleErrors } = opened;
      await page.goto(url);
      expect(await page.textContent(".notes")).toContain("Time left: 15 minutes");
      await own.clock.advance(14 * 60_000);
      await page.reload();
      expect(await page.textContent(".notes")).toContain("Time left: 1 minute");
      await own.clock.advance(60_000);
      await page.fill("#code", "123456");
      await page.press("#code", "Enter");
      await page.waitForSelector(".end");
      expect(await page.textContent("h1")).toBe("Time is up");
      await page.reload();
      expect(await page.textContent("h1")).toBe("Time is up");
      await page.click("text=Back to the shop");
      await page.waitForURL(`${shop.origin}/done`);
      expect(consoleErrors).toEqual([]);
    } finally {
      await own.close();
    }
  });

  test("the test cards are one tap away, and leave the rest of the page as it is", async () => {
    await using opened = await openWindow(browser, window);
    const { page, consoleErrors } = opened;
    await page.goto(await openCardPage(sandbox.credentials));
    const card = page.getByText("4000 0099 0005 0009");
    expect(await card.isVisible()).toBe(false);
    await page.click("summary");
    expect(await card.isVisible()).toBe(true);
    expect(await page.getByRole("button", { name: "Copy" }).count()).toBe(javaScriptEnabled ? 10 : 0);
    await page.goto(await startChallenge(sandbox.credentials));
    expect(await page.locator("#test-code").isVisible()).toBe(false);
    await page.press("summary", "Enter");
    expect(await page.locator("#test-code").isVisible()).toBe(true);
    expect(consoleErrors).toEqual([]);
  });

  test("a card with a mistake, then a right one, the challenge, the merchant's page", async () => {
    const id = createId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await openCardPage(sandbox.credentials, { id, redirectUrl, threeDS: true });
    await using opened = await openWindow(browser, window);
    const { page, consoleErrors } = opened;
    await page.goto(url);
    await page.fill("#cardNo", "4054 6957 2310 0769");
    await page.fill("#expiry", "12/30");
    await page.fill("#cvv", "123");
    await page.click("form button");
    await page.waitForSelector("#cardNo-wrong");
    expect(await page.textContent("#cardNo-wrong")).toBe("There is a mistake in the card number. Please check it.");
    expect(await page.getAttribute("#cardNo", "aria-describedby")).toBe("cardNo-wrong");
    expect(await page.textContent(".summary li")).toBe("There is a mistake in the card number. Please check it.");
    expect(await page.locator("*:focus").getAttribute("id")).toBe("cardNo");
    // The script tells it before anything is sent, so that all stays typed; what the server was sent never comes back.
    const kept = javaScriptEnabled ? ["4054 6957 2310 0769", "12/30", "123"] : ["", "", ""];
    expect(await Promise.all(["#cardNo", "#expiry", "#cvv"].map((field) => page.inputValue(field)))).toEqual(kept);
    await page.click(".summary a");
    expect(await page.locator("#cardNo:focus").count()).toBe(1);
    await page.fill("#cardNo", "4054695723100768");
    await page.fill("#expiry", "12/30");
    await page.fill("#cvv", "123");
    await page.press("#cvv", "Enter");
    await page.waitForSelector("#code");
    expect(await page.textContent("main")).toContain("Visa ending in 0768");
    await page.fill("#code", "123456");
    await page.press("#code", "Enter");
    await page.waitForURL(redirectUrl);
    expect(await statusOf(id)).toBe("SUCCESS");
    await page.goBack();
    expect(await page.textContent("h1")).toBe("Your card is saved");
    // The page with the card's form is behind that one; it leads on and shows nothing of the card.
    await page.goto(url);
    expect(await page.textContent("h1")).toBe("Your card is saved");
    expect(consoleErrors.filter((each) => !each.includes("422"))).toEqual([]);
  });

  test.each([
    [
      "which sends the buyer on to another host",
      () => `${shop.origin}/old`,
      () => `http://localhost:${shop.port}/done?came=old`,
    ],
    ["at an IPv6 address", () => `http://[::1]:${shop.port}/done`, () => `http://[::1]:${shop.port}/done`],
    ["on localhost", () => `http://localhost:${shop.port}/done`, () => `http://localhost:${shop.port}/done`],
  ])("no policy of ours keeps the buyer from a merchant's page %s", async (_, redirect, end) => {
    const url = await startChallenge(sandbox.credentials, { redirectUrl: redirect() });
    await using opened = await openWindow(browser, window);
    await opened.page.goto(url);
    await opened.page.fill("#code", "123456");
    await opened.page.press("#code", "Enter");
    await opened.page.waitForURL(end());
    expect(opened.consoleErrors).toEqual([]);
  });
});

describe.skipIf(found === undefined)("against a hostile page, in a browser", () => {
  test("the challenge is shown in no frame", async () => {
    const url = await startChallenge(sandbox.credentials);
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.route(`${shop.origin}/evil`, (route) =>
      route.fulfill({ contentType: "text/html", body: `<iframe src="${url}"></iframe>` }),
    );
    await page.goto(`${shop.origin}/evil`);
    await expect.poll(() => page.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
    expect(await page.frames()[1]?.locator("#code").count()).toBe(0);
  });

  test("a form on another site changes nothing, though the buyer has the page open", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    await using opened = await openWindow(browser);
    const { page, context } = opened;
    await page.goto(url);
    const token = await page.inputValue("input[name=token]");
    const other = await context.newPage();
    // It even knows the token: the browser tells that it is another site's form, and keeps the cookie back.
    const body = `<form method="post" action="${url}"><input name="token" value="${token}"><input name="answer" value="cancel"></form><script>document.forms[0].submit()</script>`;
    await other.route(`http://localhost:${shop.port}/evil`, (route) =>
      route.fulfill({ contentType: "text/html", body }),
    );
    await other.goto(`http://localhost:${shop.port}/evil`);
    await other.waitForURL(url);
    expect(await other.textContent("h1")).toBe("Please open the page again");
    expect(await statusOf(id)).toBe("PROCESSING");
    await page.fill("#code", "123456");
    await page.press("#code", "Enter");
    await expect.poll(() => statusOf(id)).toBe("SUCCESS");
  });
});
