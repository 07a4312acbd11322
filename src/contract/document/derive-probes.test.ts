import { describe, expect, test } from "vitest";
import { requestValidators } from "../../../generated/operation-validators.ts";
import { type OperationId, operations } from "../../../generated/operations.ts";
import { getField, removeNulls } from "../../protocol/json-fields.ts";
import { deriveProbes, type Probe, type Variant } from "./derive-probes.ts";
import { getRequestMessage, type LocatedSchema, resolveReference } from "./openapi-document.ts";

const probesByOperation = new Map(operations.map((operation) => [operation, deriveProbes(operation)]));
const getProbes = (operation: OperationId): readonly Probe[] => probesByOperation.get(operation) ?? [];

function findProbe(pointer: string, keyword: string, operation: OperationId = "vaultPaymentMethod"): Probe {
  const found = getProbes(operation).find((probe) => probe.pointer === pointer && probe.keyword === keyword);
  return found ?? expect.fail(`no probe of ${pointer} ${keyword}`);
}

const getAt = (body: unknown, pointer: string): unknown => pointer.split("/").slice(1).reduce<unknown>(getField, body);
const getValues = ({ pointer }: Probe, variants: readonly Variant[]): readonly unknown[] =>
  variants.map(({ body }) => getAt(body, pointer));
const getNotes = (variants: readonly Variant[]) => variants.map(({ note }) => note);

const CARD = "/paymentMethodDetail/card";
const OTHER_TYPES = ["a number", "a Boolean", "an array with the value", "an object"];

describe.each(operations)("each probe of %s", (operation) => {
  test("lists valid bodies to accept, and bodies to reject that are invalid only at its pointer", () => {
    for (const { pointer, keyword, accepted, rejected } of getProbes(operation)) {
      for (const { body } of accepted) expect(requestValidators[operation](removeNulls(body)).valid).toBe(true);
      for (const { body, note } of rejected) {
        const validation = requestValidators[operation](removeNulls(body));
        const issues = validation.valid ? [] : validation.issues;
        expect([pointer, note, [...new Set(issues.map((issue) => issue.pointer))]]).toEqual([pointer, note, [pointer]]);
        expect(issues.map(({ rule }) => rule)).toContain(keyword);
      }
    }
  });

  test("changes 1 field of a named example", () => {
    const examples = [...getRequestMessage(operation).examples.values()];
    const removeAt = (body: unknown, [name = "", ...rest]: readonly string[]): unknown => {
      if (typeof body !== "object" || body === null) return body;
      const { [name]: inner, ...others } = body as Readonly<Record<string, unknown>>;
      return rest.length === 0 ? others : { ...others, [name]: removeAt(inner ?? {}, rest) };
    };
    for (const { pointer, keyword, accepted, rejected } of getProbes(operation)) {
      // These variants change more than one field: they move a required field to an incorrect place, replace the object, or add all
      // fields of other operations at once.
      const variants = [...accepted, ...rejected].filter(
        ({ note }) =>
          !/^(?:with the field (?:under|outside)|without the field and|fields of other operations$)/.test(note),
      );
      const place = keyword === "unknown-field" ? `${pointer}/undocumentedField` : pointer;
      const path = place.split("/").slice(1);
      const untouched = examples.map((example) => removeAt(example, path));
      for (const { body } of variants) expect(untouched).toContainEqual(removeAt(body, path));
    }
  });

  test("has no duplicate notes except for listed values", () => {
    for (const probe of getProbes(operation)) {
      expect(probe.operation).toBe(operation);
      for (const variants of [probe.accepted, probe.rejected]) {
        const notes = getNotes(variants).filter((note) => note !== "a listed value");
        expect(notes).toEqual([...new Set(notes)]);
      }
    }
  });

  test("has unique bodies", () => {
    for (const { pointer, keyword, accepted, rejected } of getProbes(operation)) {
      const bodies = [...accepted, ...rejected].map(({ body }) => JSON.stringify(body));
      expect([pointer, keyword, bodies.length]).toEqual([pointer, keyword, new Set(bodies).size]);
    }
  });
});

