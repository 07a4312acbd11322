import { describe, expect, test } from "vitest";
import { createNeedles, findNeedles } from "../../testing/attacks/byte-search.ts";
import { CANARY, NEEDLES } from "../../testing/attacks/card-canary.ts";
import { captureResponse } from "./capture-response.ts";

const capture = (body: string | Uint8Array, headers = {}, isComplete = true) =>
  captureResponse({ status: 200, headers, body: typeof body === "string" ? Buffer.from(body) : body }, isComplete);

const { cardNo, cvv, expiryMonth, expiryYear } = CANARY;
const spaced = cardNo.replace(/(.{4})(?=.)/g, "$1 ");

/** Returns the kinds of card data that a captured response contains. */
const findCardData = (captured: object): readonly string[] =>
  findNeedles(Buffer.from(JSON.stringify(captured)), NEEDLES);

describe("the captured body", () => {
  test("is the whole response body if the body is short", () => {
    expect(capture("ü", { "content-type": "text/plain" })).toEqual({
      headers: { "content-type": "text/plain" },
      body: "ü",
      bodySize: 2,
      truncated: false,
    });
  });

  test("is empty if the response has no body", () => {
    expect(capture("")).toMatchObject({ body: "", bodySize: 0, truncated: false });
  });

  test("is limited to 2,048 characters", () => {
    expect(capture("a".repeat(2048))).toMatchObject({ body: "a".repeat(2048), truncated: false });
    expect(capture("a".repeat(2049))).toMatchObject({ body: "a".repeat(2048), bodySize: 2049, truncated: true });
    expect(capture(`a${"😀".repeat(2000)}`).body).toMatch(/\ufffd$/);
  });

  test.each([
    ["bytes that are not UTF-8", new Uint8Array([0xff, 0xd8, 0xff])],
    ["text with NUL", new Uint8Array([0x61, 0, 0x62])],
  ])("is absent if the response contains %s", (_, bytes) => {
    expect(capture(bytes)).toEqual({ headers: {}, bodySize: 3, truncated: false });
  });

  test("ends before a character that was not read completely", () => {
    expect(capture(Buffer.from("aü").subarray(0, 2), {}, false)).toMatchObject({ body: "a", truncated: true });
  });

  test.each([
    ["JSON", JSON.stringify({ card: CANARY })],
    ["indented JSON", JSON.stringify({ card: CANARY }, null, 2)],
    ["JSON that ends early", JSON.stringify({ card: CANARY }).slice(0, -12)],
    ["HTML", `<pre>${JSON.stringify({ card: CANARY }).replaceAll('"', "&quot;")}</pre>`],
    ["a form", new URLSearchParams({ cardNo, cvv, expiry: `${expiryMonth}/${expiryYear}` }).toString()],
    ["an error message", `Error: card ${cardNo} was declined`],
    ["groups of digits", `${spaced} ${cardNo.replace(/(.{4})(?=.)/g, "$1-")}`],
    ["a number that the limit would split", `${"a".repeat(2040)} ${cardNo}`],
    ["a number after text that masking shortens", `{"cvv":"${"9".repeat(3000)}","x":"${"a".repeat(2030)}${spaced}"}`],
  ])("contains no card data if the response contains %s", (_, body) => {
    expect(findNeedles(Buffer.from(body), createNeedles("card", cardNo.slice(0, 4)))).not.toEqual([]);
    expect(findCardData(capture(body))).toEqual([]);
  });

  test("does not end with part of a card number if the response was not read completely", () => {
    for (let length = 0; length <= spaced.length; length++) {
      const { body = "" } = capture(`{"cvv":"${"9".repeat(3000)}"} ${spaced.slice(0, length)}`, {}, false);
      expect(body.length).toBeLessThan(2048);
      expect(body).not.toContain(spaced.slice(0, 4));
    }
  });
});

describe("the captured headers", () => {
  test("contain neither cookies nor card data", () => {
    const headers = {
      "set-cookie": ["session=secret"],
      "set-cookie2": "session=secret",
      cvv,
      [cardNo]: "1",
      location: `/cards?cvv=${cvv}&cardNo=${cardNo}`,
      "x-debug": JSON.stringify(CANARY),
      "retry-after": "3",
    };
    const captured = capture("", headers);
    expect(findCardData(captured)).toEqual([]);
    expect(JSON.stringify(captured)).not.toMatch(/secret|8153/);
    expect(captured.headers).toMatchObject({ "retry-after": "3", location: expect.stringContaining("/cards?") });
  });

  test("are limited to 256 characters for each value, and to 2,048 characters in total", () => {
    const headers = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`x-${index}`, "a".repeat(1000)]));
    const captured = capture("", headers).headers;
    expect(captured["x-0"]).toBe(`${"a".repeat(256)}…`);
    expect(JSON.stringify(captured).length).toBeLessThan(2_200);
  });

  test("can have names such as __proto__ and constructor", () => {
    expect(capture("", JSON.parse('{"__proto__":"a","constructor":"b"}')).headers).toEqual(
      JSON.parse('{"__proto__":"a","constructor":"b"}'),
    );
  });
});
