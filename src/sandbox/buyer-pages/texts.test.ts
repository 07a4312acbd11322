import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buyer, cardPageOf, challengeOf, expectSafe, RIGHT_CARD, type Seen } from "../../testing/browser/buyer.ts";
import { type RunningSandbox, startSandbox } from "../index.ts";
import { timeInWords } from "./format-duration.ts";
import { type End, type Language, TEXTS } from "./texts.ts";

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Every text of a table, with something in its gaps. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "function") return [String(value("Visa", "0002"))];
  return Object.values(value as object).flatMap(textsIn);
}

const LANGUAGES = Object.keys(TEXTS) as Language[];
const OTHERS = LANGUAGES.filter((language) => language !== "en");
const ENGLISH = textsIn({ ...TEXTS.en, lang: "" }).filter((text) => text.trim() !== "");

/** What a page says: all between its tags, and what the script may show of its attributes. */
function wordsOf({ text }: Seen): string {
  const page = text.replace(/<(style|script)>.*?<\/\1>/gs, "");
  const attributes = [...page.matchAll(/ (?:data-\w+|aria-label|title|placeholder)="([^"]*)"/g)].map(
    ([, said]) => said,
  );
  return [page.replace(/<[^>]*>/g, "\n"), ...attributes].join("\n").replaceAll("&#39;", "'").replaceAll("&quot;", '"');
}

const standsIn = (text: string, words: string) =>
  new RegExp(`(?<![\\p{L}])${text.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}])`, "u").test(words);

/** Every page that a buyer can come to see. */
async function pagesIn(language: Language): Promise<Readonly<Record<string, Seen>>> {
  const { credentials } = sandbox;
  const headers = { "accept-language": language };
  const end = async (url: string, ...answers: Readonly<Record<string, string>>[]) => {
    const someone = buyer();
    await someone.get(url, headers);
    for (const answer of answers) await someone.post(url, answer, headers);
    return someone.get(url, headers);
  };
  const code = (typed: string) => ({ answer: "code", code: typed });
  const wrong = code("000000");
  const card = (cardNo: string) => ({ ...RIGHT_CARD, cardNo });
  const ends: Record<Exclude<End, "expired">, Seen> = {
    saved: await end(await challengeOf(credentials), code("123456")),
    cancelled: await end(await challengeOf(credentials), { answer: "cancel" }),
    tooManyCodes: await end(await challengeOf(credentials), wrong, wrong, wrong),
    notVerified: await end(await challengeOf(credentials, { cardNo: "4000009900540009" }), wrong),
    declined: await end(await cardPageOf(credentials), card("4000009900240006")),
  };
  const [challenge, cardPage] = [await challengeOf(credentials), await cardPageOf(credentials)];
  const someone = buyer();
  const shown = await someone.get(challenge, headers);
  const cardShown = await someone.get(cardPage, headers);
  return {
    ...ends,
    challenge: shown,
    "a challenge of a fixed result": await end(await challengeOf(credentials, { cardNo: "4000009900540009" })),
    "a wrong code": await end(await challengeOf(credentials), wrong),
    "no code": await someone.post(challenge, code(" "), headers),
    "card page": cardShown,
    "card page with 3-D Secure": await end(await cardPageOf(credentials, { threeDS: true })),
    "everything missing": await someone.post(cardPage, { cardNo: "", expiry: "", cvv: "" }, headers),
    "everything wrong": await someone.post(cardPage, { cardNo: "1", expiry: "1", cvv: "1" }, headers),
    "a mistake": await someone.post(cardPage, card("4054695723100769"), headers),
    "end without a shop": await end(await cardPageOf(credentials, { redirectUrl: null }), card("4054695723100768")),
    "not genuine": await someone.post(challenge, { ...code("1"), token: "x" }, headers),
    "dead link": await someone.get(`${challenge}x`, headers),
  };
}

