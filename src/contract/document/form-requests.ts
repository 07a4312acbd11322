/** Derives valid requests that together contain every accepted form of every field that has a format, except IDs. */
import { requestValidators } from "../../../generated/operation-validators.ts";
import type { OperationId } from "../../../generated/operations.ts";
import { generateStringsOfLength } from "./boundary-values.ts";
import { getAt, getExample, setAt, toPointer, type Variant } from "./derive-probes.ts";
import { type FormattedField, listFormattedFields } from "./formats.ts";
import { getRequestMessage, resolveReference, type Schema } from "./openapi-document.ts";
import { createRequestBody, type RequestBody } from "./sample-requests.ts";

/** A valid request in which many fields differ from the example. */
export interface FormRequest {
  readonly note: string;
  readonly body: RequestBody;
  /** Whether only fields outside of the payment method differ from the example, so that the request must succeed if the example does. */
  readonly keepsCard: boolean;
  /** A separate request for each of the changes. */
  readonly variants: readonly Variant[];
}

/** Returns whether a field is an ID. IDs keep their example values, because the party that issues an ID chooses its form. */
const isId = ({ path }: FormattedField): boolean => path.at(-1)?.endsWith("Id") === true;

export function deriveFormRequests(operation: OperationId): readonly FormRequest[] {
  const fields = listFormattedFields(operation).filter((field) => field.format.accepted.length > 0 && !isId(field));
  const isCardField = ({ path }: FormattedField) => path[0] === "paymentMethodDetail";
  if (fields.length === 0) return [];
  const { schema } = getRequestMessage(operation);
  return [
    ...combineForms(
      operation,
      fields.filter((field) => !isCardField(field)),
      true,
    ),
    ...combineForms(operation, fields.filter(isCardField), false),
    { note: "only the required fields", body: createMinimum(schema), keepsCard: false, variants: [] },
    { note: "every field at its maximum length", body: createLongest(operation), keepsCard: false, variants: [] },
  ];
}

/** Creates an object with only the required fields of its schema. */
const createMinimum = ({ properties = {}, required = [] }: Schema): RequestBody =>
  Object.fromEntries(
    required.map((name) => {
      const { schema } = resolveReference({ schema: properties[name] ?? {}, pointer: "" });
      return [name, schema.type === "object" ? createMinimum(schema) : getExample(schema)];
    }),
  );

/** Creates a request with the longest valid value in each field that has a maximum length. */
function createLongest(operation: OperationId): RequestBody {
  const isValid = (body: RequestBody) => requestValidators[operation](body).valid;
  return listFormattedFields(operation).reduce<RequestBody>(
    (body, { path, locatedSchema: { schema } }) => {
      const strings = generateStringsOfLength(String(getExample(schema)), schema.maxLength ?? 0, path);
      const changed = strings.map(({ value }) => setAt(body, path, value)).find(isValid);
      return changed ?? body;
    },
    createRequestBody(operation, "x"),
  );
}

/** Creates the sample request, and adds the example value of each field that it lacks. */
const createComplete = (operation: OperationId, fields: readonly FormattedField[]): RequestBody =>
  fields.reduce(
    (body, { path, locatedSchema }) =>
      getAt(body, path) === undefined ? setAt(body, path, getExample(locatedSchema.schema)) : body,
    createRequestBody(operation, "x"),
  );

/** Creates a request in which each optional field that is not an object is null. */
export function createNulls(operation: OperationId): RequestBody {
  const fields = listFormattedFields(operation);
  const optional = fields.filter(({ isRequired }) => !isRequired);
  return optional.reduce((body, { path }) => setAt(body, path, null), createComplete(operation, fields));
}

/** Creates one request for each form in the longest list. Each field starts with a different form, so fields with the same format have different values. */
function combineForms(
  operation: OperationId,
  fields: readonly FormattedField[],
  keepsCard: boolean,
): readonly FormRequest[] {
  const base = createComplete(operation, fields);
  const lists = fields.map(({ path, isRequired, format }) =>
    format.accepted
      .filter(([, value]) => value !== "" || !isRequired)
      .map(([note, value]) => ({ path, value, note: `${toPointer(path)} with ${note}` }))
      .filter(({ value }) => requestValidators[operation](setAt(base, path, value)).valid),
  );
  const count = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: count }, (_, round) => {
    const changes = lists.flatMap((forms, index) => forms[(round + index) % forms.length] ?? []);
    const body = changes.reduce((changed, { path, value }) => setAt(changed, path, value), base);
    return {
      note: "many fields that differ from the example",
      body,
      keepsCard,
      variants: changes.map(({ path, value, note }) => ({ note, body: setAt(base, path, value) })),
    };
  });
}

/** Adds each missing optional field with the value null, if the request contains its parent object. */
export const addNulls = (operation: OperationId, body: RequestBody): RequestBody =>
  listFormattedFields(operation)
    .filter(({ path, isRequired }) => !isRequired && getAt(body, path) === undefined)
    .filter(({ path }) => getAt(body, path.slice(0, -1)) !== undefined)
    .reduce((changed, { path }) => setAt(changed, path, null), body);
