import fc from "fast-check";
import { describe, expect, test } from "vitest";
import mainJson from "../../generated/openapi.json" with { type: "json" };
import codegenJson from "../../generated/openapi-codegen.json" with { type: "json" };
import { createAjv } from "../openapi/ajv-modules.ts";
import { runRedocly } from "../openapi/bundle.ts";
import { type Document, type Operation, resolve } from "../openapi/openapi-document.ts";
import { getRefName, type Schema } from "../openapi/schemas.ts";
import { toCodegenDocument } from "./codegen-document.ts";

const main = mainJson as unknown as Document;
const codegen = codegenJson as unknown as Document;
const { schemas } = codegen.components;

const ajv = createAjv({ strict: false, strictSchema: false }).addFormat("int32", true);
ajv.addVocabulary(["example", "x-extensible-enum"]);
ajv.addSchema({ $id: "codegen", components: { schemas } });
ajv.addSchema({ $id: "main", components: { schemas: main.components.schemas } });

/** Returns the violations of a body, or an empty list. */
function validate(document: "codegen" | "main", schema: string, body: unknown): readonly unknown[] {
  const check = ajv.getSchema(`${document}#/components/schemas/${schema}`);
  if (!check) throw new Error(`no schema ${schema}`);
  return check(body) ? [] : (check.errors ?? []);
}

/** Returns all values of a key, at any depth. */
function collect(value: unknown, key: string): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...collect(inner, key)]);
}

/** Returns all schemas of the document for code generators, at any depth. */
function listSchemas(): readonly Schema[] {
  const expand = (schema: Schema): readonly Schema[] => [
    schema,
    ...Object.values(schema.properties ?? {}).flatMap(expand),
    ...(schema.items ? expand(schema.items) : []),
  ];
  return [...Object.values(schemas), ...(collect(codegen.paths, "schema") as Schema[])].flatMap(expand);
}

/** Returns the operations, including those of their callbacks. */
const listOperations = (document: Document): readonly Operation[] =>
  Object.values(document.paths).flatMap(({ post }) => [
    post,
    ...Object.values(post.callbacks ?? {}).flatMap((callback) => Object.values(callback).map((item) => item.post)),
  ]);

/** Returns the examples of a document, each with its operation and the name of its schema. */
function listExamples(
  document: Document,
): readonly (readonly [operation: string, name: string, schema: string, body: unknown])[] {
  return listOperations(document).flatMap(({ operationId, requestBody, responses }) =>
    [requestBody, ...Object.values(responses)].flatMap((body) => {
      const media = resolve(document, body).content["application/json"];
      const schema = getRefName(media?.schema.$ref ?? "");
      return Object.entries(media?.examples ?? {}).map(
        ([name, example]) => [operationId, name, schema, resolve(document, example).value] as const,
      );
    }),
  );
}

/** Creates an arbitrary for the values that a request's schema accepts. */
function createArbitrary(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return createArbitrary(schemas[getRefName(schema.$ref)] ?? {});
  const { enum: values, example, minLength = 0, maxLength = 80, minimum, maximum, pattern, format } = schema;
  if (values) return fc.constantFrom(...values);
  if (schema.type === "boolean") return fc.boolean();
  if (schema.type === "integer") return fc.integer({ min: Number(minimum), max: Number(maximum) });
  if (format === "date")
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date("2099-12-31") })
      .map((date) => date.toISOString().slice(0, 10));
  if (schema.type === "object") {
    const properties = Object.entries(schema.properties ?? {}).map(
      ([name, inner]) => [name, createArbitrary(inner)] as const,
    );
    const fields: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(properties);
    return fc.record(fields, { requiredKeys: [...(schema.required ?? [])] });
  }
  const [, characters] = /^\^(\[[^\]]*\])\*\$$/.exec(String(pattern)) ?? [];
  const [min, max] = [Number(minLength), Math.min(Number(maxLength), 80)];
  // The patterns of the document for code generators do not exclude C1 controls.
  const hasNoC1 = (text: string) => !/[\u0080-\u009f]/.test(text);
  const unit =
    characters === undefined ? undefined : fc.stringMatching(new RegExp(`^${characters}$`, "u")).filter(hasNoC1);
  if (unit || pattern === undefined) return fc.string({ minLength: min, maxLength: max, unit: unit ?? "binary" });
  return fc.oneof(
    fc.constant(example),
    fc.stringMatching(new RegExp(String(pattern))).filter((text) => [...text].length <= max && hasNoC1(text)),
  );
}

