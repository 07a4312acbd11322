import fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { detectBrand, getBrandName } from "../../cards/card-brand.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { type BrowserWindow, findBrowser, openWindow, startBrowser } from "../../testing/browser/browser.ts";
import { createCardPage, startChallenge, VALID_CARD } from "../../testing/browser/buyer.ts";
import { type RunningSandbox, startSandbox } from "../index.ts";
import { readCardForm } from "./card-form.ts";

const browserPath = findBrowser();
if (browserPath === undefined)
  console.warn("SKIPPED: no browser found. Install Chromium or set CHROME_PATH to test the pages in a browser.");

let browser: Browser;
let sandbox: RunningSandbox;
let opened: BrowserWindow;
beforeAll(async () => {
  sandbox = await startSandbox();
  if (browserPath === undefined) return;
  browser = await startBrowser(browserPath);
  opened = await openWindow(browser);
  await opened.page.goto(await createCardPage(sandbox.credentials));
});
afterAll(async () => {
  if (browserPath !== undefined) await browser.close();
  await sandbox.close();
});

/** Returns the text of a field, with a bar at the caret. */
const readField = (page: Page, field: string) =>
  page.evaluate<string>(
    `(({ value, selectionStart }) => value.slice(0, selectionStart) + "|" + value.slice(selectionStart))(document.querySelector("${field}"))`,
  );

/** Clears the fields of the card page, which the tests share. */
async function clearCardPage(): Promise<BrowserWindow> {
  for (const field of ["#cardNo", "#expiry", "#cvv"]) await opened.page.fill(field, "");
  return opened;
}

describe.skipIf(browserPath === undefined)("the card number field", () => {
  test("groups digits and keeps the caret after the same digit", async () => {
    const { page, consoleErrors } = await clearCardPage();
    const pressKeys = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
      return readField(page, "#cardNo");
    };
    await page.focus("#cardNo");
    await page.keyboard.type("4054695723100768");
    expect(await readField(page, "#cardNo")).toBe("4054 6957 2310 0768|");
    // Inserting a digit in the middle shifts all digits after it.
    expect(await pressKeys(...Array(13).fill("ArrowLeft"))).toBe("4054 6|957 2310 0768");
    expect(await pressKeys("9")).toBe("4054 69|95 7231 0076 8");
    expect(await pressKeys("Backspace")).toBe("4054 6|957 2310 0768");
    // At the end of a group, the caret moves past the space.
    expect(await pressKeys("ArrowLeft", "ArrowLeft", "ArrowLeft", "1")).toBe("4051 |4695 7231 0076 8");
    // Deleting the space deletes the adjacent digit.
    expect(await pressKeys("Backspace")).toBe("405|4 6957 2310 0768");
    expect(await pressKeys("ArrowRight", "Delete")).toBe("4054| 9572 3100 768");
    expect(await pressKeys("x", "-", " ")).toBe("4054 |9572 3100 768");
    expect(await pressKeys("Control+A", "Delete")).toBe("|");
    expect(consoleErrors).toEqual([]);
  });

  test.each([
    ["4054-6957-2310-0768", "4054 6957 2310 0768"],
    ["card: 4054695723100768.", "4054 6957 2310 0768"],
    ["４０５４６９５７２３１００７６８", "4054 6957 2310 0768"],
    ["378282246310005", "3782 822463 10005"],
    ["36227206271667", "3622 720627 1667"],
    ["6212345678901234567890", "6212 3456 7890 1234 567"],
  ])("formats the pasted text %s as %s", async (pasted, shown) => {
    const { page } = await clearCardPage();
    await page.focus("#cardNo");
    await page.keyboard.insertText(pasted);
    expect(await readField(page, "#cardNo")).toBe(`${shown}|`);
  });

  test("shows the brand while it is unambiguous", async () => {
    const { page } = await clearCardPage();
    const getBrandAfter = async (text: string) => {
      await page.fill("#cardNo", text);
      return page.textContent("#brand");
    };
    expect(await getBrandAfter("4")).toBe("Visa");
    expect(await getBrandAfter("6")).toBe("");
    expect(await getBrandAfter("62")).toBe("UnionPay");
    expect(await getBrandAfter("60")).toBe("");
    expect(await getBrandAfter("6011")).toBe("Discover");
    expect(await getBrandAfter("37")).toBe("American Express");
    expect(await getBrandAfter("1")).toBe("");
    expect(await getBrandAfter("")).toBe("");
  });
});

test.skipIf(browserPath === undefined)(
  "the card page detects the brand and validates the fields as the server does",
  async () => {
    const { page } = await clearCardPage();
    const digits = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 19 })
      .map((all) => all.join(""));
    const numbers = [...fc.sample(digits, 2000), ...TEST_CARDS.map(({ number }) => number)];
    const brands = await page.evaluate<string[]>(`${JSON.stringify(numbers)}.map(findBrand)`);
    expect(brands).toEqual(numbers.map((number) => getBrandName(detectBrand(number) ?? null) ?? ""));
    const typed = fc.oneof(
      digits,
      fc.string({ unit: fc.constantFrom(..."0123456789/- .x２"), maxLength: 9 }),
      fc.constantFrom("08/30", "1/2030", "123", "4054695723100768"),
    );
    const forms = fc.sample(fc.record({ cardNo: typed, expiry: typed, cvv: typed }), 2000);
    const results = await page.evaluate<string[][]>(
      `${JSON.stringify(forms)}.map((form) => Object.entries(form).map(([name, value]) => validateField({ name, value })))`,
    );
    const validateOnServer = (form: Record<"cardNo" | "expiry" | "cvv", string>) => {
      const result = readCardForm(new URLSearchParams(form));
      const errors = Array.isArray(result) ? result : [];
      return Object.keys(form).map((name) => errors.find(({ field }) => field === name)?.reason ?? "");
    };
    expect(results).toEqual(forms.map(validateOnServer));
  },
);

