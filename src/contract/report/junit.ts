/** Formats reports as JUnit XML for CI systems. @module */
import { type CheckResult, type ContractReport, countByStatus } from "../model/report.ts";

/**
 * Formats a report as JUnit XML, with a test suite for each operation and a test case for each check.
 *
 * @param seconds the duration of the run
 */
export function formatJunit({ target, checks, totals, unsignedErrors }: ContractReport, seconds: number): string {
  // The element testsuites cannot have properties, so each suite has the count of the whole run.
  const property = `    <properties><property name="run.unsignedErrors" value="${unsignedErrors}"/></properties>\n`;
  const properties = unsignedErrors > 0 ? property : "";
  const suites = [...new Set(checks.map(({ operation }) => operation))].map((operation) => {
    const operationChecks = checks.filter((check) => check.operation === operation);
    return `  <testsuite name="${escapeXml(operation)}" ${formatCounts(countByStatus(operationChecks))}>\n${properties}${operationChecks.map(formatTestCase).join("")}  </testsuite>\n`;
  });
  const head = `<testsuites name="${escapeXml(`Vault API contract tests of ${target}`)}" ${formatCounts(totals)} time="${seconds.toFixed(3)}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.join("")}</testsuites>\n`;
}

const formatCounts = ({ passed, failed, skipped }: ContractReport["totals"]): string =>
  `tests="${passed + failed + skipped}" failures="${failed}" errors="0" skipped="${skipped}"`;

function formatTestCase({ id, operation, title, status, message }: CheckResult): string {
  const head = `    <testcase classname="${escapeXml(operation)}" name="${escapeXml(`${id}: ${title}`)}"`;
  const [first = ""] = message.split("\n");
  if (status === "passed") return `${head}/>\n`;
  if (status === "skipped") return `${head}><skipped message="${escapeXml(first)}"/></testcase>\n`;
  return `${head}><failure message="${escapeXml(first)}">${escapeXml(message)}</failure></testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Escapes text for XML. Characters that XML 1.0 does not allow, which a response may contain, become question marks. */
const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern replaces control characters
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "?")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
