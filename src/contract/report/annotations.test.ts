import { expect, test } from "vitest";
import { check, failed, reportOf } from "../../testing/messages/reports.ts";
import { annotations } from "./annotations.ts";

test("one line for each kind of failure, the most frequent first, with the first of its checks", () => {
  const report = reportOf([
    failed("a.one", "Rare.\nMore."),
    failed("a.two", "Often.\nOf two."),
    failed("a.three", "Often.\nOf three."),
    failed("a.four", "Often."),
    check("a.five"),
    check("a.six", { status: "not-applicable", detail: "Not asked." }),
  ]);
  expect(annotations(report)).toBe(
    "::error title=Vault contract of sandbox::Often.%0Aa.two and 2 more%0AOften.%0AOf two.\n" +
      "::error title=Vault contract of sandbox::Rare.%0Aa.one%0ARare.%0AMore.\n",
  );
});

test("what a target is called or says is no command of its own", () => {
  const report = reportOf([failed("a.b", "50% off\r\n::set-env name=x::y, z")], "it: 100%, or\n::error::more");
  expect(annotations(report)).toBe(
    "::error title=Vault contract of it%3A 100%25%2C or%0A%3A%3Aerror%3A%3Amore::" +
      "50%25 off%0D%0Aa.b%0A50%25 off%0D%0A::set-env name=x::y, z\n",
  );
});

test("nothing where nothing failed", () => {
  expect(annotations(reportOf([check("a.b")]))).toBe("");
});
