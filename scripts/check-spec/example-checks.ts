/** Bodies and their examples. */
import { type Document, resolve } from "../openapi/openapi-document.ts";
import type { Schema } from "../openapi/schemas.ts";
import { type Check, measureAll, type Violation } from "./check.ts";
import { findAllSchemas, findSchemaError } from "./compiled-schemas.ts";
import {
  findBodies,
  findExamples,
  findOutcomeBodies,
  findSchemaOwners,
  joinPointer,
  type Located,
  type NamedExample,
} from "./json-pointers.ts";

const present: Check = {
  title: "bodies with an example",
  requirement: "100 %",
  measure: (document) =>
    measureAll(findBodies(document), (media) => (findExamples(document, media).length > 0 ? undefined : "no example")),
};

type ShownExample = NamedExample & { readonly schemaAt: string };

/** The examples of bodies, parameters and headers, and those that stand in schemas. */
function findShownExamples(document: Document): readonly Located<ShownExample>[] {
  const beside = findSchemaOwners(document).flatMap((place) =>
    findExamples(document, place).map(({ at, value }) => ({
      at,
      value: { ...value, schemaAt: joinPointer(place.at, "schema") },
    })),
  );
  const inside = findAllSchemas(document).flatMap(({ at, value: { examples } }) =>
    (Array.isArray(examples) ? examples : []).map((value: unknown, index) => ({
      at: joinPointer(at, "examples", index),
      value: { name: String(index), value, schemaAt: at },
    })),
  );
  return [...beside, ...inside];
}

const valid: Check = {
  title: "examples that fit their schema",
  requirement: "100 %",
  measure: (document) =>
    measureAll(findShownExamples(document), ({ value: { schemaAt, value } }) =>
      findSchemaError(document, schemaAt, value),
    ),
};

/** What a branch fixes `result.resultStatus` to. It stands in the branch or in a part of its allOf. */
function getFixedStatus(document: Document, branch: Schema): unknown {
  const { required, properties, allOf } = resolve<Schema>(document, branch);
  if (properties?.["result"] && required?.includes("result")) {
    const result = resolve<Schema>(document, properties["result"]);
    const status = result.properties?.["resultStatus"];
    return status && result.required?.includes("resultStatus") ? resolve<Schema>(document, status).const : undefined;
  }
  const parts = Array.isArray(allOf) ? allOf : [];
  return parts.map((part: Schema) => getFixedStatus(document, part)).find((status) => status !== undefined);
}

const branches: Check = {
  title: "answers and notification are closed branches",
  requirement: "each fixes resultStatus, an example fits one",
  measure: (document) => {
    const bodies = findOutcomeBodies(document);
    let examples = 0;
    const faults = bodies.flatMap((media): readonly Violation[] => {
      const { oneOf } = resolve<Schema>(document, media.value.schema);
      if (!oneOf) return [{ at: joinPointer(media.at, "schema"), message: "is no oneOf of the outcomes" }];
      const open = oneOf.filter((branch) => typeof getFixedStatus(document, branch) !== "string");
      const named = findExamples(document, media);
      examples += named.length;
      return [
        ...open.map((branch) => ({
          at: branch.$ref ?? joinPointer(media.at, "schema"),
          message: "the branch does not fix result.resultStatus",
        })),
        ...named.flatMap(({ at, value }) => {
          const fitting = oneOf.filter(
            (branch) => findSchemaError(document, String(branch.$ref), value.value) === undefined,
          ).length;
          return fitting === 1 ? [] : [{ at, message: `fits ${fitting} branches, not one` }];
        }),
      ];
    });
    return { measured: `${bodies.length} bodies, ${examples} examples`, violations: faults };
  },
};

export const exampleChecks: readonly Check[] = [present, valid, branches];
