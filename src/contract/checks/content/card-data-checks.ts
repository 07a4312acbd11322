/**
 * Checks that no message reveals card data. Because a short value can occur by chance, data counts as revealed only if messages about several cards
 * each contain the data of their card in the same place.
 */
import type { OperationId } from "../../../../generated/operations.ts";
import { normalizeDigits } from "../../../cards/card-digits.ts";
import type { Inbox } from "../../conversation/notification-listener.ts";
import { PASS_CHALLENGE, submitForm, WRONG_CODE } from "../../conversation/simulated-buyer.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { createRequestBody, type RequestBody, TEST_CARDS, withCard } from "../../document/sample-requests.ts";
import type { Exchange, Notification } from "../../model/exchange.ts";
import { CheckSkipped } from "../../model/failure.ts";
import { listEncodings, listHashes, reverseText } from "../../rules/encodings.ts";
import { fail, omitBody } from "../../rules/fail.ts";
import { failNotification } from "../../rules/notification-rules.ts";
import { type Check, selectStateChecks } from "../check.ts";
import { createSession, enterCard, getNormalUrl, getVaultingStatus, inquire, vault } from "../vaulting-requests.ts";

/** The data of 3 cards that differ in every value. */
export const CARD_DATA: readonly RequestBody[] = [
  {
    cvv: "739",
    expiryYear: "33",
    expiryMonth: "07",
    cardholderName: {
      firstName: "Cinnamon",
      middleName: "Walnut",
      lastName: "Lighthouse",
      fullName: "Cinnamon Lighthouse",
    },
    billingAddress: {
      region: "DE",
      city: "Lagoon",
      address1: "7741 Copper Lane",
      address2: "Flat 6630",
      zipCode: "86917",
    },
    dateOfBirth: "1987-03-14",
    businessNo: "1208147521",
    businessRegistrationNo: "7308192645",
    cardPasswordDigest: "87",
    cpf: "12345678909",
  },
  {
    cvv: "846",
    expiryYear: "34",
    expiryMonth: "09",
    cardholderName: { firstName: "Juniper", middleName: "Hazel", lastName: "Windmill", fullName: "Juniper Windmill" },
    billingAddress: {
      region: "FR",
      city: "Meadow",
      address1: "9158 Silver Lane",
      address2: "Flat 8264",
      zipCode: "68731",
    },
    dateOfBirth: "1969-11-27",
    businessNo: "2208162517",
    businessRegistrationNo: "6194073528",
    cardPasswordDigest: "93",
    cpf: "52998224725",
  },
  {
    cvv: "581",
    expiryYear: "36",
    expiryMonth: "11",
    cardholderName: {
      firstName: "Marigold",
      middleName: "Chestnut",
      lastName: "Waterfall",
      fullName: "Marigold Waterfall",
    },
    billingAddress: {
      region: "IT",
      city: "Canyon",
      address1: "3506 Bronze Lane",
      address2: "Flat 4387",
      zipCode: "94205",
    },
    dateOfBirth: "1991-08-30",
    businessNo: "1018116293",
    businessRegistrationNo: "8452716093",
    cardPasswordDigest: "76",
    cpf: "11144477735",
  },
];

type Secret = readonly [label: string, forms: readonly string[]];

/** Returns the texts that would reveal each value of a card, in the same order for each card. */
function listSecrets({ expiryYear, expiryMonth, ...values }: RequestBody): readonly Secret[] {
  const [year, month] = [String(expiryYear), String(expiryMonth)];
  const dates = ["", "/", "-", "."].flatMap((sign) => [month + sign + year, year + sign + month]);
  const number = String(values["cardNo"]);
  return [
    ["first 9 or last 5 digits", [number.slice(-5), number.slice(0, 9)]],
    ["expiry date", [...dates, `${month}20${year}`, `20${year}${month}`, ...listHashes(month + year)]],
    ...Object.entries(values).flatMap(([name, value]): readonly Secret[] =>
      typeof value === "string"
        ? [[name, listForms(value)]]
        : Object.entries(value ?? {})
            .filter(([part]) => part !== "region")
            .map(([part, text]) => [`${name}.${part}`, listForms(String(text))]),
    ),
  ];
}

function listForms(value: string): readonly string[] {
  if (value.length < 3) return [value];
  const text = value.toLowerCase();
  const digits = text.replaceAll("-", "");
  // Korean issuers use the date of birth without the century.
  const short = digits === text ? text : digits.slice(2);
  return [text, digits, short, reverseText(text), ...listEncodings(value), ...listHashes(value)];
}

/**
 * Returns the places where a text contains a form. For a form of more than 5 characters, the only place is `anywhere`. For a shorter form, the places
 * are `word` if the form is a separate word, and its offsets from both ends of the text if it has more than 2 characters.
 */
