import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createBuyer,
  expectSafe,
  openCardPage,
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

/** Opens a page, submits the forms one after the other, and returns the page that a new visit shows. */
async function end(url: string, ...answers: Readonly<Record<string, string>>[]): Promise<PageResponse> {
  const someone = createBuyer();
  await someone.get(url);
  for (const answer of answers) await someone.post(url, answer);
  return someone.get(url);
}

test("every page is in English, names the sandbox, and is small and safe", async () => {
  const { credentials } = sandbox;
  const code = (typed: string) => ({ answer: "code", code: typed });
  const wrong = code("000000");
  const card = (cardNo: string) => ({ ...VALID_CARD, cardNo });
  const fails = { cardNo: "4000009900540009" };
  const [challenge, cardPage] = [await startChallenge(credentials), await openCardPage(credentials)];
  const someone = createBuyer();
  const pages: readonly (readonly [title: string, text: string, page: PageResponse])[] = [
    ["Your card is saved", "You can use it in the shop", await end(await startChallenge(credentials), code("123456"))],
    [
      "You cancelled the check",
      "The card was not saved.",
      await end(await startChallenge(credentials), { answer: "cancel" }),
    ],
    [
      "Too many wrong codes",
      "After three wrong codes",
      await end(await startChallenge(credentials), wrong, wrong, wrong),
    ],
    [
      "Your bank could not confirm it’s you",
      "with this card or another one",
      await end(await startChallenge(credentials, fails), wrong),
    ],
    [
      "Your card was declined",
      "Your bank did not approve it",
      await end(await openCardPage(credentials), card("4000009900240006")),
    ],
    ["Confirm it’s you", "Any other code counts as wrong.", await someone.get(challenge)],
    ["Confirm it’s you", "the result is fixed", await end(await startChallenge(credentials, fails))],
    ["Confirm it’s you", "That code is not right.", await end(await startChallenge(credentials), wrong)],
    ["Confirm it’s you", "This did not count as a try.</p>", await someone.post(challenge, code(" "))],
    ["Save your card", "The bank declines.", await someone.get(cardPage)],
    ["Save your card", "then the bank declines.", await end(await openCardPage(credentials, { threeDS: true }))],
    ["Save your card", "Enter the card number.</p>", await someone.post(cardPage, { cardNo: "", expiry: "", cvv: "" })],
    ["Save your card", "3 or 4 digits.</p>", await someone.post(cardPage, { cardNo: "1", expiry: "1", cvv: "1" })],
    ["Save your card", "nothing you typed was kept", await someone.post(cardPage, card("4054695723100769"))],
    [
      "Your card is saved",
      "You can close this page.",
      await end(await openCardPage(credentials, { redirectUrl: null }), VALID_CARD),
    ],
    ["Please open the page again", "Open again", await someone.post(challenge, { ...code("1"), token: "x" })],
    ["This link does not work", "It was used already", await someone.get(`${challenge}x`)],
  ];
  for (const [at, [title, words, page]] of pages.entries()) {
    expect(page.title, `page ${at}`).toBe(title);
    expect(page.text, title).toContain(words);
    expectSafe(page);
    expect(page.text, title).toContain('<html lang="en">');
    expect(page.text.match(/<h1>/g), title).toHaveLength(1);
    expect(page.text, title).toContain("No real card, no real bank");
    expect(Buffer.byteLength(page.text), title).toBeLessThan(30_000);
  }
});

test("the page of an expired challenge says that time is up", async () => {
  const url = await startChallenge(sandbox.credentials, { cardNo: "4000009900510002" });
  const someone = createBuyer();
  await someone.get(url);
  await sandbox.clock.advance(15 * 60_000);
  const page = await someone.get(url);
  expect(page.title).toBe("Time is up");
  expect(page.text).toContain("this page closed by itself, and the card was not saved.");
});
