/** Schemas: described, constrained, compiling, and free of what other tools stumble over. */
import { type Document, resolve } from "../openapi/openapi-document.ts";
import type { Schema } from "../openapi/schemas.ts";
import { type Check, every, share } from "./check.ts";
import { allSchemas, compile, componentSchemas, propertiesOf, reachable } from "./compiled-schemas.ts";
import { answersAndNotifications, below, fields } from "./json-pointers.ts";

/** The keyword's value here, or at what is referenced here. */
function throughReference(document: Document, schema: Schema, keyword: string): unknown {
  if (schema[keyword] !== undefined || schema.$ref === undefined) return schema[keyword];
  return throughReference(document, resolve<Schema>(document, { $ref: schema.$ref }), keyword);
}

const described: Check = {
  title: "properties, parameters and headers described",
  bar: "98 %",
  find: (document) => {
    const properties = propertiesOf(componentSchemas(document)).map(({ at, value }) => ({
      at,
      value: throughReference(document, value, "description"),
    }));
    const others = fields(document).map(({ at, value }) => ({ at, value: value.description }));
    return share(0.98, [...properties, ...others], ({ value }) =>
      typeof value === "string" && value.trim() !== "" ? undefined : "no description",
    );
  },
};

const CONSTRAINTS = ["const", "enum", "pattern", "format", "minLength", "maxLength"];

const constrained: Check = {
  title: "string schemas constrained",
  bar: "95 %",
  find: (document) => {
    const strings = allSchemas(document).filter(({ value }) => value.type === "string");
    return share(0.95, strings, ({ value }) =>
      CONSTRAINTS.some((keyword) => keyword in value) ? undefined : `a string with none of ${CONSTRAINTS.join(", ")}`,
    );
  },
};

const compiling: Check = {
  title: "schemas that compile in ajv's strict mode",
  bar: "100 %",
  find: (document) =>
    every(componentSchemas(document), ({ at }) => {
      try {
        compile(document, at);
        return undefined;
      } catch (error) {
        return `does not compile: ${error instanceof Error ? error.message : String(error)}`;
      }
    }),
};

/** Keywords that one code generator or mock or another misreads or cannot read. */
const REFUSED = [
  "nullable",
  "if",
  "then",
  "else",
  "unevaluatedProperties",
  "unevaluatedItems",
  "$defs",
  "definitions",
  "additionalProperties",
  "discriminator",
  "contains",
  "propertyNames",
  "prefixItems",
  "patternProperties",
  "dependentSchemas",
];

const portable: Check = {
  title: "schemas without keywords that break other tools",
  bar: "100 %",
  find: (document) =>
    every(allSchemas(document), ({ value }) => {
      const used = REFUSED.filter((keyword) => keyword in value).map((keyword) => `the keyword ${keyword} is refused`);
      if (Array.isArray(value.type)) used.push("a list of types is refused");
      return used.length === 0 ? undefined : used.join(", ");
    }),
};

const requiredDefined: Check = {
  title: "required names defined beside",
  bar: "100 %",
  find: (document) => {
    const names = allSchemas(document).flatMap(({ at, value }) =>
      (value.required ?? []).map((name, index) => ({
        at: below(at, "required", index),
        value: { name, properties: value.properties ?? {} },
      })),
    );
    return every(names, ({ value: { name, properties } }) =>
      Object.hasOwn(properties, name) ? undefined : `${name} is required but not defined beside`,
    );
  },
};

const CARD_DATA = ["cardNo", "cvv", "expiryYear", "expiryMonth", "cardPasswordDigest"];

const cardDataMarked: Check = {
  title: "card data marked x-card-data",
  bar: CARD_DATA.join(", "),
  find: (document) => {
    const properties = propertiesOf(componentSchemas(document)).filter(({ name }) => CARD_DATA.includes(name));
    const missing = CARD_DATA.filter((name) => !properties.some((property) => property.name === name));
    const finding = every(properties, ({ value }) =>
      throughReference(document, value, "x-card-data") === true ? undefined : "card data without x-card-data",
    );
    return {
      ...finding,
      faults: [
        ...finding.faults,
        ...missing.map((name) => ({ at: "#/components/schemas", message: `no property ${name}` })),
      ],
    };
  },
};

const cardDataKept: Check = {
  title: "answers and notifications without card data",
  bar: "100 %",
  find: (document) =>
    every(answersAndNotifications(document), ({ at, value }) => {
      const schemas = reachable(document, { at: below(at, "schema"), value: value.schema });
      const marked = schemas.find((schema) => schema.value["x-card-data"] === true);
      return marked && `reaches card data at ${marked.at}`;
    }),
};

export const schemaChecks: readonly Check[] = [
  described,
  constrained,
  compiling,
  portable,
  requiredDefined,
  cardDataMarked,
  cardDataKept,
];
