/** Tests the committed files that `npm run generate` creates for the control API. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as controlValidators from "../../generated/control-validators.js";
import { parseGenerated } from "../../src/machine/generated-documents.ts";

describe("the control API", () => {
  const {
    validateChallengeRequest,
    validateClientRequest,
    validateClockRequest,
    validateFaultRequest,
    validateScenarioRequest,
  } = controlValidators;
  const scenario = { operation: "vaultPaymentMethod", resultCode: "RISK_REJECT" };

  interface Described {
    readonly description?: string;
    readonly $ref?: string;
    readonly additionalProperties?: boolean;
    readonly examples?: readonly unknown[];
    readonly properties?: Readonly<Record<string, Described>>;
  }
  const { components, paths } = parseGenerated<{
    readonly components: { readonly schemas: Readonly<Record<string, Described>> };
    readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>;
  }>("control.json");
  const schemas = Object.entries(components.schemas);
  const requests = schemas.filter(([name]) => name.endsWith("Request"));

  test("has validators for all requests and nothing else", () => {
    expect(Object.keys(controlValidators).sort()).toEqual(requests.map(([name]) => `validate${name}`).sort());
  });

  test("has only paths under /_sandbox/, and only the listed operation IDs", () => {
    expect(Object.keys(paths).filter((path) => !path.startsWith("/_sandbox/"))).toEqual([]);
    const names = Object.values(paths)
      .flatMap((item) => Object.values(item))
      .flatMap(({ operationId }) => operationId ?? []);
    expect(names.sort()).toEqual([
      "addClient",
      "clearFaults",
      "completeChallenge",
      "endScenarios",
      "followEvents",
      "getClock",
      "getHealth",
      "getNotification",
      "getVaulting",
      "injectFault",
      "listCalls",
      "listCards",
      "listClients",
      "listFaults",
      "listKeys",
      "listNotifications",
      "listScenarios",
      "listVaultings",
      "moveClock",
      "resendNotification",
      "reset",
      "rotateKey",
      "startScenario",
    ]);
  });

  test.each(requests)("defines %s as a closed object with valid examples", (name, {
    additionalProperties,
    examples = [],
  }) => {
    expect(additionalProperties).toBe(false);
    expect(examples.length).toBeGreaterThan(0);
    const validate = Object.entries(controlValidators).find(([key]) => key === `validate${name}`)?.[1];
    for (const example of examples) expect(validate?.(example)).toMatchObject({ valid: true, branch: name });
  });

  test("describes every property of every schema", () => {
    const findMissingDescriptions = (at: string, { properties = {} }: Described): readonly string[] =>
      Object.entries(properties).flatMap(([name, property]) => [
        ...(property.description || property.$ref ? [] : [`${at}/${name}`]),
        ...findMissingDescriptions(`${at}/${name}`, property),
      ]);
    expect(schemas.filter(([, { description }]) => !description)).toEqual([]);
    expect(schemas.flatMap(([name, schema]) => findMissingDescriptions(name, schema))).toEqual([]);
  });

  test.each([
    ["a challenge result", validateChallengeRequest, { result: "cancelled" }],
    ["a request to advance the clock", validateClockRequest, { advanceMs: 31_622_400_000 }],
    ["a request to set the clock", validateClockRequest, { now: "2026-03-01T09:00:00.5+01:00" }],
    ["a request to reset the clock", validateClockRequest, { reset: true }],
    ["a scenario", validateScenarioRequest, scenario],
    ["a scenario for a client", validateScenarioRequest, { ...scenario, minutes: 120, clientId: "SANDBOX_2" }],
    ["a fault", validateFaultRequest, { fault: "notification-delayed", times: 1_000_000, ms: 600_000 }],
    ["a client without an ID", validateClientRequest, {}],
    ["a client with the longest ID", validateClientRequest, { clientId: "~".repeat(128) }],
  ])("accepts %s", (_, validate, body) => {
    expect(validate(body)).toMatchObject({ valid: true, value: body });
  });

  const changeCountIssue = {
    pointer: "",
    message: "must be an object with exactly one of advanceMs, now, and reset",
  };
  const timeMessage = "must be a time from 2020 to 2099 that is not a leap second, such as 2026-03-01T09:00:00Z";
  test.each([
    [
      "a misspelled field",
      validateScenarioRequest,
      { ...scenario, minuts: 5 },
      [{ pointer: "/minuts", rule: "additionalProperties", message: "is not in the OpenAPI document" }],
    ],
    [
      "a field named __proto__",
      validateClientRequest,
      JSON.parse('{"__proto__": {}}'),
      [{ pointer: "/__proto__", rule: "additionalProperties", message: "is not in the OpenAPI document" }],
    ],
    [
      "a request with several errors",
      validateScenarioRequest,
      { resultCode: "risk", minutes: 121 },
      [
        { pointer: "/operation", rule: "required", message: "is required" },
        {
          pointer: "/resultCode",
          rule: "pattern",
          message: "must be a result code of capital letters, digits, and underscores",
        },
        { pointer: "/minutes", rule: "maximum", message: "must be at most 120" },
      ],
    ],
    [
      "an unknown challenge result",
      validateChallengeRequest,
      { result: "done" },
      [
        {
          pointer: "/result",
          rule: "enum",
          message: "must be one of passed, failed, rejected, unavailable, abandoned, cancelled",
        },
      ],
    ],
    ["a clock request without a change", validateClockRequest, {}, [{ ...changeCountIssue, rule: "minProperties" }]],
    [
      "a clock request with two changes",
      validateClockRequest,
      { advanceMs: 1, reset: true },
      [{ ...changeCountIssue, rule: "maxProperties" }],
    ],
    [
      "a request to advance the clock by 0",
      validateClockRequest,
      { advanceMs: 0 },
      [{ pointer: "/advanceMs", rule: "minimum", message: "must be at least 1" }],
    ],
    [
      "a leap second",
      validateClockRequest,
      { now: "2026-06-30T23:59:60Z" },
      [{ pointer: "/now", rule: "pattern", message: timeMessage }],
    ],
    [
      "an impossible date",
      validateClockRequest,
      { now: "2026-02-30T00:00:00Z" },
      [{ pointer: "/now", rule: "format", message: "must be a time in ISO 8601 with an offset" }],
    ],
    [
      "a value of reset other than true",
      validateClockRequest,
      { reset: false },
      [{ pointer: "/reset", rule: "const", message: "must be true" }],
    ],
    [
      "a number as a string",
      validateFaultRequest,
      { fault: "response-delayed", times: "3" },
      [{ pointer: "/times", rule: "type", message: "must be a whole number" }],
    ],
    [
      "a client ID with a space",
      validateClientRequest,
      { clientId: "a b" },
      [{ pointer: "/clientId", rule: "pattern", message: "must be printable ASCII without spaces" }],
    ],
    [
      "null instead of an object",
      validateFaultRequest,
      null,
      [{ pointer: "", rule: "type", message: "must be an object" }],
    ],
  ])("rejects %s with a readable message", (_, validate, body, issues) => {
    expect(validate(body)).toEqual({ valid: false, issues });
  });

  test("accepts only times that Date can parse, in the years 2020 to 2099", () => {
    const part = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"));
    const time = fc
      .tuple(fc.integer({ min: 1990, max: 2110 }), part(13), part(32), part(24), part(60), part(61), part(24))
      .map(
        ([year, month, day, hour, minute, second, offset]) =>
          `${year}-${month}-${day}T${hour}:${minute}:${second}+${offset}:00`,
      );
    fc.assert(
      fc.property(time, (now) => {
        if (!validateClockRequest({ now }).valid) return;
        expect(Number.isNaN(Date.parse(now)), now).toBe(false);
        expect(now).toMatch(/^20[2-9]/);
      }),
      { numRuns: 2000, examples: [["2020-01-01T24:59:00+01:00"], ["2026-01-01T23:60:00+00:01"]] },
    );
  });
});
