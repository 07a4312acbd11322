import { describe, expect, test } from "vitest";
import { operationPaths } from "../../../generated/operations.ts";
import { listReserializedBodies } from "./body-variants.ts";
import { listClientIdVariants, listPathVariants, listTimeVariants } from "./header-variants.ts";

const nestArrays = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("listReserializedBodies", () => {
  test("yields every layout with and without a trailing line feed, and with every escape", () => {
    expect([...listReserializedBodies('{"é/":[1,2]}')]).toEqual([
      '{"é/":[1,2]}',
      '{"é/":[1,2]}\n',
      '{"\\u00e9\\/":[1,2]}',
      '{"é\\/":[1,2]}',
      '{"\\u00e9/":[1,2]}',
      '{"\\u00E9/":[1,2]}',
      ...[2, 3, 4].flatMap((width) => {
        const [one, two] = [" ".repeat(width), " ".repeat(2 * width)];
        const formatLayout = (name: string) => `{\n${one}"${name}": [\n${two}1,\n${two}2\n${one}]\n}`;
        return [
          formatLayout("é/"),
          `${formatLayout("é/")}\n`,
          formatLayout("\\u00e9\\/"),
          formatLayout("é\\/"),
          formatLayout("\\u00e9/"),
          formatLayout("\\u00E9/"),
        ];
      }),
      '{"é/": [1, 2]}',
      '{"é/": [1, 2]}\n',
      '{"\\u00e9\\/": [1, 2]}',
      '{"é\\/": [1, 2]}',
      '{"\\u00e9/": [1, 2]}',
      '{"\\u00E9/": [1, 2]}',
    ]);
  });

  test("yields a body that needs no escapes in every layout, with and without a trailing line feed", () => {
    expect([...listReserializedBodies("null")]).toEqual(Array.from({ length: 5 }, () => ["null", "null\n"]).flat());
  });

  test.each([
    ["yields variants of a body of 65,536 characters", `"${"x".repeat(65_534)}"`, true],
    ["yields nothing for a body of 65,537 characters", `"${"x".repeat(65_535)}"`, false],
    ["yields variants of a body with 16 levels of nesting", nestArrays(16), true],
    ["yields nothing for a body with 17 levels of nesting", nestArrays(17), false],
    ["yields nothing for 17 levels of nesting in one of two members", `{"a":1,"b":${nestArrays(16)}}`, false],
    ["yields nothing for invalid JSON", "{", false],
  ])("%s", (_, body, accepted) => {
    expect([...listReserializedBodies(body)].length > 0).toBe(accepted);
  });
});

describe("listPathVariants", () => {
  const HOSTS = [
    "open-na-global.alipay.com",
    "open.antglobal-us.com",
    "open-sea-global.alipay.com",
    "open-de-global.alipay.com",
    "open-na.alipay.com",
    "open-sea.alipay.com",
    "open-eu.alipay.com",
  ];
  const ROOTS = ["/ams/sandbox/api", "/ams/api", ""];

  test("yields every operation and every form of the path under every base path", () => {
    const forms = ROOTS.flatMap((root) => [
      `${root}/payNotify?a=1?b`,
      `${root}/payNotify?a=1?b`.slice(1),
      `${root}/payNotify`,
      `${root}/payNotify/?a=1`,
      ...HOSTS.map((host) => `https://${host}${root}/payNotify?a=1?b`),
    ]);
    const operations = Object.values(operationPaths).flatMap((path) => ROOTS.map((root) => root + path));
    expect([...listPathVariants("/payNotify?a=1?b")]).toEqual([...operations, ...forms]);
  });

  test.each([
    ["/ams/api/v1/x", "/v1/x"],
    ["/ams/sandbox/api/v1/x", "/v1/x"],
    ["http://gateway.example:8080/ams/api/v1/x", "/v1/x"],
    ["https://gateway.example/v1/x", "/v1/x"],
    ["/v1/https://gateway.example/x", "/v1/https://gateway.example/x"],
    ["/v1/ams/api/x", "/v1/ams/api/x"],
    ["/ams/apiary", "/ams/apiary"],
    ["ftp://gateway.example/x", "ftp://gateway.example/x"],
  ])("yields %s as %s under every base path", (path, inner) => {
    const variants = [...listPathVariants(path)];
    // The operations are followed by 11 forms for every base path, starting with the full path.
    expect(
      variants.slice(Object.keys(operationPaths).length * ROOTS.length).filter((_, index) => index % 11 === 0),
    ).toEqual(ROOTS.map((root) => root + inner));
  });

  test("yields the path without a trailing slash", () => {
    expect([...listPathVariants("/x/")]).toContain("/x");
    expect([...listPathVariants("/x/?a=1")]).toContain("/x?a=1");
  });
});

describe("listTimeVariants", () => {
  test("yields an instant in milliseconds, in seconds, and in ISO 8601 at every half-hour offset", () => {
    const variants = [...listTimeVariants(" 1685599933871 ")];
    expect(variants.slice(0, 3)).toEqual(["1685599933871", "1685599933871", "1685599933"]);
    expect(variants.slice(3, 7)).toEqual([
      "2023-05-31T18:12:13-12:00",
      "2023-05-31T18:12:13.871-12:00",
      "2023-05-31T18:42:13-11:30",
      "2023-05-31T18:42:13.871-11:30",
    ]);
    expect(variants.slice(-2)).toEqual(["2023-06-01T20:12:13+14:00", "2023-06-01T20:12:13.871+14:00"]);
    expect(variants).toEqual(
      expect.arrayContaining(["2023-06-01T06:12:13Z", "2023-06-01T06:12:13.871+00:00", "2023-06-01T11:42:13+05:30"]),
    );
    // 53 offsets, with UTC in two forms, each to the second and to the millisecond.
    expect(variants).toHaveLength(3 + 2 * 54);
    expect(new Set(variants.slice(1)).size).toBe(variants.length - 1);
  });

  test.each([
    ["a time in seconds", "1685599933", "1685599933000"],
    ["a time in ISO 8601", "2023-06-01T14:12:13.871+08:00", "1685599933871"],
    ["the first supported instant", "1970-01-01T00:00:00Z", "0"],
    ["the last instant before the year 10000", "9999-12-31T23:59:59.999Z", "253402300799999"],
  ])("yields %s in milliseconds", (_, time, milliseconds) => {
    expect([...listTimeVariants(time)].slice(0, 2)).toEqual([time, milliseconds]);
  });

  test.each([
    "soon",
    "",
    "1969-12-31T23:59:59.999Z",
    "+010000-01-01T00:00:00Z",
    "11685599933",
    "168559993387",
    "11685599933871",
    "x1685599933",
    "1685599933x",
  ])("yields only %j, which is not a supported time", (time) => {
    expect([...listTimeVariants(time)]).toEqual([time]);
  });
});

test.each([
  ["SANDBOX_5y00", ["", "SANDBOX_5y00", "SANDBOX_5Y00", "sandbox_5y00", "5y00", "SANDBOX_5y00"]],
  [" 5y00 ", ["", "5y00", "5Y00", "5y00", "5y00", "SANDBOX_5y00"]],
])("listClientIdVariants returns the variants of %j", (clientId, variants) => {
  expect([...listClientIdVariants(clientId)]).toEqual(variants);
});
