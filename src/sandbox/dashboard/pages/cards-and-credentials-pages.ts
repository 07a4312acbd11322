/** What one needs to call: the test cards, and the credentials with the gateway's keys. */

import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { codeBlock, copyButton, factList, formatId, formatTime, stateLabel } from "../frame/components.ts";
import type { Visit } from "../frame/gate.ts";

type TestCardView = ControlSchemas["TestCard"];

export function cardsPage(control: Control): Markup {
  const { oneTimeCode, cards } = control.cards();
  const challenged = cards.filter(({ challenge }) => challenge !== undefined);
  const vendors = cards.filter(({ publishedBy }) => publishedBy === "antom");
  const failing = cards.filter((each) => each.publishedBy !== "antom" && each.challenge === undefined);
  return markup`<h1>Test cards</h1>
<p class="lead">Any other number that passes the Luhn check is vaulted. Any CVV and any possible expiry go with each. The one-time code of a challenge is <b class="digits">${oneTimeCode}</b> ${copyButton(oneTimeCode, "the one-time code")}</p>
${cardTable("The vendor’s", vendors)}
${cardTable("With a challenge", challenged)}
${cardTable("One for each failure", failing)}`;
}

function cardTable(title: string, cards: readonly TestCardView[]): Markup {
  const row = ({ number, brand, purpose, result, country }: TestCardView) => markup`<tr>
<th scope="row" class="digits">${number.replace(/(.{4})(?=.)/g, "$1 ")} ${copyButton(number, `the number ${number.slice(-4)}`)}</th>
<td>${brand}${country === undefined ? "" : `, ${country}`}</td>
<td class="code-word">${result}</td>
<td>${purpose}</td>
</tr>`;
  return markup`<section><h2>${title}</h2><table class="list cards">
<caption class="unseen">${title} test cards</caption>
<thead><tr><th scope="col">Number</th><th scope="col">Brand</th><th scope="col">Ends in</th><th scope="col">Purpose</th></tr></thead>
<tbody>${cards.map(row)}</tbody></table></section>`;
}

/** Nothing on it is secret: where the private key is, and not the key. */
export async function credentialsPage(control: Control, { base, tokenField }: Visit): Promise<Markup> {
  const { baseUrl, firstClientId, file } = control.configuration();
  const { now } = control.clock();
  const clients = await control.clients();
  const keys = control.keys().toReversed();
  const where =
    file === undefined
      ? markup`kept in memory alone; <code>sandbox.credentials</code> has them`
      : markup`<code>${file}</code> ${copyButton(file, "the path of the credentials file")}`;
  const others = clients.filter(({ clientId }) => clientId !== firstClientId);
  return markup`<h1>Credentials</h1>
<p class="lead">What a client is configured with. The private key stands on no page: it is in the credentials file, which its owner alone can read.</p>
<section aria-labelledby="client"><h2 id="client">Client</h2>
${factList([
  ["Base URL", markup`<code>${baseUrl}</code> ${copyButton(baseUrl, "the base URL")}`],
  ["Client ID", markup`${formatId(firstClientId)} ${copyButton(firstClientId, "the client ID")}`],
  ["Credentials file", where],
  [
    "More merchants",
    others.length === 0
      ? undefined
      : markup`${others.map(({ clientId }) => markup`<span class="piece">${formatId(clientId)} ${copyButton(clientId, `the client ID ${clientId}`)}</span> `)}`,
  ],
])}
${codeBlock(clientSnippet(file), "a client for this sandbox")}
</section>
<section aria-labelledby="keys"><h2 id="keys">The gateway’s public keys</h2>
<p class="lead">Answers and notifications are verified with the key whose version their Signature header names.</p>
<div data-live="keys">${keys.map(
    ({ keyVersion, antomPublicKey, since, signs }) =>
      markup`<article class="key"><h3>Version ${keyVersion} ${
        signs ? stateLabel("good", "signs now") : markup`<span class="quiet">older</span>`
      }</h3><p class="quiet">Since ${formatTime(since, now)} UTC</p>${codeBlock(antomPublicKey.trim(), `public key ${keyVersion}`)}</article>`,
  )}</div>
<details class="danger"><summary>Replace the signing key…</summary>
<form method="post" action="${exactAttribute(base + PAGE.credentials)}">${tokenField}<p>From then on everything is signed with the next key, and a client that knows only the older ones believes no answer. That is what one wants to see.</p><button name="action" value="rotate">Replace the key</button></form></details></section>`;
}

const clientSnippet = (file = "credentials.json"): string => `import { readFileSync } from "node:fs";
import { createVaultClient } from "antom-vault";

const vault = createVaultClient(JSON.parse(readFileSync(${JSON.stringify(file)}, "utf8")));
`;
