import { readFileSync } from "node:fs";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { describe, expect, test } from "vitest";
import { createCheckResult, createFailedResult, createReport, mixedReport } from "../../testing/messages/reports.ts";
import { formatJunit } from "./junit.ts";

const report = createReport(
  [
    createCheckResult("protocol.one", { title: "One." }),
    createFailedResult("vault.two", "Broken.\nRequest: {}", { operation: "vaultPaymentMethod", title: "Two." }),
    createCheckResult("vault.three", {
      operation: "vaultPaymentMethod",
      title: "Three.",
      status: "skipped",
      message: "Skipped.\nMore.",
    }),
    createCheckResult("protocol.four", { title: "Four." }),
  ],
  "sandbox",
);

test("formatJunit returns one suite with a case for each check", () => {
  expect(formatJunit(report, 1.5)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="Vault API contract tests of sandbox" tests="4" failures="1" errors="0" skipped="1" time="1.500">
  <testcase classname="protocol" name="protocol.one: One." time="0"/>
  <testcase classname="vaultPaymentMethod" name="vault.two: Two." time="0"><failure message="Broken." type="failure">Broken.
Request: {}</failure></testcase>
  <testcase classname="vaultPaymentMethod" name="vault.three: Three." time="0"><skipped message="Skipped.">Skipped.
More.</skipped></testcase>
  <testcase classname="protocol" name="protocol.four: Four." time="0"/>
</testsuite>
`);
});

test("formatJunit adds the number of unsigned errors as a property, if there are any", () => {
  expect(formatJunit({ ...report, unsignedErrors: 2 }, 1.5)).toContain(
    ' time="1.500">\n  <properties><property name="run.unsignedErrors" value="2"/></properties>\n  <testcase',
  );
});

describe.each([
  ["jenkins", 'errors="0" ', ""],
  ["surefire", ' type="failure"', ""],
  ["gitlab", 'name="protocol.four: Four."', 'name="protocol.one: One."'],
])("the schema of %s", (name, valid, invalid) => {
  const schemaFile = new URL(`../../testing/junit-schemas/${name}.xsd`, import.meta.url);
  const validate = (xml: string) => {
    using schema = XmlDocument.fromBuffer(readFileSync(schemaFile));
    using validator = XsdValidator.fromDoc(schema);
    using document = XmlDocument.fromString(xml);
    validator.validate(document);
  };

  test.each([
    ["every status", report],
    ["unsigned errors", { ...report, unsignedErrors: 2 }],
    ["all kinds of failure", mixedReport],
    ["text from a server", createReport([createFailedResult("a.b", '<a title="\u0000">&\n\ud83d]]>')], "]]>")],
    ["no checks", createReport([])],
  ])("allows a report with %s", (_, valid) => {
    expect(() => validate(formatJunit(valid, 12_345.6789))).not.toThrow();
  });

  test("rejects a report that violates its rules", () => {
    expect(() => validate(formatJunit(report, 1).replace(valid, invalid))).toThrow();
  });
});

test.each([
  ["escapes markup and quotation marks", `<a href="x">&</a>`, "&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;"],
  ["replaces characters that XML does not allow", "a\u0000\u0008\u000b\u000c\u000e\u001f\ufffe\uffffb", "a????????b"],
  ["replaces lone surrogates", "a\ud83db\ude00c", "a?b?c"],
  ["keeps tabs, letters, and emoji", "a\tZoë 王 😀", "a\tZoë 王 😀"],
])("formatJunit %s", (_, text, escaped) => {
  const xml = formatJunit(
    createReport([createFailedResult(`a.${text}`, `${text}\nmore ${text}`, { title: text })], text),
    0,
  );
  expect(xml).toContain(`name="Vault API contract tests of ${escaped}"`);
  expect(xml).toContain(`name="a.${escaped}: ${escaped}"`);
  expect(xml).toContain(`<failure message="${escaped}" type="failure">${escaped}\nmore ${escaped}</failure>`);
});