describe("deriveProbes for fields", () => {
  test("tests a required field that is present, absent, null, or misplaced", () => {
    const probe = findProbe(`${CARD}/cardNo`, "required");
    expect(getNotes(probe.accepted)).toEqual(["with the field"]);
    expect(getNotes(probe.rejected)).toEqual([
      "without the field",
      "with null",
      "with the field under a capitalized name",
      "with the field under a name in snake case",
      "with the field outside of its object",
      "without the field and without optional fields",
      "without the field and with all others",
    ]);
    const [value] = getValues(probe, probe.accepted);
    expect(value).toMatch(/^\d{12,19}$/);
    expect(getValues(probe, probe.rejected)).toEqual([
      undefined,
      null,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const misplaced = [`${CARD}/CardNo`, `${CARD}/card_no`, "/paymentMethodDetail/cardNo"];
    expect(misplaced.map((place, index) => getAt(probe.rejected[index + 2]?.body, place))).toEqual([
      value,
      value,
      value,
    ]);
    expect(probe.source).toBe("/components/schemas/Card/required");
  });

  test("accepts an optional field that is present, absent, or null", () => {
    const probe = findProbe("/env/osType", "optional");
    expect(getNotes(probe.accepted)).toEqual(["with the field", "without the field", "with null"]);
    expect(getValues(probe, probe.accepted)).toEqual([expect.any(String), undefined, null]);
    expect(probe.rejected).toEqual([]);
    expect(probe.source).toBe("/components/schemas/Env/properties/osType");
  });

  test("accepts an unknown field in each object", () => {
    for (const [pointer, schema] of [
      ["", "VaultPaymentMethodRequest"],
      [CARD, "Card"],
      [`${CARD}/billingAddress`, "Address"],
    ] as const) {
      const probe = findProbe(pointer, "unknown-field");
      const foreign = pointer === "" ? ["fields of other operations"] : [];
      expect(getNotes(probe.accepted)).toEqual(["an unknown field", ...foreign]);
      expect(getAt(probe.accepted[0]?.body, `${pointer}/undocumentedField`)).toBe("x");
      expect(probe.rejected).toEqual([]);
      expect(probe.source).toBe(`/components/schemas/${schema}/properties`);
    }
  });

  test("tests the type of each field, but not of the body", () => {
    const text = findProbe("/env/osType", "type");
    expect(getNotes(text.accepted)).toEqual(["the correct type"]);
    expect(getNotes(text.rejected)).toEqual(OTHER_TYPES);
    expect(text.source).toBe("/components/schemas/OsType/type");
    const object = findProbe("/env", "type");
    expect(getValues(object, object.rejected)).toEqual([
      expect.stringMatching(/^\{"terminalType":"WEB",.*\}$/),
      123,
      true,
      [expect.objectContaining({ terminalType: "WEB" })],
      [],
    ]);
    expect(
      getProbes("vaultPaymentMethod").filter(({ pointer, keyword }) => pointer === "" && keyword === "type"),
    ).toEqual([]);
  });
});

describe("deriveProbes for constraints", () => {
  test("tests lengths at the limit and 1 beyond it, with digits if the pattern requires them", () => {
    const [minimum, maximum] = [findProbe(`${CARD}/cvv`, "minLength"), findProbe(`${CARD}/cvv`, "maxLength")];
    expect(getNotes(minimum.accepted)).toEqual(["3 characters", "4 characters"]);
    expect(getNotes(minimum.rejected)).toEqual(["2 characters"]);
    expect(getNotes(maximum.accepted)).toEqual(["4 characters"]);
    expect(getValues(maximum, maximum.accepted)).toEqual([expect.stringMatching(/^\d{4}$/)]);
    expect(getNotes(maximum.rejected)).toEqual(["5 characters", "5 characters, including emoji"]);
    expect(minimum.source).toBe("/components/schemas/Card/properties/cvv/minLength");
  });

  test("counts an emoji as 1 character", () => {
    const probe = findProbe(`${CARD}/cardholderName/firstName`, "maxLength");
    for (const [variants, length] of [
      [probe.accepted, 32],
      [probe.rejected, 33],
    ] as const) {
      expect(getNotes(variants)).toEqual([`${length} characters`, `${length} characters, including emoji`]);
      for (const value of getValues(probe, variants)) expect([...String(value)]).toHaveLength(length);
    }
    expect(getNotes(findProbe("/vaultingRequestId", "minLength").rejected)).toEqual(["0 characters"]);
  });

  test("tests a constant with its value and with other values", () => {
    const probe = findProbe("/paymentMethodDetail/paymentMethodType", "const");
    expect(getNotes(probe.accepted)).toEqual(["the constant"]);
    expect(getValues(probe, probe.accepted)).toEqual(["CARD"]);
    expect(getValues(probe, probe.rejected)).toEqual(["CARDX", "card", "CARD ", ""]);
  });

  test("tests each value of a short enum, and a sample of a long one", () => {
    const short = findProbe("/env/terminalType", "enum");
    expect(getValues(short, short.accepted)).toEqual(getEnum("/env/terminalType"));
    const long = findProbe("/merchantRegion", "enum");
    const listed = getEnum("/merchantRegion");
    const values = getValues(long, long.accepted);
    expect(listed.length).toBeGreaterThan(200);
    expect(values).toHaveLength(3);
    expect([values[0], values.at(-1)]).toEqual([listed[0], listed.at(-1)]);
    expect(values).toEqual(listed.filter((value) => values.includes(value)));
    expect(getNotes(long.rejected)).toEqual(
      expect.arrayContaining(["an unlisted value", "an empty string", "the reserved code UK", "an alpha-3 code"]),
    );
  });

  test("tests a pattern with matching strings and with strings that do not match", () => {
    const month = findProbe(`${CARD}/expiryMonth`, "pattern");
    expect(getNotes(month.accepted)).toEqual(["a valid string"]);
    expect(getNotes(month.rejected)).toEqual(
      expect.arrayContaining(["month 13", "month 00", "followed by a line feed"]),
    );
    const url = findProbe("/redirectUrl", "pattern");
    expect(getNotes(url.rejected)).toEqual(
      expect.arrayContaining(["a javascript: URL", "a file: URL", "a URL with credentials"]),
    );
  });

  test("tests a date with the example and with invalid dates", () => {
    const probe = findProbe(`${CARD}/dateOfBirth`, "format");
    expect(getNotes(probe.accepted)).toEqual(["the example"]);
    expect(getValues(probe, probe.rejected)).toEqual(
      expect.arrayContaining(["2024-02-30", "2023-02-29", "20240229", "2024-13-01", "14.05.1990"]),
    );
  });

  test("tests oneOf with values at and beyond the limits of each branch", () => {
    const flag = findProbe(`${CARD}/is3DSAuthentication`, "oneOf");
    expect(getValues(flag, flag.accepted)).toEqual([true, false, "true", "false"]);
    expect(getValues(flag, flag.rejected)).toEqual([
      ...["maybe", "x", 1, [true], {}],
      ...[0, "1", "True", "FALSE", "yes", "true ", ""],
    ]);
    const zone = findProbe("/env/timeZoneOffset", "oneOf");
    expect(getNotes(zone.accepted)).toEqual(["the minimum", "the maximum", "a valid string"]);
    expect(getValues(zone, zone.accepted).slice(0, 2)).toEqual([-720, 720]);
    expect(zone.rejected.slice(0, 9).map(({ note, body }) => [note, getAt(body, zone.pointer)])).toEqual([
      ["an invalid string", "maybe"],
      ["1 below the minimum", -721],
      ["1 below the minimum, as a string", "-721"],
      ["1 above the maximum", 721],
      ["1 above the maximum, as a string", "721"],
      ["a string", "x"],
      ["a Boolean", true],
      ["an array with the value", [-120]],
      ["an object", {}],
    ]);
    expect(getProbes("vaultPaymentMethod").filter(({ pointer }) => pointer === "/env/timeZoneOffset")).toHaveLength(2);
  });
});

/** Returns the enum of a field in document order. */
function getEnum(pointer: string): readonly string[] {
  const field = pointer
    .split("/")
    .slice(1)
    .reduce((place, name) => {
      const schema = place.schema.properties?.[name] ?? expect.fail(`no ${pointer} in the document`);
      return resolveReference({ schema, pointer: "" });
    }, getRequestMessage("vaultPaymentMethod") as LocatedSchema);
  return field.schema.enum ?? expect.fail(`${pointer} has no enum`);
}
