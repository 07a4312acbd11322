/** Links from result codes to their rows on the page of result codes. */
import type { OperationId } from "../../../../generated/operations.ts";
import { gatewayResultCodes, resultCodes, vaultingResultCodes } from "../../../../generated/result-codes.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup } from "../../../html/html-template.ts";

/** The tables of result codes. `gateway` contains the codes that all operations share. */
export type CodeTable = OperationId | "notifyVaulting" | "gateway" | "vaultingResultCode";

export const RESULT_CODES_PATH = `${PAGE.reference}/result-codes`;

export const codeAnchor = (table: CodeTable, code: string): string => `${table}.${code}`;

const sharedRows: ReadonlySet<string> = new Set(gatewayResultCodes.map((row) => JSON.stringify(row)));

/** Returns the result codes of an operation, except those that all operations share. */
export const getOwnResultCodes = (operation: OperationId) =>
  resultCodes[operation].filter((row) => !sharedRows.has(JSON.stringify(row)));

/** Finds the table that explains a result code of the operation or, without an operation, a vaultingResultCode. */
function findTable(code: string, operation: OperationId | undefined): CodeTable | undefined {
  const hasCode = (rows: readonly { readonly code: string }[]) => rows.some((row) => row.code === code);
  if (operation !== undefined && hasCode(getOwnResultCodes(operation))) return operation;
  if (operation === undefined && hasCode(vaultingResultCodes)) return "vaultingResultCode";
  return hasCode(gatewayResultCodes) ? "gateway" : undefined;
}

/** Renders a result code as a link to its explanation, or as text if no table contains it. */
export function codeLink(base: string, code: string, operation?: OperationId): Markup {
  const table = findTable(code, operation);
  return table === undefined
    ? markup`${code}`
    : markup`<a class="code-link" href="${exactAttribute(`${base}${RESULT_CODES_PATH}#${codeAnchor(table, code)}`)}">${code}</a>`;
}
