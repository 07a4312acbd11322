/** Sends a canary card to the sandbox in valid and invalid requests. @module */
import { basePaths, operationPaths } from "../../../generated/operations.ts";
import { deriveProbes } from "../../contract/document/derive-probes.ts";
import type { Credentials } from "../../gateway/index.ts";
import { createBuyer } from "../browser/buyer.ts";
import type { Reply } from "../sandbox/sandbox.ts";
import { createNeedles, type Needle } from "./byte-search.ts";
import { CARD, listCardNumberForms } from "./card-forms.ts";
import {
  buildRawRequest,
  buildValidRequest,
  createRawMerchant,
  openRawConnection,
  type RawResponse,
} from "./raw-merchant.ts";

/** A card with a valid check digit that is not a published test card. Its 4-digit CVV and distant expiry date are unlikely to occur by chance. */
export const CANARY = CARD;
/** The first 12 digits of the card number, which occur nowhere else. The sandbox may show the last 4 digits of a card. */
const CARD_PREFIX = CANARY.cardNo.slice(0, 12);

/** Bytes that the sandbox must not store or print: the number without its last 4 digits, and the CVV and expiry date with their field names. */
export const NEEDLES: readonly Needle[] = [
  ...createNeedles("card number", CARD_PREFIX),
  ...[" ", "-", ".", "/", "_", "\u00a0", "\u2013"].flatMap((separator) =>
    createNeedles(`card number with ${JSON.stringify(separator)}`, CARD_PREFIX.match(/.{4}/g)?.join(separator) ?? ""),
  ),
  ...createNeedles("card number in full-width digits", "５９３９１７３８２６４０"),
  ...(["cvc", "CVN2"] as const).flatMap((field) => createNeedles(field, `"${field}":"${CANARY.cvv}"`)),
  ...(["cvv", "expiryYear", "expiryMonth"] as const).flatMap((field) => [
    ...createNeedles(field, `"${field}":"${CANARY[field]}"`),
    ...createNeedles(`${field}, spaced`, `"${field}": "${CANARY[field]}"`),
  ]),
  ...createNeedles("cvv in form data", `cvv=${CANARY.cvv}`),
  ...createNeedles("expiry in form data", `expiry=${CANARY.expiryMonth}%2F${CANARY.expiryYear}`),
  ...createNeedles("expiry", `"${CANARY.expiryMonth}/${CANARY.expiryYear}`),
];

type Body = Readonly<Record<string, unknown>>;

const PATH = basePaths.sandbox + operationPaths.vaultPaymentMethod;

export interface CanaryCalls {
  /** The heads and bodies of all responses. */
  readonly responses: readonly string[];
  /** The values of the signatures that were sent. */
  readonly signatures: readonly string[];
  readonly codes: Readonly<Record<string, number>>;
}

/**
 * Sends the canary card in invalid probes and in requests that repeat its number in other forms. Then sends the card in `count` calls or short
 * sequences of calls, including failures, challenges, sessions, faults, and invalid requests.
 */
export async function sendCanaries(
  credentials: Credentials,
  { count, notificationUrl }: { readonly count: number; readonly notificationUrl: string },
): Promise<CanaryCalls> {
  const caller = await createCaller(credentials);
  const kinds = createCallFunctions(caller, notificationUrl);
  for (const { rejected } of deriveProbes("vaultPaymentMethod"))
    for (const { body } of rejected) await caller.call(insertCanary(body));
  for (const form of listCardNumberForms(CANARY.cardNo))
    for (const more of [{ metadata: form, CVN2: CANARY.cvv, PAN: form }, { vaultingRequestId: form }, { [form]: form }])
      await caller.call({ ...createValidBody("canary-form", notificationUrl), ...more });
  for (let number = 0; number < count; number++) {
    // As with a real merchant, most calls are valid.
    const kind = number % 3 === 0 ? kinds[(number / 3) % kinds.length] : kinds[0];
    await kind?.(`canary-${number}`);
  }
  return caller.close();
}

type Caller = Awaited<ReturnType<typeof createCaller>>;