function listPlaces(text: string, form: string): readonly (number | string)[] {
  if (form.length > 5) return text.includes(form) ? ["anywhere"] : [];
  const places: (number | string)[] = [];
  for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + 1)) {
    const end = start + form.length;
    if (form.length > 2) places.push(start, start - text.length);
    if (!/[\p{L}\p{N}]/u.test(`${text[start - 1] ?? " "}${text[end] ?? " "}`)) places.push("word");
  }
  return places;
}

const hashesByCard = new Map<RequestBody, ReadonlySet<string>>();

/** Returns hashes of the card number joined with the expiry date, the CVV, or both. Each hash reveals the number, as a hash of the number alone does. */
function getJoinedHashes(card: RequestBody): ReadonlySet<string> {
  const known = hashesByCard.get(card);
  if (known) return known;
  const [number, cvv, month, year] = ["cardNo", "cvv", "expiryMonth", "expiryYear"].map((name) => String(card[name]));
  const dates = [[month, year], [year, month], [month, `20${year}`], [`20${year}`, month], [`${month}/${year}`]];
  const parts = [[cvv], ...dates, ...dates.map((date) => [date.join("")]), ...dates.map((date) => [...date, cvv])];
  const texts = parts.flatMap((others) =>
    ["", "|", ":", "-", "/", ";", ",", " "].map((sign) => [number, ...others].join(sign)),
  );
  const hashes = new Set([...new Set(texts)].flatMap(listHashes));
  hashesByCard.set(card, hashes);
  return hashes;
}

/** Returns whether a text contains one of the hashes. `hashes` contains the first 16 characters of each hash. */
const containsHash = (text: string, hashes: ReadonlySet<string>): boolean =>
  (text.match(/[\w+/-]{20,}/g) ?? []).some((word) =>
    Array.from(word, (_, start) => word.slice(start, start + 16)).some((part) => hashes.has(part)),
  );

type Message = Exchange | Notification;

/** Fields of a message that may contain the data of the vaulted card. */
const PERMITTED = /\/card\/(?:expiryYear|expiryMonth|cardholderName|billingAddress)\b/;

/** The fingerprint may be a hash of the number. */
const FINGERPRINT = /\/card\/fingerprint\b/;

/** Returns the texts of a message by location: values in the body, and headers except the signature. Also returns each text without separators. */
function listTexts({ body, bytes, headers }: Message): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const add = (location: string, value: unknown): void => {
    if (PERMITTED.test(location)) return;
    if (typeof value === "object" && value !== null)
      for (const [name, inner] of Object.entries(value)) add(`${location}/${name}`, inner);
    else texts.set(location, String(value).toLowerCase());
  };
  add("", body ?? new TextDecoder().decode(bytes));
  for (const [name, value] of headers) if (name !== "signature") texts.set(`the header ${name}`, value.toLowerCase());
  for (const [location, text] of [...texts]) texts.set(`${location} (without separators)`, normalizeDigits(text));
  return texts;
}

/**
 * Expects that the messages, each about a different card, do not all contain their card's data in the same place. Also expects that no message
 * contains a hash of the card number joined with other data.
 */
function expectHidden(messages: readonly Message[], { cards, subject }: Kind): void {
  const texts = messages.map(listTexts);
  for (const [index, message] of messages.entries()) {
    const hashes = getJoinedHashes(cards[index] ?? {});
    const [location] = [...(texts[index] ?? [])].find(([, text]) => containsHash(text, hashes)) ?? [];
    if (location !== undefined) failRevealed(message, "a hash of the number and other data", subject, location);
  }
  const [first, ...others] = texts;
  const [firstSecrets, ...otherSecrets] = cards.map(listSecrets);
  for (const [location, text] of first ?? [])
    for (const [index, [label, forms]] of (firstSecrets ?? []).entries()) {
      const permitted =
        FINGERPRINT.test(location) && label === "cardNo" ? listHashes(String(cards[0]?.["cardNo"])) : [];
      const isRevealed = forms.some((form, formIndex) => {
        if (permitted.includes(form)) return false;
        const places = listPlaces(text, form);
        return places.some((place) =>
          others.every((other, card) =>
            listPlaces(other.get(location) ?? "", otherSecrets[card]?.[index]?.[1][formIndex] ?? "").includes(place),
          ),
        );
      });
      const [message] = messages;
      if (isRevealed && message) failRevealed(message, `the ${label}`, subject, location);
    }
}

function failRevealed(message: Message, data: string, subject: string, location: string): never {
  const problem = `reveals ${data} of ${subject} in ${location || "its body"}.`;
  if ("operation" in message) fail(omitBody(message), `Response ${problem}`);
  failNotification(omitBody(message), `Notification ${problem}`);
}

