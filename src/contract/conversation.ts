/** How a check talks to a target: signed requests out, raw answers in, everything looked at. */
import { basePaths, type Environment, type OperationId, operationPaths } from "../../generated/operations.ts";
import {
  type Invalid,
  validateCreateVaultingSessionResponse,
  validateCreateVaultingSessionResponseStrict,
  validateInquireVaultingResponse,
  validateInquireVaultingResponseStrict,
  validateVaultPaymentMethodResponse,
  validateVaultPaymentMethodResponseStrict,
} from "../../generated/validators.js";
import { timeLimit } from "../abort.ts";
import { environmentOf } from "../environment.ts";
import { describeIssues } from "../errors.ts";
import { isJsonMediaType, readBody } from "../http.ts";
import { BODY_LIMIT, parseJson } from "../json.ts";
import { maskBodyText } from "../mask.ts";
import {
  type CryptoKey,
  formatSignatureHeader,
  importKeyring,
  importPrivateKey,
  type Keyring,
  sign,
  verifyHeader,
} from "../signature/index.ts";
import { ANSWER_RULES } from "./answer-rules.ts";
import { type Ability, ContractFailure } from "./check.ts";
import { cardOf, field, strings } from "./field.ts";

/** A server that is to keep the contract, and what a merchant needs to call it. */
export interface Target {
  readonly name: string;
  readonly baseUrl: string;
  readonly clientId: string;
  /** PEM or bare base64. */
  readonly merchantPrivateKey: string;
  readonly antomPublicKey: string;
  /** What stands before an operation's path. Default `/ams/sandbox/api` for a client ID that begins with `SANDBOX_`, else `/ams/api`. */
  readonly basePath?: string;
  readonly abilities?: readonly Ability[];
  /** Fields and codes that the document does not name are accepted in answers. */
  readonly lenient?: boolean;
}

/** A request, and in what it differs from a right one. */
export interface Sending {
  readonly operation: OperationId;
  /** A value to be written as JSON, or the text or bytes themselves. */
  readonly body: unknown;
  readonly method?: string;
  readonly path?: string;
  /** What is signed, where that differs from what is sent. */
  readonly signed?: {
    readonly path?: string;
    readonly clientId?: string;
    readonly time?: string;
    readonly body?: string | Uint8Array<ArrayBuffer>;
  };
  readonly time?: string;
  readonly clientId?: string;
  /** From the right header value to the one that is sent; `undefined` for none. */
  readonly signatureHeader?: (right: string) => string | undefined;
  readonly key?: CryptoKey;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is to come of it. Default `accepted`. The answer to a refused signature is not signed. */
  readonly expect?: "accepted" | "refused" | "signature-refused";
}

export interface Exchange {
  readonly operation: OperationId;
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The body as parsed, `undefined` where it is no JSON. */
  readonly body: unknown;
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
  /** `undefined` where the signature verifies, else why not. */
  readonly signatureFault: string | undefined;
  /** The request's own body, masked. */
  readonly sent: string;
}

const validators = {
  strict: {
    vaultPaymentMethod: validateVaultPaymentMethodResponseStrict,
    createVaultingSession: validateCreateVaultingSessionResponseStrict,
    inquireVaulting: validateInquireVaultingResponseStrict,
  },
  lenient: {
    vaultPaymentMethod: validateVaultPaymentMethodResponse,
    createVaultingSession: validateCreateVaultingSessionResponse,
    inquireVaulting: validateInquireVaultingResponse,
  },
} as const;

const ATTEMPT_MS = 10_000;

export class Conversation {
  readonly target: Target;
  readonly #privateKey: CryptoKey;
  readonly #keyring: Keyring;
  readonly #run = crypto.randomUUID().slice(0, 8);
  #count = 0;
  readonly #broken = new Map<string, { readonly first: string; readonly count: number }>();
  #answers = 0;

  private constructor(target: Target, privateKey: CryptoKey, keyring: Keyring) {
    this.target = target;
    this.#privateKey = privateKey;
    this.#keyring = keyring;
  }

  /** @throws AntomVaultError `KEY_INVALID` */
  static async open(target: Target): Promise<Conversation> {
    const privateKey = await importPrivateKey(target.merchantPrivateKey, "merchantPrivateKey");
    return new Conversation(target, privateKey, await importKeyring(target.antomPublicKey, "antomPublicKey"));
  }

  /** A vaultingRequestId that no other request of any run has. */
  freshId(): string {
    this.#count += 1;
    return `contract-${this.#run}-${this.#count}`;
  }