describe.each(LANGUAGES)("in %s", (language) => {
  test("every page is in that language alone, says so, and is small and safe", async () => {
    const pages = Object.entries(await pagesIn(language));
    for (const [name, page] of pages) {
      expectSafe(page);
      expect(page.text, name).toContain(`<html lang="${language}">`);
      expect(page.headers.get("content-language"), name).toBe(language);
      expect(page.headers.get("vary"), name).toBe("Accept-Language");
      expect(page.text.match(/<h1>/g), name).toHaveLength(1);
      expect(page.text, name).toContain(TEXTS[language].sandbox.mark);
      expect(Buffer.byteLength(page.text), name).toBeLessThan(30_000);
      if (language === "en") continue;
      const words = wordsOf(page);
      expect(
        ENGLISH.filter((text) => standsIn(text, words)),
        name,
      ).toEqual([]);
    }
    // Each page is another one: none of them stands for two.
    const titles = pages.map(([, { title }]) => title);
    expect(new Set(titles).size).toBe(9);
  });

  test("the time is over", async () => {
    const headers = { "accept-language": language };
    const url = await challengeOf(sandbox.credentials, { cardNo: "4000009900510002" });
    const someone = buyer();
    await someone.get(url, headers);
    await sandbox.clock.advance(15 * 60_000);
    const page = await someone.get(url, headers);
    expect(page.title).toBe(TEXTS[language].ends.expired.title);
    expect(page.text).toContain(TEXTS[language].ends.expired.text);
  });
});

test("the search for English finds it", async () => {
  const pages = await pagesIn("en");
  const words = Object.values(pages).map(wordsOf).join("\n");
  const unseen = ENGLISH.filter((text) => !standsIn(text, words));
  const { ends, challenge, timeLeft, lessThanAMinute } = TEXTS.en;
  // The rest tells that the time is over, or nearly so, or has something else in its gap.
  const rest = [timeLeft("Visa"), lessThanAMinute, challenge.wrongCode(NaN), ends.expired.title, ends.expired.text];
  expect(unseen.map((text) => text.replace("left: Visa.", "left: NaN.")).toSorted()).toEqual(rest.toSorted());
});

describe("the tables", () => {
  const shape = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]))
      : typeof value;

  test.each(OTHERS)("%s has all that English has, in words of its own", (language) => {
    expect(shape(TEXTS[language])).toEqual(shape(TEXTS.en));
    expect(textsIn(TEXTS[language]).filter((text) => ENGLISH.includes(text))).toEqual([]);
  });

  test.each(LANGUAGES)("%s: gaps are filled, sentences are neither empty nor padded", (language) => {
    const { challenge, timeLeft, errorTitle, ...rest } = TEXTS[language];
    expect(challenge.wrongCode(2)).toContain("2");
    expect(challenge.endingIn("Visa", "0768")).toMatch(/Visa.*0768/);
    expect(timeLeft("12:34")).toContain("12:34");
    for (const text of textsIn({ ...challenge, ...rest })) expect(text).toMatch(/^\S(?:.*\S)?$/s);
    expect(errorTitle).toMatch(/^\S.*[:：] ?$/);
  });
});

describe("the time that is left, in words", () => {
  test.each<[number, Language, string]>([
    [15 * 60_000, "en", "15 minutes"],
    [15 * 60_000 - 900, "en", "15 minutes"],
    [14 * 60_000 + 20_000, "en", "14 minutes"],
    [60_000, "en", "1 minute"],
    [20_000, "en", "less than a minute"],
    [-1, "en", "less than a minute"],
    [60 * 60_000, "en", "1 hour"],
    [59 * 60_000, "en", "59 minutes"],
    [150 * 60_000, "en", "3 hours"],
    [15 * 60_000, "zh-CN", "15分钟"],
    [15 * 60_000, "ko", "15분"],
    [15 * 60_000, "pt-BR", "15 minutos"],
    [60_000, "es", "1 minuto"],
    [60 * 60_000, "ja", "1 時間"],
  ])("%i ms in %s: %s", (ms, language, words) => {
    expect(timeInWords(ms, TEXTS[language])).toBe(words);
  });
});