interface Conversation {
  readonly messages: readonly Exchange[];
  /** The headers and the HTML of the buyer's pages. */
  readonly pages?: readonly string[];
}

type Converse = (client: TargetClient, card: RequestBody, url: RequestBody) => Promise<Conversation>;

const vaultCard: Converse = (client, card, url) => vaultWithForms(client, card, url, [PASS_CHALLENGE]);

async function vaultWithForms(
  client: TargetClient,
  card: RequestBody,
  url: RequestBody,
  forms: readonly (typeof PASS_CHALLENGE)[],
): Promise<Conversation> {
  const id = client.createId();
  const change = { ...withCard(card), ...url };
  const messages = [await vault(client, id, change), await inquire(client, id)];
  const pages: string[] = [];
  const page = messages.map(getNormalUrl).find((value) => typeof value === "string");
  if (page !== undefined) {
    for (const form of forms) await submitForm(page, form, (text) => pages.push(text)).catch(() => {});
    messages.push(await inquire(client, id));
  }
  return { messages: [...messages, await vault(client, id, change)], pages };
}

const sendInvalid: Converse = async (client, card, url) => {
  const body = createRequestBody("vaultPaymentMethod", client.createId(), { ...withCard(card), ...url, env: {} });
  return { messages: [await client.send({ operation: "vaultPaymentMethod", body, expect: "rejected" })] };
};

/** Sends a body that is cut off after a value of the card, before the closing quotation mark. */
const sendCutOff =
  (after: string): Converse =>
  async (client, card, url) => {
    const text = JSON.stringify(
      createRequestBody("vaultPaymentMethod", client.createId(), { ...withCard(card), ...url }),
    );
    const body = text.slice(0, text.indexOf(",", text.indexOf(`"${after}":`)) - 1);
    return { messages: [await client.send({ operation: "vaultPaymentMethod", body, expect: "rejected" })] };
  };

const vaultInSession =
  (formatNumber: (cardNo: string) => string, change: RequestBody = {}): Converse =>
  async (client, { cardNo, cvv, expiryMonth, expiryYear }, url) => {
    const id = client.createId();
    const session = await createSession(client, id, { ...change, ...url });
    const form = { cvv: String(cvv), expiry: `${expiryMonth}/${expiryYear}` };
    const pages: string[] = [];
    await enterCard(client, session, formatNumber(String(cardNo)), form, (page) => pages.push(page)).catch(() => {});
    return {
      // The first page, on which no card has been entered yet, may list test cards.
      pages: pages.slice(1),
      messages: [session, await inquire(client, id), await createSession(client, id, { ...change, ...url })],
    };
  };

/** Sends a card whose values end with an additional character, which makes most of them invalid. */
const sendInvalidCard: Converse = (client, card, url) =>
  sendInvalid(
    client,
    Object.fromEntries(
      Object.entries(card).map(([name, value]) => [name, typeof value === "string" ? `${value}x` : value]),
    ),
    url,
  );

const withNumbers = (numbers: readonly string[]): readonly RequestBody[] =>
  CARD_DATA.map((card, index) => ({ ...card, cardNo: numbers[index % numbers.length] }));
const CARDS = withNumbers([TEST_CARDS.visa, TEST_CARDS.mastercard]);

interface Kind {
  /** What the messages are about. */
  readonly subject: string;
  readonly cards: readonly RequestBody[];
  readonly converse: Converse;
}

const KINDS: readonly Kind[] = [
  { subject: "a card", cards: CARDS, converse: vaultCard },
  { subject: "a declined card", cards: withNumbers([TEST_CARDS.declined]), converse: vaultCard },
  {
    subject: "a card that is declined after 3-D Secure",
    cards: withNumbers([TEST_CARDS.declined]),
    converse: (client, card, url) => vaultCard(client, { ...card, is3DSAuthentication: true }, url),
  },
  {
    subject: "a card with 3-D Secure",
    cards: CARDS,
    // The page might repeat the card after a wrong code.
    converse: (client, card, url) =>
      vaultWithForms(client, { ...card, is3DSAuthentication: true }, url, [WRONG_CODE, PASS_CHALLENGE]),
  },
  { subject: "a card in a rejected request", cards: CARDS, converse: sendInvalid },
  { subject: "an invalid card", cards: CARDS, converse: sendInvalidCard },
  ...["cvv", "expiryMonth", "cardNo"].map((name) => ({
    subject: `a card in a body that is cut off after the ${name}`,
    cards: CARDS,
    converse: sendCutOff(name),
  })),
  {
    subject: "a card that is entered on a session's page",
    cards: CARDS,
    converse: vaultInSession((cardNo) => cardNo),
  },
  {
    subject: "a card that is entered in groups of digits on a session's page, with 3-D Secure",
    cards: CARDS,
    converse: vaultInSession((cardNo) => cardNo.replace(/.{4}(?=.)/g, "$& "), { is3DSAuthentication: true }),
  },
];

