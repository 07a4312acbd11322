/**
 * A small gateway that serves the Vault API of Antom in front of a card vault of one's own. It knows nothing of the web server that it stands in
 * (server.js), and takes only two things from elsewhere: Node's own cryptography, and validators made from the API's document.
 */
import { createPrivateKey, createPublicKey, randomBytes, randomUUID, sign, verify } from "node:crypto";
import {
  validateCreateVaultingSessionRequest,
  validateInquireVaultingRequest,
  validateVaultPaymentMethodRequest,
} from "antom-vault/validators";

const BASE_PATH = "/ams/api/v1/vaults/";
export const BODY_LIMIT = 64 * 1024;

const MINUTE_MS = 60_000;
/** When a notification that nobody acknowledges is sent again: the documented intervals. */
const RESEND_AFTER_MS = [2, 10, 10, 60, 120, 360, 900].map((minutes) => minutes * MINUTE_MS);

/** What is vaulted where: a real one asks its issuer. This one refuses the numbers that the vendor publishes for failure. */
const REFUSED_CARDS = new Set(["4054692760174822", "5162770472561357"]);

export class Gateway {
  #operations = {
    vaultPaymentMethod: { validate: validateVaultPaymentMethodRequest, run: this.vaultPaymentMethod.bind(this) },
    createVaultingSession: { validate: validateCreateVaultingSessionRequest, run: this.createSession.bind(this) },
    inquireVaulting: { validate: validateInquireVaultingRequest, run: this.inquireVaulting.bind(this) },
  };
  /** By client and vaultingRequestId. Put a table with a unique key in its place: a gateway that forgets vaults twice. */
  #vaultings = new Map();
  #merchants;
  #privateKey;
  #notifiable;

  /**
   * @param {object} options
   * @param {Record<string, string>} options.merchants the public key of each client ID, in PEM
   * @param {string} options.privateKey the gateway's own key, in PEM
   * @param {readonly string[]} options.notifiableHosts where notifications may go: a merchant's word alone is not to make this server call an address
   */
  constructor({ merchants, privateKey, notifiableHosts }) {
    this.#merchants = new Map(Object.entries(merchants).map(([id, key]) => [id, createPublicKey(key)]));
    this.#privateKey = createPrivateKey(privateKey);
    this.#notifiable = new Set(notifiableHosts);
  }

  /** Answers a request; `bytes` is the body as it came, not parsed. Every answer is HTTP 200: what happened stands in its result. */
  answer({ method, path, headers, bytes }) {
    const name = path.startsWith(BASE_PATH) ? path.slice(BASE_PATH.length) : "";
    const operation = Object.hasOwn(this.#operations, name) ? this.#operations[name] : undefined;
    if (!operation) return this.refuse({ path, headers }, "NO_INTERFACE_DEF", "No API is defined at this path.");
    if (method !== "POST") return this.refuse({ path, headers }, "METHOD_NOT_SUPPORTED", "Use POST.");
    if (!isJson(headers["content-type"]) || (headers["content-encoding"] ?? "identity") !== "identity")
      return this.refuse({ path, headers }, "MEDIA_TYPE_NOT_ACCEPTABLE", "Send application/json; charset=UTF-8.");
    // Nothing of the body is looked at before this: whose it is, only its signature tells.
    if (!this.verifies({ path, headers, bytes })) return unsignedRefusal(headers);
    if (!isTime(headers["request-time"])) return this.refuse({ path, headers }, "PARAM_ILLEGAL", "Request-Time.");
    if (!/^[\x21-\x7E]{0,128}$/.test(headers["agent-token"] ?? ""))
      return this.refuse({ path, headers }, "PARAM_ILLEGAL", "agent-token.");
    const body = parseStrictly(bytes);
    const checked = operation.validate(body);
    if (!checked.valid) {
      // The place and the rule, never the value: it may be a card number.
      const message = checked.issues.map((issue) => `${issue.pointer} ${issue.message}`).join("; ");
      return this.refuse(
        { path, headers },
        "PARAM_ILLEGAL",
        message,
        name === "createVaultingSession" ? undefined : body,
      );
    }
    return this.signed({ path, headers }, operation.run(body, headers["client-id"]));
  }

  vaultPaymentMethod(request, clientId) {
    const { vaultingRequestId, paymentMethodDetail, metadata, vaultingNotificationUrl } = request;
    const known = this.recall(clientId, vaultingRequestId);
    if (known) return answerAgain(known, "vaultPaymentMethod", vaultingRequestId);
    const { cardNo, brand } = paymentMethodDetail.card;
    const vaulted = !REFUSED_CARDS.has(cardNo);
    const result = vaulted
      ? { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." }
      : { resultCode: "PROCESS_FAIL", resultStatus: "F", resultMessage: "The issuer refused the card." };
    const detail = {
      paymentMethodType: "CARD",
      card: {
        cardToken: randomBytes(48).toString("base64url"),
        maskedCardNo: cardNo.slice(-4).padStart(Math.max(cardNo.length, 8), "*"),
        ...(brand === undefined ? {} : { brand }),
      },
    };
    const vaulting = {
      operation: "vaultPaymentMethod",
      status: vaulted ? "SUCCESS" : "FAIL",
      result,
      ...(metadata === undefined ? {} : { metadata }),
      ...(vaulted ? { paymentMethodDetail: detail } : {}),
    };
    vaulting.answer = { result, vaultingRequestId, ...(vaulted ? { paymentMethodDetail: detail } : {}) };
    // Kept before it is answered or told, and without the card.
    this.keep(clientId, vaultingRequestId, vaulting);
    const told = { ...vaulting.answer, ...(metadata === undefined ? {} : { metadata }) };
    this.notify(vaultingNotificationUrl, clientId, JSON.stringify(told));
    return vaulting.answer;
  }

  createSession({ vaultingRequestId }, clientId) {
    const known = this.recall(clientId, vaultingRequestId);
    if (known) return answerAgain(known, "createVaultingSession");
    const answer = {
      result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." },
      vaultingSessionData: randomBytes(64).toString("base64"),
      vaultingSessionId: randomUUID(),
      vaultingSessionExpiryTime: isoTime(Date.now() + 60 * MINUTE_MS),
    };
    this.keep(clientId, vaultingRequestId, { operation: "createVaultingSession", status: "PROCESSING", answer });
    return answer;
  }

  inquireVaulting({ vaultingRequestId }, clientId) {
    const known = this.recall(clientId, vaultingRequestId);
    if (!known) return failure("VAULTING_NOT_EXIST", "There is no vaulting with this ID.", vaultingRequestId);
    const { status, result, paymentMethodDetail, metadata } = known;
    return {
      // Of the inquiry itself; the vaulting's own is vaultingResultCode.
      result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." },
      vaultingRequestId,
      vaultingStatus: status,
      vaultingResultCode: result?.resultCode ?? "VERIFICATION_IN_PROCESS",
      ...(metadata === undefined ? {} : { metadata }),
      ...(paymentMethodDetail === undefined ? {} : { paymentMethodDetail }),
    };
  }

  recall(clientId, vaultingRequestId) {
    return this.#vaultings.get(JSON.stringify([clientId, vaultingRequestId]));
  }

  keep(clientId, vaultingRequestId, vaulting) {
    this.#vaultings.set(JSON.stringify([clientId, vaultingRequestId]), vaulting);
  }

  /** Sends a notification until it is acknowledged. A real gateway keeps what is still to be sent where a crash does not reach it. */
  async notify(url, clientId, body, attempt = 0) {
    const address = new URL(/^https?:\/\//i.test(url) ? url : `https://${url}`);
    if (!this.#notifiable.has(address.hostname)) return;
    if (await this.deliver(address, clientId, body)) return;
    const delay = RESEND_AFTER_MS[attempt];
    if (delay !== undefined) setTimeout(() => this.notify(url, clientId, body, attempt + 1), delay).unref();
  }

  /** One attempt: whether the merchant acknowledged it. */
  async deliver(address, clientId, body) {
    const time = isoTime(Date.now());
    const headers = {
      "content-type": "application/json; charset=UTF-8",
      "client-id": clientId,
      "request-time": time,
      signature: this.sign(`POST ${address.pathname}${address.search}\n${clientId}.${time}.${body}`),
    };
    try {
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch(address, { method: "POST", headers, body, redirect: "manual", signal });
      const { result } = await response.json();
      return response.status === 200 && result.resultCode === "SUCCESS" && result.resultStatus === "S";
    } catch {
      return false;
    }
  }

  /** Whether a request is signed by the merchant that it names, over the bytes as they came. */
  verifies({ path, headers, bytes }) {
    const form = /^ *algorithm=RSA256 *, *(?:keyVersion=\d{1,9} *, *)?signature=([\w%+/=]+) *$/i;
    const [, encoded] = form.exec(headers.signature ?? "") ?? [];
    const publicKey = this.#merchants.get(headers["client-id"]);
    if (encoded === undefined || publicKey === undefined) return false;
    const base64 = encoded.replace(/%(2B|2F|3D)/gi, decodeURIComponent);
    const head = `POST ${path}\n${headers["client-id"]}.${headers["request-time"]}.`;
    return verify("sha256", Buffer.concat([Buffer.from(head), bytes]), publicKey, Buffer.from(base64, "base64"));
  }

  sign(text) {
    const signature = sign("sha256", Buffer.from(text), this.#privateKey).toString("base64");
    return `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature)}`;
  }

  refuse(request, resultCode, message, body) {
    const id = body?.vaultingRequestId;
    const echo = validateInquireVaultingRequest({ vaultingRequestId: id }).valid ? id : undefined;
    return this.signed(request, failure(resultCode, message, echo));
  }

  signed({ path, headers }, value) {
    const body = JSON.stringify(value);
    const clientId = headers["client-id"] ?? "";
    const time = isoTime(Date.now());
    const signature = this.sign(`POST ${path}\n${clientId}.${time}.${body}`);
    return { status: 200, headers: { ...headersOf(clientId, time), signature }, body };
  }
}

/** The one answer that carries no signature. */
function unsignedRefusal({ "client-id": clientId = "" }) {
  const body = JSON.stringify(failure("INVALID_SIGNATURE", "The signature is not valid."));
  return { status: 200, headers: headersOf(clientId, isoTime(Date.now())), body };
}

const headersOf = (clientId, time) => ({
  "content-type": "application/json; charset=UTF-8",
  "client-id": clientId,
  "response-time": time,
});

const failure = (resultCode, message, vaultingRequestId) => ({
  result: { resultCode, resultStatus: "F", resultMessage: message.slice(0, 256) },
  ...(vaultingRequestId === undefined ? {} : { vaultingRequestId }),
});

/** What is known is answered again, whatever comes with it; vaultings and sessions share one name space of IDs. */
const answerAgain = ({ operation, answer }, asked, vaultingRequestId) =>
  operation === asked
    ? answer
    : failure("REPEAT_REQ_INCONSISTENT", "The ID belongs to another operation.", vaultingRequestId);

const isoTime = (milliseconds) => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

const isJson = (mediaType = "") => /^application\/json *(?:; *charset="?utf-8"? *)?$/i.test(mediaType);

/** 13 digits of milliseconds, or ISO 8601 with an offset. */
function isTime(text = "") {
  const form = /^(?:\d{13}|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d))$/;
  const [whole, local] = form.exec(text) ?? [];
  if (whole === undefined || local === undefined) return whole !== undefined;
  // A date rolls 30 February over to March.
  const date = new Date(`${local}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(local);
}

/** Reads I-JSON; `undefined` for whatever two parsers could read in two ways. */
function parseStrictly(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text, (name, inner) => {
      for (const each of [name, inner])
        if (typeof each === "string" && !isPlain(each)) throw new Error("no plain text");
      return inner;
    });
    return hasNameTwice(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

const isPlain = (text) => text.isWellFormed() && !text.includes("\0");

/** Whether an object of a JSON text has a name twice. */
function hasNameTwice(text) {
  const levels = [];
  for (const [token, name] of text.matchAll(/[{}]|("(?:[^"\\]|\\.)*")(?:\s*:)?/g)) {
    if (token === "{") levels.push(new Set());
    else if (token === "}") levels.pop();
    else if (token.endsWith(":")) {
      const names = levels.at(-1);
      if (names.has(JSON.parse(name))) return true;
      names.add(JSON.parse(name));
    }
  }
  return false;
}