/** Creates a caller that records all responses. */
async function createCaller(credentials: Credentials) {
  const merchant = await createRawMerchant(credentials);
  const responses: string[] = [];
  const signatures: string[] = [];
  const codes: Record<string, number> = {};
  let connection = await openRawConnection(credentials.baseUrl);

  async function send(bytes: Buffer): Promise<RawResponse> {
    if (!connection.isOpen()) connection = await openRawConnection(credentials.baseUrl);
    signatures.push(/signature=([^\r\n]*)/.exec(bytes.toString("latin1"))?.[1] ?? "");
    const response = await connection.send(bytes);
    responses.push(response.head, response.body.toString());
    const code = /"resultCode":"(\w+)"/.exec(response.body.toString())?.[1] ?? `HTTP ${response.status}`;
    codes[code] = (codes[code] ?? 0) + 1;
    return response;
  }
  return {
    baseUrl: credentials.baseUrl,
    merchant,
    send,
    call: (body: object | string, path = PATH) => send(buildValidRequest(merchant, path, body)),
    control: async (path: string, body: object) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${credentials.baseUrl}/_sandbox/${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      responses.push(await response.text());
    },
    post: async (buyer: ReturnType<typeof createBuyer>, url: string, fields: Readonly<Record<string, string>>) => {
      const page = await buyer.post(url, fields);
      responses.push(page.text, JSON.stringify([...page.headers]));
    },
    close: (): CanaryCalls => {
      connection.close();
      return { responses, signatures: signatures.filter((signature) => signature !== ""), codes };
    },
  };
}

const createValidBody = (id: string, notificationUrl: string, card: Body = {}, more: Body = {}): Body => ({
  vaultingRequestId: id,
  vaultingNotificationUrl: notificationUrl,
  redirectUrl: "http://127.0.0.1:22/done",
  paymentMethodDetail: { paymentMethodType: "CARD", card: { ...CANARY, ...card } },
  env: { terminalType: "WEB" },
  ...more,
});

/** Returns a function for each kind of call. The first function sends a valid request. */
function createCallFunctions(caller: Caller, notificationUrl: string): readonly ((id: string) => Promise<unknown>)[] {
  const { baseUrl, merchant, send, call, control } = caller;
  const createBody = (id: string, card?: Body, more?: Body) => createValidBody(id, notificationUrl, card, more);

  return [
    (id) => call(createBody(id)),
    (id) => call(createBody(id)).then(() => call(createBody(id, { cvv: "815" }))),
    (id) => call(createBody(id), PATH.replace("vaultPaymentMethod", "inquireVaulting")),
    (id) => call(createBody(id, { cardNo: `${CANARY.cardNo.slice(0, -1)}${(Number(CANARY.cardNo.at(-1)) + 1) % 10}` })),
    (id) =>
      call(
        createBody(id, {
          number: CANARY.cardNo,
          note: `card ${CANARY.cardNo} cvv ${CANARY.cvv}`,
          [CANARY.cardNo]: CANARY.cardNo,
        }),
      ),
    (id) =>
      call(
        createBody(
          id,
          {},
          {
            card: { ...CANARY },
            nested: [[{ deep: CANARY.cardNo }]],
            spaced: CANARY.cardNo.replace(/(.{4})(?=.)/g, "$1 "),
            ...CANARY,
          },
        ),
      ),
    (id) => call(createBody(id, {}, { env: { terminalType: CANARY.cardNo } })),
    (id) => call(`${JSON.stringify(createBody(id)).slice(0, -1)},`),
    (id) => call(JSON.stringify(createBody(id)).replace('"cvv":', '"cvv":"1","cvv":')),
    (id) => call(JSON.stringify(createBody(id)).replace('"cvv":', `"${CANARY.cardNo}":"1","${CANARY.cardNo}":`)),
    (id) => call(`\ufeff${JSON.stringify(createBody(id))}`),
    (id) => call(JSON.stringify(createBody(id), null, 2)),
    (id) => call(JSON.stringify(JSON.stringify(createBody(id)))),
    (id) => call({ ...createBody(id), padding: "x".repeat(70_000) }),
    // The next 3 functions send requests with an invalid signature.
    (id) =>
      send(
        Buffer.from(
          buildValidRequest(merchant, PATH, createBody(id)).toString("latin1").replace('"WEB"', '"APP"'),
          "latin1",
        ),
      ),
    (id) => send(buildForgedRequest(merchant.clientId, JSON.stringify(createBody(id)))),
    (id) => send(buildForgedRequest("unknown", JSON.stringify(createBody(id)))),
    (id) => call(createBody(id), `${PATH}?cardNo=${CANARY.cardNo}&cvv=${CANARY.cvv}`),
    (id) => call(createBody(id), `/${CANARY.cardNo}${PATH}`),
    (id) => control("faults", { fault: "request-dropped" }).then(() => call(createBody(id))),
    (id) => control("faults", { fault: "response-dropped" }).then(() => call(createBody(id))),
    (id) => control("faults", { fault: "response-truncated" }).then(() => call(createBody(id))),
    (id) => control("faults", { fault: "response-unsigned" }).then(() => call(createBody(id))),
    (id) => control("faults", { fault: "response-invalid-signature" }).then(() => call(createBody(id))),
    (id) => control("faults", { fault: "response-delayed", ms: 5 }).then(() => call(createBody(id))),
    async (id) => {
      await control("scenarios", { operation: "vaultPaymentMethod", resultCode: "UNKNOWN_EXCEPTION", minutes: 1 });
      await call(createBody(id));
      await fetch(`${baseUrl}/_sandbox/scenarios`, { method: "DELETE" });
    },
    async (id) => {
      const { body } = await call(createBody(id, { is3DSAuthentication: true }));
      await submitCodes(caller, readPageUrl(body));
    },
    async (id) => {
      const session = { paymentMethodType: "CARD", vaultingRequestId: id, vaultingNotificationUrl: notificationUrl };
      const { body } = await call(
        { ...session, is3DSAuthentication: true, ...CANARY },
        PATH.replace("vaultPaymentMethod", "createVaultingSession"),
      );
      await submitCards(caller, readPageUrl(body));
    },
  ];
}

