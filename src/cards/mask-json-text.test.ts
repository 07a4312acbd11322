import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskCardData } from "./mask-card-data.ts";
import { maskJsonText } from "./mask-json-text.ts";
import { maskKnownCard } from "./mask-known-card.ts";

const CARD_NO = "4054695723100768";

describe("maskJsonText", () => {
  test("masks card data, and keeps whitespace, escapes, and number formats", () => {
    const text = `{\r\n\t"a\\/b" : "\\u0041" ,\n "n":[ 1.0, 1e2 ,{} , [ ]],\n "cvv": "123", "cardNo" :"${CARD_NO}"}\n`;
    expect(maskJsonText(text)).toBe(text.replace('"123"', '"***"').replace(CARD_NO, "************0768"));
  });

  test.each([
    [
      "an object in a card data field",
      '{ "billingAddress": { "a": ["}", "\\"]"] }, "b": 1 }',
      '{ "billingAddress": "***", "b": 1 }',
    ],
    ["a card data field with an escaped name", '{ "c\\u0076v": "123" }', '{ "c\\u0076v": "***" }'],
    ["a card number that is a field name", `{ "${CARD_NO}": [1] }`, '{ "************0768": [1] }'],
    ["a card number that is a JSON number", `[ ${CARD_NO} ]`, '[ "************0768" ]'],
    ["card data in JSON inside a string", '{ "a": "{\\"cvv\\":\\"123\\"}" }', '{ "a": "{\\"cvv\\":\\"***\\"}" }'],
    [
      "a card number that is repeated in a different field",
      `{"cardNo":"${CARD_NO}", "x": "4054.6957.2310.0768"}`,
      '{"cardNo":"************0768", "x": "************0768"}',
    ],
  ])("masks %s", (_, text, masked) => {
    expect(maskJsonText(text)).toBe(masked);
  });

  test.each(["", "{", "cvv=123", '{"cvv":"123"', "[1,]", "\uFEFF{}"])("returns undefined for %j", (text) => {
    expect(maskJsonText(text)).toBeUndefined();
  });

  test("returns text that parses to the masked value, for any JSON and any indentation", () => {
    const name = fc.constantFrom("cardNo", "CVV", "expiryYear", "a", CARD_NO, "1", "billingAddress");
    const text = fc.constantFrom(CARD_NO, "4054 6957 2310 0768", "123", '"cvv":"123"', "x");
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.integer(),
        fc.constant(Number(CARD_NO)),
        fc.constant(null),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(name, tie("tree"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.nat(4), (value, indent) => {
        const masked = maskKnownCard(JSON.stringify(maskCardData(value)), value);
        const result = maskJsonText(JSON.stringify(value, null, indent));
        expect(JSON.parse(result ?? "")).toEqual(JSON.parse(masked));
      }),
    );
  });
});
