import { expect, test } from "vitest";
import { createCheckResult, createFailedResult, createReport } from "../../testing/messages/reports.ts";
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

test("formatJunit returns a suite for each operation and a case for each check", () => {
  expect(formatJunit(report, 1.5)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Vault API contract tests of sandbox" tests="4" failures="1" errors="0" skipped="1" time="1.500">
  <testsuite name="protocol" tests="2" failures="0" errors="0" skipped="0">
    <testcase classname="protocol" name="protocol.one: One."/>
    <testcase classname="protocol" name="protocol.four: Four."/>
  </testsuite>
  <testsuite name="vaultPaymentMethod" tests="2" failures="1" errors="0" skipped="1">
    <testcase classname="vaultPaymentMethod" name="vault.two: Two."><failure message="Broken.">Broken.
Request: {}</failure></testcase>
    <testcase classname="vaultPaymentMethod" name="vault.three: Three."><skipped message="Skipped."/></testcase>
  </testsuite>
</testsuites>
`);
});

test("formatJunit adds the number of unsigned errors as a property of each suite, if there are any", () => {
  const xml = formatJunit({ ...report, unsignedErrors: 2 }, 1.5);
  const property = '    <properties><property name="run.unsignedErrors" value="2"/></properties>\n    <testcase';
  expect(xml.split(property)).toHaveLength(3);
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
  expect(xml).toContain(`<failure message="${escaped}">${escaped}\nmore ${escaped}</failure>`);
});

test("formatJunit accepts a report without checks", () => {
  expect(formatJunit(createReport([]), 0)).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="Vault API contract tests of sandbox" tests="0" failures="0" errors="0" skipped="0" time="0.000">\n</testsuites>\n`,
  );
});
