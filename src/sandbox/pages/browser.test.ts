import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningSandbox, startSandbox } from "../index.ts";
import { newId } from "../sandbox.fixture.ts";
import { findBrowser, openWindow, startBrowser } from "./browser.fixture.ts";
import { cardPageOf, challengeOf } from "./pages.fixture.ts";

const found = findBrowser();
if (found === undefined)
  console.warn("SKIPPED: no browser. Set CHROME_PATH, or install chromium, to test the pages in a real one.");

/** Where screenshots are put for people to look at; nowhere unless it is set. */
const SHOTS = process.env["ANTOM_VAULT_SCREENSHOTS"];

let browser: Browser;
let sandbox: RunningSandbox;
let shop: Awaited<ReturnType<typeof startShop>>;
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

/** A merchant's pages: `/done`, and `/old`, which sends the buyer on to another of the merchant's hosts. */
async function startShop() {
  const visits: { readonly path: string; readonly referer: string | undefined }[] = [];
  const server = createServer(({ url = "", headers }, response) => {
    if (url.startsWith("/old")) {
      response.writeHead(302, { location: `http://localhost:${port}/done?came=old` }).end();
      return;
    }
    if (url.startsWith("/done")) visits.push({ path: url, referer: headers.referer });
    response.writeHead(200, { "content-type": "text/html" }).end("<title>Shop</title><h1>Thank you</h1>");
  });
  server.listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    visits,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const statusOf = async (id: string) => (await sandbox.vaultings.find(id))?.status;

describe.skipIf(found === undefined).each([true, false])("in a browser, JavaScript %s", (javaScriptEnabled) => {
  test("the code, wrong and then right: the buyer lands on the merchant's page, which learns nothing from the address", async () => {
    const id = newId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await challengeOf(sandbox.credentials, { id, redirectUrl });
    await using opened = await openWindow(browser, { javaScriptEnabled });
    const { page, complaints } = opened;
    await page.goto(url);
    await page.fill("#code", "000000");
    await page.click("button[value=code]");
    await page.waitForSelector("[role=alert]");
    expect(await page.textContent("[role=alert]")).toBe("That was not the code. Tries left: 2.");
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
    expect(await page.textContent("h1")).toBe("The card is saved");
    await page.reload();
    expect(await page.textContent("h1")).toBe("The card is saved");
    await page.click("text=Back to the shop");
    await page.waitForURL(redirectUrl);
    expect(shop.visits.filter(({ path }) => path.includes(id)).every(({ referer }) => referer === undefined)).toBe(
      true,
    );
    expect(complaints).toEqual([]);
  });

  test("cancel", async () => {
    const id = newId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await challengeOf(sandbox.credentials, { id, redirectUrl });
    await using opened = await openWindow(browser, { javaScriptEnabled });
    await opened.page.goto(url);
    await opened.page.click("button[value=cancel]");
    await opened.page.waitForURL(redirectUrl);
    expect(await statusOf(id)).toBe("FAIL");
    expect(opened.complaints).toEqual([]);
  });

  test("a card with a mistake, then a right one, the challenge, the merchant's page", async () => {
    const id = newId();
    const redirectUrl = `${shop.origin}/done?order=${id}`;
    const url = await cardPageOf(sandbox.credentials, { id, redirectUrl, threeDS: true });
    await using opened = await openWindow(browser, { javaScriptEnabled });
    const { page, complaints } = opened;
    await page.goto(url);
    await page.fill("#cardNo", "4054 6957 2310 0769");
    await page.fill("#expiry", "12/30");
    await page.fill("#cvv", "123");
    await page.click("form button");
    await page.waitForSelector("#cardNo-wrong");
    expect(await page.textContent("#cardNo-wrong")).toBe("There is a mistake in the card number.");
    for (const field of ["#cardNo", "#expiry", "#cvv"]) expect(await page.inputValue(field)).toBe("");
    await page.fill("#cardNo", "4054695723100768");
    await page.fill("#expiry", "12/30");
    await page.fill("#cvv", "123");
    await page.press("#cvv", "Enter");
    await page.waitForSelector("#code");
    expect(await page.textContent("main")).toContain("VISA ending in 0768");
    await page.fill("#code", "123456");
    await page.press("#code", "Enter");
    await page.waitForURL(redirectUrl);
    expect(await statusOf(id)).toBe("SUCCESS");
    await page.goBack();
    expect(await page.textContent("h1")).toBe("The card is saved");
    // The page with the card's form is behind that one; it leads on and shows nothing of the card.
    await page.goto(url);
    expect(await page.textContent("h1")).toBe("The card is saved");
    expect(complaints.filter((each) => !each.includes("422"))).toEqual([]);
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
    const url = await challengeOf(sandbox.credentials, { redirectUrl: redirect() });
    await using opened = await openWindow(browser, { javaScriptEnabled });
    await opened.page.goto(url);
    await opened.page.fill("#code", "123456");
    await opened.page.press("#code", "Enter");
    await opened.page.waitForURL(end());
    expect(opened.complaints).toEqual([]);
  });
});

describe.skipIf(found === undefined)("against a hostile page, in a browser", () => {
  test("99: the challenge is shown in no frame", async () => {
    const url = await challengeOf(sandbox.credentials);
    await using opened = await openWindow(browser);
    const { page } = opened;
    await page.route(`${shop.origin}/evil`, (route) =>
      route.fulfill({ contentType: "text/html", body: `<iframe src="${url}"></iframe>` }),
    );
    await page.goto(`${shop.origin}/evil`);
    await expect.poll(() => page.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
    expect(await page.frames()[1]?.locator("#code").count()).toBe(0);
  });

  test("98: a form on another site changes nothing, though the buyer has the page open", async () => {
    const id = newId();
    const url = await challengeOf(sandbox.credentials, { id });
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

describe.skipIf(found === undefined).each([360, 1280])("%i pixels wide", (width) => {
  test.each([false, true])("nothing sticks out, all is labelled (dark: %s)", async (dark) => {
    const challenge = await challengeOf(sandbox.credentials);
    const card = await cardPageOf(sandbox.credentials);
    await using opened = await openWindow(browser, { width, height: 740, dark });
    const { page } = opened;
    const look = async (name: string) => {
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      expect(
        await page.evaluate(
          "[...document.querySelectorAll('input:not([type=hidden])')].every((input) => input.labels.length === 1)",
        ),
      ).toBe(true);
      if (SHOTS === undefined) return;
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `${name}-${width}${dark ? "-dark" : ""}.png`) });
    };
    await page.goto(challenge);
    await look("challenge");
    await page.fill("#code", "1");
    await page.press("#code", "Enter");
    await page.waitForSelector("[role=alert]");
    await look("wrong-code");
    await page.goto(card);
    await look("card");
    await page.fill("#cardNo", "1");
    await page.fill("#expiry", "1");
    await page.fill("#cvv", "1");
    await page.click("form button");
    await page.waitForSelector(".wrong");
    await look("card-wrong");
    await page.goto(challenge.slice(0, -1));
    await look("dead-link");
  });
});
