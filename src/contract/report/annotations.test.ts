import { expect, test } from "vitest";
import { createCheckResult, createFailedResult, createReport } from "../../testing/messages/reports.ts";
import { formatAnnotations } from "./annotations.ts";

test("formatAnnotations returns a line for each kind of failure, the most frequent first", () => {
  const report = createReport([
    createFailedResult("a.one", "Rare.\nMore."),
    createFailedResult("a.two", "Often.\nOf two."),
    createFailedResult("a.three", "Often.\nOf three."),
    createFailedResult("a.four", "Often."),
    createCheckResult("a.five"),
    createCheckResult("a.six", { status: "skipped", message: "Skipped." }),
  ]);
  expect(formatAnnotations(report)).toBe(
    "::error title=Vault API contract tests of sandbox::Often.%0Aa.two and 2 more%0AOften.%0AOf two.\n" +
      "::error title=Vault API contract tests of sandbox::Rare.%0Aa.one%0ARare.%0AMore.\n",
  );
});

test("formatAnnotations escapes workflow commands in the name and the responses of the target", () => {
  const report = createReport(
    [createFailedResult("a.b", "50% off\r\n::set-env name=x::y, z")],
    "it: 100%, or\n::error::more",
  );
  expect(formatAnnotations(report)).toBe(
    "::error title=Vault API contract tests of it%3A 100%25%2C or%0A%3A%3Aerror%3A%3Amore::" +
      "50%25 off%0D%0Aa.b%0A50%25 off%0D%0A::set-env name=x::y, z\n",
  );
});

test("formatAnnotations returns an empty string if nothing failed", () => {
  expect(formatAnnotations(createReport([createCheckResult("a.b")]))).toBe("");
});
