/** Explains a rejected signature with the expected and the signed string, the headers, and the key. */
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { formatStringToSign } from "../../../control-api/string-to-sign.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { codeBlock, factList, formatId } from "../frame/components.ts";
import { callStepList } from "./call-details.ts";

type CallView = ControlSchemas["ApiCall"];

/** Renders nothing for a call whose signature was not rejected. */
export async function signatureSection(call: CallView, control: Control, base: string): Promise<Markup> {
  const { rejectedSignature, clientId, requestTime, request } = call;
  if (!rejectedSignature) return nothing;
  const { contentType, signatureHeader, signedString } = rejectedSignature;
  const client = (await control.clients()).find((known) => known.clientId === clientId);
  const expected = formatStringToSign(call);
  const missing = markup`<span class="bad">missing</span>`;
  return markup`<section aria-labelledby="signature"><h2 id="signature">Signature</h2>
${callStepList(call, base)}
${
  signedString === undefined
    ? markup`<h3>Expected string to sign</h3>${codeBlock(expected, "expected string to sign")}<p class="quiet">Compare this with the string that you signed. ${request === "" ? "The body is not stored. The sandbox stores an unverified body only if it is a JSON object or array of at most 16 KiB." : "Card data is masked. The rest of the body is shown as received."}</p>`
    : markup`<h3>Expected and signed string</h3>${stringDiff(expected, signedString)}<p class="quiet">Lines marked − are from the expected string, and lines marked + are from the signed string. Card data is masked.</p>`
}
<h3>Headers</h3>
${factList([
  [
    "Client-Id",
    clientId === undefined
      ? missing
      : markup`${formatId(clientId)}${client ? "" : markup` <span class="bad">unknown</span>`}`,
  ],
  [
    "Request-Time",
    requestTime === undefined
      ? markup`<span class="bad">missing, or not a time</span>`
      : markup`<code>${requestTime}</code>`,
  ],
  ["Content-Type", contentType === undefined ? missing : markup`<code>${contentType}</code>`],
  ["Signature", signatureHeader === undefined ? missing : markup`<code>${signatureHeader}</code>`],
])}
<h3>Key</h3>
${client ? renderKey(client, base) : markup`<p>The sandbox has no key to verify the signature with, because ${clientId === undefined ? "the Client-Id header is missing" : "the client is unknown"}. The <a href="${exactAttribute(base + PAGE.credentials)}">Credentials</a> page lists the clients.</p>`}
</section>`;
}

const renderKey = ({ clientId, keyFingerprint }: ControlSchemas["Client"], base: string): Markup =>
  markup`<p>Checked with the registered key of ${formatId(clientId)}: <code>${keyFingerprint}</code>. The <a href="${exactAttribute(`${base}${PAGE.credentials}#client`)}">Credentials</a> page shows the same fingerprint.</p>
<details data-key="fingerprint"><summary>Get the fingerprint of your private key</summary>${codeBlock(FINGERPRINT_COMMAND, "fingerprint command")}</details>`;

const FINGERPRINT_COMMAND =
  "openssl pkey -in merchant-private-key.pem -pubout -outform DER | openssl dgst -sha256 -binary | base64";

/** Renders the lines of two strings, with the expected lines before the signed ones. Marks the characters that differ. */
export function stringDiff(expected: string, signed: string): Markup {
  const before = expected.split("\n");
  const after = signed.split("\n");
  const start = countEqualAtStart(before, after);
  const end = countEqualAtStart(before.slice(start).toReversed(), after.slice(start).toReversed());
  const removed = before.slice(start, before.length - end);
  const added = after.slice(start, after.length - end);
  const same = (line: string) => markup`<span>  ${line}</span>\n`;
  const changes =
    removed.length === added.length
      ? removed.flatMap((line, index) => changedLines(line, added[index] ?? ""))
      : [
          ...removed.map((line) => changedLine("−", line, line.length, 0)),
          ...added.map((line) => changedLine("+", line, line.length, 0)),
        ];
  return markup`<pre class="diff" tabindex="0" aria-label="Expected and signed string"><code>${[
    ...before.slice(0, start).map(same),
    ...changes,
    ...before.slice(before.length - end).map(same),
  ]}</code></pre>`;
}

/** Returns the number of equal elements at the start of two lists. */
function countEqualAtStart(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < Math.min(a.length, b.length) && a[count] === b[count]) count++;
  return count;
}

function changedLines(before: string, after: string): readonly Markup[] {
  const [a, b] = [[...before], [...after]];
  const start = countEqualAtStart(a, b);
  const end = countEqualAtStart(a.slice(start).toReversed(), b.slice(start).toReversed());
  return [changedLine("−", before, start, end), changedLine("+", after, start, end)];
}

/** Renders a line and marks all but its first `start` and its last `end` characters. */
function changedLine(sign: "−" | "+", line: string, start: number, end: number): Markup {
  const characters = [...line];
  const stop = characters.length - end;
  const [head, middle, tail] = [characters.slice(0, start), characters.slice(start, stop), characters.slice(stop)];
  const text = middle.join("");
  const marked = sign === "−" ? markup`<del>${text}</del>` : markup`<ins>${text}</ins>`;
  const label = sign === "−" ? "Expected" : "Signed";
  return markup`<span class="${sign === "−" ? "bad" : "good"}"><span aria-hidden="true">${sign} </span><span class="visually-hidden">${label}: </span>${head.join("")}${text === "" ? nothing : marked}${tail.join("")}${line === "" ? markup`<i>empty line</i>` : nothing}</span>\n`;
}
