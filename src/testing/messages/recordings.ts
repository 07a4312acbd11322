/** Creates signed exchanges between a merchant and a gateway, in the format of `antom-vault record` or as HAR entries. */
import { type OperationId, operationPaths } from "../../../generated/operations.ts";
import { getRequestMessage, getResponseMessage } from "../../contract/document/openapi-document.ts";
import { inspectExchange, type ProxiedExchange } from "../../contract/traffic/inspect-exchange.ts";
import type { ExchangeRecord, HeaderList } from "../../contract/traffic/recording.ts";
import { formatMessageTime } from "../../protocol/http.ts";
import {
  type CryptoKey,
  formatSignatureHeader,
  generateKeyPair,
  importKeyring,
  importPrivateKey,
  type Keyring,
  sign,
} from "../../signature/index.ts";

export const CLIENT_ID = "SANDBOX_5Y00000000000000";
export const CARD = { cardNo: "4054695723100768", cvv: "739", expiryYear: "37", expiryMonth: "11" } as const;

type Body = Readonly<Record<string, unknown>>;

/** Changes to a valid exchange. */
export interface Change {
  readonly operation?: OperationId;
  readonly id?: string;
  /** The start of the exchange, in seconds after the default start. */
  readonly offsetSeconds?: number;
  readonly card?: Body;
  /** The Request-Time header. Default: the start in milliseconds. */
  readonly requestTime?: string;
  readonly request?: (valid: Body) => unknown;
  readonly response?: (valid: Body) => unknown;
  /** Changes the exchange after it is signed. */
  readonly tamper?: (exchange: ProxiedExchange) => ProxiedExchange;
}

export interface Parties {
  readonly merchant: Keyring;
  readonly antom: Keyring;
  readonly antomPublicKey: string;
  readonly createExchange: (change?: Change) => Promise<ProxiedExchange>;
  /** Creates an exchange in the format of `antom-vault record`. */
  readonly createRecord: (change?: Change) => Promise<ExchangeRecord>;
}

const START = Date.UTC(2026, 4, 1, 10);

/** Creates the keys of a merchant and of Antom, and functions that create exchanges signed with these keys. */
export async function createParties(): Promise<Parties> {
  const [merchant, antom] = await Promise.all([generateKeyPair(), generateKeyPair()]);
  const [merchantKey, antomKey] = await Promise.all([
    importPrivateKey(merchant.privateKey),
    importPrivateKey(antom.privateKey),
  ]);
  const keys = {
    merchant: await importKeyring(merchant.publicKey, "merchant"),
    antom: await importKeyring(antom.publicKey, "antom"),
  };
  const createSigned = (change: Change = {}) => createExchange(change, merchantKey, antomKey);
  return {
    ...keys,
    antomPublicKey: antom.publicKey,
    createExchange: createSigned,
    createRecord: async (change) =>
      inspectExchange(await createSigned(change), { ...keys, clientId: CLIENT_ID, lenient: false, reusesId: false }),
  };
}

async function createExchange(change: Change, merchantKey: CryptoKey, antomKey: CryptoKey): Promise<ProxiedExchange> {
  const { operation = "vaultPaymentMethod", id = "id-1", offsetSeconds = 0 } = change;
  const startedAt = START + offsetSeconds * 1000;
  const path = `/ams/sandbox/api${operationPaths[operation]}`;
  const requestBody = (change.request ?? identity)(createRequestBody(operation, id, change.card));
  const responseBody = (change.response ?? identity)(createResponseBody(operation, id));
  const createMessage = async (body: unknown, time: string, key: CryptoKey) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const signature = await sign({ path, clientId: CLIENT_ID, time, body: text }, key);
    const bytes = new TextEncoder().encode(text);
    const headers: HeaderList = [
      ["Content-Type", "application/json; charset=UTF-8"],
      ["Client-Id", CLIENT_ID],
      ["Signature", formatSignatureHeader(signature, 1)],
    ];
    return { headers, body: { bytes, length: bytes.byteLength } };
  };
  const [requestTime, responseTime] = [change.requestTime ?? String(startedAt), formatMessageTime(startedAt)];
  const request = await createMessage(requestBody, requestTime, merchantKey);
  const response = await createMessage(responseBody, responseTime, antomKey);
  const valid: ProxiedExchange = {
    operation,
    target: "https://gateway.example",
    startedAt,
    endedAt: startedAt + 100,
    request: { ...request, method: "POST", path, headers: [...request.headers, ["Request-Time", requestTime]] },
    response: { ...response, status: 200, headers: [...response.headers, ["response-time", responseTime]] },
  };
  return change.tamper ? change.tamper(valid) : valid;
}

const identity = (body: Body): unknown => body;

function createRequestBody(operation: OperationId, vaultingRequestId: string, card: Body = {}): Body {
  const [example] = getRequestMessage(operation).examples.values() as Iterable<Body>;
  if (operation !== "vaultPaymentMethod") return { ...example, vaultingRequestId };
  const detail = { paymentMethodType: "CARD", card: { ...CARD, ...card } };
  return { ...example, vaultingRequestId, paymentMethodDetail: detail };
}

/** Creates a successful response, with a unique card token if the operation returns one. */
function createResponseBody(operation: OperationId, vaultingRequestId: string): Body {
  const examples = [...getResponseMessage(operation).examples.values()] as readonly Body[];
  const success = examples.find(({ result }) => (result as Body)["resultStatus"] === "S") ?? {};
  if (operation === "createVaultingSession") return success;
  const cardToken = `ALIPAY${Buffer.from(vaultingRequestId.padEnd(64, ".")).toString("base64")}`;
  const card = { brand: "VISA", cardToken, maskedCardNo: "************0768" };
  const paymentMethodDetail = { paymentMethodType: "CARD", card };
  return { ...success, vaultingRequestId, paymentMethodDetail };
}

const toHarHeaders = (list: HeaderList) => list.map(([name, value]) => ({ name, value }));
const decodeText = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** Converts an exchange to a HAR entry like the ones that browsers export. */
export function toHarEntry({ startedAt, endedAt, target, request, response }: ProxiedExchange): Body {
  const text = decodeText(response?.body.bytes);
  return {
    startedDateTime: new Date(startedAt).toISOString(),
    time: endedAt - startedAt,
    request: {
      method: request.method,
      url: target + request.path,
      headers: [{ name: ":path", value: request.path }, ...toHarHeaders(request.headers)],
      postData: { mimeType: "application/json", text: decodeText(request.body.bytes) },
    },
    response: response
      ? {
          status: response.status,
          headers: toHarHeaders(response.headers),
          content: { size: response.body.length, text },
        }
      : { status: 0, headers: [], content: {} },
  };
}

export const toHar = (...entries: readonly unknown[]): string =>
  JSON.stringify({ log: { version: "1.2", creator: { name: "test" }, entries } });

export const toJsonLines = (...records: readonly unknown[]): string =>
  records.map((record) => `${typeof record === "string" ? record : JSON.stringify(record)}\n`).join("");
