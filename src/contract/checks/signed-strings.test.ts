import { describe, expect, test } from "vitest";
import { basePaths, environments, operationPaths } from "../../../generated/operations.ts";
import { stringToSign } from "../../signature/index.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import { getSignedBytes, signedStringRows } from "./signed-strings.ts";

describe.each(environments)("the signed strings for a client of the %s environment", (environment) => {
  const valid = {
    path: basePaths[environment] + operationPaths.vaultPaymentMethod,
    clientId: environment === "sandbox" ? "SANDBOX_5X00000000000000" : "5X00000000000000",
    time: "1685599933871",
    body: Buffer.from(JSON.stringify(createRequestBody("vaultPaymentMethod", "id"))),
  };

  // If a signed string equaled the string to sign, its check would always be skipped.
  test("differ from the string to sign of the sent request and from each other", () => {
    const unchanged: string[] = [];
    const strings = new Map<string, string>();
    for (const row of signedStringRows) {
      const sent = { ...valid, ...row.send(valid) };
      const signed = Buffer.from(getSignedBytes(row, sent)).toString("latin1");
      if (signed === Buffer.from(stringToSign(sent)).toString("latin1")) unchanged.push(row.id);
      else strings.set(`${signed}\n${Buffer.from(stringToSign(sent)).toString("latin1")}`, row.id);
    }
    // Production client IDs have no prefix, so the ID without the prefix is the same.
    expect(unchanged).toEqual(environment === "sandbox" ? [] : ["string-client-prefix"]);
    expect(strings.size).toBe(signedStringRows.length - unchanged.length);
  });
});

describe("the signed strings", () => {
  test("have unique IDs and titles", () => {
    expect(new Set(signedStringRows.map(({ id }) => id)).size).toBe(signedStringRows.length);
    expect(new Set(signedStringRows.map(({ title }) => title)).size).toBe(signedStringRows.length);
  });
});
