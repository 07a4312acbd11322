import { describe, expect, test } from "vitest";
import { requestValidators } from "../../../generated/operation-validators.ts";
import { type OperationId, operations } from "../../../generated/operations.ts";
import { getField } from "../../protocol/json-fields.ts";
import { deriveProbes, type Probe, type Variant } from "./derive-probes.ts";
import { getRequestMessage, type LocatedSchema, resolveReference } from "./openapi-document.ts";

const all = new Map(operations.map((operation) => [operation, deriveProbes(operation)]));
const probesFor = (operation: OperationId): readonly Probe[] => all.get(operation) ?? [];

function probeOf(pointer: string, keyword: string, operation: OperationId = "vaultPaymentMethod"): Probe {
  const found = probesFor(operation).find((each) => each.pointer === pointer && each.keyword === keyword);
  return found ?? expect.fail(`there is no probe of ${pointer} ${keyword}`);
}

const at = (body: unknown, pointer: string): unknown =>
  pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((value, name) => getField(value, name), body);
const valuesOf = ({ pointer }: Probe, variants: readonly Variant[]): readonly unknown[] =>
  variants.map(({ body }) => at(body, pointer));
const notesOf = (variants: readonly Variant[]) => variants.map(({ note }) => note);

const CARD = "/paymentMethodDetail/card";
const OTHER_TYPES = ["a number", "a Boolean", "null", "a list", "an object"];

describe.each(operations)("every probe of %s", (operation) => {
  test("is what the document says of it: what is to be accepted fits, what is to be refused breaks that one rule there", () => {
    for (const { pointer, keyword, accepted, rejected } of probesFor(operation)) {
      for (const { body } of accepted) expect(requestValidators[operation](body).valid).toBe(true);
      for (const { body, note } of rejected) {
        const judged = requestValidators[operation](body);
        const issues = judged.valid ? [] : judged.issues;
        expect([pointer, note, [...new Set(issues.map((issue) => issue.pointer))]]).toEqual([pointer, note, [pointer]]);
        expect(issues.map(({ rule }) => rule)).toContain(keyword);
      }
    }
  });

  test("changes one place of a named example and leaves the others as they are", () => {
    const examples = [...getRequestMessage(operation).examples.values()];
    const without = (body: unknown, [name = "", ...rest]: readonly string[]): unknown => {
      if (typeof body !== "object" || body === null) return body;
      const { [name]: inner, ...others } = body as Readonly<Record<string, unknown>>;
      return rest.length === 0 ? others : { ...others, [name]: without(inner ?? {}, rest) };
    };
    for (const { pointer, keyword, accepted, rejected } of probesFor(operation)) {
      const place = keyword === "unknown-field" ? `${pointer}/undocumentedField` : pointer;
      const path = place.split("/").slice(1);
      const untouched = examples.map((example) => without(example, path));
      for (const { body } of [...accepted, ...rejected]) expect(untouched).toContainEqual(without(body, path));
    }
  });

  test("belongs to it, and no variant of a kind comes twice", () => {
    for (const probe of probesFor(operation)) {
      expect(probe.operation).toBe(operation);
      for (const variants of [probe.accepted, probe.rejected]) {
        const notes = notesOf(variants).filter((note) => note !== "a listed value");
        expect(notes).toEqual([...new Set(notes)]);
      }
    }
  });

  test("changes what it says: no two of its bodies are the same", () => {
    for (const { pointer, keyword, accepted, rejected } of probesFor(operation)) {
      const bodies = [...accepted, ...rejected].map(({ body }) => JSON.stringify(body));
      expect([pointer, keyword, bodies.length]).toEqual([pointer, keyword, new Set(bodies).size]);
    }
  });
});

