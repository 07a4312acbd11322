import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as controlValidators from "../generated/control-validators.js";
import * as validators from "../generated/validators.js";
import { toOpenApi30 } from "./generate/down-convert.ts";
import { createValidator } from "./generate/validator-runtime.ts";
import { getMessages } from "./generate/validators.ts";
import { generate } from "./generate.ts";
import { createAjv } from "./openapi/ajv-modules.ts";
import { runRedocly } from "./openapi/bundle.ts";
import { toStrict, toTolerant } from "./openapi/schemas.ts";

const generated = join(import.meta.dirname, "..", "generated");
const read = (directory: string, name: string) => readFileSync(join(directory, name), "utf8");

describe("npm run generate", () => {
  const directories = [
    mkdtempSync(join(tmpdir(), "antom-vault-a-")),
    mkdtempSync(join(tmpdir(), "antom-vault-b-")),
  ] as const;
  beforeAll(async () => {
    for (const directory of directories) await generate(directory);
  });
  afterAll(() => {
    for (const directory of directories) rmSync(directory, { recursive: true });
  });

  test.each(readdirSync(generated))("creates %s reproducibly, with the committed content", (name) => {
    const [first, second] = directories;
    expect(read(first, name)).toBe(read(second, name));
    expect(read(first, name)).toBe(read(generated, name));
  });

  test("writes no local paths", () => {
    for (const name of readdirSync(generated)) {
      expect(read(generated, name)).not.toContain(tmpdir());
      expect(read(generated, name)).not.toContain(join(import.meta.dirname, ".."));
    }
  });
});

describe("openapi-3.0.json", () => {
  test("is a valid OpenAPI 3.0 document", async () => {
    const printed = await runRedocly([
      "lint",
      join(generated, "openapi-3.0.json"),
      "--config",
      join(generated, "..", "redocly.yaml"),
    ]);
    expect(printed).toContain("Your API description is valid");
  });

  test("contains no keywords of OpenAPI 3.1", () => {
    const text = read(generated, "openapi-3.0.json");
    expect(JSON.parse(text).openapi).toBe("3.0.3");
    for (const keyword of ['"const":', '"jsonSchemaDialect":', '"webhooks":', '"type": ['])
      expect(text).not.toContain(keyword);
  });

  test("cannot be created from a schema that OpenAPI 3.0 does not support", () => {
    const document = (schema: Record<string, never>) => ({
      info: { title: "x" },
      webhooks: {},
      components: { schemas: { A: schema } },
    });
    for (const schema of [{ if: {} }, { $defs: {} }, { type: ["string", "null"] }, { patternProperties: {} }]) {
      expect(() => toOpenApi30(document(schema as unknown as Record<string, never>))).toThrow(
        /is not supported in OpenAPI 3\.0/,
      );
    }
  });
});

