import { expect, test } from "vitest";
import { tryParseJson } from "../../protocol/json.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import { malformedJson } from "./malformed-json.ts";

const text = JSON.stringify(createRequestBody("vaultPaymentMethod", "contract-1"));

test.each(malformedJson)("a body is not a JSON object after this change: %s", (_, change) => {
  const body = change(text);
  expect(body).not.toEqual(text);
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  const parsed = tryParseJson(bytes);
  expect(Array.isArray(parsed) || typeof parsed !== "object").toBe(true);
});

test("each note is unique", () => {
  expect(new Set(malformedJson.map(([note]) => note)).size).toBe(malformedJson.length);
});
