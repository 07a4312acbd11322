/** Bodies that resemble JSON objects but are not. The target must reject each of them. */
import { createRequestBody } from "../document/sample-requests.ts";
import { expectRejected } from "../rules/assertions.ts";
import { addNoteToFailure } from "../rules/fail.ts";
import type { Check } from "./check.ts";
import { INTRODUCTION, OPERATION } from "./request-variants.ts";

type Row = readonly [note: string, change: (text: string) => string | Uint8Array];

const addValue =
  (value: string) =>
  (text: string): string =>
    text.replace("{", `{"x":${value},`);
const startWith =
  (token: string) =>
  (text: string): string =>
    text.replace("{", `{${token}`);
const encodeUtf16 = (text: string): Buffer => Buffer.from(text, "utf16le");

export const malformedJson: readonly Row[] = [
  ["a trailing comma", (text) => text.replace(/\}$/, ",}")],
  ["a leading comma", startWith(",")],
  ["2 commas in a row", (text) => text.replace(",", ",,")],
  ["a missing comma", (text) => text.replace('","', '" "')],
  ["a line comment", startWith("// comment\n")],
  ["a block comment", startWith("/* comment */")],
  ["a comment that starts with a number sign", startWith("# comment\n")],
  ["a comment after the object", (text) => `${text}// comment`],
  ["single quotes", (text) => text.replaceAll('"', "'")],
  ["names without quotes", (text) => text.replace(/"(\w+)":/g, "$1:")],
  ["a semicolon instead of a comma", (text) => text.replace('","', '";"')],
  ["an equals sign instead of a colon", (text) => text.replace('":', '"=')],
  ["NaN", addValue("NaN")],
  ["-Infinity", addValue("-Infinity")],
  ["undefined", addValue("undefined")],
  ["a capitalized literal", addValue("True")],
  ["a word without quotes", addValue("word")],
  ["a leading zero", addValue("01")],
  ["a plus sign", addValue("+1")],
  ["a number without an integer part", addValue(".5")],
  ["a number without fractional digits", addValue("1.")],
  ["a hexadecimal number", addValue("0x1F")],
  ["a number with a separator", addValue("1_000")],
  ["a raw line feed in a string", addValue('"a\nb"')],
  ["a raw tab in a string", addValue('"a\tb"')],
  ["an escaped apostrophe", addValue('"\\\'"')],
  ["a hexadecimal escape", addValue('"\\x41"')],
  ["a short Unicode escape", addValue('"\\u41"')],
  ["a trailing comma in an array", addValue("[1,]")],
  ...["env", "paymentMethodDetail", "card", "cardholderName"].flatMap((name): readonly Row[] => {
    // Matches the first field of the object, which must be a string.
    const first = new RegExp(`"${name}":\\{"(\\w)(\\w+)":("[^"]*")`);
    const escapeLetter = (letter: string) => `\\u00${letter.charCodeAt(0).toString(16)}`;
    return [
      [`a duplicate name in ${name}`, (text) => text.replace(first, `"${name}":{"$1$2":$3,"$1$2":$3`)],
      [
        `a duplicate name in ${name} with the second occurrence escaped`,
        (text) =>
          text.replace(
            first,
            (_, letter, rest, value) =>
              `"${name}":{"${letter}${rest}":${value},"${escapeLetter(letter)}${rest}":${value}`,
          ),
      ],
    ];
  }),
  ["a duplicate name in an unknown object", addValue('{"a":1,"a":2}')],
  ["a duplicate name in an object in nested arrays", addValue('[[{"a":1,"a":1}]]')],
  ["a duplicate name whose first occurrence is escaped", startWith('"\\u0065nv":{"terminalType":"WEB"},')],
  ["2 objects", (text) => `${text}{}`],
  ["2 objects on 2 lines", (text) => `${text}\n${text}`],
  ["an additional final brace", (text) => `${text}}`],
  ["duplicate braces", (text) => `{${text}}`],
  ["a semicolon at the end", (text) => `${text};`],
  ["a NUL character at the end", (text) => `${text}\0`],
  ["no final brace", (text) => text.slice(0, -1)],
  ["no braces", (text) => text.slice(1, -1)],
  ["an array around the object", (text) => `[${text}]`],
  ["the object as a JSON string", (text) => JSON.stringify(text)],
  ["a function call around the object", (text) => `callback(${text})`],
  ["a prefix that prevents cross-site script inclusion", (text) => `)]}',\n${text}`],
  ["a no-break space between tokens", startWith("\u00a0")],
  ["a form feed between tokens", startWith("\f")],
  ["UTF-16", encodeUtf16],
  ["UTF-16 with a byte order mark", (text) => encodeUtf16(`\uFEFF${text}`)],
  ["UTF-16 in big-endian byte order", (text) => encodeUtf16(text).swap16()],
  ["base64", (text) => Buffer.from(text).toString("base64")],
];

export const malformedJsonCheck: Check = {
  id: "protocol.body.rejected.almost-json",
  operation: "protocol",
  title: "rejects a body that resembles a JSON object but is not one",
  source: INTRODUCTION,
  run: async (client) => {
    await Promise.all(
      malformedJson.map(async ([note, change]) => {
        const body = change(JSON.stringify(createRequestBody(OPERATION, client.createId())));
        const exchange = await client.send({ operation: OPERATION, body, expect: "rejected" });
        addNoteToFailure(note, () => expectRejected(exchange, "PARAM_ILLEGAL"));
      }),
    );
  },
};
