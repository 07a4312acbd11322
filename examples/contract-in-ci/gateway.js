/**
 * A small gateway that implements Antom's Vault API in front of your card vault. It is independent of the web server (server.js), and depends only
 * on Node's crypto and on the validators that are generated from the OpenAPI document.
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
/** The documented delay before each resend of an unacknowledged notification, in milliseconds. */
const RESEND_AFTER_MS = [2, 10, 10, 60, 120, 360, 900].map((minutes) => minutes * MINUTE_MS);

/** Antom's test card numbers that are declined. A real gateway calls the issuer. */
const DECLINED_CARDS = new Set(["4054692760174822", "5162770472561357"]);

export class Gateway {
  #operations = {
    vaultPaymentMethod: { validate: validateVaultPaymentMethodRequest, run: this.vaultPaymentMethod.bind(this) },
    createVaultingSession: { validate: validateCreateVaultingSessionRequest, run: this.createSession.bind(this) },
    inquireVaulting: { validate: validateInquireVaultingRequest, run: this.inquireVaulting.bind(this) },
  };
  /**
   * Vaultings by client ID and vaultingRequestId. In production, use a database table with a unique key, so that a retry after a restart does not
   * vault a card twice.
   */
  #vaultings = new Map();
  #merchants;
  #privateKey;
  #notifiable;

  /**
   * @param {object} options
   * @param {Record<string, string>} options.merchants the public key of each client ID, in PEM
   * @param {string} options.privateKey the gateway's private key, in PEM
   * @param {readonly string[]} options.notifiableHosts the hosts that may receive notifications, so that a merchant cannot make this server call
   * arbitrary hosts
   */
  constructor({ merchants, privateKey, notifiableHosts }) {
    this.#merchants = new Map(Object.entries(merchants).map(([id, key]) => [id, createPublicKey(key)]));
    this.#privateKey = createPrivateKey(privateKey);
    this.#notifiable = new Set(notifiableHosts);
  }

  /** Handles a request. `bytes` is the raw body. Every response has HTTP status 200, because the result is in its body. */
  handle({ method, path, headers, bytes }) {
    const name = path.startsWith(BASE_PATH) ? path.slice(BASE_PATH.length) : "";
    const operation = Object.hasOwn(this.#operations, name) ? this.#operations[name] : undefined;
    if (!operation) return this.reject({ path, headers }, "NO_INTERFACE_DEF", "No API is defined at this path.");
    if (method !== "POST") return this.reject({ path, headers }, "METHOD_NOT_SUPPORTED", "Use POST.");
    if (!isJson(headers["content-type"]) || (headers["content-encoding"] ?? "identity") !== "identity")
      return this.reject({ path, headers }, "MEDIA_TYPE_NOT_ACCEPTABLE", "Send application/json; charset=UTF-8.");
    // Verify the signature before parsing the body.
    if (!this.isSignatureValid({ path, headers, bytes })) return createUnsignedRejection(headers);
    if (!isTime(headers["request-time"]))
      return this.reject({ path, headers }, "PARAM_ILLEGAL", "Request-Time is invalid.");
    if (!/^[\x21-\x7E]{0,128}$/.test(headers["agent-token"] ?? ""))
      return this.reject({ path, headers }, "PARAM_ILLEGAL", "agent-token is invalid.");
    const body = parseStrictly(bytes);
    const checked = operation.validate(body);
    if (!checked.valid) {
      // The message contains no values, because a value could be a card number.
      const message = checked.issues.map((issue) => `${issue.pointer} ${issue.message}`).join("; ");
      return this.reject(
        { path, headers },
        "PARAM_ILLEGAL",
        message,
        name === "createVaultingSession" ? undefined : body,
      );
    }
    return this.sign({ path, headers }, operation.run(body, headers["client-id"]));
  }

  vaultPaymentMethod(request, clientId) {
    const { vaultingRequestId, paymentMethodDetail, metadata, vaultingNotificationUrl } = request;
    const known = this.findVaulting(clientId, vaultingRequestId);
    if (known) return getStoredResponse(known, "vaultPaymentMethod", vaultingRequestId);
    const { cardNo } = paymentMethodDetail.card;
    const vaulted = !DECLINED_CARDS.has(cardNo);
    const result = vaulted
      ? { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." }
      : { resultCode: "PROCESS_FAIL", resultStatus: "F", resultMessage: "The issuer declined the card." };
    const detail = {
      paymentMethodType: "CARD",
      card: {
        cardToken: randomBytes(48).toString("base64url"),
        maskedCardNo: cardNo.slice(-4).padStart(Math.max(cardNo.length, 8), "*"),
        // Add the brand that your card vault derives from the card number. The brand in the request can be incorrect.
      },
    };
    const vaulting = {
      operation: "vaultPaymentMethod",
      status: vaulted ? "SUCCESS" : "FAIL",
      result,
      ...(metadata === undefined ? {} : { metadata }),
      ...(vaulted ? { paymentMethodDetail: detail } : {}),
    };
    vaulting.response = { result, vaultingRequestId, ...(vaulted ? { paymentMethodDetail: detail } : {}) };
    // Store the result, without the card, before responding and notifying.
    this.store(clientId, vaultingRequestId, vaulting);
    const notification = { ...vaulting.response, ...(metadata === undefined ? {} : { metadata }) };
    this.notify(vaultingNotificationUrl, clientId, JSON.stringify(notification));
    return vaulting.response;
  }

  createSession({ vaultingRequestId }, clientId) {
    const known = this.findVaulting(clientId, vaultingRequestId);
    if (known) return getStoredResponse(known, "createVaultingSession");
    const response = {
      result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." },
      vaultingSessionData: randomBytes(64).toString("base64"),
      vaultingSessionId: randomUUID(),
      vaultingSessionExpiryTime: formatTime(Date.now() + 60 * MINUTE_MS),
    };
    this.store(clientId, vaultingRequestId, { operation: "createVaultingSession", status: "PROCESSING", response });
    return response;
  }

  inquireVaulting({ vaultingRequestId }, clientId) {
    const known = this.findVaulting(clientId, vaultingRequestId);
    if (!known) return createFailure("VAULTING_NOT_EXIST", "No vaulting has this ID.", vaultingRequestId);
    const { status, result, paymentMethodDetail, metadata } = known;
    return {
      // This is the result of the inquiry. vaultingResultCode is the result of the vaulting.
      result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." },
      vaultingRequestId,
      vaultingStatus: status,
      vaultingResultCode: result?.resultCode ?? "VERIFICATION_IN_PROCESS",
      ...(metadata === undefined ? {} : { metadata }),
      ...(paymentMethodDetail === undefined ? {} : { paymentMethodDetail }),
    };
  }

  findVaulting(clientId, vaultingRequestId) {
    return this.#vaultings.get(JSON.stringify([clientId, vaultingRequestId]));
  }

  store(clientId, vaultingRequestId, vaulting) {
    this.#vaultings.set(JSON.stringify([clientId, vaultingRequestId]), vaulting);
  }

  /** Sends a notification, and resends it on schedule until it is acknowledged. A real gateway stores pending notifications in a database. */
  async notify(url, clientId, body, attempt = 0) {
    const address = new URL(/^https?:\/\//i.test(url) ? url : `https://${url}`);
    if (!this.#notifiable.has(address.hostname)) return;
    if (await this.deliver(address, clientId, body)) return;
    const delay = RESEND_AFTER_MS[attempt];
    if (delay !== undefined) setTimeout(() => this.notify(url, clientId, body, attempt + 1), delay).unref();
  }

  /** Sends a notification once. Resolves to true if the merchant acknowledges it. */
  async deliver(address, clientId, body) {
    const time = formatTime(Date.now());
    const headers = {
      "content-type": "application/json; charset=UTF-8",
      "client-id": clientId,
      "request-time": time,
      signature: this.createSignature(`POST ${address.pathname}${address.search}\n${clientId}.${time}.${body}`),
    };
    try {
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch(address, { method: "POST", headers, body, redirect: "manual", signal });
      const { result } = await response.json();
      const { resultCode, resultStatus, resultMessage } = result;
      const isSuccess = resultCode === "SUCCESS" && resultStatus === "S" && resultMessage === "success";
      return response.status === 200 && isSuccess;
    } catch {
      return false;
    }
  }

  /** Returns whether the merchant's signature over the raw bytes of the request is valid. */
  isSignatureValid({ path, headers, bytes }) {
    const encoded = readSignature(headers.signature);
    const publicKey = this.#merchants.get(headers["client-id"]);
    if (encoded === undefined || publicKey === undefined) return false;
    const base64 = encoded.replace(/%(2B|2F|3D)/gi, decodeURIComponent);
    const head = `POST ${path}\n${headers["client-id"]}.${headers["request-time"]}.`;
    return verify("sha256", Buffer.concat([Buffer.from(head), bytes]), publicKey, Buffer.from(base64, "base64"));
  }

  createSignature(text) {
    const signature = sign("sha256", Buffer.from(text), this.#privateKey).toString("base64");
    return `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature)}`;
  }

  reject(request, resultCode, message, body) {
    const id = body?.vaultingRequestId;
    const echo = validateInquireVaultingRequest({ vaultingRequestId: id }).valid ? id : undefined;
    return this.sign(request, createFailure(resultCode, message, echo));
  }

  sign({ path, headers }, value) {
    const body = JSON.stringify(value);
    const clientId = headers["client-id"] ?? "";
    const time = formatTime(Date.now());
    const signature = this.createSignature(`POST ${path}\n${clientId}.${time}.${body}`);
    return { status: 200, headers: { ...createHeaders(clientId), "response-time": time, signature }, body };
  }
}

/** Creates the only kind of response that has neither a signature nor a response-time header. */
function createUnsignedRejection({ "client-id": clientId = "" }) {
  const body = JSON.stringify(createFailure("INVALID_SIGNATURE", "The signature is invalid."));
  return { status: 200, headers: createHeaders(clientId), body };
}

const createHeaders = (clientId) => ({ "content-type": "application/json; charset=UTF-8", "client-id": clientId });

const createFailure = (resultCode, message, vaultingRequestId) => ({
  result: { resultCode, resultStatus: "F", resultMessage: message.slice(0, 256) },
  ...(vaultingRequestId === undefined ? {} : { vaultingRequestId }),
});

/**
 * Returns the encoded signature from a Signature header. The fields can be in any order. Returns `undefined` if a required field is missing, or if a
 * field is duplicated or invalid.
 */
function readSignature(header = "") {
  const parts = header.split(",").map((part) => /^ *(\w+)=(.*?) *$/.exec(part) ?? []);
  const fields = new Map(parts.map(([, name = "", value = ""]) => [name.toLowerCase(), value]));
  if (fields.size !== parts.length || !/^RSA256$/i.test(fields.get("algorithm"))) return undefined;
  const encoded = fields.get("signature") ?? "";
  const isValid = /^\d{1,9}$/.test(fields.get("keyversion") ?? "1") && /^[\w%+/=]+$/.test(encoded);
  return isValid ? encoded : undefined;
}

/** Returns the stored response for a known ID, even if the new request differs. Returns a failure if the ID was used with a different operation. */
const getStoredResponse = ({ operation, response }, calledOperation, vaultingRequestId) =>
  operation === calledOperation
    ? response
    : createFailure("REPEAT_REQ_INCONSISTENT", "The ID was used with a different operation.", vaultingRequestId);

const formatTime = (milliseconds) => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/** Returns whether every Content-Type is JSON. Antom's Go SDK sends two Content-Type lines. */
const isJson = (mediaTypes = "") =>
  mediaTypes.split(",").every((type) => /^ *application\/json *(?:; *charset="?utf-8"? *)?$/i.test(type));

/** Returns whether the text is a valid time: 13-digit milliseconds, 19-digit nanoseconds, or ISO 8601 with an offset. */
function isTime(text = "") {
  const pattern = /^(?:\d{13}|\d{19}|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d))$/;
  const [whole, local] = pattern.exec(text) ?? [];
  if (whole === undefined || local === undefined) return whole !== undefined;
  // Date accepts 30 February and converts it to a day in March.
  const date = new Date(`${local}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(local);
}

/**
 * Parses I-JSON and removes null fields, which some of Antom's SDKs send for unset fields. Returns `undefined` for invalid JSON and for text that
 * different parsers might interpret differently.
 */
function parseStrictly(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text, function (name, inner) {
      for (const part of [name, inner]) if (typeof part === "string" && !isPlain(part)) throw new Error("invalid text");
      return inner === null && !Array.isArray(this) ? undefined : inner;
    });
    return hasDuplicateName(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

const isPlain = (text) => text.isWellFormed() && !text.includes("\0");

/** Returns whether any object in the JSON text contains a duplicate name. */
function hasDuplicateName(text) {
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
