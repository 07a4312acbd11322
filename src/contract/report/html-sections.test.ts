import { describe, expect, test } from "vitest";
import type { Markup } from "../../html/html-template.ts";
import { createCheckResult, createFailedResult, createReport, reportOptions } from "../../testing/messages/reports.ts";
import type { CheckResult, ContractReport } from "../model/report.ts";
import { createHeader } from "./html.ts";
import { checksSection, coverageSection, overviewSection, skippedSection } from "./html-checks.ts";
import { failureSection } from "./html-failures.ts";
import { createPage, type Page } from "./html-page.ts";

type Section = (page: Page) => Markup;

const left = (id: string, detail: string, more: Partial<CheckResult> = {}) =>
  createCheckResult(id, { status: "skipped", message: detail, ...more });

/** A section without its tags, a line for each row, item, heading and paragraph; "-" stands for what is left out. */
function textOf(section: Section, report: ContractReport, more: Partial<typeof reportOptions> = {}): readonly string[] {
  const { markup } = section(createPage(report, { ...reportOptions, ...more }));
  if (markup === "") return ["-"];
  return markup
    .replace(/<thead>.*?<\/thead>|<caption.*?<\/caption>|<option.*?<\/option>/gs, "")
    .replace(/<\/(?:td|th|dt|b|summary|h3)>/g, " ")
    .replace(/<[^>]*>/g, "")
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter(Boolean);
}

const headOf: Section = (page) => createHeader(page, "sandbox");

describe("the head", () => {
  test("says how many kinds of failure there are and what could not be asked", () => {
    const report = createReport([
      createFailedResult("a.b", "One."),
      createFailedResult("a.c", "Two."),
      createCheckResult("a.d"),
      left("a.e", "No."),
    ]);
    expect(textOf(headOf, report)).toEqual([
      "Vault contract of sandbox",
      "✗ 2 of 3 checks failed.",
      "2 kinds of failure. 1 could not be asked of this target.",
      "✓ 1 held",
      "✗ 2 failed",
      "– 1 not asked",
      "Date 25 November 2026 at 08:52 UTC",
      "Duration 4.0 s",
      "Made with antom-vault 1.2.3",
    ]);
  });

  test.each([
    ["one kind", [createFailedResult("a.b", "One."), createFailedResult("a.c", "One.")], "1 kind of failure."],
    [
      "some not asked",
      [createCheckResult("a.b"), left("a.c", "No."), left("a.d", "No.")],
      "2 could not be asked of this target.",
    ],
  ])("says no more than there is to say: %s", (_, checks, aside) => {
    expect(textOf(headOf, createReport(checks))[2]).toBe(aside);
  });

  test.each([
    ["all held", [createCheckResult("a.b")]],
    ["nothing asked at all", [left("a.b", "No.")]],
  ])("says nothing aside where there is nothing to say: %s", (_, checks) => {
    const { markup } = headOf(createPage(createReport(checks), reportOptions));
    expect(markup).not.toContain('class="aside"');
  });

  test.each([
    [0, "0.0 s"],
    [59.94, "59.9 s"],
    [60, "1 min 0 s"],
    [61.4, "1 min 1 s"],
    [3599.6, "60 min 0 s"],
  ])("a run of %d seconds took %s", (seconds, told) => {
    expect(textOf(headOf, createReport([createCheckResult("a.b")]), { seconds })).toContain(`Duration ${told}`);
  });

  test.each([
    ["what held", [createCheckResult("a.b")], ["held", "quiet", "quiet"]],
    ["what failed", [createFailedResult("a.b", "One.")], ["quiet", "broken", "quiet"]],
  ])("marks %s in its colour", (_, checks, classes) => {
    const { markup } = headOf(createPage(createReport(checks), reportOptions));
    expect([...markup.matchAll(/<li class="(\w+)"/g)].map(([, name]) => name)).toEqual(classes);
  });
});

