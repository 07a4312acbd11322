/** Every constraint that the document puts on a request: what coverage is counted by. */
import type { OperationId } from "../../../generated/operations.ts";
import { getRequestMessage, type LocatedSchema, resolveReference } from "./openapi-document.ts";

export interface Constraint {
  readonly operation: OperationId;
  /** JSON Pointer into the body. */
  readonly pointer: string;
  /** A schema keyword; `optional` and `additional` for what the document leaves open. */
  readonly keyword: string;
}

/** What says nothing of a value, or is counted by its members. */
const NOT_CONSTRAINTS = new Set(["description", "examples", "deprecated", "properties", "required"]);

export const listConstraints = (operation: OperationId): readonly Constraint[] =>
  listConstraintsAt(getRequestMessage(operation), "").map((each) => ({ operation, ...each }));

function listConstraintsAt(place: LocatedSchema, at: string): readonly Omit<Constraint, "operation">[] {
  const { schema, pointer } = resolveReference(place);
  const here = (keyword: string) => ({ pointer: at, keyword });
  // A choice is one constraint: what stands inside of it is put by the choice.
  if (schema.oneOf) return [here("oneOf")];
  const own = Object.keys(schema).filter((keyword) => !NOT_CONSTRAINTS.has(keyword) && !keyword.startsWith("x-"));
  // Whether the body is an object at all is the protocol's.
  const told = own.filter((keyword) => keyword !== "type" || at !== "").map(here);
  const properties = Object.entries(schema.properties ?? {});
  const inner = properties.flatMap(([name, property]) => [
    { pointer: `${at}/${name}`, keyword: schema.required?.includes(name) ? "required" : "optional" },
    ...listConstraintsAt({ schema: property, pointer: `${pointer}/properties/${name}` }, `${at}/${name}`),
  ]);
  return [...told, ...(properties.length > 0 ? [here("unknown-field")] : []), ...inner];
}

/** What leaves open can only be accepted. */
export const canBeViolated = ({ keyword }: Constraint): boolean =>
  keyword !== "unknown-field" && keyword !== "optional";
