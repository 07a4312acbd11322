/** The API reference: the operations in Swagger UI, and a signature example. */
import { basePaths, type OperationId, operationPaths, operations } from "../../../../generated/operations.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { missingDependency } from "../../../protocol/errors.ts";
import { codeBlock } from "../frame/components.ts";
import { createCurlScript, type ReplayTarget } from "../pages/replay-snippets.ts";
import { createSampleRequest } from "../send/request-body.ts";
import type { CallSigner, SwaggerUi } from "./load-reference.ts";

export interface ReferenceOptions {
  readonly swaggerUi: SwaggerUi | undefined;
  readonly target: ReplayTarget;
  readonly base: string;
  readonly sign: CallSigner;
  readonly formToken: string;
}

export function referencePage({ swaggerUi, target, base, sign, formToken }: ReferenceOptions): Markup {
  const url = (name: string) => exactAttribute(`${base}${PAGE.reference}/${name}`);
  return markup`<h1>API reference</h1>
<p class="lead">Try out the Vault API against this sandbox. The OpenAPI document is <a href="${url("openapi.json")}">openapi.json</a>.</p>
<ul class="contents"><li><a href="#calls">Operations</a></li><li><a href="${url("result-codes")}">Result codes</a></li><li><a href="#signature">Signature example</a></li></ul>
<section aria-labelledby="calls"><h2 id="calls">Operations</h2>
${
  swaggerUi
    ? markup`<p class="lead">Calls that you send from this page are signed with the key of the sandbox’s first client. Unless you replace the placeholder, a call that creates a vaulting uses a new vaultingRequestId, and an inquiry uses the vaultingRequestId of the last call. Calls are listed under <a href="${exactAttribute(base + PAGE.calls)}">API calls</a>, and vaultings are listed under <a href="${exactAttribute(`${base}/`)}">Vaultings</a>.</p>
<div id="swagger-ui" data-document="${url("openapi.json")}" data-server="${exactAttribute(base + basePaths.sandbox)}" data-sign="${url("sign")}" data-token="${exactAttribute(formToken)}" data-examples="${exactAttribute(JSON.stringify(createExamples(target.baseUrl)))}">${operationList(base)}</div>
<p class="lead" id="tried" role="status"></p>`
    : markup`<p class="lead">${missingDependency("API reference", undefined).message}</p>${operationList(base)}`
}</section>
${signatureSection(sign, target)}`;
}

/** Returns the initial request for the form of each operation. The script replaces the placeholders. */
const createExamples = (baseUrl: string): Readonly<Record<string, object>> =>
  Object.fromEntries(
    operations.map((operation) => {
      const id = operation === "inquireVaulting" ? "{last ID}" : "{new ID}";
      return [operation, createSampleRequest(operation, { id, baseUrl })];
    }),
  );

/** Renders the list of operations, which Swagger UI replaces if it is installed. */
const operationList = (base: string): Markup => markup`<table class="list">
<caption class="visually-hidden">Operations</caption>
<thead><tr><th scope="col">Operation</th><th scope="col">Endpoint</th></tr></thead>
<tbody>${operations.map((operation) => markup`<tr><th scope="row">${operation}</th><td><code>POST ${getPath(operation, base)}</code></td></tr>`)}</tbody></table>`;

const getPath = (operation: OperationId, base = ""): string => base + basePaths.sandbox + operationPaths[operation];

/** Renders the steps for signing a request. The example is an inquiry, because inquiries contain no card data. */
function signatureSection(sign: CallSigner, target: ReplayTarget): Markup {
  const path = getPath("inquireVaulting");
  const request = JSON.stringify({ vaultingRequestId: "reference-1" });
  const { stringToSign, signature, headers } = sign(path, request);
  const clientId = headers["Client-Id"];
  const script = createCurlScript({ operation: "inquireVaulting", path, clientId, request }, target);
  return markup`<section aria-labelledby="signature"><h2 id="signature">Signature example</h2>
<p class="lead">The sandbox signed an inquiry with the private key of its first client. You can send the inquiry to the sandbox unchanged.</p>
<ol class="signature-steps">
<li><h3>String to sign</h3><p>The string consists of the method, a space, the path with its query, and a line feed, followed by the client ID, the time, and the body, separated by periods. Nothing follows the body.</p>${codeBlock(stringToSign, "string to sign")}</li>
<li><h3>Signature</h3><p>Sign the string with the merchant’s private key, using RSASSA-PKCS1-v1_5 and SHA-256, and encode the signature in Base64.</p>${codeBlock(signature, "signature in Base64")}</li>
<li><h3>Headers</h3><p>Send the client ID, the signed time, and the URL-encoded signature, in which plus signs, slashes, and equals signs are percent-encoded.</p>${codeBlock(
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n"),
    "headers",
  )}</li>
<li><h3>Response</h3><p>Verify the response in the same way before you parse it. The signature covers the same path and client ID, the time in the <code>response-time</code> header, and the raw body. Use the gateway’s public key whose version is in the <code>Signature</code> header. INVALID_SIGNATURE responses are not signed.</p></li>
</ol>
${script === undefined ? nothing : markup`<h3>Send the inquiry with openssl and curl</h3>${codeBlock(script, "script")}`}
</section>`;
}
