import { describe, expect, test } from "vitest";
import { parseGenerated } from "../machine/generated-documents.ts";
import { detectBrand } from "./card-brand.ts";

const UNKNOWN = "0000000000000000";

describe("detectBrand for a card number", () => {
  test.each([
    ["4", "VISA"],
    ["51", "MASTERCARD"],
    ["55", "MASTERCARD"],
    ["2221", "MASTERCARD"],
    ["2720", "MASTERCARD"],
    ["2220", undefined],
    ["2721", undefined],
    ["34", "AMEX"],
    ["37", "AMEX"],
    ["35", undefined],
    ["3528", "JCB"],
    ["3589", "JCB"],
    ["3590", undefined],
    ["300", "DINERS"],
    ["305", "DINERS"],
    ["306", undefined],
    ["36", "DINERS"],
    ["38", "DINERS"],
    ["39", "DINERS"],
    ["6011", "DISCOVER"],
    ["644", "DISCOVER"],
    ["649", "DISCOVER"],
    ["65", "DISCOVER"],
    ["62", "CUP"],
    ["50", "MAESTRO"],
    ["56", "MAESTRO"],
    ["58", "MAESTRO"],
    ["59", undefined],
    ["643", "MAESTRO"],
    ["67", "MAESTRO"],
    ["2204", "MIR"],
    ["9792", "TROY"],
    ["949022", "HYUNDAI"],
    // The narrower range takes precedence.
    ["438935", "ELO"],
    ["438936", "VISA"],
    ["506699", "ELO"],
    ["506698", "MAESTRO"],
    ["627780", "ELO"],
    ["655000", "ELO"],
    ["606282", "HIPERCARD"],
  ])("maps the prefix %s to %s", (prefix, brand) => {
    expect(detectBrand(prefix.padEnd(16, "0"))).toBe(brand);
  });

  test("prefers the card number's brand to the merchant's brand", () => {
    expect(detectBrand("5162774114974622", "VISA")).toBe("MASTERCARD");
  });

  test.each(["", "6", "94902"])("matches the short number %j only if it contains a complete prefix", (number) => {
    expect(detectBrand(number)).toBe(number === "6" ? "MAESTRO" : undefined);
  });
});

describe("detectBrand with an unknown number", () => {
  const { components } = parseGenerated<{
    readonly components: { readonly schemas: { readonly CardBrand: { readonly enum: readonly string[] } } };
  }>("openapi.json");

  test.each(components.schemas.CardBrand.enum)("accepts the merchant's brand %s", (brand) => {
    expect(detectBrand(UNKNOWN, brand)).toBe(brand);
  });

  test.each(["visa", "", "NOPE", "constructor", "__proto__", undefined])("ignores the merchant's brand %j", (brand) => {
    expect(detectBrand(UNKNOWN, brand)).toBeUndefined();
  });
});