describe("openapi-codegen.json", () => {
  test("is a valid OpenAPI 3.0 document", async () => {
    expect(codegen["openapi"]).toBe("3.0.3");
    const printed = await runRedocly(["lint", "generated/openapi-codegen.json", "--config", "redocly.yaml"]);
    expect(printed).toContain("Your API description is valid");
  });

  test.each([
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "if",
    "const",
    "additionalProperties",
    "deprecated",
    "x-alias-of",
    "webhooks",
    "x-webhooks",
  ])("does not contain %s", (keyword) => {
    expect(collect(codegen, keyword)).toEqual([]);
  });

  test("gives each schema a type, and uses the name of each component as its title", () => {
    for (const schema of listSchemas()) expect(schema.type ?? schema.$ref).toBeDefined();
    for (const schema of listSchemas()) if (schema.$ref !== undefined) expect(Object.keys(schema)).toEqual(["$ref"]);
    for (const [name, { title, type, enum: values }] of Object.entries(schemas).map(
      ([name, schema]) => [name, { ...schema, title: schema["title"] }] as const,
    )) {
      expect(title).toBe(name);
      expect(type === "object" || values).toBeTruthy();
    }
  });

  test("has no names or values that differ only in case", () => {
    for (const { properties = {}, enum: values = [] } of listSchemas())
      for (const names of [Object.keys(properties), values.map(String), Object.keys(schemas)])
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  test("has a component for each reference, and a reference to each component", () => {
    const references = new Set(collect(codegen, "$ref"));
    expect([...references].sort()).toEqual(
      Object.keys(schemas)
        .map((name) => `#/components/schemas/${name}`)
        .sort(),
    );
  });

  test("gives each operation and callback a unique operationId", () => {
    const ids = listOperations(codegen).map(({ operationId }) => operationId);
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("lists all servers, starting with a sandbox", () => {
    expect(codegen.servers).toEqual(main.servers);
    expect(codegen.servers[0]?.["x-environment"]).toBe("sandbox");
  });

  test("has no quotation marks and no escapes above \\x7F in patterns", () => {
    for (const pattern of collect(codegen, "pattern")) expect(pattern).not.toMatch(/"|\\x[89A-F]|\\u/i);
  });

  test.each([
    [
      "VaultPaymentMethodRequest",
      ["vaultingRequestId", "vaultingNotificationUrl", "redirectUrl", "paymentMethodDetail", "env"],
    ],
    ["VaultPaymentMethodResponse", ["result"]],
    ["CreateVaultingSessionRequest", ["paymentMethodType", "vaultingRequestId", "vaultingNotificationUrl"]],
    ["CreateVaultingSessionResponse", ["result"]],
    ["InquireVaultingRequest", ["vaultingRequestId"]],
    ["InquireVaultingResponse", ["result"]],
    ["VaultingNotification", ["result", "vaultingRequestId"]],
    ["VaultedPaymentMethodDetail", ["paymentMethodType"]],
    ["VaultedCard", undefined],
  ])("requires in %s only the fields that every outcome requires", (name, required) => {
    expect(schemas[name]?.required).toEqual(required);
  });

  test("constrains only resultStatus in results and cards, and lists the known brands in a description", () => {
    const responses = listSchemas().filter(
      (schema) => schema === schemas["Result"] || schema === schemas["VaultedCard"],
    );
    expect(responses.flatMap((schema) => collect(schema, "enum"))).toEqual([["S", "U", "F"]]);
    for (const keyword of ["pattern", "maxLength", "minLength", "format"])
      expect(responses.flatMap((schema) => collect(schema, keyword))).toEqual([]);
    expect(schemas["VaultedCard"]?.properties?.["brand"]?.["description"]).toContain("MASTERCARD");
  });

  test("marks the card data of requests, and has none in responses", () => {
    expect(schemas["UserName"]?.["x-card-data"]).toBe(true);
    expect(schemas["Address"]?.["x-card-data"]).toBe(true);
    expect(schemas["Card"]?.properties?.["cvv"]?.["x-card-data"]).toBe(true);
    expect(collect(schemas["VaultedCard"], "x-card-data")).toEqual([]);
  });
});

test.each(
  listExamples(main).filter(([, , schema]) => !schema.endsWith("Request")),
)("the schemas for code generators accept the example of %s: %s", (_operation, _name, schema, body) => {
  expect(validate("codegen", schema, body)).toEqual([]);
});

test.each(
  listExamples(codegen),
)("the example of %s is valid in both documents: %s", (_operation, _name, schema, body) => {
  expect(validate("codegen", schema, body)).toEqual([]);
  expect(validate("main", schema, body)).toEqual([]);
});

test("openapi-codegen.json has all examples of the main document", () => {
  const list = (document: Document) => listExamples(document).map((row) => row.slice(0, 3));
  expect(list(codegen)).toEqual(list(main));
});

test.each([
  "VaultPaymentMethodRequest",
  "CreateVaultingSessionRequest",
  "InquireVaultingRequest",
  "VaultingAcknowledgement",
  "NotificationRejection",
])("each %s that the schemas for code generators accept is valid in the main document", (name) => {
  fc.assert(
    fc.property(createArbitrary({ $ref: name }), (body) => {
      expect(validate("codegen", name, body)).toEqual([]);
      expect(validate("main", name, body)).toEqual([]);
    }),
  );
});

test.each([
  ["a new code", { result: { resultCode: "NEW", resultStatus: "F", resultMessage: "x".repeat(300) } }],
  [
    "a new brand and country",
    {
      result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "" },
      paymentMethodDetail: { paymentMethodType: "CARD", card: { brand: "NEW", funding: "NEW", issuingCountry: "XK" } },
    },
  ],
  ["new fields", { result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "", added: {} }, added: 1 }],
])("the schemas for code generators accept a response with %s", (_, body) => {
  expect(validate("codegen", "VaultPaymentMethodResponse", body)).toEqual([]);
  expect(validate("codegen", "InquireVaultingResponse", body)).toEqual([]);
});

test("toCodegenDocument throws an error with the name of a field that has different types in different outcomes", () => {
  const branch = (type: string): Schema => ({ type: "object", properties: { added: { type } } });
  const changed = {
    ...main,
    components: {
      ...main.components,
      schemas: {
        ...main.components.schemas,
        VaultPaymentMethodResponse: { oneOf: [{ $ref: "#/A" }, { $ref: "#/B" }] },
        A: branch("string"),
        B: branch("integer"),
      },
    },
  };
  expect(() => toCodegenDocument(changed)).toThrow("added has different types in different outcomes: string, integer");
});
