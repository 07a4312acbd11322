/** Creates signed notifications, and a receiver that records events. Uses the keys of the signature vectors. */
import { expect } from "vitest";
import { validateNotificationRejection, validateVaultingAcknowledgement } from "../../../generated/validators.js";
import { getNotificationExamples } from "../../contract/document/openapi-document.ts";
import {
  createNotificationReceiver,
  type NotificationReceiverOptions,
  type VaultingEvent,
} from "../../notification/index.ts";
import type { AntomVaultError } from "../../protocol/errors.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../signature/index.ts";
import { type HeaderOverrides, overrideHeaders } from "../messages/exchanges.ts";
import { PKCS8, SPKI } from "../messages/signature-vectors.ts";

export const CLIENT_ID = "SANDBOX_5X00000000000000";
export const PATH = "/antom/vaulting-notifications";
export const NOW = Date.UTC(2026, 10, 23, 12);
export const TIME = "2026-11-23T20:00:00+08:00";

/** The examples of notifyVaulting in the OpenAPI document, by name. */
export const EXAMPLES = getNotificationExamples();

export const VAULTED_BODY = JSON.stringify(EXAMPLES.get("SUCCESS"));

/** The parts of a notification that its signature covers. */
interface SignedParts {
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

interface TestNotification extends SignedParts {
  readonly method: string;
  /** The private key that signs the notification, as base64-encoded PKCS#8. */
  readonly key: string;
  readonly headers: HeaderOverrides;
}

const privateKeys = new Map<string, ReturnType<typeof importPrivateKey>>();

/** Imports each private key only once, because importing a key takes longer than signing. */
function importCachedKey(text: string) {
  const key = privateKeys.get(text) ?? importPrivateKey(text);
  privateKeys.set(text, key);
  return key;
}

/** Creates the headers of a signed notification. */
export async function createSignedHeaders(parts: SignedParts, key = PKCS8): Promise<Record<string, string>> {
  return {
    "content-type": "application/json; charset=UTF-8",
    "client-id": parts.clientId,
    "request-time": parts.time,
    signature: formatSignatureHeader(await sign(parts, await importCachedKey(key)), 1),
  };
}

/** Creates a notification. `signed` replaces values in the string to sign. */
export async function createNotification(
  sent: Partial<TestNotification> = {},
  signed: Partial<SignedParts> = {},
): Promise<Request> {
  const { path = PATH, clientId = CLIENT_ID, time = TIME, body = VAULTED_BODY, method = "POST" } = sent;
  const signedHeaders = await createSignedHeaders({ path, clientId, time, body, ...signed }, sent.key);
  const headers = new Headers({ ...signedHeaders, "client-id": clientId, "request-time": time });
  overrideHeaders(headers, sent.headers);
  const withoutBody = method === "GET" || method === "HEAD";
  return new Request(`https://merchant.example${path}`, { method, headers, ...(withoutBody ? {} : { body }) });
}

/** Creates a receiver that records events and rejections. */
export function createTestReceiver(options: Partial<NotificationReceiverOptions> = {}) {
  const events: VaultingEvent[] = [];
  const rejections: AntomVaultError[] = [];
  const receive = createNotificationReceiver({
    clientId: CLIENT_ID,
    antomPublicKey: SPKI,
    now: () => NOW,
    onVaulting: (event) => void events.push(event),
    onRejected: (error) => void rejections.push(error),
    ...options,
  });
  return { receive, events, rejections };
}

/** Checks that a response is the complete documented acknowledgement. */
export async function expectAcknowledged(response: Response): Promise<void> {
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/json; charset=UTF-8",
    "client-id": CLIENT_ID,
    "response-time": "2026-11-23T12:00:00Z",
  });
  const body: unknown = await response.json();
  expect(body).toEqual({ result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" } });
  expect(validateVaultingAcknowledgement(body).valid).toBe(true);
}

/** Checks that a response is a documented rejection and not a valid acknowledgement. Returns its message. */
export async function expectRejected(response: Response, status: number, resultCode: string): Promise<string> {
  const body: unknown = await response.json();
  expect([response.status, body]).toEqual([
    status,
    { result: { resultCode, resultStatus: "F", resultMessage: expect.any(String) } },
  ]);
  expect(response.headers.get("content-type")).toBe("application/json; charset=UTF-8");
  expect(validateVaultingAcknowledgement(body).valid).toBe(false);
  const rejection = validateNotificationRejection(body);
  return rejection.valid
    ? rejection.value.result.resultMessage
    : expect.fail("The rejection does not match the OpenAPI document.");
}
