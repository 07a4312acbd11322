/** How a check talks to a target: signed requests out, raw answers in, everything looked at. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { basePaths, type Environment, type OperationId, operationPaths } from "../../../generated/operations.ts";
import { JSON_MEDIA_TYPE } from "../../protocol/http.ts";
import { getEnvironment } from "../../protocol/operations.ts";
import { requireTls } from "../../protocol/require-tls.ts";
import {
  type CryptoKey,
  formatSignatureHeader,
  importKeyring,
  importPrivateKey,
  type Keyring,
  sign,
  stringToSign,
} from "../../signature/index.ts";
import { replaceCard } from "../document/sample-requests.ts";
import type { Exchange, ReceivedResponse, ResponseContext, SentRequest } from "../model/exchange.ts";
import type { ContractTarget } from "../model/target.ts";
import { addClient } from "./control-api.ts";
import { type Listener, openListener } from "./notification-listener.ts";
import { readExchange } from "./read-exchange.ts";
import { RunRecord } from "./run-record.ts";
import { fetchResponse, type TestRequest } from "./send-request.ts";

export class TargetClient {
  readonly target: ContractTarget;
  readonly context: ResponseContext;
  readonly record: RunRecord;
  readonly #privateKey: CryptoKey;
  readonly #shared = new Map<string, Promise<unknown>>();
  readonly #run = crypto.randomUUID().slice(0, 8);
  readonly #turnToCall: () => Promise<void>;
  #count = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(target: ContractTarget, privateKey: CryptoKey, keyring: Keyring, ledger: RunRecord) {
    this.target = target;
    this.record = ledger;
    this.#privateKey = privateKey;
    const { clientId, lenient = false, capabilities = [], card, rate } = target;
    this.#turnToCall = rate === undefined ? async () => {} : createRateLimiter(rate);
    this.context = { clientId, keyring, lenient, card, isStateful: capabilities.includes("state") };
  }

  /**
   * @throws AntomVaultError `KEY_INVALID`; `TLS_REQUIRED` where certificate checks are switched off, or a card of one's own would leave the
   * machine in plain text: the document's test card may, to a gateway in the same network
   */
  static async open(target: ContractTarget, ledger = new RunRecord()): Promise<TargetClient> {
    const url = new URL(target.baseUrl);
    if (target.card || url.protocol === "https:") requireTls(url);
    const privateKey = await importPrivateKey(target.merchantPrivateKey, "merchantPrivateKey");
    return new TargetClient(target, privateKey, await importKeyring(target.antomPublicKey, "antomPublicKey"), ledger);
  }

  /** A vaultingRequestId that no other request of any run has. */
  createId(): string {
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
  getListener(): Promise<Listener> {
    return this.once("listener", () =>
      openListener(this.context, (notification) => this.record.observeNotification(notification, this.context)),
    );
  }

  /** Does work once all that was given here before is done. */
  runExclusive<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** Another merchant at the same target, by a name of the run's own. */
  getOtherMerchant(name: string): Promise<TargetClient> {
    return this.once(`stranger ${name}`, async () => TargetClient.open(await addClient(this.target), this.record));
  }

  /** Holds an answer that another client got against the rules for all answers. */
  async observe(operation: OperationId, request: SentRequest, answer: ReceivedResponse): Promise<void> {
    this.record.observe(await readExchange(operation, request, answer, this.context));
  }

  /** The path of an operation at this target. */
  path(operation: OperationId, environment?: Environment): string {
    const { basePath, clientId } = this.target;
    const own = basePath ?? basePaths[getEnvironment(clientId)];
    return (environment ? basePaths[environment] : own) + operationPaths[operation];
  }

  /** Sends a request, right but for what `sending` says. Rejects with a {@link ContractFailure} where no answer comes. */
  async send(sending: TestRequest): Promise<Exchange> {
    await this.#turnToCall();
    const request = await this.#signed(sending);
    const exchange = await readExchange(sending.operation, request, await fetchResponse(request), this.context);
    this.record.observe(exchange);
    return exchange;
  }

  /** Sends a request and hangs up before the answer can come. Resolves once the connection is closed. */
  async sendAndDisconnect(sending: TestRequest): Promise<void> {
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

  async #signed(sending: TestRequest): Promise<SentRequest> {
    const { operation, method = "POST", expect = "accepted", reusesId = false } = sending;
    const path = sending.path ?? this.path(operation);
    const clientId = sending.clientId ?? this.target.clientId;
    const time = sending.time ?? String(Date.now());
    const bytes = this.#bytesOf(sending.body);
    const signed = sending.signed?.body === undefined ? {} : { body: this.#bytesOf(sending.signed.body) };
    const text = { path, clientId, time, body: bytes, ...sending.signed, ...signed };
    const signature = sending.createSignature
      ? await sending.createSignature(stringToSign(text), this.target.merchantPrivateKey)
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
    return { method, baseUrl: this.target.baseUrl, path, headers, bytes, expect, bodyCounts, otherContent: reusesId };
  }

  #bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
    if (body instanceof Uint8Array) return new Uint8Array(body);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const { card } = this.target;
    return new TextEncoder().encode(card ? replaceCard(text, card) : text);
  }
}

/** Returns a function that resolves when it is the call's turn: at most `perSecond` calls a second, one after the other. */
export function createRateLimiter(perSecond: number): () => Promise<void> {
  const distance = 1000 / perSecond;
  let next = 0;
  return async () => {
    const now = performance.now();
    const mine = Math.max(now, next);
    next = mine + distance;
    if (mine > now) await new Promise((resolve) => setTimeout(resolve, mine - now));
  };
}
