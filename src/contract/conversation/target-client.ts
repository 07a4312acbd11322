/** How a check talks to a target: signed requests out, raw answers in, everything looked at. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { basePaths, type Environment, type OperationId, operationPaths } from "../../../generated/operations.ts";
import { JSON_MEDIA_TYPE } from "../../protocol/http.ts";
import { environmentOf } from "../../protocol/operations.ts";
import { requireSafeTransport } from "../../protocol/require-tls.ts";
import {
  type CryptoKey,
  formatSignatureHeader,
  importKeyring,
  importPrivateKey,
  type Keyring,
  sign,
  textToSign,
} from "../../signature/index.ts";
import { inOwnCard } from "../document/sample-requests.ts";
import type { Exchange, Reading, ReceivedAnswer, SentRequest } from "../model/exchange.ts";
import type { Target } from "../model/target.ts";
import { addClient } from "./control-api.ts";
import { type Listener, openListener } from "./notification-listener.ts";
import { readExchange } from "./read-exchange.ts";
import { Ledger } from "./run-record.ts";
import { answerTo, type Sending } from "./send-request.ts";

export class Conversation {
  readonly target: Target;
  readonly reading: Reading;
  readonly ledger: Ledger;
  readonly #privateKey: CryptoKey;
  readonly #shared = new Map<string, Promise<unknown>>();
  readonly #run = crypto.randomUUID().slice(0, 8);
  readonly #turnToCall: () => Promise<void>;
  #count = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(target: Target, privateKey: CryptoKey, keyring: Keyring, ledger: Ledger) {
    this.target = target;
    this.ledger = ledger;
    this.#privateKey = privateKey;
    const { clientId, lenient = false, abilities = [], card, rate } = target;
    this.#turnToCall = rate === undefined ? async () => {} : pace(rate);
    this.reading = { clientId, keyring, lenient, card, remembers: abilities.includes("state") };
  }

  /**
   * @throws AntomVaultError `KEY_INVALID`; `TLS_REQUIRED` where certificate checks are switched off, or a card of one's own would leave the
   * machine in plain text: the document's test card may, to a gateway in the same network
   */
  static async open(target: Target, ledger = new Ledger()): Promise<Conversation> {
    const url = new URL(target.baseUrl);
    if (target.card || url.protocol === "https:") requireSafeTransport(url);
    const privateKey = await importPrivateKey(target.merchantPrivateKey, "merchantPrivateKey");
    return new Conversation(target, privateKey, await importKeyring(target.antomPublicKey, "antomPublicKey"), ledger);
  }

  /** A vaultingRequestId that no other request of any run has. */
  freshId(): string {
    this.#count += 1;
    return `contract-${this.#run}-${this.#count}`;
  }

  /** What several checks look at is brought about once. */
  once<Value>(name: string, bringAbout: () => Promise<Value>): Promise<Value> {
    const known = this.#shared.get(name) ?? bringAbout();
    this.#shared.set(name, known);
    // The map holds under a name what was made under it.
    return known as Promise<Value>;
  }

  /** A merchant's listener of this run's own, on this machine. */
  listener(): Promise<Listener> {
    return this.once("listener", () =>
      openListener(this.reading, (notification) => this.ledger.observeNotification(notification, this.reading)),
    );
  }

  /** Does work once all that was given here before is done. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** Another merchant at the same target, by a name of the run's own. */
  stranger(name: string): Promise<Conversation> {
    return this.once(`stranger ${name}`, async () => Conversation.open(await addClient(this.target), this.ledger));
  }

  /** Holds an answer that another client got against the rules for all answers. */
  async observe(operation: OperationId, request: SentRequest, answer: ReceivedAnswer): Promise<void> {
    this.ledger.observe(await readExchange(operation, request, answer, this.reading));
  }

  /** The path of an operation at this target. */
  path(operation: OperationId, environment?: Environment): string {
    const { basePath, clientId } = this.target;
    const own = basePath ?? basePaths[environmentOf(clientId)];
    return (environment ? basePaths[environment] : own) + operationPaths[operation];
  }

  /** Sends a request, right but for what `sending` says. Rejects with a {@link ContractFailure} where no answer comes. */
  async send(sending: Sending): Promise<Exchange> {
    await this.#turnToCall();
    const request = await this.#signed(sending);
    const exchange = await readExchange(sending.operation, request, await answerTo(request), this.reading);
    this.ledger.observe(exchange);
    return exchange;
  }

  /** Sends a request and hangs up before the answer can come. Resolves once the connection is closed. */
  async sendAndHangUp(sending: Sending): Promise<void> {
    await this.#turnToCall();
    const { method, baseUrl, path, headers, bytes } = await this.#signed(sending);
    const request = baseUrl.startsWith("https:") ? requestHttps : requestHttp;
    await new Promise<void>((resolve) => {
      const call = request(baseUrl + path, { method, headers: Object.fromEntries(headers), agent: false });
      // Whatever has come of it by then: nobody is there any more to hear it.
      call.on("error", () => {}).on("close", resolve);
      call.end(bytes, () => call.destroy());
    });
  }

  async #signed(sending: Sending): Promise<SentRequest> {
    const { operation, method = "POST", expect = "accepted", otherContent = false } = sending;
    const path = sending.path ?? this.path(operation);
    const clientId = sending.clientId ?? this.target.clientId;
    const time = sending.time ?? String(Date.now());
    const bytes = this.#bytesOf(sending.body);
    const signed = sending.signed?.body === undefined ? {} : { body: this.#bytesOf(sending.signed.body) };
    const text = { path, clientId, time, body: bytes, ...sending.signed, ...signed };
    const signature = sending.makeSignature
      ? await sending.makeSignature(textToSign(text), this.target.merchantPrivateKey)
      : await sign(text, sending.key ?? this.#privateKey);
    const headers = new Headers({
      "content-type": JSON_MEDIA_TYPE,
      "client-id": clientId,
      "request-time": time,
      ...sending.headers,
    });
    const header = formatSignatureHeader(signature, 1);
    const sent = sending.signatureHeader ? sending.signatureHeader(header) : header;
    if (sent !== undefined) headers.set("signature", sent);
    const bodyCounts = expect === "accepted" || typeof sending.body === "object";
    return { method, baseUrl: this.target.baseUrl, path, headers, bytes, expect, bodyCounts, otherContent };
  }

  #bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
    if (body instanceof Uint8Array) return new Uint8Array(body);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const { card } = this.target;
    return new TextEncoder().encode(card ? inOwnCard(text, card) : text);
  }
}

/** Returns a function that resolves when it is the call's turn: at most `perSecond` calls a second, one after the other. */
export function pace(perSecond: number): () => Promise<void> {
  const distance = 1000 / perSecond;
  let next = 0;
  return async () => {
    const now = performance.now();
    const mine = Math.max(now, next);
    next = mine + distance;
    if (mine > now) await new Promise((resolve) => setTimeout(resolve, mine - now));
  };
}
