/** The API reference: the operations by the renderer, the result codes, and the signature worked out. */
import { basePaths, type OperationId, operationPaths, operations } from "../../../../generated/operations.ts";
import {
  gatewayResultCodes,
  type ResultCodeRow,
  resultCodes,
  vaultingResultCodes,
} from "../../../../generated/result-codes.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { missingDependency } from "../../../protocol/errors.ts";
import { ACTION_ADVICE } from "../../../protocol/result-actions.ts";
import { codeBlock, stateLabel, toneFromStatus } from "../frame/components.ts";
import { createCurlScript, type ReplayTarget } from "../pages/replay-snippets.ts";
import type { CallSigner, SwaggerUi } from "./load-reference.ts";

export interface ReferenceOptions {
  readonly swaggerUi: SwaggerUi | undefined;
  readonly place: ReplayTarget;
  readonly base: string;
  readonly sign: CallSigner;
  readonly formToken: string;
}

export function referencePage({ swaggerUi, place, base, sign, formToken }: ReferenceOptions): Markup {
  const at = (name: string) => exactAttribute(`${base}${PAGE.reference}/${name}`);
  return markup`<h1>API reference</h1>
<p class="lead">The Vault API as its OpenAPI document says it; what is tried here is answered by this sandbox. The document itself is <a href="${at("openapi.json")}">openapi.json</a>.</p>
<ul class="contents"><li><a href="#calls">Operations</a></li><li><a href="#result-codes">Result codes</a></li><li><a href="#signature">Signature, worked out</a></li></ul>
<section aria-labelledby="calls"><h2 id="calls">Operations</h2>
${
  swaggerUi
    ? markup`<p class="lead">Each call that is sent from here is signed by the sandbox for its first merchant. It is then under <a href="${exactAttribute(base + PAGE.calls)}">Exchanges</a>, and what it began under <a href="${exactAttribute(`${base}/`)}">Vaultings</a>.</p>
<div id="renderer" data-document="${at("openapi.json")}" data-server="${exactAttribute(base + basePaths.sandbox)}" data-sign="${at("sign")}" data-token="${exactAttribute(formToken)}">${operationList(base)}</div>`
    : markup`<p class="lead">${missingDependency("API reference", undefined).message}</p>${operationList(base)}`
}</section>
<section aria-labelledby="result-codes"><h2 id="result-codes">Result codes</h2>
<p class="lead">Decide by resultStatus first: S is success, F failure and U unknown, and the gateway may add codes.</p>
${operations.map((operation) => codeTable(operation, operationCodes(operation)))}
${codeTable("Any call, from the gateway itself", gatewayResultCodes)}
${vaultingCodeTable()}
${codeTable("notifyVaulting", resultCodes.notifyVaulting)}
<p class="lead">Every other code of a notification is one of the failures in the table before.</p>
</section>
${signatureSection(sign, place)}`;
}

/** What is there without the renderer, or until it is. */
const operationList = (base: string): Markup => markup`<table class="list">
<caption class="unseen">Operations</caption>
<thead><tr><th scope="col">Operation</th><th scope="col">Address</th></tr></thead>
<tbody>${operations.map((operation) => markup`<tr><th scope="row">${operation}</th><td><code>POST ${getPath(operation, base)}</code></td></tr>`)}</tbody></table>`;

const getPath = (operation: OperationId, base = ""): string => base + basePaths.sandbox + operationPaths[operation];

const gatewayRows: ReadonlySet<string> = new Set(gatewayResultCodes.map((row) => JSON.stringify(row)));

/** The rows that an operation's own page has. */
const operationCodes = (operation: OperationId): readonly ResultCodeRow[] =>
  resultCodes[operation].filter((row) => !gatewayRows.has(JSON.stringify(row)));

function codeTable(title: string, rows: readonly ResultCodeRow[]): Markup {
  return renderTable(
    title,
    rows.map(({ code, status, meaning, furtherAction }) => ({ code, status, meaning, next: furtherAction })),
  );
}

function vaultingCodeTable(): Markup {
  const rows = vaultingResultCodes.map(({ code, vaultingStatus, meaning, action }) => ({
    code,
    status: vaultingStatus,
    meaning,
    next: ACTION_ADVICE[action],
  }));
  return renderTable("vaultingResultCode, in the answer of inquireVaulting", rows);
}

interface CodeRow {
  readonly code: string;
  readonly status: string;
  readonly meaning: string;
  readonly next: string;
}

const renderTable = (
  title: string,
  rows: readonly CodeRow[],
): Markup => markup`<h3>${title}</h3><table class="list codes">
<caption class="unseen">${title}</caption>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th><th scope="col">What to do</th></tr></thead>
<tbody>${rows.map(({ code, status, meaning, next }) => markup`<tr><th scope="row" class="code-word">${code}</th><td>${stateLabel(toneFromStatus(status), status)}</td><td class="wide">${meaning}</td><td class="wide">${next}</td></tr>`)}</tbody></table>`;

/** A call that holds no card data, each step of its signature shown. */
function signatureSection(sign: CallSigner, place: ReplayTarget): Markup {
  const path = getPath("inquireVaulting");
  const request = JSON.stringify({ vaultingRequestId: "reference-1" });
  const { stringToSign, signature, headers } = sign(path, request);
  const clientId = headers["Client-Id"];
  const script = createCurlScript({ operation: "inquireVaulting", path, clientId, request }, place);
  return markup`<section aria-labelledby="signature"><h2 id="signature">Signature, worked out</h2>
<p class="lead">Of an inquiry that this page has just signed, with the key of the credentials file. Sent as it stands, the sandbox takes it.</p>
<ol class="worked">
<li><h3>The text to sign</h3><p>The method, a blank and the path with its query; one line feed; the client ID, the time and the body’s bytes, with full stops between them and nothing behind.</p>${codeBlock(stringToSign, "the text to sign")}</li>
<li><h3>Its signature</h3><p>RSASSA-PKCS1-v1_5 with SHA-256, by the merchant’s private key, in base64.</p>${codeBlock(signature, "the signature in base64")}</li>
<li><h3>The headers</h3><p>The time as it was signed, and the base64 URL-encoded: its plus signs, slashes and equals signs with a percent sign.</p>${codeBlock(
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n"),
    "the headers",
  )}</li>
<li><h3>The answer</h3><p>It is verified in the same way, before it is parsed: the same path and client ID, the time of its <code>response-time</code> header, its body as it came, and the gateway’s public key of the version that its <code>Signature</code> names. An answer that says INVALID_SIGNATURE carries none.</p></li>
</ol>
${script === undefined ? nothing : markup`<h3>The same with openssl and curl</h3>${codeBlock(script, "the script")}`}
</section>`;
}
