import { describe, expect, test } from "vitest";
import { requestValidators } from "../../../generated/operation-validators.ts";
import { operations } from "../../../generated/operations.ts";
import { deriveProbes, getExample, setAt, toPointer } from "./derive-probes.ts";
import { formats, listFormattedFields } from "./formats.ts";
import { createRequestBody } from "./sample-requests.ts";

const fields = operations.flatMap((operation) =>
  listFormattedFields(operation).map((field) => ({
    ...field,
    operation,
    example: String(getExample(field.locatedSchema.schema)),
    isValid: (value: unknown) => {
      const parent = field.path.slice(0, -1);
      // The parent of an optional field might require other fields.
      const body = setAt(createRequestBody(operation, "1"), field.path, value);
      const validation = requestValidators[operation](body);
      if (validation.valid) return true;
      const isOwn = validation.issues.some(({ pointer }) => pointer === toPointer(field.path));
      return !isOwn && parent.length > 0;
    },
  })),
);

describe("formats", () => {
  test("contains the format of every field except constants", () => {
    for (const operation of operations) {
      const pointers = new Set(listFormattedFields(operation).map(({ path }) => toPointer(path)));
      const constants = ["/paymentMethodType", "/paymentMethodDetail/paymentMethodType"];
      const missing = deriveProbes(operation)
        .filter(({ keyword, source, pointer }) => keyword === "type" && !pointers.has(pointer) && source !== "")
        .filter(({ rejected }) => !rejected.some(({ note }) => note === "the object as a JSON string"))
        .map(({ pointer }) => pointer);
      expect(missing.filter((pointer) => !constants.includes(pointer))).toEqual([]);
    }
  });

  test.each(Object.entries(formats))("%s has valid accepted values and invalid rejected values", (_, format) => {
    const ownFields = fields.filter((field) => field.format === format);
    expect(ownFields).not.toEqual([]);
    for (const [note, value] of format.accepted)
      expect([note, ownFields.some(({ isValid }) => isValid(value))]).toEqual([note, true]);
    for (const { path, example, isValid } of ownFields)
      for (const [note, value] of format.rejected(example))
        expect([toPointer(path), note, isValid(value)]).toEqual([toPointer(path), note, false]);
  });

  test.each(Object.entries(formats))("%s has unique notes", (_, { accepted, rejected }) => {
    for (const rows of [accepted, rejected("123")]) expect(new Set(rows.map(([note]) => note)).size).toBe(rows.length);
  });

  test("contributes every rejected value to the probes of each field", () => {
    const allProbes = operations.flatMap(deriveProbes);
    for (const { operation, path, example, format } of fields) {
      const probes = allProbes.filter((probe) => probe.operation === operation && probe.pointer === toPointer(path));
      const notes = probes.flatMap(({ rejected }) => rejected.map(({ note }) => note));
      for (const [note] of format.rejected(example)) expect(notes).toContain(note);
    }
  });
});
