import { describe, expect, test } from "vitest";
import { createCheckResult, createFailedResult, createReport } from "../../testing/messages/reports.ts";
import { formatJobSummary } from "./job-summary.ts";

describe("formatJobSummary", () => {
  test("shows the totals and each kind of failure, the most frequent first", () => {
    const report = createReport([
      createFailedResult("a.one", "Rare.\nRequest: x"),
      createFailedResult("a.two", "Often.\nOf two."),
      createFailedResult("a.three", "Often.\nOf three."),
      createCheckResult("a.four"),
      createCheckResult("a.five", { status: "skipped", message: "Skipped." }),
    ]);
    expect(formatJobSummary(report)).toBe(
      "<h3>Vault API contract tests of <code>sandbox</code></h3>\n\n" +
        "| passed | failed | skipped |\n|--:|--:|--:|\n| 1 | 3 | 1 |\n\n" +
        "<ul>\n<li>Often. (<code>a.two</code> and 1 more)</li>\n<li>Rare. (<code>a.one</code>)</li>\n</ul>\n\n",
    );
  });

  test("shows only the totals if nothing failed", () => {
    expect(formatJobSummary(createReport([createCheckResult("a.b")]))).toMatch(/\| 1 \| 0 \| 0 \|\n\n$/);
  });

  test("shows at most 20 kinds of failure", () => {
    const results = Array.from({ length: 23 }, (_, index) => createFailedResult(`a.${index}`, `Kind ${index}.`));
    const summary = formatJobSummary(createReport(results));
    expect(summary.match(/<li>Kind/g)).toHaveLength(20);
    expect(summary).toContain("<li>3 more kinds of failure</li>\n</ul>");
  });

  test("escapes markup and control characters, masks card numbers, and truncates long text from the target", () => {
    const text = "F / <img src=x>\u0007\u202e\r\u2028::error:: 4054695723100768 ";
    const summary = formatJobSummary(createReport([createFailedResult("a.b", text + "x".repeat(400))], text));
    expect(summary).toContain("<li>F / &lt;img src=x&gt;\\u0007\\u202e\\u000d\\u2028");
    expect(summary).not.toMatch(/<img|[^\P{Cc}\n]|\p{Cf}|\p{Zl}|::error|4054695723100768|x{301}/u);
  });
});
