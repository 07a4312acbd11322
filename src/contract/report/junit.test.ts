import { expect, test } from "vitest";
import { createCheckResult, createFailedResult, createReport } from "../../testing/messages/reports.ts";
import { formatJunit } from "./junit.ts";

const report = createReport(
  [
    createCheckResult("protocol.one", { title: "One." }),
    createFailedResult("vault.two", "Broken.\nSent: {}", { operation: "vaultPaymentMethod", title: "Two." }),
    createCheckResult("vault.three", {
      operation: "vaultPaymentMethod",
      title: "Three.",
      status: "skipped",
      message: "Not asked.\nMore.",
    }),
    createCheckResult("protocol.four", { title: "Four." }),
  ],
  "sandbox",
);

test("a suite an operation, a case a check, each with what came of it", () => {
  expect(formatJunit(report, 1.5)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Vault contract of sandbox" tests="4" failures="1" errors="0" skipped="1" time="1.500">
  <testsuite name="protocol" tests="2" failures="0" errors="0" skipped="0">
    <testcase classname="protocol" name="protocol.one: One."/>
    <testcase classname="protocol" name="protocol.four: Four."/>
  </testsuite>
  <testsuite name="vaultPaymentMethod" tests="2" failures="1" errors="0" skipped="1">
    <testcase classname="vaultPaymentMethod" name="vault.two: Two."><failure message="Broken.">Broken.
Sent: {}</failure></testcase>
    <testcase classname="vaultPaymentMethod" name="vault.three: Three."><skipped message="Not asked."/></testcase>
  </testsuite>
</testsuites>
`);
});

test.each([
  ["markup and quotation marks", `<a href="x">&</a>`, "&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;"],
  ["what XML cannot hold", "a\u0000\u0008\u000b\u000c\u000e\u001f\ufffe\uffffb", "a????????b"],
  ["halves of a pair", "a\ud83db\ude00c", "a?b?c"],
  ["tabs and letters of any script", "a\tZoë 王 😀", "a\tZoë 王 😀"],
])("text of a stranger: %s", (_, text, written) => {
  const xml = formatJunit(
    createReport([createFailedResult(`a.${text}`, `${text}\nmore ${text}`, { title: text })], text),
    0,
  );
  expect(xml).toContain(`name="Vault contract of ${written}"`);
  expect(xml).toContain(`name="a.${written}: ${written}"`);
  expect(xml).toContain(`<failure message="${written}">${written}\nmore ${written}</failure>`);
});

test("no checks", () => {
  expect(formatJunit(createReport([]), 0)).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="Vault contract of sandbox" tests="0" failures="0" errors="0" skipped="0" time="0.000">\n</testsuites>\n`,
  );
});
