import { describe, expect, test } from "vitest";
import { operations } from "../../../generated/operations.ts";
import { deriveProbes } from "./derive-probes.ts";
import { canBeViolated, listConstraints } from "./list-constraints.ts";

const getKeywords = (pointer: string) =>
  listConstraints("vaultPaymentMethod")
    .filter((constraint) => constraint.pointer === pointer)
    .map(({ keyword }) => keyword);

describe("listConstraints", () => {
  // list-constraints.ts and derive-probes.ts read the document independently.
  test.each(operations)("lists exactly the constraints of %s that have a probe, each of them once", (operation) => {
    const getNames = (found: readonly { readonly pointer: string; readonly keyword: string }[]) =>
      found.map(({ pointer, keyword }) => `${pointer} ${keyword}`).sort();
    const constraints = listConstraints(operation);
    expect(getNames(constraints)).toEqual(getNames(deriveProbes(operation)));
    expect(new Set(getNames(constraints)).size).toBe(constraints.length);
    for (const constraint of constraints) expect(constraint.operation).toBe(operation);
  });

  test.each([
    ["the body, without its type", "", ["unknown-field"]],
    ["an object", "/env", ["required", "type", "unknown-field"]],
    [
      "a string with limits",
      "/paymentMethodDetail/card/cvv",
      ["optional", "type", "minLength", "maxLength", "pattern"],
    ],
    ["a constant", "/paymentMethodDetail/paymentMethodType", ["required", "type", "const"]],
    ["an enum", "/env/terminalType", ["required", "type", "enum"]],
    ["a field with oneOf, without its branches", "/env/timeZoneOffset", ["optional", "oneOf"]],
    ["an unknown field, which has none", "/env/nothing", []],
  ])("lists the constraints of %s", (_, pointer, keywords) => {
    expect(getKeywords(pointer)).toEqual(keywords);
  });
});

test("canBeViolated returns false only for optional and unknown fields", () => {
  const check = (keyword: string) => canBeViolated({ operation: "vaultPaymentMethod", pointer: "", keyword });
  expect(["required", "type", "oneOf"].map(check)).toEqual([true, true, true]);
  expect(["unknown-field", "optional"].map(check)).toEqual([false, false]);
});
