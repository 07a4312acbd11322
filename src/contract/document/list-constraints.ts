/** Lists the constraints of a request for the coverage report. `derive-probes.ts` creates their probes. */
import type { OperationId } from "../../../generated/operations.ts";
import { getRequestMessage, type LocatedSchema, resolveReference } from "./openapi-document.ts";

export interface Constraint {
  readonly operation: OperationId;
  /** The location of the field in the request body, as a JSON Pointer. */
  readonly pointer: string;
  /** A schema keyword, `optional` for an optional field, or `unknown-field` for unknown fields. */
  readonly keyword: string;
}

/** Keywords that do not constrain a value, or whose members are listed individually. */
const NOT_CONSTRAINTS = new Set(["title", "description", "examples", "deprecated", "properties", "required"]);

export const listConstraints = (operation: OperationId): readonly Constraint[] =>
  listConstraintsAt(getRequestMessage(operation), "").map((constraint) => ({ operation, ...constraint }));

function listConstraintsAt(
  locatedSchema: LocatedSchema,
  bodyPointer: string,
): readonly Omit<Constraint, "operation">[] {
  const { schema, pointer } = resolveReference(locatedSchema);
  const createConstraint = (keyword: string) => ({ pointer: bodyPointer, keyword });
  // `oneOf` counts as 1 constraint, because its probes cover all branches.
  if (schema.oneOf) return [createConstraint("oneOf")];
  const keywords = Object.keys(schema).filter((keyword) => !NOT_CONSTRAINTS.has(keyword) && !keyword.startsWith("x-"));
  // The protocol checks test that the body is an object.
  const listed = keywords.filter((keyword) => keyword !== "type" || bodyPointer !== "").map(createConstraint);
  const properties = Object.entries(schema.properties ?? {});
  const fieldConstraints = properties.flatMap(([name, property]) => [
    { pointer: `${bodyPointer}/${name}`, keyword: schema.required?.includes(name) ? "required" : "optional" },
    ...listConstraintsAt({ schema: property, pointer: `${pointer}/properties/${name}` }, `${bodyPointer}/${name}`),
  ]);
  return [...listed, ...(properties.length > 0 ? [createConstraint("unknown-field")] : []), ...fieldConstraints];
}

/** Returns whether a request can violate the constraint. Optional and unknown fields are always accepted. */
export const canBeViolated = ({ keyword }: Constraint): boolean =>
  keyword !== "unknown-field" && keyword !== "optional";