  /** The path of an operation at this target. */
  path(operation: OperationId, environment?: Environment): string {
    const { basePath, clientId } = this.target;
    const own = basePath ?? basePaths[environmentOf(clientId)];
    return (environment ? basePaths[environment] : own) + operationPaths[operation];
  }

  /** Sends a request, right but for what `sending` says. Rejects with a {@link ContractFailure} where no answer comes. */
  async send(sending: Sending): Promise<Exchange> {
    const { operation, method = "POST" } = sending;
    const path = sending.path ?? this.path(operation);
    const clientId = sending.clientId ?? this.target.clientId;
    const time = sending.time ?? String(Date.now());
    const body = toBytes(sending.body);
    const text = { path, clientId, time, body, ...sending.signed };
    const signature = await sign(text, sending.key ?? this.#privateKey);
    const right = formatSignatureHeader(signature, 1);
    const header = sending.signatureHeader ? sending.signatureHeader(right) : right;
    const headers = new Headers({
      "content-type": "application/json; charset=UTF-8",
      "client-id": clientId,
      "request-time": time,
    });
    if (header !== undefined) headers.set("signature", header);
    for (const [name, value] of Object.entries(sending.headers ?? {})) {
      if (value === "") headers.delete(name);
      else headers.set(name, value);
    }
    const sent = maskBodyText(new TextDecoder().decode(body.subarray(0, 4096)));
    const limit = timeLimit(ATTEMPT_MS);
    try {
      const hasBody = method !== "GET" && method !== "HEAD";
      const response = await fetch(this.target.baseUrl + path, {
        method,
        headers,
        redirect: "manual",
        signal: limit.signal,
        ...(hasBody ? { body } : {}),
      });
      const bytes = await readBody(response.body, BODY_LIMIT, limit.signal);
      if (!bytes) throw new ContractFailure(`The answer is larger than ${BODY_LIMIT} bytes.`);
      const exchange = await this.#exchange(operation, path, clientId, response, bytes, sent);
      this.#observe(exchange, sending);
      return exchange;
    } catch (error) {
      if (error instanceof ContractFailure) throw error;
      const why = limit.signal.aborted ? `within ${ATTEMPT_MS} ms` : "and the connection failed";
      throw new ContractFailure(`No answer came ${why}.\nSent: ${sent}`);
    } finally {
      limit.stop();
    }
  }

  async #exchange(
    operation: OperationId,
    path: string,
    clientId: string,
    response: Response,
    bytes: Uint8Array<ArrayBuffer>,
    sent: string,
  ): Promise<Exchange> {
    const { status, headers } = response;
    const reading = parseJson(bytes);
    const body = reading.ok ? reading.value : undefined;
    const time = headers.get("response-time") ?? "";
    const signatureFault = await verifyHeader(
      this.#keyring,
      { path, clientId, time, body: bytes },
      headers.get("signature"),
    );
    return { operation, status, headers, bytes, body, ...resultOf(body), signatureFault, sent };
  }