describe("a field", () => {
  test("that is required is there and is not", () => {
    const probe = probeOf(`${CARD}/cardNo`, "required");
    expect(notesOf(probe.accepted)).toEqual(["with the field"]);
    expect(notesOf(probe.rejected)).toEqual(["without the field"]);
    expect(valuesOf(probe, probe.accepted)).toEqual([expect.stringMatching(/^\d{12,19}$/)]);
    expect(valuesOf(probe, probe.rejected)).toEqual([undefined]);
    expect(probe.source).toBe("/components/schemas/Card/required");
  });

  test("that is optional may be there and may not", () => {
    const probe = probeOf("/env/osType", "optional");
    expect(notesOf(probe.accepted)).toEqual(["with the field", "without the field"]);
    expect(valuesOf(probe, probe.accepted)).toEqual([expect.any(String), undefined]);
    expect(probe.rejected).toEqual([]);
    expect(probe.source).toBe("/components/schemas/Env/properties/osType");
  });

  test("that no document names may be there in each object", () => {
    for (const [pointer, schema] of [
      ["", "VaultPaymentMethodRequest"],
      [CARD, "Card"],
      [`${CARD}/billingAddress`, "Address"],
    ] as const) {
      const probe = probeOf(pointer, "unknown-field");
      expect(notesOf(probe.accepted)).toEqual(["a field that the document does not name"]);
      expect(at(probe.accepted[0]?.body, `${pointer}/undocumentedField`)).toBe("x");
      expect(probe.rejected).toEqual([]);
      expect(probe.source).toBe(`/components/schemas/${schema}/properties`);
    }
  });

  test("has its type and none of the others; the body's own is the protocol's", () => {
    const text = probeOf("/env/osType", "type");
    expect(notesOf(text.accepted)).toEqual(["of the right type"]);
    expect(notesOf(text.rejected)).toEqual(OTHER_TYPES);
    expect(text.source).toBe("/components/schemas/OsType/type");
    const object = probeOf("/env", "type");
    expect(valuesOf(object, object.rejected)).toEqual(["x", 123, true, null, []]);
    expect(
      probesFor("vaultPaymentMethod").filter(({ pointer, keyword }) => pointer === "" && keyword === "type"),
    ).toEqual([]);
  });
});

