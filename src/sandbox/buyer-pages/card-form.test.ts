import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeLuhnDigit } from "../../cards/luhn.ts";
import { readCardForm } from "./card-form.ts";

const right = { cardNo: "4054695723100768", expiry: "12/30", cvv: "123" };
const read = (fields: Readonly<Record<string, string>>) => readCardForm(new URLSearchParams({ ...right, ...fields }));

describe("an expiry as people and browsers write it", () => {
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
  ])("%j is taken", (expiry) => expect(read({ expiry })).toEqual({ cardNo: right.cardNo }));

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
  ])("%j is told", (expiry) => expect(read({ expiry })).toEqual([{ field: "expiry", fault: "form" }]));
});

describe("what is missing is told as such", () => {
  test.each(["", " ", "\t"])("%j", (nothing) => {
    expect(read({ cardNo: nothing, expiry: nothing, cvv: nothing })).toEqual([
      { field: "cardNo", fault: "missing" },
      { field: "expiry", fault: "missing" },
      { field: "cvv", fault: "missing" },
    ]);
    expect(readCardForm(new URLSearchParams())).toHaveLength(3);
  });
});

test("a number comes out in digits, however it is grouped", () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 18 }).map((all) => all.join(""));
  fc.assert(
    fc.property(digits, fc.array(fc.constantFrom("", " ", "-", "\u00a0"), { minLength: 19 }), (payload, blanks) => {
      const number = payload + computeLuhnDigit(payload);
      const grouped = [...number].map((digit, at) => digit + (blanks[at] ?? "")).join("");
      expect(read({ cardNo: grouped })).toEqual({ cardNo: number });
    }),
  );
});

test("whatever is typed, no fault holds any of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 5, maxLength: 4000 }), (typed) => {
      const found = read({ cardNo: typed, expiry: typed, cvv: typed });
      if (Array.isArray(found)) for (const fault of found) expect(Object.keys(fault)).toEqual(["field", "fault"]);
    }),
  );
});
