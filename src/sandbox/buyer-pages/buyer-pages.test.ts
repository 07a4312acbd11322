import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createBuyer,
  createCardPage,
  expectSafe,
  type PageResponse,
  startChallenge,
  VALID_CARD,
} from "../../testing/browser/buyer.ts";
import { type RunningSandbox, startSandbox } from "../index.ts";

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Opens a page, submits forms in sequence, and returns the page after the last form. */
async function submitForms(url: string, ...forms: Readonly<Record<string, string>>[]): Promise<PageResponse> {
  const buyer = createBuyer();
  await buyer.get(url);
  for (const form of forms) await buyer.post(url, form);
  return buyer.get(url);
}

test("the buyer pages are in English, show the sandbox label, and have the security headers", async () => {
  const { credentials } = sandbox;
  const submitCode = (code: string) => ({ action: "code", code });
  const incorrectCode = submitCode("000000");
  const withCard = (cardNo: string) => ({ ...VALID_CARD, cardNo });
  const failingCard = { cardNo: "4000009900540009" };
  const [challenge, cardPage] = [await startChallenge(credentials), await createCardPage(credentials)];
  const buyer = createBuyer();
  const pages: readonly (readonly [title: string, text: string, page: PageResponse])[] = [
    [
      "Your card is saved",
      "You can now use it in the shop",
      await submitForms(await startChallenge(credentials), submitCode("123456")),
    ],
    [
      "You cancelled the verification",
      "Your card was not saved.",
      await submitForms(await startChallenge(credentials), { action: "cancel" }),
    ],
    [
      "Too many incorrect codes",
      "after 3 incorrect codes",
      await submitForms(await startChallenge(credentials), incorrectCode, incorrectCode, incorrectCode),
    ],
    [
      "Your bank could not verify you",
      "with this card or a different one",
      await submitForms(await startChallenge(credentials, failingCard), incorrectCode),
    ],
    [
      "Your card was declined",
      "Your bank did not approve the card",
      await submitForms(await createCardPage(credentials), withCard("4000009900240006")),
    ],
    ["Confirm it’s you", "Every other code is incorrect.", await buyer.get(challenge)],
    [
      "Confirm it’s you",
      "the same result with every code",
      await submitForms(await startChallenge(credentials, failingCard)),
    ],
    ["Confirm it’s you", "Incorrect code.", await submitForms(await startChallenge(credentials), incorrectCode)],
    ["Confirm it’s you", "This did not count as an attempt.</p>", await buyer.post(challenge, submitCode(" "))],
    ["Save your card", "Declined <code", await buyer.get(cardPage)],
    [
      "Save your card",
      "Declined after the one-time code",
      await submitForms(await createCardPage(credentials, { threeDS: true })),
    ],
    ["Save your card", "Enter the card number.</p>", await buyer.post(cardPage, { cardNo: "", expiry: "", cvv: "" })],
    ["Save your card", "3 or 4 digits.</p>", await buyer.post(cardPage, { cardNo: "1", expiry: "1", cvv: "1" })],
    ["Save your card", "we did not keep your card details", await buyer.post(cardPage, withCard("4054695723100769"))],
    [
      "Your card is saved",
      "You can close this page.",
      await submitForms(await createCardPage(credentials, { redirectUrl: null }), VALID_CARD),
    ],
    ["Form expired", "Reload page", await buyer.post(challenge, { ...submitCode("1"), token: "x" })],
    ["This link is no longer valid", "was already used", await buyer.get(`${challenge}x`)],
  ];
  for (const [index, [title, text, page]] of pages.entries()) {
    expect(page.title, `page ${index}`).toBe(title);
    expect(page.text, title).toContain(text);
    expectSafe(page);
    expect(page.text, title).toContain('<html lang="en">');
    expect(page.text.match(/<h1>/g), title).toHaveLength(1);
    expect(page.text, title).toContain("Test environment. No real cards.");
    expect(Buffer.byteLength(page.text), title).toBeLessThan(30_000);
  }
});

test("the page of an expired challenge shows that the session expired and the card was not saved", async () => {
  const url = await startChallenge(sandbox.credentials, { cardNo: "4000009900510002" });
  const buyer = createBuyer();
  await buyer.get(url);
  await sandbox.clock.advance(15 * 60_000);
  const page = await buyer.get(url);
  expect(page.title).toBe("Your session expired");
  expect(page.text).toContain("this page has expired. Your card was not saved.");
});
