import fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { detectBrand, getBrandName } from "../../cards/card-brand.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { type BrowserWindow, findBrowser, openWindow, startBrowser } from "../../testing/browser/browser.ts";
import { openCardPage, startChallenge } from "../../testing/browser/buyer.ts";
import { type RunningSandbox, startSandbox } from "../index.ts";
import { readCardForm } from "./card-form.ts";

const found = findBrowser();
if (found === undefined)
  console.warn("SKIPPED: no browser. Set CHROME_PATH, or install chromium, to type into the pages in a real one.");

let browser: Browser;
let sandbox: RunningSandbox;
let opened: BrowserWindow;
beforeAll(async () => {
  sandbox = await startSandbox();
  if (found === undefined) return;
  browser = await startBrowser(found);
  opened = await openWindow(browser);
  await opened.page.goto(await openCardPage(sandbox.credentials));
});
afterAll(async () => {
  if (found !== undefined) await browser.close();
  await sandbox.close();
});

/** A field's text, with a bar where the caret is. */
const stateOf = (page: Page, field: string) =>
  page.evaluate<string>(
    `(({ value, selectionStart }) => value.slice(0, selectionStart) + "|" + value.slice(selectionStart))(document.querySelector("${field}"))`,
  );

/** Clears the card page that all tests share. */
async function cardPage(): Promise<BrowserWindow> {
  for (const field of ["#cardNo", "#expiry", "#cvv"]) await opened.page.fill(field, "");
  return opened;
}

describe.skipIf(found === undefined)("the card number, as it is typed", () => {
  test("is grouped, and the caret stays behind its digit", async () => {
    const { page, consoleErrors } = await cardPage();
    const keys = async (...all: readonly string[]) => {
      for (const key of all) await page.keyboard.press(key);
      return stateOf(page, "#cardNo");
    };
    await page.focus("#cardNo");
    await page.keyboard.type("4054695723100768");
    expect(await stateOf(page, "#cardNo")).toBe("4054 6957 2310 0768|");
    // A digit in the middle moves all behind it on.
    expect(await keys(...Array(13).fill("ArrowLeft"))).toBe("4054 6|957 2310 0768");
    expect(await keys("9")).toBe("4054 69|95 7231 0076 8");
    expect(await keys("Backspace")).toBe("4054 6|957 2310 0768");
    // At the end of a group, behind the blank.
    expect(await keys("ArrowLeft", "ArrowLeft", "ArrowLeft", "1")).toBe("4051 |4695 7231 0076 8");
    // To delete the blank is to delete the digit beyond it.
    expect(await keys("Backspace")).toBe("405|4 6957 2310 0768");
    expect(await keys("ArrowRight", "Delete")).toBe("4054| 9572 3100 768");
    expect(await keys("x", "-", " ")).toBe("4054 |9572 3100 768");
    expect(await keys("Control+A", "Delete")).toBe("|");
    expect(consoleErrors).toEqual([]);
  });

  test.each([
    ["4054-6957-2310-0768", "4054 6957 2310 0768"],
    ["card: 4054695723100768.", "4054 6957 2310 0768"],
    ["４０５４６９５７２３１００７６８", "4054 6957 2310 0768"],
    ["378282246310005", "3782 822463 10005"],
    ["36227206271667", "3622 720627 1667"],
    ["6212345678901234567890", "6212 3456 7890 1234 567"],
  ])("%s is pasted: %s", async (pasted, shown) => {
    const { page } = await cardPage();
    await page.focus("#cardNo");
    await page.keyboard.insertText(pasted);
    expect(await stateOf(page, "#cardNo")).toBe(`${shown}|`);
  });

  test("tells the brand, once it is sure, and takes it back", async () => {
    const { page } = await cardPage();
    const after = async (text: string) => {
      await page.fill("#cardNo", text);
      return page.textContent("#brand");
    };
    expect(await after("4")).toBe("Visa");
    expect(await after("6")).toBe("");
    expect(await after("62")).toBe("UnionPay");
    expect(await after("60")).toBe("");
    expect(await after("6011")).toBe("Discover");
    expect(await after("37")).toBe("American Express");
    expect(await after("1")).toBe("");
    expect(await after("")).toBe("");
  });

  test("the page's own rules are the issuer's and the server's", async () => {
    const { page } = await cardPage();
    const digits = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 19 })
      .map((all) => all.join(""));
    const numbers = [...fc.sample(digits, 2000), ...TEST_CARDS.map(({ number }) => number)];
    const brands = await page.evaluate<string[]>(`${JSON.stringify(numbers)}.map(brandOf)`);
    expect(brands).toEqual(numbers.map((number) => getBrandName(detectBrand(number) ?? null) ?? ""));
    const typed = fc.oneof(
      digits,
      fc.string({ unit: fc.constantFrom(..."0123456789/- .x２"), maxLength: 9 }),
      fc.constantFrom("08/30", "1/2030", "123", "4054695723100768"),
    );
    const forms = fc.sample(fc.record({ cardNo: typed, expiry: typed, cvv: typed }), 2000);
    const told = await page.evaluate<string[][]>(
      `${JSON.stringify(forms)}.map((form) => Object.entries(form).map(([name, value]) => faultOf({ name, value })))`,
    );
    const faultsOf = (form: Record<"cardNo" | "expiry" | "cvv", string>) => {
      const read = readCardForm(new URLSearchParams(form));
      const faults = Array.isArray(read) ? read : [];
      return Object.keys(form).map((name) => faults.find(({ field }) => field === name)?.reason ?? "");
    };
    expect(told).toEqual(forms.map(faultsOf));
  });
});

