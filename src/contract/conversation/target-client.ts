/** A client that sends signed requests to a target and records every response. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { basePaths, type Environment, type OperationId, operationPaths } from "../../../generated/operations.ts";
import { importSigningKey, type SigningKey, signInPool } from "../../gateway/index.ts";
import { JSON_MEDIA_TYPE } from "../../protocol/http.ts";
import { getEnvironment } from "../../protocol/operations.ts";
import { requireTls } from "../../protocol/require-tls.ts";
import { formatSignatureHeader, importKeyring, type Keyring, stringToSign } from "../../signature/index.ts";
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
  readonly #privateKey: SigningKey;
  readonly #shared = new Map<string, Promise<unknown>>();
  readonly #runId = crypto.randomUUID().slice(0, 8);
  readonly #waitForTurn: () => Promise<void>;
  #idCount = 0;
  #lastWork: Promise<unknown> = Promise.resolve();

  private constructor(target: ContractTarget, privateKey: SigningKey, keyring: Keyring, record: RunRecord) {
    this.target = target;
    this.record = record;
    this.#privateKey = privateKey;
    const { clientId, lenient = false, capabilities = [], card, rate } = target;
    this.#waitForTurn = rate === undefined ? async () => {} : createRateLimiter(rate);
    this.context = { clientId, keyring, lenient, card, isStateful: capabilities.includes("state") };
  }

  /**
   * Creates a client for a target and imports its keys. Without a custom card, the target can be a remote host without TLS, because the run then
   * sends only test card numbers.
   *
   * @throws {AntomVaultError} `KEY_INVALID` if a key cannot be used;
   *   `TLS_REQUIRED` if certificate checks are disabled, or if a custom card would be sent in plain text
   */
  static async open(target: ContractTarget, record = new RunRecord()): Promise<TargetClient> {
    const url = new URL(target.baseUrl);
    if (target.card || url.protocol === "https:") requireTls(url);
    const privateKey = await importSigningKey(target.merchantPrivateKey, "merchantPrivateKey");
    return new TargetClient(target, privateKey, await importKeyring(target.antomPublicKey, "antomPublicKey"), record);
  }

  /** Returns a vaultingRequestId that no request of any run has used. It does not start with an earlier ID, because some checks append text to an ID. */
  createId(): string {
    this.#idCount += 1;
    return `contract-${this.#runId}-${this.#idCount}x`;
  }

  /** Returns a value that several checks share. Creates it on the first call with that name. */
  once<Value>(name: string, create: () => Promise<Value>): Promise<Value> {
    const value = this.#shared.get(name) ?? create();
    this.#shared.set(name, value);
    // Each name is used with only one `create` function, so the stored value has this type.
    return value as Promise<Value>;
  }

  getListener(): Promise<Listener> {
    return this.once("listener", () =>
      openListener(
        this.context,
        (notification) => this.record.observeNotification(notification, this.context),
        (notification) => this.record.history.addAcknowledgement(notification, this.context.clientId),
      ),
    );
  }

  /** Runs `work` after the work of all earlier calls has settled. */
  runExclusive<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#lastWork.then(work);
    this.#lastWork = result.catch(() => {});
    return result;
  }

  /** Combines {@link once} and {@link runExclusive}, for checks that move the clock. */
  onceExclusive<Value>(name: string, create: () => Promise<Value>): Promise<Value> {
    return this.once(name, () => this.runExclusive(create));
  }

  /** Returns a client for an additional merchant of the target. Creates the merchant on the first call with that name. */
  getOtherMerchant(name: string): Promise<TargetClient> {
    return this.once(`merchant ${name}`, async () => TargetClient.open(await addClient(this.target), this.record));
  }

  /** Records a response to a request that this client did not send. */
  observe(operation: OperationId, request: SentRequest, response: ReceivedResponse): void {
    this.record.observe(readExchange(operation, request, response, this.context));
  }

  getPath(operation: OperationId, environment?: Environment): string {
    const { basePath, clientId } = this.target;
    const prefix = basePath ?? basePaths[getEnvironment(clientId)];
    return (environment ? basePaths[environment] : prefix) + operationPaths[operation];
  }

  /**
   * Signs and sends a test request, and records the response.
   *
   * @throws {ContractFailure} if no response is received, or the response is too large
   */
  async send(testRequest: TestRequest): Promise<Exchange> {
    await this.#waitForTurn();
    const request = await this.#sign(testRequest);
    const sentAt = this.record.history.count;
    const exchange = readExchange(testRequest.operation, request, await fetchResponse(request), this.context);
    this.record.observe(exchange, sentAt);
    return exchange;
  }

  /** Sends a request and disconnects before the response arrives. Resolves when the connection is closed. */
  async sendAndDisconnect(testRequest: TestRequest): Promise<void> {
    await this.#waitForTurn();
    const { method, baseUrl, path, headers, bytes } = await this.#sign(testRequest);
    const request = baseUrl.startsWith("https:") ? requestHttps : requestHttp;
    await new Promise<void>((resolve) => {
      const call = request(baseUrl + path, { method, headers: Object.fromEntries(headers), agent: false });
      // Ignore errors, because this client discards the response.
      call.on("error", () => {}).on("close", resolve);
      call.end(bytes, () => call.destroy());
    });
  }

  async #sign(testRequest: TestRequest): Promise<SentRequest> {
    const { operation, method = "POST", expect = "accepted", reusesId = false } = testRequest;
    const path = testRequest.path ?? this.getPath(operation);
    const clientId = testRequest.clientId ?? this.target.clientId;
    const time = testRequest.time ?? String(Date.now());
    const bytes = this.#encodeBody(testRequest.body);
    const signed = testRequest.signed?.body === undefined ? {} : { body: this.#encodeBody(testRequest.signed.body) };
    const message = { path, clientId, time, body: bytes, ...testRequest.signed, ...signed };
    const signature = testRequest.createSignature
      ? await testRequest.createSignature(stringToSign(message), this.target.merchantPrivateKey)
      : await signInPool(message, testRequest.key ?? this.#privateKey);
    const headers = new Headers({
      "content-type": JSON_MEDIA_TYPE,
      "client-id": clientId,
      "request-time": time,
      ...testRequest.headers,
    });
    if (testRequest.isChunked) headers.set("transfer-encoding", "chunked");
    const header = formatSignatureHeader(signature, 1);
    const { signatureLines, headerLines = signatureLines && { signature: signatureLines(header) } } = testRequest;
    const signatureHeader = testRequest.signatureHeader ? testRequest.signatureHeader(header) : header;
    if (signatureHeader !== undefined) headers.set("signature", signatureHeader);
    for (const [name, lines] of Object.entries(headerLines ?? {})) headers.set(name, lines.join(", "));
    const isBodyRead = expect === "accepted" || (expect === "rejected" && typeof testRequest.body === "object");
    const { isSplit = testRequest.isChunked ?? false } = testRequest;
    const { baseUrl } = this.target;
    return { method, baseUrl, path, headers, headerLines, bytes, isSplit, expect, isBodyRead, reusesId };
  }

  #encodeBody(body: unknown): Uint8Array<ArrayBuffer> {
    if (body instanceof Uint8Array) return new Uint8Array(body);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const { card } = this.target;
    return new TextEncoder().encode(card ? replaceCard(text, card) : text);
  }
}

/** Creates a function whose promises resolve in order, at most `perSecond` per second. */
export function createRateLimiter(perSecond: number): () => Promise<void> {
  const intervalMs = 1000 / perSecond;
  let next = 0;
  return async () => {
    const now = performance.now();
    const start = Math.max(now, next);
    next = start + intervalMs;
    if (start > now) await new Promise((resolve) => setTimeout(resolve, start - now));
  };
}
