import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskCardData } from "../../cards/mask-card-data.ts";
import { parseJson } from "../../protocol/json.ts";
import { CARD, findCardNumberForms, listCardNumberForms } from "../../testing/attacks/card-forms.ts";
import { getRequestMessage } from "../document/openapi-document.ts";
import { maskBody } from "./mask-body.ts";
import { validateRequest } from "./observed-request.ts";

const toBytes = (text: string) => new TextEncoder().encode(text);
const mask = (text: string) => maskBody(toBytes(text));

describe("maskBody", () => {
  test("keeps a body without card data unchanged", () => {
    const text = '{ "vaultingRequestId" :"a\\u0062",\r\n"n":12345678901 }\n';
    expect(mask(text)).toEqual({ text, form: "raw", masked: [] });
  });

  test.each([
    ["a card field", '{ "cvv": "739" }', '{ "cvv": "***" }', ["/cvv"]],
    ["a card field whose name contains escapes", '{"c\\u0076v":"739"}', '{"cvv":"***"}', ["/cvv"]],
    ["a card number as a JSON number", '{"x":4054695723100768}', '{"x":"************0768"}', ["/x"]],
    ["a card number with an exponent", '{"x":4.054695723100768e15}', '{"x":"************0768"}', ["/x"]],
    ["a CVV as a JSON number", '{"a/b":[{"cvv":739}]}', '{"a/b":[{"cvv":"***"}]}', ["/a~1b/0/cvv"]],
    ["JSON in a string", '{"metadata":"{\\"cvv\\":\\"739\\"}"}', '{"metadata":"{\\"cvv\\":\\"***\\"}"}', ["/metadata"]],
    ["a card number as a property name", '{"4054695723100768":1}', '{"************0768":1}', ["/************0768"]],
    ["an object in a card field", '{"cvv":{"x":"739"}}', '{"cvv":"***"}', ["/cvv"]],
    ["a body that is not JSON", "cvv=739&expiryYear=３７", "cvv=***&expiryYear=**", [""]],
    ["a body with a duplicate name", '{"cvv":"","cvv":"739"}', '{"cvv":"","cvv":"***"}', [""]],
    ["a CVV in form data in a string", '{"x":"cvv=739&CVC: 739"}', '{"x":"cvv=***&CVC: ***"}', ["/x"]],
    ["a body with percent escapes", "%37%33%39", "%**%**%**", [""]],
  ])("masks %s", (_, text, shown, masked) => {
    expect(mask(text)).toEqual({ text: shown, form: "masked", masked });
  });

  test("masks the card number of the request in every encoding, in JSON and other text", () => {
    const request = { paymentMethodDetail: { card: { cardNo: CARD.cardNo } } };
    for (const form of listCardNumberForms(CARD.cardNo)) {
      for (const text of [JSON.stringify({ message: form, [form]: 1 }), `<p>${form}</p>`]) {
        const { text: shown, form: kind } = maskBody(toBytes(text), request);
        expect(findCardNumberForms(shown, CARD.cardNo), form).toEqual([]);
        expect(kind).toBe("masked");
      }
    }
  });

  test("omits bodies that are too long or not text", () => {
    const leftOut = { text: "", form: "left-out", masked: [] };
    expect(mask("x".repeat(65_537))).toEqual(leftOut);
    expect(maskBody(new Uint8Array([0xff, 0x37, 0x33, 0x39]))).toEqual(leftOut);
  });

  test("masks card data in any JSON, and keeps the structure of JSON that it can parse", () => {
    const secrets = fc.record({ cardNo: fc.constant("4054695723100768"), cvv: fc.constant("739512") });
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 3 }),
        secrets,
        fc.constantFrom(0, 1, 2),
        fc.boolean(),
        (around, card, space, escaped) => {
          const plain = JSON.stringify({ card, around }, null, space);
          const text = escaped ? plain.replace('"cvv"', '"\\u0063vv"').replace("4054", "\\u0034\\u003054") : plain;
          const { text: shown, form } = mask(text);
          expect(form).not.toBe("raw");
          for (const secret of ["4054695723100768", "739512", "\\u0034"]) expect(shown).not.toContain(secret);
          // If the parser rejects the body (too deep, or a lone surrogate), all digits are masked, so the result might not be JSON.
          if (mask(text).masked[0] !== "") expect(JSON.parse(shown)).toHaveProperty("card", maskCardData(card));
        },
      ),
    );
  });

  const examples = (["vaultPaymentMethod", "createVaultingSession", "inquireVaulting"] as const).flatMap((operation) =>
    [...getRequestMessage(operation).examples].map(([name, body]) => ({ operation, name, body })),
  );
  test.each(examples)("makes the example $name of $operation invalid only at masked pointers", ({
    operation,
    body,
  }) => {
    const { text, masked } = mask(JSON.stringify(body));
    const headers = new Headers({ "client-id": "X", "request-time": "1685599933871" });
    const bytes = toBytes(text);
    const issues = validateRequest({ operation, method: "POST", path: "/", headers, bytes, parsed: parseJson(bytes) });
    expect(issues.filter(({ pointer }) => !masked.includes(pointer))).toEqual([]);
  });
});

test("maskBody masks 1,400 card numbers within 2 seconds", () => {
  const cards = Array.from({ length: 1400 }, (_, index) => ({ cardNo: String(4e15 + index), a: `x${index}` }));
  const started = performance.now();
  const { text } = maskBody(new TextEncoder().encode(JSON.stringify(cards)));
  expect(performance.now() - started).toBeLessThan(2000);
  expect(text).toMatch(/^\[{"cardNo":"\*{12}0000"/);
});
