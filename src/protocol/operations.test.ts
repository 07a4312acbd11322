import { describe, expect, test } from "vitest";
import { operationPaths, operations } from "../../generated/operations.ts";
import { findMentionedOperation, findOperation, findRoute, getEnvironment } from "./operations.ts";

const PATH = "/v1/vaults/inquireVaulting";
const PRODUCTION = { operation: "inquireVaulting", environment: "production" };
const SANDBOX = { operation: "inquireVaulting", environment: "sandbox" };

test("operations lists every operation that has a path", () => {
  expect(operations).toEqual(["vaultPaymentMethod", "createVaultingSession", "inquireVaulting"]);
  expect(Object.keys(operationPaths)).toEqual(operations);
});

test.each([
  ["SANDBOX_5X00000000000000", "sandbox"],
  ["5X00000000000000", "production"],
  ["sandbox_5X00000000000000", "production"],
])("getEnvironment(%j) returns %s", (clientId, environment) => {
  expect(getEnvironment(clientId)).toBe(environment);
});

describe("findRoute, findOperation, and findMentionedOperation", () => {
  test.each(operations)("find %s by its path", (operation) => {
    const path = operationPaths[operation];
    expect([findOperation(path), findMentionedOperation(path)]).toEqual([operation, operation]);
    expect(findRoute(`/ams/api${path}`)).toEqual({ operation, environment: "production" });
    expect(findRoute(`/ams/sandbox/api${path}`)).toEqual({ operation, environment: "sandbox" });
  });

  test.each([
    ["a production path", `/ams/api${PATH}`, PRODUCTION, "inquireVaulting", "inquireVaulting"],
    ["a sandbox path", `/ams/sandbox/api${PATH}`, SANDBOX, "inquireVaulting", "inquireVaulting"],
    ["a path without a base path", PATH, undefined, "inquireVaulting", "inquireVaulting"],
    ["a path under a different base path", `/gateway${PATH}`, undefined, "inquireVaulting", "inquireVaulting"],
    ["a path with a query", `/ams/api${PATH}?a=/b`, undefined, "inquireVaulting", "inquireVaulting"],
    ["a path with an empty query", `/ams/api${PATH}?`, undefined, "inquireVaulting", "inquireVaulting"],
    ["a path with a trailing slash", `/ams/api${PATH}/`, undefined, undefined, "inquireVaulting"],
    ["a path with a longer operation name", `/ams/api${PATH}s`, undefined, undefined, "inquireVaulting"],
    ["a path whose query contains an operation", `/ams/api/v1?of=${PATH}`, undefined, undefined, "inquireVaulting"],
    ["a path in uppercase", `/ams/api${PATH}`.toUpperCase(), undefined, undefined, undefined],
    ["a path without an operation", "/ams/api/v1/vaults/payNotify", undefined, undefined, undefined],
    ["an empty path", "", undefined, undefined, undefined],
  ])("return the expected results for %s", (_, path, route, suffix, anywhere) => {
    expect(findRoute(path)).toEqual(route);
    expect(findOperation(path)).toBe(suffix);
    expect(findMentionedOperation(path)).toBe(anywhere);
  });
});