async function submitCodes({ post }: Caller, url: string): Promise<void> {
  const buyer = createBuyer();
  await buyer.get(url);
  for (const fields of [{ code: CANARY.cardNo }, { code: CANARY.cvv, ...CANARY }, { code: "123456" }]) {
    await post(buyer, url, { action: "code", ...fields });
  }
}

async function submitCards({ post }: Caller, url: string): Promise<void> {
  const buyer = createBuyer();
  await buyer.get(url);
  const expiry = `${CANARY.expiryMonth}/${CANARY.expiryYear}`;
  const valid = { cardNo: CANARY.cardNo, expiry, cvv: CANARY.cvv };
  for (const fields of [
    { ...valid, cardNo: `${CANARY.cardNo}1` },
    { ...valid, expiry: "13/87" },
    { ...valid, cvv: `${CANARY.cvv}1` },
    { ...valid, token: CANARY.cardNo },
    { ...valid, padding: "x".repeat(5000) },
    valid,
    valid,
  ]) {
    await post(buyer, url, fields);
  }
}

const readPageUrl = (body: Buffer): string => {
  const { normalUrl } = JSON.parse(body.toString()) as { readonly normalUrl: string };
  return normalUrl;
};

/**
 * Replaces the valid card fields of a probe's body with those of the canary, and an HTTPS notification URL with one that the sandbox blocks. The
 * field that the probe tests stays invalid.
 */
function insertCanary(body: Body): object {
  const text = JSON.stringify(body)
    .replace(/"cardNo":"\d{16}"/, `"cardNo":"${CANARY.cardNo}"`)
    .replace(/"cvv":"\d{3}"/, `"cvv":"${CANARY.cvv}"`)
    .replace(/"expiryYear":"\d\d"/, `"expiryYear":"${CANARY.expiryYear}"`)
    .replace(/"expiryMonth":"\d\d"/, `"expiryMonth":"${CANARY.expiryMonth}"`)
    .replace(/"vaultingNotificationUrl":"https[^"]*"/, '"vaultingNotificationUrl":"http://127.0.0.1:22/"');
  return JSON.parse(text) as object;
}

function buildForgedRequest(clientId: string, text: string): Buffer {
  const body = Buffer.from(text);
  const signature = Buffer.alloc(256, 0xa7).toString("base64");
  return buildRawRequest(
    "POST",
    PATH,
    [
      ["host", "127.0.0.1"],
      ["content-type", "application/json"],
      ["client-id", clientId],
      ["request-time", String(Date.now())],
      ["signature", `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature)}`],
      ["content-length", String(body.length)],
    ],
    body,
  );
}

/** A response to a notification, with the canary in the Location header and the body. */
export const CANARY_REPLY: Reply = {
  status: 500,
  location: `/cards?cardNo=${CANARY.cardNo}&cvv=${CANARY.cvv}`,
  body: JSON.stringify({ echo: CANARY, note: `card ${CANARY.cardNo}`, text: JSON.stringify(CANARY) }, null, 1),
};
