/** The details of an API call. */
import { resultCodes } from "../../../../generated/result-codes.ts";
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { formatStringToSign } from "../../../control-api/string-to-sign.ts";
import { type Markup, markup, nothing } from "../../../html/html-template.ts";
import { codeBlock, disclosure, stateLabel, toMarkup, toneFromStatus } from "../frame/components.ts";
import { jsonBlock } from "../frame/json-block.ts";
import { codeLink } from "../frame/result-code-links.ts";
import { createClientCode, createCurlScript, type ReplayTarget } from "./replay-snippets.ts";
import { readVaultingStatus } from "./timeline.ts";

type CallView = ControlSchemas["ApiCall"];

/** Renders the steps of a call: an active scenario or fault, then the signature, the validation, and the result. */
function callSteps(call: CallView, base: string): readonly Markup[] {
  const { note, resultCode, fault, scenario, request, source } = call;
  const causes = [
    ...(scenario === undefined ? [] : [renderStep("wait", "Scenario", `The scenario ${scenario} was active.`)]),
    ...(fault === undefined ? [] : [renderStep("wait", "Fault", `The fault ${fault} was injected.`)]),
  ];
  if (resultCode === undefined) {
    return [...causes, renderStep("plain", "Response", "None. The connection was dropped.")];
  }
  if (note !== undefined) return [...causes, renderStep("bad", "Signature", note)];
  if (request === "") return [...causes, renderStep("bad", "Rejected", readResultMessage(call))];
  const isInvalid = resultCode === "PARAM_ILLEGAL";
  return [
    ...causes,
    renderStep(
      "good",
      "Signature",
      source === undefined
        ? "The signature is valid."
        : "The sandbox signed the call because it was sent from the dashboard.",
    ),
    isInvalid
      ? renderStep("bad", "Validation", readResultMessage(call))
      : renderStep("good", "Validation", "The request matches the OpenAPI document."),
    ...(isInvalid ? [] : [resultStep(call, base)]),
  ];
}

export const callStepList = (call: CallView, base: string): Markup =>
  markup`<ul class="steps">${callSteps(call, base)}</ul>`;

const renderStep = (tone: Parameters<typeof stateLabel>[0], name: string, text: string): Markup =>
  markup`<li>${stateLabel(tone, name)} <span>${text}</span></li>`;

function resultStep(call: CallView, base: string): Markup {
  const { operation, resultCode = "", resultStatus, response } = call;
  const vaultingStatus = readVaultingStatus(response);
  const status = vaultingStatus === undefined ? "" : ` The vaulting is ${vaultingStatus}.`;
  return markup`<li>${stateLabel(toneFromStatus(resultStatus), codeLink(base, resultCode, operation))} <span>${readResultMessage(call)}${status}${describeFurtherAction(call)}</span></li>`;
}

/** Returns the documented advice for the result code of a call, or an empty string if there is none. */
function describeFurtherAction({ operation, resultCode, resultStatus }: CallView): string {
  if (operation === undefined || resultStatus === "S") return "";
  const rows: readonly { readonly code: string; readonly furtherAction: string }[] = resultCodes[operation];
  const row = rows.find(({ code }) => code === resultCode);
  return row ? ` What to do: ${row.furtherAction}` : "";
}

function readResultMessage({ response }: CallView): string {
  const { result } = (response === "" ? {} : JSON.parse(response)) as {
    readonly result?: { readonly resultMessage?: unknown };
  };
  return typeof result?.resultMessage === "string" ? result.resultMessage : "";
}

/** Renders the request, the response, the string to sign, and code that replays the call, in expandable sections. */
export function callDetails(call: CallView, target: ReplayTarget, open = false): Markup {
  const { sequence, request, response } = call;
  const key = (name: string) => `${sequence}-${name}`;
  const curl = createCurlScript(call, target);
  const client = createClientCode(call, target);
  const parts = [
    request === ""
      ? nothing
      : disclosure(key("request"), "Request (card data masked)", jsonBlock(request, "masked request"), open),
    response === "" ? nothing : disclosure(key("response"), "Response", jsonBlock(response, "response"), open),
    // The page of a call with a rejected signature shows the string in a separate section.
    call.rejectedSignature
      ? nothing
      : disclosure(key("signed"), "String to sign", signedString(call), open && request === ""),
    curl === undefined
      ? nothing
      : disclosure(
          key("curl"),
          "Replay with curl",
          markup`${codeBlock(curl, "curl script")}<p class="quiet">Replace the placeholders in angle brackets with test card data. The same ID returns the same result. To create a new vaulting, use a new ID.</p>`,
        ),
    client === undefined
      ? nothing
      : disclosure(key("client"), "Replay with the client", codeBlock(client, "client code")),
  ];
  return markup`<div class="call-details${open ? " open" : ""}">${parts}</div>`;
}

/** Renders the string to sign. The signature is not stored, because anyone with the public key could use it to confirm a guessed CVV. */
function signedString(call: CallView): Markup {
  const note =
    call.request === ""
      ? "Compare this with the string that you signed. The signature covers the exact bytes of the body that you sent."
      : "Card data is masked. The signature covers the exact bytes of the body that was sent, including spaces and line breaks.";
  return markup`${codeBlock(formatStringToSign(call), "string to sign")}<p class="quiet">${note}</p>`;
}

export const callTitle = ({ operation, path }: CallView): Markup =>
  operation === undefined ? markup`<code>${path}</code>` : toMarkup(operation);