describe.skipIf(browserPath === undefined)("the expiry and security code fields", () => {
  test.each([
    [["1", "2"], "12/|"],
    [["1", "2", "3", "0"], "12/30|"],
    [["1", "2", "/", "3", "0"], "12/30|"],
    [["8"], "08/|"],
    [["0", "8", "2", "0", "3", "0"], "08/30|"],
    [["0", "8", "/", "2", "0", "3", "0"], "08/30|"],
    [["1", "2", "3", "0", "9"], "12/30|"],
    [["1", "2", "Backspace"], "1|"],
    [["1", "2", "3", "Backspace"], "12|"],
    [["1", "2", "3", "Backspace", "4"], "12/4|"],
    [["1", "2", "3", "0", "ArrowLeft", "ArrowLeft", "Backspace"], "1|3/0"],
    [["a", "1", ".", "b"], "1|"],
  ])("show the keys %j, pressed in the expiry field, as %s", async (keys, shown) => {
    const { page } = await clearCardPage();
    await page.focus("#expiry");
    for (const key of keys) await page.keyboard.press(key);
    expect(await readField(page, "#expiry")).toBe(shown);
  });

  test("accept up to 4 digits as the security code", async () => {
    const { page } = await clearCardPage();
    await page.focus("#cvv");
    await page.keyboard.type("1a2 345");
    expect(await readField(page, "#cvv")).toBe("1234|");
    await page.fill("#cvv", "１２３");
    expect(await page.inputValue("#cvv")).toBe("123");
  });
});

test.skipIf(browserPath === undefined)("the copy button of a test card copies the card number", async () => {
  const { page, context } = await clearCardPage();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("summary");
  const button = page.locator("dl > div", { hasText: "4000 0099 0005 0009" }).getByRole("button");
  await button.click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe("4000 0099 0005 0009");
  await expect.poll(() => page.textContent("#copied")).toBe("Copied");
  await button.click();
  await expect.poll(() => button.textContent(), { timeout: 5000 }).toBe("Copy");
});

test.skipIf(browserPath === undefined)(
  "a form shows progress, and is submitted only once if its button is clicked repeatedly",
  async () => {
    const url = await startChallenge(sandbox.credentials);
    await using opened = await openWindow(browser);
    const { page, consoleErrors } = opened;
    let sent = 0;
    const connection = Promise.withResolvers<void>();
    await page.route(url, async (route) => {
      if (route.request().method() === "POST") {
        sent += 1;
        await connection.promise;
      }
      await route.continue();
    });
    await page.goto(url);
    await page.fill("#code", "000000");
    // The form's listeners run before this listener on the window, which therefore sees their result.
    const result = await page.evaluate(`(() => {
    const form = document.querySelector("form");
    const prevented = [];
    addEventListener("submit", (event) => prevented.push(event.defaultPrevented));
    for (let times = 0; times < 3; times++) form.querySelector("button[value=code]").click();
    return [prevented, form.ariaBusy, form.querySelector("[role=status]").textContent];
  })()`);
    expect(result).toEqual([[true, true, true], "true", "Processing…"]);
    await expect.poll(() => sent).toBe(1);
    connection.resolve();
    await page.getByText("Attempts left: 2.").waitFor();
    expect(sent).toBe(1);
    expect(consoleErrors).toEqual([]);
  },
);

test.skipIf(browserPath === undefined)(
  "a form keeps its input, and shows that nothing was sent, if the sandbox is not running",
  async () => {
    const stopped = await startSandbox();
    const url = await createCardPage(stopped.credentials);
    await using opened = await openWindow(browser);
    const { page } = opened;
    const requests: (string | null)[] = [];
    page.on("request", (request) => requests.push(request.postData()));
    await page.goto(url);
    expect(await page.locator("*:focus").getAttribute("id")).toBe("cardNo");
    await page.keyboard.type(VALID_CARD.cardNo);
    await page.fill("#expiry", VALID_CARD.expiry);
    await page.fill("#cvv", VALID_CARD.cvv);
    await stopped.close(0);
    await page.getByRole("button", { name: "Save card" }).click();
    await page.getByText("The server is not responding, so nothing was sent.").waitFor();
    expect(await page.inputValue("#cardNo")).toBe(VALID_CARD.cardNo);
    expect(await page.inputValue("#cvv")).toBe(VALID_CARD.cvv);
    // The request that checks whether the server responds contains no card data.
    expect(requests.every((body) => body === null)).toBe(true);
    expect(page.url()).toBe(url);
  },
);
