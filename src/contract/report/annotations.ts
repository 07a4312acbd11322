/** A report as annotations of GitHub's CI. @module */
import type { ContractReport } from "../model/report.ts";
import { groupFailures } from "./group-failures.ts";

/** Lines that GitHub shows beside the run: one for each kind of failure, since it shows ten at the most. */
export const formatAnnotations = ({ target, checks }: ContractReport): string =>
  groupFailures(checks)
    .map(({ what, checks: [first, ...others] }) => {
      const also = others.length > 0 ? ` and ${others.length} more` : "";
      return `::error title=${escapeProperty(`Vault contract of ${target}`)}::${escapeData(`${what}\n${first?.id ?? ""}${also}\n${first?.message ?? ""}`)}\n`;
    })
    .join("");

/** What GitHub asks to be escaped in a workflow command. */
const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
