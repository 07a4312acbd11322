/** Formats reports as JUnit XML for CI systems. @module */
import type { CheckResult, ContractReport } from "../model/report.ts";

/**
 * Formats a report as JUnit XML: one test suite with a test case for each check. The class name of a test case is the operation. The
 * report is valid for Jenkins, GitLab, and Maven Surefire. Surefire allows only one suite.
 *
 * @param seconds the duration of the run
 */
export function formatJunit({ target, checks, totals, unsignedErrors }: ContractReport, seconds: number): string {
  const { passed, failed, skipped } = totals;
  const counts = `tests="${passed + failed + skipped}" failures="${failed}" errors="0" skipped="${skipped}"`;
  const name = escapeXml(`Vault API contract tests of ${target}`);
  const property = `  <properties><property name="run.unsignedErrors" value="${unsignedErrors}"/></properties>\n`;
  const content = [unsignedErrors > 0 ? property : "", ...checks.map(formatTestCase)].join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="${name}" ${counts} time="${seconds.toFixed(3)}">\n${content}</testsuite>\n`;
}

function formatTestCase({ id, operation, title, status, message }: CheckResult): string {
  // Surefire requires a time. Checks run concurrently, so only the time of the suite is useful.
  const head = `  <testcase classname="${escapeXml(operation)}" name="${escapeXml(`${id}: ${title}`)}" time="0"`;
  if (status === "passed") return `${head}/>\n`;
  const first = escapeXml(message.split("\n", 1)[0] ?? "");
  // Jenkins shows the message, and GitLab shows the content.
  const [start, end] =
    status === "skipped"
      ? [`<skipped message="${first}">`, "</skipped>"]
      : [`<failure message="${first}" type="failure">`, "</failure>"];
  return `${head}>${start}${escapeXml(message)}${end}</testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Escapes text for XML. Replaces characters that XML 1.0 does not allow with question marks, because a response can contain such characters. */
const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern replaces control characters
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "?")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
