/** Formats reports as GitHub Actions annotations. @module */
import type { ContractReport } from "../model/report.ts";
import { groupFailures } from "./group-failures.ts";

/** Formats 1 annotation for each kind of failure, because GitHub shows at most 10 annotations. */
export const formatAnnotations = ({ target, checks }: ContractReport): string =>
  groupFailures(checks)
    .map(({ summary, checks: [first, ...others] }) => {
      const also = others.length > 0 ? ` and ${others.length} more` : "";
      return `::error title=${escapeProperty(`Vault API contract tests of ${target}`)}::${escapeData(`${summary}\n${first?.id ?? ""}${also}\n${first?.message ?? ""}`)}\n`;
    })
    .join("");

/** Escapes the characters that are special in workflow commands. */
const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
