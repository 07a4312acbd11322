/** The pages with the test cards, the credentials, and the gateway's public keys. */
import { testCardsByName } from "../../../cards/card-names.ts";
import { type TestCard, VAULTED_CARD_FIELDS } from "../../../cards/test-cards.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup } from "../../../html/html-template.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { codeBlock, copyButton, factList, formatId, formatTime, stateLabel } from "../frame/components.ts";
import type { Visit } from "../frame/gate.ts";
import { codeLink } from "../frame/result-code-links.ts";

export function cardsPage(control: Control, { base, tokenField }: Visit): Markup {
  const { oneTimeCode } = control.cards();
  const cards = [...testCardsByName];
  const challenged = cards.filter(([, { challenge }]) => challenge !== undefined);
  const published = cards.filter(([, { publishedBy }]) => publishedBy === "antom");
  const failing = cards.filter(([, { publishedBy, challenge }]) => publishedBy !== "antom" && challenge === undefined);
  return markup`<h1>Test cards</h1>
<p class="lead">Use any CVV and any valid expiry date. Card numbers that are not in these lists are vaulted if they pass the Luhn check. The one-time code for challenges is <b class="digits">${oneTimeCode}</b> ${copyButton(oneTimeCode, "one-time code")}</p>
<p class="lead">If a test card is vaulted, the response contains ${VAULTED_CARD_FIELDS.join(", ")}. For other card numbers, it contains only the first 4 of these fields, without brand if the brand is unknown.</p>
<p class="lead">“Try it” calls vaultPaymentMethod with the card and a new vaultingRequestId, and opens the timeline. In a terminal, use the name of the card: <code>npx antom-vault vault --test-card visa</code>.</p>
<form method="post" action="${exactAttribute(base + PAGE.send)}">${tokenField}
${cardTable("Antom’s test cards", published, base)}
${cardTable("3-D Secure cards", challenged, base)}
${cardTable("Failing cards", failing, base)}
</form>`;
}

function cardTable(title: string, cards: readonly (readonly [string, TestCard])[], base: string): Markup {
  const row = ([name, { number, brand, purpose, result, country }]: (typeof cards)[number]) => markup`<tr>
<th scope="row" class="digits">${number.replace(/(.{4})(?=.)/g, "$1 ")} ${copyButton(number, `card number ending in ${number.slice(-4)}`)}</th>
<td class="code-word">${name}</td>
<td>${brand}${country === undefined ? "" : `, ${country}`}</td>
<td class="code-word">${codeLink(base, result)}</td>
<td class="purpose">${purpose}</td>
<td><button name="card" value="${name}" aria-label="Try it: ${name}">Try it</button></td>
</tr>`;
  return markup`<section><h2>${title}</h2><table class="list cards">
<caption class="visually-hidden">${title}</caption>
<thead><tr><th scope="col">Number</th><th scope="col">Name</th><th scope="col">Brand</th><th scope="col">Result</th><th scope="col">Purpose</th><td></td></tr></thead>
<tbody>${cards.map(row)}</tbody></table></section>`;
}

/** Renders the credentials page, which shows the path of the credentials file, but not the private key. */
export async function credentialsPage(control: Control, { base, tokenField }: Visit): Promise<Markup> {
  const { baseUrl, firstClientId, credentialsFile } = control.configuration();
  const { now } = control.clock();
  const clients = await control.clients();
  const keys = control.keys().toReversed();
  const location =
    credentialsFile === undefined
      ? markup`In memory only, as <code>sandbox.credentials</code>`
      : markup`<code>${credentialsFile}</code> ${copyButton(credentialsFile, "path of the credentials file")}`;
  const first = clients.find(({ clientId }) => clientId === firstClientId);
  const others = clients.filter(({ clientId }) => clientId !== firstClientId);
  return markup`<h1>Credentials</h1>
<p class="lead">Configure your client with these credentials. The private key is never shown on this page.</p>
<section aria-labelledby="client"><h2 id="client">Client</h2>
${factList([
  ["Base URL", markup`<code>${baseUrl}</code> ${copyButton(baseUrl, "base URL")}`],
  ["Client ID", markup`${formatId(firstClientId)} ${copyButton(firstClientId, "client ID")}`],
  ["Key fingerprint", first && markup`<code>${first.keyFingerprint}</code>`],
  ["Credentials file", location],
  [
    "Other clients",
    others.length === 0
      ? undefined
      : markup`${others.map(({ clientId, keyFingerprint }) => markup`<span class="client">${formatId(clientId)} ${copyButton(clientId, `client ID ${clientId}`)} <code>${keyFingerprint}</code></span> `)}`,
  ],
])}
${codeBlock(clientSnippet(credentialsFile), "client code")}
</section>
<section aria-labelledby="keys"><h2 id="keys">Gateway public keys</h2>
<p class="lead">To verify a response or notification, use the key whose version is in its Signature header.</p>
<div data-live="keys">${keys.map(
    ({ keyVersion, antomPublicKey, createdAt, signs }) =>
      markup`<article class="key"><h3>Version ${keyVersion} ${
        signs ? stateLabel("good", "Active") : markup`<span class="quiet">Previous</span>`
      }</h3><p class="quiet">Created ${formatTime(createdAt, now)} UTC</p>${codeBlock(antomPublicKey.trim(), `public key ${keyVersion}`)}</article>`,
  )}</div>
<details class="danger"><summary>Rotate signing key…</summary>
<form method="post" action="${exactAttribute(base + PAGE.credentials)}">${tokenField}<p>The gateway signs new responses and notifications with the new key. Clients that have only older keys reject them. Use this to test key rotation.</p><button name="action" value="rotate">Rotate key</button></form></details></section>`;
}

const clientSnippet = (credentialsFile = "credentials.json"): string => `import { readFileSync } from "node:fs";
import { createVaultClient } from "antom-vault";

const vault = createVaultClient(JSON.parse(readFileSync(${JSON.stringify(credentialsFile)}, "utf8")));
`;