interface NotifiedConversation extends Conversation {
  readonly inbox: Inbox | undefined;
}

/** Runs the conversation of each kind for each of its cards, once for all checks. */
export const getCardConversations = (
  client: TargetClient,
): Promise<ReadonlyMap<Kind, readonly NotifiedConversation[]>> =>
  client.once("card data", async () => {
    const listener = client.target.capabilities?.includes("notifications") ? await client.getListener() : undefined;
    const all = new Map<Kind, readonly NotifiedConversation[]>();
    // Runs one kind after another, because a target can be slow.
    for (const kind of KINDS) {
      const conversations = kind.cards.map(async (card) => {
        const inbox = listener?.createInbox();
        const url = inbox ? { vaultingNotificationUrl: inbox.url } : {};
        return { ...(await kind.converse(client, card, url)), inbox };
      });
      all.set(kind, await Promise.all(conversations));
    }
    return all;
  });

/**
 * Expects that the pages about the cards do not all contain their card's number, other long values in any form, or their card's CVV as the content of
 * an element or an attribute.
 */
function expectHiddenInPages(conversations: readonly Conversation[], { cards, subject }: Kind): void {
  const forms: readonly (readonly [label: string, isShown: (html: string, card: RequestBody) => boolean])[] = [
    ["card number", (html, { cardNo }) => normalizeDigits(html).includes(String(cardNo))],
    ["CVV", (html, { cvv }) => [`>${cvv}<`, `"${cvv}"`, `'${cvv}'`].some((text) => html.includes(text))],
  ];
  for (const [label, isShown] of forms)
    if (cards.every((card, index) => conversations[index]?.pages?.some((html) => isShown(html, card)))) {
      const [message] = conversations[0]?.messages ?? [];
      if (message) fail(omitBody(message), `A buyer page contains the ${label} of ${subject}.`);
    }
  const pagesText = conversations.map(({ pages = [] }) => pages.join("\n").toLowerCase());
  if (pagesText.includes("")) return;
  const secrets = cards.map(listSecrets);
  for (const [index, [label]] of (secrets[0] ?? []).entries()) {
    const isShown = (forms: readonly string[] = [], html = "") =>
      forms.some((form) => form.length > 5 && html.includes(form));
    const [message] = conversations[0]?.messages ?? [];
    if (message && secrets.every((all, card) => isShown(all[index]?.[1], pagesText[card])))
      fail(omitBody(message), `A buyer page contains the ${label} of ${subject}.`);
  }
}

async function expectHiddenInResponses(client: TargetClient, operation: OperationId): Promise<void> {
  for (const [kind, conversations] of await getCardConversations(client)) {
    if (operation === "vaultPaymentMethod") expectHiddenInPages(conversations, kind);
    for (const index of conversations[0]?.messages.keys() ?? []) {
      const responses = conversations.flatMap(({ messages }) => messages[index] ?? []);
      const isComparable = responses.length === conversations.length;
      if (isComparable && responses.every((response) => response.operation === operation))
        expectHidden(responses, kind);
    }
  }
}

async function expectHiddenInNotifications(client: TargetClient): Promise<void> {
  let isTested = false;
  for (const [kind, conversations] of await getCardConversations(client)) {
    const isFinal = ({ messages }: Conversation) =>
      messages.some((message) => /^(?:SUCCESS|FAIL)$/.test(String(getVaultingStatus(message))));
    if (!conversations.every(isFinal)) continue;
    await Promise.all(conversations.map(({ inbox }) => inbox?.waitFor(1)));
    const notifications = conversations.flatMap(({ inbox }) => inbox?.received[0] ?? []);
    if (notifications.length < conversations.length) continue;
    isTested = true;
    expectHidden(notifications, kind);
  }
  if (!isTested) throw new CheckSkipped("The target sent no notification.");
}

const TITLE =
  "reveals no card data (such as the CVV, expiry date, name, address, ID numbers, or password digits) in a field or header that must not contain it";
const SOURCE = "/components/schemas/Card";

export const createCardDataChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(
    operation,
    [
      {
        id: `${operation}.card-data.hidden`,
        title: TITLE,
        run: (client) => expectHiddenInResponses(client, operation),
      },
    ],
    SOURCE,
  );

export const createNotifiedCardDataCheck = (): Check => ({
  id: "notifyVaulting.card-data.hidden",
  operation: "notifyVaulting",
  title: TITLE,
  source: SOURCE,
  requires: ["state", "notifications"],
  run: expectHiddenInNotifications,
});
