/** The page with the form that sends a call. */
import { type OperationId, operations } from "../../../../generated/operations.ts";
import { testCardsByName } from "../../../cards/card-names.ts";
import type { TestCard } from "../../../cards/test-cards.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";
import { option } from "../frame/components.ts";
import type { Visit } from "../frame/gate.ts";

/** The contents of the form. */
export interface Draft {
  readonly operation: OperationId;
  readonly clientId: string;
  readonly body: string;
  /** The name of the test card whose number replaces the card number in the body. */
  readonly card?: string | undefined;
}

export interface SendPageOptions {
  readonly draft: Draft;
  readonly clients: readonly string[];
  /** An explanation of how the form was filled in. */
  readonly hint?: Markup | undefined;
  readonly error?: string | undefined;
}

/** The groups of test cards, by result. */
export const CARD_GROUPS: readonly (readonly [string, (card: TestCard) => boolean])[] = [
  ["Vaulted", ({ result, challenge }) => result === "SUCCESS" && challenge === undefined],
  ["3-D Secure", ({ challenge }) => challenge !== undefined],
  ["Failures", ({ result, challenge }) => result !== "SUCCESS" && challenge === undefined],
];

export function sendPage({ draft, clients, hint, error }: SendPageOptions, { base, tokenField }: Visit): Markup {
  const { operation, clientId, body, card } = draft;
  const toOptions = (values: readonly string[], selected: string) =>
    values.map((value) => option(value, value, selected));
  const example = (name: OperationId) =>
    markup`<li><a href="${exactAttribute(`${base}${PAGE.send}?operation=${name}`)}">${name}</a></li>`;
  return markup`<p class="breadcrumb"><a href="${exactAttribute(base + PAGE.calls)}">API calls</a></p>
<h1>Send a call</h1>
<p class="lead">The sandbox signs the call for the client that you choose, and handles it like a call over the network: scenarios and faults apply, and it is listed under API calls. Use only test cards.</p>
${error === undefined ? nothing : markup`<p class="flash error" id="send-error" role="alert">${error}</p>`}
<form class="panel send" method="post" action="${exactAttribute(base + PAGE.send)}">${tokenField}
<div class="row"><label class="grow">Operation<select name="operation">${toOptions(operations, operation)}</select></label>
<label class="grow">Client<select name="clientId">${toOptions(clients, clientId)}</select></label></div>
<label>Test card<select name="card">${option("", "Keep the card in the body", card)}${CARD_GROUPS.map(cardGroup(card))}</select></label>
<label>Body<textarea name="body" rows="18" spellcheck="false" autocomplete="off" required${error === undefined ? nothing : markup` aria-invalid="true" aria-describedby="send-error"`}>
${exactAttribute(body)}</textarea></label>
${hint === undefined ? nothing : markup`<p class="quiet">${hint}</p>`}
<p><button>Send</button></p>
</form>
<p class="lead" id="examples">Start with an example:</p><ul class="examples" aria-labelledby="examples">${operations.map(example)}</ul>`;
}

const cardGroup =
  (selected: string | undefined) =>
  ([title, contains]: (typeof CARD_GROUPS)[number]): Markup => {
    const cards = [...testCardsByName].filter(([, card]) => contains(card));
    return markup`<optgroup label="${title}">${cards.map(([name, { number, purpose }]) => option(name, `${name} (${number.slice(-4)}): ${purpose}`, selected))}</optgroup>`;
  };
