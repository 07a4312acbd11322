/** Bodies and their examples. */
import { type Document, resolve } from "../openapi/openapi-document.ts";
import type { Schema } from "../openapi/schemas.ts";
import { type Check, every, type Fault } from "./check.ts";
import { allSchemas, misfit } from "./compiled-schemas.ts";
import { below, examplesOf, messages, type Named, outcomes, type Place, typed } from "./json-pointers.ts";

const present: Check = {
  title: "bodies with an example",
  bar: "100 %",
  find: (document) =>
    every(messages(document), (media) => (examplesOf(document, media).length > 0 ? undefined : "no example")),
};

type Shown = Named & { readonly schemaAt: string };

/** The examples of bodies, parameters and headers, and those that stand in schemas. */
function shown(document: Document): readonly Place<Shown>[] {
  const beside = typed(document).flatMap((place) =>
    examplesOf(document, place).map(({ at, value }) => ({
      at,
      value: { ...value, schemaAt: below(place.at, "schema") },
    })),
  );
  const inside = allSchemas(document).flatMap(({ at, value: { examples } }) =>
    (Array.isArray(examples) ? examples : []).map((value: unknown, index) => ({
      at: below(at, "examples", index),
      value: { name: String(index), value, schemaAt: at },
    })),
  );
  return [...beside, ...inside];
}

const valid: Check = {
  title: "examples that fit their schema",
  bar: "100 %",
  find: (document) => every(shown(document), ({ value: { schemaAt, value } }) => misfit(document, schemaAt, value)),
};

/** What a branch fixes `result.resultStatus` to. It stands in the branch or in a part of its allOf. */
function fixedStatus(document: Document, branch: Schema): unknown {
  const { required, properties, allOf } = resolve<Schema>(document, branch);
  if (properties?.["result"] && required?.includes("result")) {
    const result = resolve<Schema>(document, properties["result"]);
    const status = result.properties?.["resultStatus"];
    return status && result.required?.includes("resultStatus") ? resolve<Schema>(document, status).const : undefined;
  }
  const parts = Array.isArray(allOf) ? allOf : [];
  return parts.map((part: Schema) => fixedStatus(document, part)).find((status) => status !== undefined);
}

const branches: Check = {
  title: "answers and notification are closed branches",
  bar: "each fixes resultStatus, an example fits one",
  find: (document) => {
    const bodies = outcomes(document);
    let examples = 0;
    const faults = bodies.flatMap((media): readonly Fault[] => {
      const { oneOf } = resolve<Schema>(document, media.value.schema);
      if (!oneOf) return [{ at: below(media.at, "schema"), message: "is no oneOf of the outcomes" }];
      const open = oneOf.filter((branch) => typeof fixedStatus(document, branch) !== "string");
      const named = examplesOf(document, media);
      examples += named.length;
      return [
        ...open.map((branch) => ({
          at: branch.$ref ?? below(media.at, "schema"),
          message: "the branch does not fix result.resultStatus",
        })),
        ...named.flatMap(({ at, value }) => {
          const fitting = oneOf.filter(
            (branch) => misfit(document, String(branch.$ref), value.value) === undefined,
          ).length;
          return fitting === 1 ? [] : [{ at, message: `fits ${fitting} branches, not one` }];
        }),
      ];
    });
    return { measured: `${bodies.length} bodies, ${examples} examples`, faults };
  },
};

export const exampleChecks: readonly Check[] = [present, valid, branches];
