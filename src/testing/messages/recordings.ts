/** Exchanges as a right merchant and a right gateway have them, in both forms of recording. */
import { type OperationId, operationPaths } from "../../../generated/operations.ts";
import { requestOf, responseOf } from "../../contract/document/openapi-document.ts";
import { inspect, type Passed } from "../../contract/traffic/inspect-exchange.ts";
import type { ExchangeRecord, HeaderList } from "../../contract/traffic/recording.ts";
import { messageTime } from "../../protocol/http.ts";
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

/** In what an exchange differs from a right one. */
export interface Change {
  readonly operation?: OperationId;
  readonly id?: string;
  /** Seconds after the first. */
  readonly at?: number;
  readonly card?: Body;
  readonly request?: (right: Body) => unknown;
  readonly answer?: (right: Body) => unknown;
  /** Once everything is signed. */
  readonly changed?: (passed: Passed) => Passed;
}

export interface Parties {
  readonly merchant: Keyring;
  readonly antom: Keyring;
  readonly antomPublicKey: string;
  readonly exchange: (change?: Change) => Promise<Passed>;
  /** As `antom-vault record` writes it. */
  readonly record: (change?: Change) => Promise<ExchangeRecord>;
}

const START = Date.UTC(2026, 4, 1, 10);

/** A merchant and a gateway with keys of their own. */
export async function meetParties(): Promise<Parties> {
  const [merchant, antom] = await Promise.all([generateKeyPair(), generateKeyPair()]);
  const [merchantKey, antomKey] = await Promise.all([
    importPrivateKey(merchant.privateKey),
    importPrivateKey(antom.privateKey),
  ]);
  const keys = {
    merchant: await importKeyring(merchant.publicKey, "merchant"),
    antom: await importKeyring(antom.publicKey, "antom"),
  };
  const exchange = (change: Change = {}) => exchangeOf(change, merchantKey, antomKey);
  return {
    ...keys,
    antomPublicKey: antom.publicKey,
    exchange,
    record: async (change) =>
      inspect(await exchange(change), { ...keys, clientId: CLIENT_ID, lenient: false, otherContent: false }),
  };
}

async function exchangeOf(change: Change, merchantKey: CryptoKey, antomKey: CryptoKey): Promise<Passed> {
  const { operation = "vaultPaymentMethod", id = "id-1", at = 0 } = change;
  const startedAt = START + at * 1000;
  const path = `/ams/sandbox/api${operationPaths[operation]}`;
  const asked = (change.request ?? same)(requestBody(operation, id, change.card));
  const answered = (change.answer ?? same)(answerBody(operation, id));
  const message = async (body: unknown, time: string, key: CryptoKey) => {
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
  const [requestTime, responseTime] = [String(startedAt), messageTime(startedAt)];
  const request = await message(asked, requestTime, merchantKey);
  const answer = await message(answered, responseTime, antomKey);
  const right: Passed = {
    operation,
    target: "https://gateway.example",
    startedAt,
    endedAt: startedAt + 100,
    request: { ...request, method: "POST", path, headers: [...request.headers, ["Request-Time", requestTime]] },
    answer: { ...answer, status: 200, headers: [...answer.headers, ["response-time", responseTime]] },
  };
  return change.changed ? change.changed(right) : right;
}

const same = (body: Body): unknown => body;

function requestBody(operation: OperationId, vaultingRequestId: string, card: Body = {}): Body {
  const [example] = requestOf(operation).examples.values() as Iterable<Body>;
  if (operation !== "vaultPaymentMethod") return { ...example, vaultingRequestId };
  const detail = { paymentMethodType: "CARD", card: { ...CARD, ...card } };
  return { ...example, vaultingRequestId, paymentMethodDetail: detail };
}

/** A success, with a token of its own where there is one. */
function answerBody(operation: OperationId, vaultingRequestId: string): Body {
  const examples = [...responseOf(operation).examples.values()] as readonly Body[];
  const success = examples.find(({ result }) => (result as Body)["resultStatus"] === "S") ?? {};
  if (operation === "createVaultingSession") return success;
  const cardToken = `ALIPAY${Buffer.from(vaultingRequestId.padEnd(64, ".")).toString("base64")}`;
  const card = { brand: "VISA", cardToken, maskedCardNo: "************0768" };
  const paymentMethodDetail = { paymentMethodType: "CARD", card };
  return { ...success, vaultingRequestId, paymentMethodDetail };
}

const headersOf = (list: HeaderList) => list.map(([name, value]) => ({ name, value }));
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** An entry as a browser writes it. */
export function harEntry({ startedAt, endedAt, target, request, answer }: Passed): Body {
  const text = textOf(answer?.body.bytes);
  return {
    startedDateTime: new Date(startedAt).toISOString(),
    time: endedAt - startedAt,
    request: {
      method: request.method,
      url: target + request.path,
      headers: [{ name: ":path", value: request.path }, ...headersOf(request.headers)],
      postData: { mimeType: "application/json", text: textOf(request.body.bytes) },
    },
    response: answer
      ? { status: answer.status, headers: headersOf(answer.headers), content: { size: answer.body.length, text } }
      : { status: 0, headers: [], content: {} },
  };
}

export const har = (...entries: readonly unknown[]): string =>
  JSON.stringify({ log: { version: "1.2", creator: { name: "test" }, entries } });

export const lines = (...records: readonly unknown[]): string =>
  records.map((each) => `${typeof each === "string" ? each : JSON.stringify(each)}\n`).join("");
