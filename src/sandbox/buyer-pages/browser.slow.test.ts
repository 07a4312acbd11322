import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openWindow, startBrowser } from "../../testing/browser/browser.ts";
import { createCardPage, startChallenge } from "../../testing/browser/buyer.ts";
import { createId } from "../../testing/sandbox/sandbox.ts";
import { type Shop, startShop } from "../../testing/servers/merchant-pages.ts";
import { type RunningSandbox, startSandbox } from "../index.ts";

const browserPath = findBrowser();
if (browserPath === undefined)
  console.warn("SKIPPED: no browser found. Install Chromium or set CHROME_PATH to test the pages in a browser.");

let browser: Browser;
let sandbox: RunningSandbox;
let shop: Shop;
beforeAll(async () => {
  sandbox = await startSandbox();
  shop = await startShop();
  if (browserPath !== undefined) browser = await startBrowser(browserPath);
});
afterAll(async () => {
  if (browserPath !== undefined) await browser.close();
  await shop.close();
  await sandbox.close();
});

const getStatus = async (id: string) => (await sandbox.vaultings.get(id))?.status;

describe.skipIf(browserPath === undefined).each([
  { javaScriptEnabled: true, width: 360 },
  { javaScriptEnabled: false, width: 1280 },
])("the buyer pages in a browser, $width pixels wide, JavaScript: $javaScriptEnabled", (window) => {
  const { javaScriptEnabled } = window;

  test("redirect to the merchant after the correct code, without a referrer", async () => {
    const id = createId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await startChallenge(sandbox.credentials, { id, redirectUrl });
    await using opened = await openWindow(browser, window);
    const { page, consoleErrors } = opened;
    await page.goto(url);
    await page.fill("#code", "000000");
    await page.click("button[value=code]");
    await page.waitForSelector("[role=alert]");
    expect(await page.textContent("[role=alert]")).toBe("Incorrect code. Check it and try again. Attempts left: 2.");
    // A reload does not count as an attempt.
    await page.reload();
    expect(await page.textContent("[role=alert]")).toContain("Attempts left: 2");
    await page.fill("#code", "123 456");
    await page.press("#code", "Enter");
    await page.waitForURL(redirectUrl);
    expect(await page.textContent("h1")).toBe("Thank you");
    expect(await getStatus(id)).toBe("SUCCESS");
    const visits = shop.visits.filter(({ path }) => path.includes(id));
    expect(visits).toEqual([{ path: `/done?order=${id}`, referer: undefined }]);

    await page.goBack();
    expect(await page.textContent("h1")).toBe("Your card is saved");
    await page.reload();
    expect(await page.textContent("h1")).toBe("Your card is saved");
    await page.click("text=Return to the shop");
    await page.waitForURL(redirectUrl);
    expect(shop.visits.filter(({ path }) => path.includes(id)).every(({ referer }) => referer === undefined)).toBe(
      true,
    );
    expect(consoleErrors).toEqual([]);
  });

  test("let the buyer cancel the challenge", async () => {
    const id = createId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await startChallenge(sandbox.credentials, { id, redirectUrl });
    await using opened = await openWindow(browser, window);
    await opened.page.goto(url);
    await opened.page.click("button[value=cancel]");
    await opened.page.waitForURL(redirectUrl);
    expect(await getStatus(id)).toBe("FAIL");
    await opened.page.goBack();
    expect(await opened.page.textContent("h1")).toBe("You cancelled the verification");
    expect(await opened.page.textContent("main p")).toContain("Your card was not saved.");
    expect(opened.consoleErrors).toEqual([]);
  });

  test("end the challenge after 3 incorrect codes", async () => {
    const id = createId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await startChallenge(sandbox.credentials, { id, redirectUrl });
    await using opened = await openWindow(browser, window);
    const { page, consoleErrors } = opened;
    await page.goto(url);
    for (const left of [2, 1]) {
      await page.fill("#code", "000000");
      await page.press("#code", "Enter");
      await page.getByText(`Attempts left: ${left}.`).waitFor();
      expect(await page.locator("*:focus").getAttribute("id")).toBe("code");
      expect(await page.title()).toMatch(/^Error: /);
    }
    await page.fill("#code", "000000");
    await page.press("#code", "Enter");
    await page.waitForURL(redirectUrl);
    await page.goBack();
    expect(await page.textContent("h1")).toBe("Too many incorrect codes");
    await page.click("text=Return to the shop");
    await page.waitForURL(redirectUrl);
    expect(await getStatus(id)).toBe("FAIL");
    expect(consoleErrors).toEqual([]);
  });

  test("show an error for a missing code, without counting an attempt", async () => {
    const url = await startChallenge(sandbox.credentials);
    await using opened = await openWindow(browser, window);
    const { page, consoleErrors } = opened;
    await page.goto(url);
    await page.click("button[value=code]");
    await page.waitForSelector("#code-error");
    expect(await page.textContent("[role=alert]")).toBe("Enter the code. This did not count as an attempt.");
    expect(await page.getAttribute("#code", "aria-describedby")).toMatch(/^code-error /);
    expect(consoleErrors.filter((message) => !message.includes("422"))).toEqual([]);
  });

  test("show that the session has expired if the challenge was not completed in time", async () => {
    const expiringSandbox = await startSandbox();
    try {
      const url = await startChallenge(expiringSandbox.credentials, { redirectUrl: `${shop.origin}/done` });
      await using opened = await openWindow(browser, window);
      const { page, consoleErrors } = opened;
      await page.goto(url);
      expect(await page.textContent(".notes")).toContain("Time left: 15 minutes");
      await expiringSandbox.clock.advance(14 * 60_000);
      await page.reload();
      expect(await page.textContent(".notes")).toContain("Time left: 1 minute");
      await expiringSandbox.clock.advance(60_000);
      await page.fill("#code", "123456");
      await page.press("#code", "Enter");
      await page.waitForSelector(".result");
      expect(await page.textContent("h1")).toBe("Your session expired");
      await page.reload();
      expect(await page.textContent("h1")).toBe("Your session expired");
      await page.click("text=Return to the shop");
      await page.waitForURL(`${shop.origin}/done`);
      expect(consoleErrors).toEqual([]);
    } finally {
      await expiringSandbox.close();
    }
  });

  test("show the test cards and the test code on demand", async () => {
    await using opened = await openWindow(browser, window);
    const { page, consoleErrors } = opened;
    await page.goto(await createCardPage(sandbox.credentials));
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

  test("let the buyer correct an invalid card number and pass the challenge, and then redirect to the merchant", async () => {
    const id = createId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await createCardPage(sandbox.credentials, { id, redirectUrl, threeDS: true });
    await using opened = await openWindow(browser, window);
    const { page, consoleErrors } = opened;
    await page.goto(url);
    await page.fill("#cardNo", "4054 6957 2310 0769");
    await page.fill("#expiry", "12/30");
    await page.fill("#cvv", "123");
    await page.click("form button");
    await page.waitForSelector("#cardNo-error");
    expect(await page.textContent("#cardNo-error")).toBe("The card number is invalid. Check it and try again.");
    expect(await page.getAttribute("#cardNo", "aria-describedby")).toBe("cardNo-error");
    expect(await page.textContent(".summary li")).toBe("The card number is invalid. Check it and try again.");
    expect(await page.locator("*:focus").getAttribute("id")).toBe("cardNo");
    // The script does not submit an invalid form, so the values stay. The server never returns submitted values.
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
    expect(await getStatus(id)).toBe("SUCCESS");
    await page.goBack();
    expect(await page.textContent("h1")).toBe("Your card is saved");
    // The card page shows the result instead of the form.
    await page.goto(url);
    expect(await page.textContent("h1")).toBe("Your card is saved");
    expect(consoleErrors.filter((message) => !message.includes("422"))).toEqual([]);
  });

  test.each([
    [
      "that redirects to a different host",
      () => `${shop.origin}/old`,
      () => `http://localhost:${shop.port}/done?came=old`,
    ],
    ["at an IPv6 address", () => `http://[::1]:${shop.port}/done`, () => `http://[::1]:${shop.port}/done`],
    ["on localhost", () => `http://localhost:${shop.port}/done`, () => `http://localhost:${shop.port}/done`],
  ])("redirect to a merchant's page %s", async (_, getRedirectUrl, getFinalUrl) => {
    const url = await startChallenge(sandbox.credentials, { redirectUrl: getRedirectUrl() });
    await using opened = await openWindow(browser, window);
    await opened.page.goto(url);
    await opened.page.fill("#code", "123456");
    await opened.page.press("#code", "Enter");
    await opened.page.waitForURL(getFinalUrl());
    expect(opened.consoleErrors).toEqual([]);
  });
});

describe.skipIf(browserPath === undefined)("the buyer pages in a browser with a malicious site", () => {
  test("cannot be framed", async () => {
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

  test("reject a form from a different site, even if the buyer has the page open", async () => {
    const id = createId();
    const url = await startChallenge(sandbox.credentials, { id });
    await using opened = await openWindow(browser);
    const { page, context } = opened;
    await page.goto(url);
    const token = await page.inputValue("input[name=token]");
    const other = await context.newPage();
    // The token is valid, but the browser marks the request as cross-site and omits the cookie.
    const body = `<form method="post" action="${url}"><input name="token" value="${token}"><input name="action" value="cancel"></form><script>document.forms[0].submit()</script>`;
    await other.route(`http://localhost:${shop.port}/evil`, (route) =>
      route.fulfill({ contentType: "text/html", body }),
    );
    await other.goto(`http://localhost:${shop.port}/evil`);
    await other.waitForURL(url);
    expect(await other.textContent("h1")).toBe("Request not allowed");
    expect(await getStatus(id)).toBe("PROCESSING");
    await page.fill("#code", "123456");
    await page.press("#code", "Enter");
    await expect.poll(() => getStatus(id)).toBe("SUCCESS");
  });
});