describe("the bar", () => {
  const barOf = (passed: number, broken: number, skipped: number) => {
    const report = { ...createReport([]), totals: { passed, failed: broken, skipped } };
    const { markup } = headOf(createPage(report, reportOptions));
    const [, box] = /<svg class="bar" viewBox="([^"]*)"/.exec(markup) ?? [];
    const parts = [...markup.matchAll(/<rect class="(\w+)" x="([\d.]+)" width="([\d.]+)"/g)];
    return { box, parts: parts.map(([, ...part]) => part.join(" ")) };
  };

  test("shows each part by its length, with a gap between", () => {
    expect(barOf(250, 500, 250)).toEqual({
      box: "0 0 1008.00 1",
      parts: ["held 0.00 250.00", "broken 254.00 500.00", "unasked 758.00 250.00"],
    });
  });

  test("shows a part of one among hundreds, and none where there is nothing", () => {
    expect(barOf(499, 1, 0)).toEqual({ box: "0 0 506.00 1", parts: ["held 0.00 499.00", "broken 501.00 5.00"] });
    expect(barOf(0, 0, 7)).toEqual({ box: "0 0 7.00 1", parts: ["unasked 0.00 7.00"] });
    expect(barOf(0, 0, 0)).toEqual({ box: undefined, parts: [] });
  });
});

const three = createReport([
  createFailedResult("vault.a", "Broken.\nMore.", { operation: "vaultPaymentMethod" }),
  createCheckResult("vault.b", { operation: "vaultPaymentMethod" }),
  left("vault.c", "No clock.\nReally.", { operation: "vaultPaymentMethod" }),
  left("inquire.a", "No examples.", { operation: "inquireVaulting" }),
  left("inquire.b", "No examples.", { operation: "inquireVaulting" }),
  createCheckResult("protocol.a"),
  createCheckResult("protocol.b"),
  left("protocol.c", "No examples."),
]);

describe("by operation", () => {
  test("what held, failed and was not asked", () => {
    expect(textOf(overviewSection, three)).toEqual([
      "By operation",
      "✗ vaultPaymentMethod 1 1 1",
      "– inquireVaulting 0 0 2",
      "✓ protocol 2 0 1",
    ]);
    expect(textOf(overviewSection, createReport([]))).toEqual(["-"]);
  });

  test("every number has the colour of what it counts, and none where it is zero", () => {
    const { markup } = overviewSection(createPage(three, reportOptions));
    expect([...markup.matchAll(/<td class="number (\w+)">/g)].map(([, name]) => name)).toEqual(
      ["held broken quiet", "quiet quiet quiet", "held quiet quiet"].flatMap((row) => row.split(" ")),
    );
  });
});

test("what was not asked, by reason, the most frequent first", () => {
  expect(textOf(skippedSection, three)).toEqual([
    "Not asked, and why",
    "3 No examples.2 of inquireVaulting, 1 of protocol",
    "1 No clock.1 of vaultPaymentMethod",
  ]);
  expect(textOf(skippedSection, createReport([createCheckResult("a.b")]))).toEqual(["-"]);
});

test("all checks, with what each came to", () => {
  expect(textOf(checksSection, three)).toEqual([
    "All checks",
    "Words of a title, a reason or an ID",
    "Outcome",
    "vaultPaymentMethod 1 of 2 held, 1 failed, 1 not asked",
    "✗ failed vault.a is keptBroken. vault.a",
    "✓ held vault.b is kept vault.b",
    "– not asked vault.c is keptNo clock. vault.c",
    "inquireVaulting 2 not asked",
    "– not asked inquire.a is keptNo examples. inquire.a",
    "– not asked inquire.b is keptNo examples. inquire.b",
    "protocol 2 of 2 held, 1 not asked",
    "✓ held protocol.a is kept protocol.a",
    "✓ held protocol.b is kept protocol.b",
    "– not asked protocol.c is keptNo examples. protocol.c",
  ]);
  expect(textOf(checksSection, createReport([]))).toEqual(["-"]);
  const { markup } = checksSection(createPage(three, reportOptions));
  expect([...markup.matchAll(/<tr id="([\w.]+)" class="([\w-]+)">/g)].slice(0, 3).map(([, ...row]) => row)).toEqual([
    ["vault.a", "failed"],
    ["vault.b", "passed"],
    ["vault.c", "skipped"],
  ]);
  expect(markup).toContain("vault.<wbr>a<wbr>");
});

