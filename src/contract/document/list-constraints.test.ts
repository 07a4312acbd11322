import { describe, expect, test } from "vitest";
import { operations } from "../../../generated/operations.ts";
import { deriveProbes } from "./derive-probes.ts";
import { canBeViolated, listConstraints } from "./list-constraints.ts";

const keywordsAt = (pointer: string) =>
  listConstraints("vaultPaymentMethod")
    .filter((each) => each.pointer === pointer)
    .map(({ keyword }) => keyword);

describe("the constraints of a request", () => {
  // Two derivations of the same document that know nothing of each other.
  test.each(operations)("%s: are those that there are probes of, each once", (operation) => {
    const names = (found: readonly { readonly pointer: string; readonly keyword: string }[]) =>
      found.map(({ pointer, keyword }) => `${pointer} ${keyword}`).sort();
    const constraints = listConstraints(operation);
    expect(names(constraints)).toEqual(names(deriveProbes(operation)));
    expect(new Set(names(constraints)).size).toBe(constraints.length);
    for (const constraint of constraints) expect(constraint.operation).toBe(operation);
  });

  test.each([
    ["the body, whose type is the protocol's", "", ["unknown-field"]],
    ["an object", "/env", ["required", "type", "unknown-field"]],
    ["a text with limits", "/paymentMethodDetail/card/cvv", ["optional", "type", "minLength", "maxLength", "pattern"]],
    ["a constant", "/paymentMethodDetail/paymentMethodType", ["required", "type", "const"]],
    ["a list", "/env/terminalType", ["required", "type", "enum"]],
    ["a choice, whose branches count as one", "/env/timeZoneOffset", ["optional", "oneOf"]],
    ["a field that there is not", "/env/nothing", []],
  ])("of %s", (_, pointer, keywords) => {
    expect(keywordsAt(pointer)).toEqual(keywords);
  });

  test("have two sides, but for what leaves open", () => {
    const of = (keyword: string) => canBeViolated({ operation: "vaultPaymentMethod", pointer: "", keyword });
    expect(["required", "type", "oneOf"].map(of)).toEqual([true, true, true]);
    expect(["unknown-field", "optional"].map(of)).toEqual([false, false]);
  });
});