test.each([
  ["validators.js", validators],
  ["control-validators.js", controlValidators],
])("%s loads without dependencies", async (name, exported) => {
  const directory = mkdtempSync(join(tmpdir(), "antom-vault-alone-"));
  try {
    const copy = join(directory, "validators.mjs");
    copyFileSync(join(generated, name), copy);
    const { stdout } = await promisify(execFile)(process.execPath, [
      "-e",
      `import(${JSON.stringify(copy)}).then((v) => console.log(Object.keys(v).length))`,
    ]);
    expect(Number(stdout)).toBe(Object.keys(exported).length);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** Returns a copy of a body with a new value in one field, at any depth. Removes the field if the value is `undefined`. */
function changeField(body: unknown, at: number, value: unknown): unknown {
  const changed = structuredClone(body);
  const fields: [Record<string, unknown>, string][] = [];
  const collect = (inner: unknown): void => {
    if (typeof inner !== "object" || inner === null) return;
    const holder = inner as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      fields.push([holder, key]);
      collect(holder[key]);
    }
  };
  collect(changed);
  const [holder, key] = fields[at % fields.length] ?? [{}, ""];
  if (value === undefined) delete holder[key];
  else holder[key] = value;
  return changed;
}

describe("validators.js", () => {
  const success = { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." };
  const vaulted = {
    result: success,
    vaultingRequestId: "1",
    paymentMethodDetail: { paymentMethodType: "CARD", card: { cardToken: "t", brand: "VISA" } },
  };
  const failed = (resultCode: string) => ({ result: { resultCode, resultStatus: "F", resultMessage: "" } });

  test("returns the branch that a response matches", () => {
    expect(validators.validateVaultPaymentMethodResponse(vaulted)).toMatchObject({
      valid: true,
      branch: "VaultPaymentMethodVaulted",
    });
    expect(validators.validateVaultPaymentMethodResponse(failed("RISK_REJECT"))).toMatchObject({
      valid: true,
      branch: "VaultPaymentMethodFailed",
    });
  });

  test.each([
    ["a new code", failed("ADDED_LATER")],
    [
      "a new brand",
      { ...vaulted, paymentMethodDetail: { paymentMethodType: "CARD", card: { cardToken: "t", brand: "NEW" } } },
    ],
    ["a new field", { ...vaulted, added: {} }],
  ])("accepts %s, but not in strict mode", (_, body) => {
    expect(validators.validateVaultPaymentMethodResponse(body).valid).toBe(true);
    expect(validators.validateVaultPaymentMethodResponseStrict(body).valid).toBe(false);
  });

  test.each([
    ["status F with the code SUCCESS", failed("SUCCESS")],
    ["status F with a code that has status U", failed("UNKNOWN_EXCEPTION")],
    [
      "status S without a card token",
      { ...vaulted, paymentMethodDetail: { paymentMethodType: "CARD", card: { cardToken: "" } } },
    ],
    ["an undocumented status", { result: { ...success, resultStatus: "X" } }],
    ["a missing result", {}],
  ])("rejects %s", (_, body) => {
    expect(validators.validateVaultPaymentMethodResponse(body).valid).toBe(false);
    expect(validators.validateVaultPaymentMethodResponseStrict(body).valid).toBe(false);
  });

  test("reports the violations of the closest branch", () => {
    const checked = validators.validateVaultPaymentMethodResponse({ result: { ...success, resultMessage: 7 } });
    expect(checked).toEqual({
      valid: false,
      issues: [
        { pointer: "/vaultingRequestId", rule: "required", message: "is required" },
        { pointer: "/paymentMethodDetail", rule: "required", message: "is required" },
        { pointer: "/result/resultMessage", rule: "type", message: "must be a string" },
      ],
    });
  });

  test.each([
    ["2028-02-29T23:59:59Z", true],
    ["2026-02-29T23:59:59Z", false],
    ["2026-01-01T23:59:60Z", true],
    ["2026-01-01T00:59:60+01:00", true],
    ["2026-01-01T10:59:60Z", false],
    ["2026-01-01T24:00:00Z", false],
    ["2026-01-01t10:00:00.5z", true],
    ["2026-01-01T10:00:00-0830", true],
    ["2026-01-01T10:00:00+24:00", false],
    ["2026-01-01T10:00:00", false],
  ])("agrees with Ajv on the time %s (valid: %s)", (time, valid) => {
    expect(createValidator({ Time: { format: "date-time" } })(time).valid).toBe(valid);
    expect(createAjv().compile({ type: "string", format: "date-time" })(time)).toBe(valid);
  });

  test("reports violations inside an object in a field that also accepts a string", () => {
    const failure = (acquirerInfo: unknown) => {
      const checked = validators.validateVaultingNotification({ acquirerInfo });
      return checked.valid ? [] : checked.issues.map(({ pointer }) => pointer).filter((at) => at.includes("acquirer"));
    };
    expect(failure({ acquirerName: 5 })).toEqual(["/acquirerInfo/acquirerName", "/acquirerInfo"]);
    expect(failure(5)).toEqual(["/acquirerInfo"]);
  });

  const document = JSON.parse(read(generated, "openapi.json"));
  const { schemas, examples } = document.components;
  const ajv = createAjv({ strict: false });
  ajv.addSchema({ $id: "request", components: { schemas } });
  ajv.addSchema({ $id: "tolerant", components: { schemas: toTolerant(schemas) } });
  ajv.addSchema({ $id: "strict", components: { schemas: toStrict(schemas) } });

  test.each(getMessages(schemas))("$name agrees with Ajv on examples with random changes", ({
    name,
    schema,
    variant,
  }) => {
    const reference = ajv.getSchema(`${variant}#/components/schemas/${schema}`);
    const validate = (validators as Readonly<Record<string, (value: unknown) => { readonly valid: boolean }>>)[name];
    const bodies = Object.values(examples as Readonly<Record<string, { readonly value: unknown }>>).map(
      ({ value }) => value,
    );
    const values = fc.oneof(
      fc.constantFrom(undefined, "", "true", "2026-02-30", "SUCCESS", "S", "F", "U", "CARD"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat({ max: 500 }), values, (body, at, value) => {
        const changed = changeField(body, at, value);
        expect(validate?.(changed).valid).toBe(reference?.(changed));
      }),
    );
  });

  test("adds to a bundle only the schemas of the validators that the bundle uses", async () => {
    const bundle = await rolldown({ input: join(generated, "..", "src", "notification", "index.ts") });
    const [{ code }] = (await bundle.generate()).output;
    expect(code.includes("const validateVaultingNotification =")).toBe(true);
    expect(/additionalProperties: false|VaultPaymentMethodRequest/.test(code)).toBe(false);
  });

  test("reports no values from the body", () => {
    const canary = "5162774114974622";
    const bodies = fc.object({
      maxDepth: 4,
      values: [fc.constant(canary), fc.constant(Number(canary)), fc.constant(null)],
      key: fc.constantFrom(
        ...["vaultingRequestId", "result", "card", "cardNo", "paymentMethodDetail", "env", canary],
        ...["operation", "resultCode", "minutes", "clientId", "fault", "advanceMs", "now"],
      ),
    });
    fc.assert(
      fc.property(bodies, (body) => {
        for (const validate of [...Object.values(validators), ...Object.values(controlValidators)]) {
          const checked = validate(body);
          if (!checked.valid) expect(JSON.stringify(checked.issues)).not.toContain(canary);
        }
      }),
    );
  });
});
