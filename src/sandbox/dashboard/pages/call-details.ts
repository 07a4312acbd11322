/** An exchange as it is looked at: what was asked, what was signed, what came of it. */
import { resultCodes } from "../../../../generated/result-codes.ts";
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { type Markup, markup, nothing } from "../../../html/html-template.ts";
import { codeBlock, disclosure, formatJson, stateLabel, toMarkup, toneFromStatus } from "../frame/components.ts";
import { createClientCode, createCurlScript, type ReplayTarget } from "./replay-snippets.ts";
import { readVaultingStatus } from "./timeline.ts";

type CallView = ControlSchemas["ApiCall"];

/** The sentences of an exchange: what became of its signature, of its body, and of the call. */
export function callSteps(exchange: CallView): readonly Markup[] {
  const { note, resultCode, fault, scenario, request } = exchange;
  const tags = [
    ...(scenario === undefined ? [] : [renderStep("wait", "Scenario", `${scenario} was switched on.`)]),
    ...(fault === undefined ? [] : [renderStep("wait", "Fault", `${fault} was injected.`)]),
  ];
  if (resultCode === undefined) return [...tags, renderStep("plain", "Answer", "None: the connection was dropped.")];
  if (note !== undefined) return [...tags, renderStep("bad", "Signature", note)];
  if (request === "") return [...tags, renderStep("bad", "Refused", readResultMessage(exchange))];
  const refused = resultCode === "PARAM_ILLEGAL";
  return [
    ...tags,
    renderStep("good", "Signature", "Fits the raw bytes of the request."),
    refused
      ? renderStep("bad", "Validation", readResultMessage(exchange))
      : renderStep("good", "Validation", "The request is as the document says."),
    ...(refused ? [] : [resultStep(exchange)]),
  ];
}

const renderStep = (tone: Parameters<typeof stateLabel>[0], name: string, sentence: string): Markup =>
  markup`<li>${stateLabel(tone, name)} <span>${sentence}</span></li>`;

function resultStep(exchange: CallView): Markup {
  const { resultCode = "", resultStatus } = exchange;
  const vaultingStatus = readVaultingStatus(exchange.response);
  const told = vaultingStatus === undefined ? "" : ` The vaulting is ${vaultingStatus}.`;
  return markup`<li>${stateLabel(toneFromStatus(resultStatus), resultCode)} <span>${readResultMessage(exchange)}${told}${describeFurtherAction(exchange)}</span></li>`;
}

/** What to do after a result code, as the operation's table says. */
function describeFurtherAction({ operation, resultCode, resultStatus }: CallView): string {
  if (operation === undefined || resultStatus === "S") return "";
  const rows: readonly { readonly code: string; readonly furtherAction: string }[] = resultCodes[operation];
  const row = rows.find((each) => each.code === resultCode);
  return row ? ` What to do: ${row.furtherAction}` : "";
}

function readResultMessage({ response }: CallView): string {
  const { result } = (response === "" ? {} : JSON.parse(response)) as {
    readonly result?: { readonly resultMessage?: unknown };
  };
  return typeof result?.resultMessage === "string" ? result.resultMessage : "";
}

/** What an exchange looked like, each part to be opened. */
export function callDetails(exchange: CallView, place: ReplayTarget, open = false): Markup {
  const { sequence, request, response } = exchange;
  const key = (name: string) => `${sequence}-${name}`;
  const curl = createCurlScript(exchange, place);
  const client = createClientCode(exchange, place);
  const parts = [
    request === ""
      ? nothing
      : disclosure(
          key("request"),
          "Request, card data masked",
          codeBlock(formatJson(request), "the masked request"),
          open,
        ),
    response === ""
      ? nothing
      : disclosure(key("answer"), "Answer", codeBlock(formatJson(response), "the answer"), open),
    disclosure(key("signed"), "Text that was signed", signedString(exchange), open && request === ""),
    curl === undefined
      ? nothing
      : disclosure(
          key("curl"),
          "Replay as curl",
          markup`${codeBlock(curl, "the curl script")}<p class="quiet">Put a test card in the place of the words in angle brackets. The same ID brings the same result again; for a new vaulting, take a new one.</p>`,
        ),
    client === undefined
      ? nothing
      : disclosure(key("client"), "Replay as client code", codeBlock(client, "the client code")),
  ];
  return markup`<div class="insides${open ? " open" : ""}">${parts}</div>`;
}

/** The text that the signature covers. The signature itself is kept nowhere: with the public key, it would confirm a guessed CVV. */
function signedString({ path, clientId = "", requestTime, request }: CallView): Markup {
  const time = requestTime ?? "⟨no time⟩";
  const body = request === "" ? "⟨the body’s bytes, which are not kept⟩" : request;
  const note =
    request === ""
      ? "Compare it with what you signed: character for character up to the body, and the body byte for byte as it was sent."
      : "Card data is masked here. The body was signed byte for byte as it was sent, with whatever blanks and line ends it had between its parts.";
  return markup`${codeBlock(`POST ${path}\n${clientId}.${time}.${body}`, "the text that was signed")}<p class="quiet">${note}</p>`;
}

export const callTitle = ({ operation, path }: CallView): Markup =>
  operation === undefined ? markup`<code>${path}</code>` : toMarkup(operation);