test("what was covered, by operation, and what was not, by name", () => {
  const report: ContractReport = {
    ...three,
    coverage: [
      { subject: "inquireVaulting", kind: "constraints", total: 11, covered: 11, missing: [] },
      { subject: "inquireVaulting", kind: "codes", total: 4, covered: 2, missing: ["A", "B"] },
      { subject: "notifyVaulting", kind: "messages", total: 2, covered: 1, missing: ["C"] },
    ],
  };
  expect(textOf(coverageSection, report)).toEqual([
    "What was covered",
    "inquireVaulting 11 of 11 – 2 of 4",
    "notifyVaulting – 1 of 2 –",
    "Not met:",
    "2 inquireVaulting, result codes: A, B",
    "1 notifyVaulting, kinds of message: C",
  ]);
  const { markup } = coverageSection(createPage(report, reportOptions));
  expect([...markup.matchAll(/<td class="number (\w+)">(\d)/g)].map(([, name]) => name)).toEqual([
    "held",
    "quiet",
    "quiet",
  ]);
  expect(markup).toContain('Operation</th><th scope="col" class="number">Constraints</th>');
  const whole = { ...report, coverage: report.coverage?.slice(0, 1) ?? [] };
  expect(textOf(coverageSection, whole)).not.toContain("Not met:");
  expect(textOf(coverageSection, three)).toEqual(["-"]);
});

describe("the failures", () => {
  const manyOf = (count: number) =>
    createReport(
      Array.from({ length: count }, (_, at) => createFailedResult(`a.${at}`, "Broken.\nSent: {}\nCame: 200 ")),
    );

  test("of one kind: its checks below the first, open where there are few", () => {
    expect(textOf(failureSection, manyOf(2))).toEqual([
      "What failed",
      "✗ Broken.",
      "First of 2: a.0 is kept",
      "a.0",
      "Sent",
      "{}",
      "Came, HTTP status 200 An empty body.",
      "The same in one more check",
      "a.1",
    ]);
    const detailsOf = (count: number) =>
      /<details[^>]*>(?=\n<summary>The same)/.exec(
        failureSection(createPage(manyOf(count), reportOptions)).markup,
      )?.[0];
    expect(detailsOf(1)).toBeUndefined();
    expect(detailsOf(7)).toBe("<details open>");
    expect(detailsOf(8)).toBe("<details>");
    expect(textOf(failureSection, manyOf(8))).toContain("The same in 7 more checks");
    expect(textOf(failureSection, manyOf(1))).toContain("a.0 is kept");
  });

  test("of several kinds: a list of them first, by how many checks each has", () => {
    const report = createReport([
      createFailedResult("a.a", "Rare."),
      createFailedResult("a.b", "Often."),
      createFailedResult("a.c", "Often."),
    ]);
    expect(textOf(failureSection, report).slice(0, 4)).toEqual([
      "What failed",
      "Checks that failed for each reason",
      "2 Often.",
      "1 Rare.",
    ]);
    expect(textOf(failureSection, report).filter((line) => line.includes("kinds more"))).toEqual([]);
  });

  test("without status, without exchange, and with a command", () => {
    const report = createReport([
      createFailedResult("a.b", "Broken.\nSent: a\nCame: nothing\nAgain: curl -sS -i http://x/\nDocument: /info"),
    ]);
    expect(textOf(failureSection, report)).toEqual([
      "What failed",
      "✗ Broken.",
      "a.b is kept",
      "a.b",
      "Sent",
      "a",
      "Came",
      "nothing",
      "In the document /info",
      "Send this request again",
      "curl -sS -i http://x/",
    ]);
    const bare = failureSection(createPage(createReport([createFailedResult("a.b", "Broken.")]), reportOptions)).markup;
    expect(bare).not.toContain("<dl");
    expect(bare).not.toContain("<details");
  });
});
