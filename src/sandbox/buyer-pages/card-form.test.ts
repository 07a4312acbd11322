import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeLuhnDigit } from "../../cards/luhn.ts";
import { readCardForm } from "./card-form.ts";

const VALID = { cardNo: "4054695723100768", expiry: "12/30", cvv: "123" };
const read = (fields: Readonly<Record<string, string>>) => readCardForm(new URLSearchParams({ ...VALID, ...fields }));

describe("readCardForm", () => {
  test.each([
    "08/30",
    "0830",
    "8/30",
    "08 / 30",
    " 08/30 ",
    "08-30",
    "08.30",
    "08 30",
    "08/2030",
    "082030",
    "12/99",
  ])("accepts the expiry date %j", (expiry) => expect(read({ expiry })).toEqual({ cardNo: VALID.cardNo }));

  test.each([
    "13/30",
    "00/30",
    "0/30",
    "8/3",
    "830",
    "08/1930",
    "08/203",
    "08//30",
    "30/08/01",
    "August 30",
    "０８/３０",
  ])("rejects the expiry date %j", (expiry) =>
    expect(read({ expiry })).toEqual([{ field: "expiry", reason: "invalid" }]));

  test.each(["", " ", "\t"])("reports %j as missing", (empty) => {
    expect(read({ cardNo: empty, expiry: empty, cvv: empty })).toEqual([
      { field: "cardNo", reason: "missing" },
      { field: "expiry", reason: "missing" },
      { field: "cvv", reason: "missing" },
    ]);
    expect(readCardForm(new URLSearchParams())).toHaveLength(3);
  });
});

test("readCardForm returns the digits of a card number in any grouping", () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 18 }).map((all) => all.join(""));
  fc.assert(
    fc.property(digits, fc.array(fc.constantFrom("", " ", "-", "\u00a0"), { minLength: 19 }), (payload, separators) => {
      const number = payload + computeLuhnDigit(payload);
      const grouped = [...number].map((digit, index) => digit + (separators[index] ?? "")).join("");
      expect(read({ cardNo: grouped })).toEqual({ cardNo: number });
    }),
  );
});

test("readCardForm returns errors that contain only a field and a reason", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 5, maxLength: 4000 }), (value) => {
      const result = read({ cardNo: value, expiry: value, cvv: value });
      if (Array.isArray(result)) for (const error of result) expect(Object.keys(error)).toEqual(["field", "reason"]);
    }),
  );
});
