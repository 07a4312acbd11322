import { describe, expect, test } from "vitest";
import { operationPaths, operations } from "../../generated/operations.ts";
import { findMentionedOperation, findOperation, findRoute, getEnvironment } from "./operations.ts";

const PATH = "/v1/vaults/inquireVaulting";
const PRODUCTION = { operation: "inquireVaulting", environment: "production" };
const SANDBOX = { operation: "inquireVaulting", environment: "sandbox" };

test("the generated list names each operation that has a path", () => {
  expect(operations).toEqual(["vaultPaymentMethod", "createVaultingSession", "inquireVaulting"]);
  expect(Object.keys(operationPaths)).toEqual(operations);
});

test.each([
  ["SANDBOX_5X00000000000000", "sandbox"],
  ["5X00000000000000", "production"],
  ["sandbox_5X00000000000000", "production"],
])("environmentOf: %s belongs to the %s", (clientId, environment) => {
  expect(getEnvironment(clientId)).toBe(environment);
});

describe("the path of an operation", () => {
  test.each(operations)("%s is found by its own path", (operation) => {
    const path = operationPaths[operation];
    expect([findOperation(path), findMentionedOperation(path)]).toEqual([operation, operation]);
    expect(findRoute(`/ams/api${path}`)).toEqual({ operation, environment: "production" });
    expect(findRoute(`/ams/sandbox/api${path}`)).toEqual({ operation, environment: "sandbox" });
  });

  test.each([
    ["of production", `/ams/api${PATH}`, PRODUCTION, "inquireVaulting", "inquireVaulting"],
    ["of the sandbox", `/ams/sandbox/api${PATH}`, SANDBOX, "inquireVaulting", "inquireVaulting"],
    ["without a base path", PATH, undefined, "inquireVaulting", "inquireVaulting"],
    ["under a different base path", `/gateway${PATH}`, undefined, "inquireVaulting", "inquireVaulting"],
    ["with a query", `/ams/api${PATH}?a=/b`, undefined, "inquireVaulting", "inquireVaulting"],
    ["with an empty query", `/ams/api${PATH}?`, undefined, "inquireVaulting", "inquireVaulting"],
    ["with a trailing slash", `/ams/api${PATH}/`, undefined, undefined, "inquireVaulting"],
    ["with a longer name", `/ams/api${PATH}s`, undefined, undefined, "inquireVaulting"],
    ["in a query alone", `/ams/api/v1?of=${PATH}`, undefined, undefined, "inquireVaulting"],
    ["in uppercase", `/ams/api${PATH}`.toUpperCase(), undefined, undefined, undefined],
    ["of no operation", "/ams/api/v1/vaults/payNotify", undefined, undefined, undefined],
    ["that is empty", "", undefined, undefined, undefined],
  ])("%s", (_, path, route, suffix, anywhere) => {
    expect(findRoute(path)).toEqual(route);
    expect(findOperation(path)).toBe(suffix);
    expect(findMentionedOperation(path)).toBe(anywhere);
  });
});