describe.skipIf(found === undefined)("expiry and security code, as they are typed", () => {
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
  ])("%j: %s", async (keys, shown) => {
    const { page } = await cardPage();
    await page.focus("#expiry");
    for (const key of keys) await page.keyboard.press(key);
    expect(await stateOf(page, "#expiry")).toBe(shown);
  });

  test("the security code is digits, four at most", async () => {
    const { page } = await cardPage();
    await page.focus("#cvv");
    await page.keyboard.type("1a2 345");
    expect(await stateOf(page, "#cvv")).toBe("1234|");
    await page.fill("#cvv", "１２３");
    expect(await page.inputValue("#cvv")).toBe("123");
  });
});

test.skipIf(found === undefined)("what a test number's button copies is the number", async () => {
  const { page, context } = await cardPage();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("summary");
  const button = page.locator("dl > div", { hasText: "4000 0099 0005 0009" }).getByRole("button");
  await button.click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe("4000 0099 0005 0009");
  await expect.poll(() => page.textContent("#copied")).toBe("Copied");
  await button.click();
  await expect.poll(() => button.textContent(), { timeout: 5000 }).toBe("Copy");
});

test.skipIf(found === undefined)("a form is sent once, however often the button is pressed, and says so", async () => {
  const url = await startChallenge(sandbox.credentials);
  await using opened = await openWindow(browser);
  const { page, consoleErrors } = opened;
  let sent = 0;
  const line = Promise.withResolvers<void>();
  await page.route(url, async (route) => {
    if (route.request().method() === "POST") {
      sent += 1;
      await line.promise;
    }
    await route.continue();
  });
  await page.goto(url);
  await page.fill("#code", "000000");
  // The form's own listeners come before the window's, which hears what they made of each press.
  const said = await page.evaluate(`(() => {
    const form = document.querySelector("form");
    const held = [];
    addEventListener("submit", (event) => held.push(event.defaultPrevented));
    for (let times = 0; times < 3; times++) form.querySelector("button[value=code]").click();
    return [held, form.ariaBusy, form.querySelector("[role=status]").textContent];
  })()`);
  expect(said).toEqual([[false, true, true], "true", "One moment, please…"]);
  await expect.poll(() => sent).toBe(1);
  line.resolve();
  await page.getByText("Tries left: 2.").waitFor();
  expect(sent).toBe(1);
  expect(consoleErrors).toEqual([]);
});
