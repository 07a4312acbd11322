/** Checks of schemas: descriptions, constraints, compilation, and portability to other tools. */
import { type Document, resolve } from "../openapi/openapi-document.ts";
import type { Schema } from "../openapi/schemas.ts";
import { type Check, measureAll, measureShare } from "./check.ts";
import {
  compile,
  findAllSchemas,
  findProperties,
  findReachableSchemas,
  getComponentSchemas,
} from "./compiled-schemas.ts";
import { findBodiesExceptRequests, findParametersAndHeaders, joinPointer } from "./document-parts.ts";

/** Returns the value of a keyword in a schema, or in the schema that it references. */
function resolveKeyword(document: Document, schema: Schema, keyword: string): unknown {
  if (schema[keyword] !== undefined || schema.$ref === undefined) return schema[keyword];
  return resolveKeyword(document, resolve<Schema>(document, { $ref: schema.$ref }), keyword);
}

const describedSchemas: Check = {
  title: "properties, parameters, and headers with a description",
  requirement: "98%",
  measure: (document) => {
    const properties = findProperties(getComponentSchemas(document)).map(({ at, value }) => ({
      at,
      value: resolveKeyword(document, value, "description"),
    }));
    const others = findParametersAndHeaders(document).map(({ at, value }) => ({ at, value: value.description }));
    return measureShare(0.98, [...properties, ...others], ({ value }) =>
      typeof value === "string" && value.trim() !== "" ? undefined : "no description",
    );
  },
};

const CONSTRAINTS = ["const", "enum", "pattern", "format", "minLength", "maxLength"];

const constrainedStrings: Check = {
  title: "string schemas with a constraint",
  requirement: "95%",
  measure: (document) => {
    const strings = findAllSchemas(document).filter(({ value }) => value.type === "string");
    return measureShare(0.95, strings, ({ value }) =>
      CONSTRAINTS.some((keyword) => keyword in value) ? undefined : `a string without any of ${CONSTRAINTS.join(", ")}`,
    );
  },
};

const compilingSchemas: Check = {
  title: "schemas that compile in Ajv's strict mode",
  requirement: "100%",
  measure: (document) =>
    measureAll(getComponentSchemas(document), ({ at }) => {
      try {
        compile(document, at);
        return undefined;
      } catch (error) {
        return `does not compile: ${error instanceof Error ? error.message : String(error)}`;
      }
    }),
};

/** Keywords that some code generators or mocks misinterpret or do not support. */
const UNSUPPORTED_KEYWORDS = [
  "allOf",
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

const portableSchemas: Check = {
  title: "schemas without keywords that break other tools",
  requirement: "100%",
  measure: (document) =>
    measureAll(findAllSchemas(document), ({ value }) => {
      const used = UNSUPPORTED_KEYWORDS.filter((keyword) => keyword in value).map(
        (keyword) => `the keyword ${keyword} is not allowed`,
      );
      if (Array.isArray(value.type)) used.push("a list of types is not allowed");
      return used.length === 0 ? undefined : used.join(", ");
    }),
};

const definedRequiredProperties: Check = {
  title: "required properties that are defined",
  requirement: "100%",
  measure: (document) => {
    const names = findAllSchemas(document).flatMap(({ at, value }) =>
      (value.required ?? []).map((name, index) => ({
        at: joinPointer(at, "required", index),
        value: { name, properties: value.properties ?? {} },
      })),
    );
    return measureAll(names, ({ value: { name, properties } }) =>
      Object.hasOwn(properties, name) ? undefined : `${name} is required but not defined`,
    );
  },
};

const CARD_DATA = [
  "cardNo",
  "cvv",
  "expiryYear",
  "expiryMonth",
  "cardPasswordDigest",
  "cardholderName",
  "billingAddress",
];

const cardDataMarked: Check = {
  title: "card data marked with x-card-data",
  requirement: CARD_DATA.join(", "),
  measure: (document) => {
    const properties = findProperties(getComponentSchemas(document)).filter(({ name }) => CARD_DATA.includes(name));
    const missing = CARD_DATA.filter((name) => !properties.some((property) => property.name === name));
    const measurement = measureAll(properties, ({ value }) =>
      resolveKeyword(document, value, "x-card-data") === true ? undefined : "card data without x-card-data",
    );
    return {
      ...measurement,
      violations: [
        ...measurement.violations,
        ...missing.map((name) => ({ at: "#/components/schemas", message: `no property ${name}` })),
      ],
    };
  },
};

/** Matches the locations of the card data that responses may contain, because Antom's SDK classes contain it. Clients must hide it. */
const CARD_DATA_IN_RESPONSES = /\/(?:expiryYear|expiryMonth|cardholderName|billingAddress)$/;

const cardDataAbsent: Check = {
  title: "responses and notifications without forbidden card data",
  requirement: "only expiry date, name, and address",
  measure: (document) =>
    measureAll(findBodiesExceptRequests(document), ({ at, value }) => {
      const schemas = findReachableSchemas(document, { at: joinPointer(at, "schema"), value: value.schema });
      const marked = schemas.find(
        (schema) => schema.value["x-card-data"] === true && !CARD_DATA_IN_RESPONSES.test(schema.at),
      );
      return marked && `contains card data, which is defined at ${marked.at}`;
    }),
};

export const schemaChecks: readonly Check[] = [
  describedSchemas,
  constrainedStrings,
  compilingSchemas,
  portableSchemas,
  definedRequiredProperties,
  cardDataMarked,
  cardDataAbsent,
];
