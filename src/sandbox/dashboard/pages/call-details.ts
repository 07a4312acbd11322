/** An exchange as it is looked at: what was asked, what was signed, what came of it. */
import { resultCodes } from "../../../../generated/result-codes.ts";
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { type Markup, markup, nothing } from "../../../html/html-template.ts";
import { code, fold, laidOut, state, text, toneOfStatus } from "../frame/components.ts";
import { clientCodeOf, curlOf, type Place } from "./replay-snippets.ts";
import { vaultingStatusIn } from "./timeline.ts";

type ExchangeView = ControlSchemas["Exchange"];

/** The sentences of an exchange: what became of its signature, of its body, and of the call. */
export function steps(exchange: ExchangeView): readonly Markup[] {
  const { note, resultCode, fault, scenario, request } = exchange;
  const tags = [
    ...(scenario === undefined ? [] : [step("wait", "Scenario", `${scenario} was switched on.`)]),
    ...(fault === undefined ? [] : [step("wait", "Fault", `${fault} was injected.`)]),
  ];
  if (resultCode === undefined) return [...tags, step("plain", "Answer", "None: the connection was dropped.")];
  if (note !== undefined) return [...tags, step("bad", "Signature", note)];
  if (request === "") return [...tags, step("bad", "Refused", messageOf(exchange))];
  const refused = resultCode === "PARAM_ILLEGAL";
  return [
    ...tags,
    step("good", "Signature", "Fits the raw bytes of the request."),
    refused
      ? step("bad", "Validation", messageOf(exchange))
      : step("good", "Validation", "The request is as the document says."),
    ...(refused ? [] : [verdict(exchange)]),
  ];
}

const step = (tone: Parameters<typeof state>[0], name: string, sentence: string): Markup =>
  markup`<li>${state(tone, name)} <span>${sentence}</span></li>`;

function verdict(exchange: ExchangeView): Markup {
  const { resultCode = "", resultStatus } = exchange;
  const vaultingStatus = vaultingStatusIn(exchange.response);
  const told = vaultingStatus === undefined ? "" : ` The vaulting is ${vaultingStatus}.`;
  return markup`<li>${state(toneOfStatus(resultStatus), resultCode)} <span>${messageOf(exchange)}${told}${advice(exchange)}</span></li>`;
}

/** What to do after a result code, as the operation's table says. */
function advice({ operation, resultCode, resultStatus }: ExchangeView): string {
  if (operation === undefined || resultStatus === "S") return "";
  const rows: readonly { readonly code: string; readonly furtherAction: string }[] = resultCodes[operation];
  const row = rows.find((each) => each.code === resultCode);
  return row ? ` What to do: ${row.furtherAction}` : "";
}

function messageOf({ response }: ExchangeView): string {
  const { result } = (response === "" ? {} : JSON.parse(response)) as {
    readonly result?: { readonly resultMessage?: unknown };
  };
  return typeof result?.resultMessage === "string" ? result.resultMessage : "";
}

/** What an exchange looked like, each part to be opened. */
export function insides(exchange: ExchangeView, place: Place, open = false): Markup {
  const { sequence, request, response } = exchange;
  const key = (name: string) => `${sequence}-${name}`;
  const curl = curlOf(exchange, place);
  const client = clientCodeOf(exchange, place);
  const parts = [
    request === ""
      ? nothing
      : fold(key("request"), "Request, card data masked", code(laidOut(request), "the masked request"), open),
    response === "" ? nothing : fold(key("answer"), "Answer", code(laidOut(response), "the answer"), open),
    fold(key("signed"), "Text that was signed", signedText(exchange), open && request === ""),
    curl === undefined
      ? nothing
      : fold(
          key("curl"),
          "Replay as curl",
          markup`${code(curl, "the curl script")}<p class="quiet">Put a test card in the place of the words in angle brackets. The same ID brings the same result again; for a new vaulting, take a new one.</p>`,
        ),
    client === undefined ? nothing : fold(key("client"), "Replay as client code", code(client, "the client code")),
  ];
  return markup`<div class="insides${open ? " open" : ""}">${parts}</div>`;
}

/** The text that the signature covers. The signature itself is kept nowhere: with the public key, it would confirm a guessed CVV. */
function signedText({ path, clientId = "", requestTime, request }: ExchangeView): Markup {
  const time = requestTime ?? "⟨no time⟩";
  const body = request === "" ? "⟨the body’s bytes, which are not kept⟩" : request;
  const note =
    request === ""
      ? "Compare it with what you signed: character for character up to the body, and the body byte for byte as it was sent."
      : "Card data is masked here. The body was signed byte for byte as it was sent, with whatever blanks and line ends it had between its parts.";
  return markup`${code(`POST ${path}\n${clientId}.${time}.${body}`, "the text that was signed")}<p class="quiet">${note}</p>`;
}

export const title = ({ operation, path }: ExchangeView): Markup =>
  operation === undefined ? markup`<code>${path}</code>` : text(operation);
