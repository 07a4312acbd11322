/** The page of result codes. Each code has an anchor. */
import { operations } from "../../../../generated/operations.ts";
import {
  gatewayResultCodes,
  type ResultCodeRow,
  resultCodes,
  vaultingResultCodes,
} from "../../../../generated/result-codes.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup } from "../../../html/html-template.ts";
import { ACTION_ADVICE } from "../../../protocol/result-actions.ts";
import { stateLabel, toneFromStatus } from "../frame/components.ts";
import { type CodeTable, codeAnchor, getOwnResultCodes } from "../frame/result-code-links.ts";

export const resultCodesPage = (base: string): Markup => markup`<p class="breadcrumb"><a href="${exactAttribute(
  base + PAGE.reference,
)}">API reference</a></p>
<h1>Result codes</h1>
<p class="lead">Check <code>resultStatus</code> first: S means success, F failure, and U unknown. Antom might add result codes.</p>
${operations.map((operation) => operationTable(operation, operation, getOwnResultCodes(operation)))}
${operationTable("gateway", "All operations", gatewayResultCodes)}
${renderTable(
  "vaultingResultCode",
  "vaultingResultCode in inquireVaulting responses",
  vaultingResultCodes.map(({ code, vaultingStatus, meaning, action }) => [
    code,
    vaultingStatus,
    meaning,
    ACTION_ADVICE[action],
  ]),
)}
${operationTable("notifyVaulting", "notifyVaulting", resultCodes.notifyVaulting)}
<p class="lead">Notifications about failed vaultings can also contain the failure codes of <code>vaultingResultCode</code>.</p>`;

const operationTable = (table: CodeTable, title: string, rows: readonly ResultCodeRow[]): Markup =>
  renderTable(
    table,
    title,
    rows.map(({ code, status, meaning, furtherAction }) => [code, status, meaning, furtherAction]),
  );

type TableRow = readonly [code: string, status: string, meaning: string, advice: string];

function renderTable(table: CodeTable, title: string, rows: readonly TableRow[]): Markup {
  const row = ([code, status, meaning, advice]: TableRow) =>
    markup`<tr id="${codeAnchor(table, code)}"><th scope="row" class="code-word"><a class="code-link" href="#${codeAnchor(table, code)}">${code}</a></th><td>${stateLabel(toneFromStatus(status), status)}</td><td class="wide">${meaning}</td><td class="wide">${advice}</td></tr>`;
  return markup`<section><h2>${title}</h2><table class="list codes">
<caption class="visually-hidden">${title}</caption>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th><th scope="col">What to do</th></tr></thead>
<tbody>${rows.map(row)}</tbody></table></section>`;
}
