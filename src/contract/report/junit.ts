/** A report in the form of JUnit, which every CI reads. @module */
import { type CheckResult, type ContractReport, totalsOf } from "../model/report.ts";

/**
 * One test suite an operation, one test case a check; what could not be asked is skipped, with the reason.
 *
 * @param seconds how long the run took
 */
export function junit({ target, checks, totals }: ContractReport, seconds: number): string {
  const suites = [...new Set(checks.map(({ operation }) => operation))].map((operation) => {
    const own = checks.filter((check) => check.operation === operation);
    return `  <testsuite name="${escaped(operation)}" ${countsOf(totalsOf(own))}>\n${own.map(testCase).join("")}  </testsuite>\n`;
  });
  const head = `<testsuites name="${escaped(`Vault contract of ${target}`)}" ${countsOf(totals)} time="${seconds.toFixed(3)}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.join("")}</testsuites>\n`;
}

const countsOf = ({ passed, failed, notApplicable }: ContractReport["totals"]): string =>
  `tests="${passed + failed + notApplicable}" failures="${failed}" errors="0" skipped="${notApplicable}"`;

function testCase({ id, operation, title, status, detail }: CheckResult): string {
  const head = `    <testcase classname="${escaped(operation)}" name="${escaped(`${id}: ${title}`)}"`;
  const [first = ""] = detail.split("\n");
  if (status === "passed") return `${head}/>\n`;
  if (status === "not-applicable") return `${head}><skipped message="${escaped(first)}"/></testcase>\n`;
  return `${head}><failure message="${escaped(first)}">${escaped(detail)}</failure></testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as XML takes it. Characters that XML 1.0 cannot hold at all (a server may answer with any) become question marks. */
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "?")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