describe("a constraint", () => {
  test("of length is put at its limit and one past it, in digits where only digits may be", () => {
    const [least, most] = [probeOf(`${CARD}/cvv`, "minLength"), probeOf(`${CARD}/cvv`, "maxLength")];
    expect(notesOf(least.accepted)).toEqual(["3 characters"]);
    expect(notesOf(least.rejected)).toEqual(["2 characters"]);
    expect(notesOf(most.accepted)).toEqual(["4 characters"]);
    expect(valuesOf(most, most.accepted)).toEqual([expect.stringMatching(/^\d{4}$/)]);
    expect(notesOf(most.rejected)).toEqual(["5 characters", "5 characters, emoji among them"]);
    expect(least.source).toBe("/components/schemas/Card/properties/cvv/minLength");
  });

  test("of length counts emoji as one character each", () => {
    const probe = probeOf(`${CARD}/cardholderName/firstName`, "maxLength");
    for (const [variants, length] of [
      [probe.accepted, 32],
      [probe.rejected, 33],
    ] as const) {
      expect(notesOf(variants)).toEqual([`${length} characters`, `${length} characters, emoji among them`]);
      for (const value of valuesOf(probe, variants)) expect([...String(value)]).toHaveLength(length);
    }
    expect(notesOf(probeOf("/vaultingRequestId", "minLength").rejected)).toEqual(["0 characters"]);
  });

  test("of a constant takes that one alone", () => {
    const probe = probeOf("/paymentMethodDetail/paymentMethodType", "const");
    expect(notesOf(probe.accepted)).toEqual(["the constant"]);
    expect(valuesOf(probe, probe.accepted)).toEqual(["CARD"]);
    expect(valuesOf(probe, probe.rejected)).toEqual(["CARDX", "card", "CARD ", ""]);
  });

  test("of a short list is put with each value, of a long one with some: the first, the last and a few between", () => {
    const short = probeOf("/env/terminalType", "enum");
    expect(valuesOf(short, short.accepted)).toEqual(listAt("/env/terminalType"));
    const ten = probeOf("/env/colorDepth", "enum");
    expect(valuesOf(ten, ten.accepted)).toEqual(listAt("/env/colorDepth"));
    const long = probeOf("/merchantRegion", "enum");
    const listed = listAt("/merchantRegion");
    const values = valuesOf(long, long.accepted);
    expect(listed.length).toBeGreaterThan(200);
    expect(values).toHaveLength(9);
    expect([values[0], values.at(-1)]).toEqual([listed[0], listed.at(-1)]);
    expect(values).toEqual(listed.filter((value) => values.includes(value)));
    expect(notesOf(long.rejected)).toEqual([
      "a value that is not listed",
      "a listed value in the other case",
      "a listed value with a blank behind it",
      "an empty text",
    ]);
  });

  test("of form is put with texts of the form and with others", () => {
    const month = probeOf(`${CARD}/expiryMonth`, "pattern");
    expect(notesOf(month.accepted)).toEqual(["a text of the right form"]);
    expect(notesOf(month.rejected)).toEqual(expect.arrayContaining(["a month 13", "a month 00", "a line feed in it"]));
    const url = probeOf("/redirectUrl", "pattern");
    expect(notesOf(url.rejected)).toEqual(
      expect.arrayContaining(["an address of another scheme", "a file", "a user name in the address"]),
    );
  });

  test("of a date is put with days that are and days that are not", () => {
    const probe = probeOf(`${CARD}/dateOfBirth`, "format");
    expect(notesOf(probe.accepted)).toEqual(["the example", "29 February of a leap year"]);
    expect(probe.rejected.map(({ note, body }) => [note, at(body, probe.pointer)])).toEqual([
      ["30 February", "2024-02-30"],
      ["29 February of another year", "2023-02-29"],
      ["no hyphens", "20240229"],
      ["a month 13", "2024-13-01"],
    ]);
  });

  test("of a choice is put with the edges of each branch and what lies past them", () => {
    const flag = probeOf(`${CARD}/is3DSAuthentication`, "oneOf");
    expect(valuesOf(flag, flag.accepted)).toEqual([true, false, "true", "false"]);
    expect(valuesOf(flag, flag.rejected)).toEqual(["maybe", "x", 123, null, [], {}]);
    const zone = probeOf("/env/timeZoneOffset", "oneOf");
    expect(notesOf(zone.accepted)).toEqual(["the minimum", "the maximum", "a text of the right form"]);
    expect(valuesOf(zone, zone.accepted).slice(0, 2)).toEqual([-720, 720]);
    expect(zone.rejected.map(({ note, body }) => [note, at(body, zone.pointer)])).toEqual([
      ["a text of no allowed form", "maybe"],
      ["one below the minimum", -721],
      ["one below the minimum, quoted", "-721"],
      ["one above the maximum", 721],
      ["one above the maximum, quoted", "721"],
      ["text", "x"],
      ["a Boolean", true],
      ["null", null],
      ["a list", []],
      ["an object", {}],
    ]);
    expect(probesFor("vaultPaymentMethod").filter(({ pointer }) => pointer === "/env/timeZoneOffset")).toHaveLength(2);
  });
});

/** The values that a field may have, in the document's order. */
function listAt(pointer: string): readonly string[] {
  const field = pointer
    .split("/")
    .slice(1)
    .reduce((place, name) => {
      const schema = place.schema.properties?.[name] ?? expect.fail(`the document has no ${pointer}`);
      return resolveReference({ schema, pointer: "" });
    }, getRequestMessage("vaultPaymentMethod") as LocatedSchema);
  return field.schema.enum ?? expect.fail(`${pointer} has no list`);
}
