import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { CARD_DATA } from "./card-data-checks.ts";

test("the cards have different values in each field with x-card-data in the OpenAPI document, except cardNo", () => {
  const schema = parse(readFileSync(new URL("../../../../spec/schemas/Card.yaml", import.meta.url), "utf8"));
  const properties: Readonly<Record<string, { readonly "x-card-data"?: boolean }>> = schema.properties;
  const names = Object.keys(properties).filter((name) => properties[name]?.["x-card-data"] && name !== "cardNo");
  for (const name of names) {
    const values = CARD_DATA.map((card) => JSON.stringify(card[name] ?? expect.fail(`no value for ${name}`)));
    expect(new Set(values).size).toBe(CARD_DATA.length);
  }
});