  /** Holds an answer against the rules for all answers, so that a check need not look at more than its own. */
  #observe(exchange: Exchange, sending: Sending): void {
    this.#answers += 1;
    const reading = parseJson(toBytes(sending.body));
    const asked = reading.ok ? reading.value : undefined;
    for (const rule of ANSWER_RULES) {
      if (!rule.applies(exchange, sending, asked)) continue;
      try {
        rule.expect(this, exchange, asked);
      } catch (error) {
        if (!(error instanceof ContractFailure)) throw error;
        const key = `${exchange.operation} ${rule.id}`;
        const { first = error.message, count = 0 } = this.#broken.get(key) ?? {};
        this.#broken.set(key, { first, count: count + 1 });
      }
    }
  }

  /** No answer of an operation has broken a rule for all answers so far. */
  expectNeverBroken(operation: OperationId, rule: string): void {
    const broken = this.#broken.get(`${operation} ${rule}`);
    if (!broken) return;
    const [what = "", ...rest] = broken.first.split("\n");
    const often = `So it was in ${broken.count} of ${this.#answers} answers of the run.`;
    throw new ContractFailure([what, often, ...rest].join("\n"));
  }

  /** What every answer owes: status 200, JSON, and a body that the document describes. */
  expectDocumented(exchange: Exchange): void {
    const { operation, status, headers, body } = exchange;
    if (status !== 200) this.fail(exchange, `The HTTP status is ${status}; every answer of the API has 200.`);
    if (!headers.get("content-type") || !isJsonMediaType(headers.get("content-type"))) {
      this.fail(exchange, "The Content-Type is not application/json in UTF-8.");
    }
    if (body === undefined) this.fail(exchange, "The body is not JSON.");
    const validate: (value: unknown) => { readonly valid: true } | Invalid =
      validators[this.target.lenient ? "lenient" : "strict"][operation];
    const checked = validate(body);
    if (!checked.valid) this.fail(exchange, `The body breaks the document: ${describeIssues(checked.issues)}.`);
  }

  /** A documented answer, signed by the gateway for this client. */
  expectSigned(exchange: Exchange): void {
    this.expectDocumented(exchange);
    this.expectSignature(exchange);
  }

  /** Signed by the gateway, over the raw bytes, for this client. */
  expectSignature(exchange: Exchange): void {
    if (exchange.signatureFault !== undefined)
      this.fail(exchange, `The answer's signature is refused: ${exchange.signatureFault}`);
    if (exchange.headers.get("client-id") !== this.target.clientId)
      this.fail(exchange, "The header client-id does not echo the client's ID.");
  }

  /** The request was taken: it worked, or failed for a reason that is not the request's own, or with the code `alsoTaken`. */
  expectAccepted(exchange: Exchange, alsoTaken?: string): void {
    const { status, resultStatus, resultCode } = exchange;
    const taken =
      resultStatus === "S" || (resultCode !== undefined && resultStatus !== undefined && TAKEN.has(resultCode));
    if (status === 200 && (taken || (resultCode !== undefined && resultCode === alsoTaken))) return;
    const came = resultCode === undefined ? `HTTP status ${status}` : `${resultStatus ?? "no status"} / ${resultCode}`;
    this.fail(exchange, `A request that the document allows is not taken: ${came}.`);
  }

  /** The request was refused with a code, in the API's own form. */
  expectRefused(exchange: Exchange, code: string, { signed = true } = {}): void {
    const { status, resultStatus, resultCode } = exchange;
    if (status !== 200 || (resultStatus === undefined && resultCode === undefined)) {
      this.fail(
        exchange,
        `A refusal is not in the API's own form, HTTP 200 with a result.\nExpected F / ${code}, got HTTP status ${status}.`,
      );
    }
    if (resultStatus !== "F" || resultCode !== code) {
      const came = `${resultStatus ?? "no status"} / ${resultCode ?? "no code"}`;
      this.fail(exchange, `What the document forbids is not refused with F / ${code}, but answered ${came}.`);
    }
    if (signed) this.expectSigned(exchange);
    else {
      this.expectDocumented(exchange);
      if (exchange.headers.get("signature"))
        this.fail(exchange, "The answer to a refused signature is signed; it must not be.");
    }
  }

  expectEcho(exchange: Exchange, request: unknown): void {
    if (exchange.operation === "createVaultingSession") return;
    const asked = field(request, "vaultingRequestId");
    if (field(exchange.body, "vaultingRequestId") !== asked)
      this.fail(exchange, "vaultingRequestId is not the request's.");
  }

  /** Neither the number nor the CVV of the request stands anywhere in the answer. */
  expectNoCardData(exchange: Exchange, request: unknown): void {
    const card = cardOf(request);
    const cardNo = field(card, "cardNo");
    const cvv = field(card, "cvv");
    for (const text of strings(exchange.body)) {
      if (typeof cardNo === "string" && text.replace(/[ -]/g, "").includes(cardNo))
        this.fail(exchange, "The answer carries the card number.");
      if (typeof cvv === "string" && text === cvv) this.fail(exchange, "The answer carries the CVV.");
    }
  }

  fail({ sent, bytes, status }: Exchange, message: string): never {
    const came = maskBodyText(new TextDecoder().decode(bytes.subarray(0, 2048)));
    throw new ContractFailure(`${message}\nSent: ${sent}\nCame: ${status} ${came}`);
  }
}

/** Codes other than of success that say nothing against the request: the buyer's or the issuer's. */
const TAKEN: ReadonlySet<string> = new Set([
  "VERIFICATION_IN_PROCESS",
  "VERIFICATION_FAIL",
  "PROCESS_FAIL",
  "RISK_REJECT",
  "VAULTING_NOT_EXIST",
]);

function toBytes(body: unknown): Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

function resultOf(body: unknown): {
  readonly resultCode: string | undefined;
  readonly resultStatus: string | undefined;
} {
  const result = field(body, "result");
  const text = (name: string) => {
    const value = field(result, name);
    return typeof value === "string" ? value : undefined;
  };
  return { resultCode: text("resultCode"), resultStatus: text("resultStatus") };
}
