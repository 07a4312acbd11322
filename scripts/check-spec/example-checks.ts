/** Checks of examples, and of the `oneOf` branches for the outcomes in responses and notifications. */
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
} from "./document-parts.ts";

const bodiesWithExample: Check = {
  title: "bodies with an example",
  requirement: "100%",
  measure: (document) =>
    measureAll(findBodies(document), (media) => (findExamples(document, media).length > 0 ? undefined : "no example")),
};

type ExampleWithSchema = NamedExample & { readonly schemaAt: string };

/** Returns the examples of bodies, parameters, and headers, and those in schemas. */
function findExamplesWithSchema(document: Document): readonly Located<ExampleWithSchema>[] {
  const ownerExamples = findSchemaOwners(document).flatMap((place) =>
    findExamples(document, place).map(({ at, value }) => ({
      at,
      value: { ...value, schemaAt: joinPointer(place.at, "schema") },
    })),
  );
  const schemaExamples = findAllSchemas(document).flatMap(({ at, value: { examples } }) =>
    (Array.isArray(examples) ? examples : []).map((value: unknown, index) => ({
      at: joinPointer(at, "examples", index),
      value: { name: String(index), value, schemaAt: at },
    })),
  );
  return [...ownerExamples, ...schemaExamples];
}

const validExamples: Check = {
  title: "examples that match their schema",
  requirement: "100%",
  measure: (document) =>
    measureAll(findExamplesWithSchema(document), ({ value: { schemaAt, value } }) =>
      findSchemaError(document, schemaAt, value),
    ),
};

/** Returns the `const` value of `result.resultStatus` in a branch. */
function getFixedStatus(document: Document, branch: Schema): unknown {
  const { required, properties } = resolve<Schema>(document, branch);
  if (!properties?.["result"] || !required?.includes("result")) return undefined;
  const result = resolve<Schema>(document, properties["result"]);
  const status = result.properties?.["resultStatus"];
  return status && result.required?.includes("resultStatus") ? resolve<Schema>(document, status).const : undefined;
}

const outcomeBranches: Check = {
  title: "responses and notifications with a oneOf of outcomes",
  requirement: "each branch sets resultStatus; each example matches one branch",
  measure: (document) => {
    const bodies = findOutcomeBodies(document);
    let examples = 0;
    const violations = bodies.flatMap((media): readonly Violation[] => {
      const { oneOf } = resolve<Schema>(document, media.value.schema);
      if (!oneOf) return [{ at: joinPointer(media.at, "schema"), message: "is not a oneOf of the outcomes" }];
      const unfixed = oneOf.filter((branch) => typeof getFixedStatus(document, branch) !== "string");
      const named = findExamples(document, media);
      examples += named.length;
      return [
        ...unfixed.map((branch) => ({
          at: branch.$ref ?? joinPointer(media.at, "schema"),
          message: "the branch does not set a constant result.resultStatus",
        })),
        ...named.flatMap(({ at, value }) => {
          const matching = oneOf.filter(
            (branch) => findSchemaError(document, String(branch.$ref), value.value) === undefined,
          ).length;
          return matching === 1 ? [] : [{ at, message: `matches ${matching} branches instead of one` }];
        }),
      ];
    });
    return { measured: `${bodies.length} bodies, ${examples} examples`, violations };
  },
};

export const exampleChecks: readonly Check[] = [bodiesWithExample, validExamples, outcomeBranches];
