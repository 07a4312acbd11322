/** Creates requests, calls the sandbox without the client, and listens for its notifications. */
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { expect } from "vitest";
import { strictResponseValidators } from "../../../generated/operation-validators.ts";
import { basePaths, type OperationId, operationPaths } from "../../../generated/operations.ts";
import type { components } from "../../../generated/types.ts";
import { TEST_CARDS } from "../../cards/test-cards.ts";
import { createVaultClient, type VaultClient, type VaultClientOptions } from "../../client/index.ts";
import type { Credentials } from "../../gateway/index.ts";
import { createNotificationReceiver, type VaultingEvent } from "../../notification/index.ts";
import type { AntomVaultError } from "../../protocol/errors.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../signature/index.ts";
import { startNodeServer } from "../servers/node-server.ts";

type Schemas = components["schemas"];

/** Test card numbers by behavior. */
export const CARD = {
  vaults: "4054695723100768",
  alsoVaults: "5162774114974622",
  fails: "4000009900050009",
  challenges: "4000009900510002",
  challengesThenFails: "4000009900520001",
  abandoned: "4000009900570006",
} as const;

export const ALL_CARDS: readonly (readonly [string, (typeof TEST_CARDS)[number]])[] = TEST_CARDS.map((card) => [
  `${card.number} (${card.challenge ?? card.result})`,
  card,
]);

/** A URL with a port that the sandbox blocks, for tests that need no notifications. */
export const UNREACHABLE_URL = "http://127.0.0.1:22/";

/** Creates a unique vaultingRequestId. */
export const createId = (): string => randomUUID();

export interface RequestOptions {
  readonly id?: string;
  readonly cardNo?: string;
  readonly url?: string;
  readonly threeDS?: boolean;
  readonly metadata?: string;
}

/** Creates a valid request for vaultPaymentMethod. */
export const createVaultRequest = ({
  id = createId(),
  cardNo = CARD.vaults,
  url = UNREACHABLE_URL,
  threeDS,
  metadata,
}: RequestOptions = {}): Schemas["VaultPaymentMethodRequest"] => ({
  vaultingRequestId: id,
  vaultingNotificationUrl: url,
  redirectUrl: "https://merchant.example/cards/done",
  ...(metadata === undefined ? {} : { metadata }),
  paymentMethodDetail: {
    paymentMethodType: "CARD",
    card: {
      cardNo,
      cvv: "123",
      expiryYear: "30",
      expiryMonth: "12",
      ...(threeDS === undefined ? {} : { is3DSAuthentication: threeDS }),
    },
  },
  env: { terminalType: "WEB" },
});

/** Creates a valid request for createVaultingSession. */
export const createSessionRequest = ({
  id = createId(),
  url = UNREACHABLE_URL,
  threeDS,
}: RequestOptions = {}): Schemas["CreateVaultingSessionRequest"] => ({
  paymentMethodType: "CARD",
  vaultingRequestId: id,
  vaultingNotificationUrl: url,
  ...(threeDS === undefined ? {} : { is3DSAuthentication: threeDS }),
});

/** Creates a client without retries, so that a test sees the result of every attempt. */
export const createTestClient = (credentials: Credentials, options: Partial<VaultClientOptions> = {}): VaultClient =>
  createVaultClient({ ...credentials, retry: false, ...options });

/** Checks that a body matches the OpenAPI document and has no unlisted codes or fields. Returns the name of the matching schema. */
export function expectDocumented(operation: OperationId, body: unknown): string {
  const checked = strictResponseValidators[operation](body);
  if (!checked.valid)
    expect.fail(`${JSON.stringify(body)} does not match the OpenAPI document: ${JSON.stringify(checked.issues)}`);
  return checked.branch;
}

export interface DirectResponse {
  readonly text: string;
  readonly body: {
    readonly result: { readonly resultCode: string; readonly resultStatus: string; readonly resultMessage: string };
    readonly normalUrl?: string;
    readonly paymentMethodDetail?: { readonly card: { readonly cardToken: string } };
    readonly vaultingStatus?: string;
    readonly vaultingResultCode?: string;
  };
  readonly signed: boolean;
}

/** Calls the sandbox without the client, and checks that the response is documented. Returns its text, its body, and whether it is signed. */
export async function callDirectly(
  { baseUrl, clientId, merchantPrivateKey }: Pick<Credentials, "baseUrl" | "clientId" | "merchantPrivateKey">,
  operation: OperationId,
  request: object,
): Promise<DirectResponse> {
  const path = basePaths.sandbox + operationPaths[operation];
  const time = new Date().toISOString();
  const body = JSON.stringify(request);
  const signature = formatSignatureHeader(
    await sign({ path, clientId, time, body }, await importPrivateKey(merchantPrivateKey)),
    1,
  );
  const headers = {
    "content-type": "application/json; charset=UTF-8",
    "client-id": clientId,
    "request-time": time,
    signature,
  };
  const response = await fetch(baseUrl + path, { method: "POST", headers, body });
  const text = await response.text();
  const parsed: unknown = JSON.parse(text);
  expectDocumented(operation, parsed);
  // expectDocumented has validated the type.
  return { text, body: parsed as DirectResponse["body"], signed: response.headers.get("signature") !== null };
}

/** A listener's response to a notification. `acknowledge` sends the response that the notification receiver returns. */
export type Reply =
  | "acknowledge"
  | "hang"
  | "reset"
  | { readonly status?: number; readonly contentType?: string; readonly body?: string; readonly location?: string };

export interface Delivery {
  readonly id: string;
  /** When the listener received the notification, in Unix milliseconds. */
  readonly at: number;
  readonly path: string;
  readonly signature: string | undefined;
  readonly time: string | undefined;
  readonly body: string;
  /** Whether the notification receiver accepted the notification. */
  readonly accepted: boolean;
}

export interface Listener extends AsyncDisposable {
  readonly url: string;
  /** All deliveries, in the order in which they arrived. */
  readonly deliveries: Delivery[];
  /** The events of the notification receiver, one per final result. */
  readonly events: VaultingEvent[];
  readonly rejections: AntomVaultError[];
  /** Returns the highest number of concurrent deliveries. */
  readonly getMaxConcurrent: () => number;
  /** Resolves after `count` deliveries in total or, if `id` is set, after `count` deliveries for this vaultingRequestId. */
  readonly waitForDeliveries: (count: number, id?: string) => Promise<readonly Delivery[]>;
}

/** Starts a listener on a free local port. The notification receiver checks every notification, even if `reply` sends a different response. */
export async function startListener(
  { clientId, antomPublicKey }: Pick<Credentials, "clientId" | "antomPublicKey">,
  reply: (delivery: Delivery, count: number) => Reply | Promise<Reply> = () => "acknowledge",
): Promise<Listener> {
  const deliveries: Delivery[] = [];
  const events: VaultingEvent[] = [];
  const rejections: AntomVaultError[] = [];
  const emitter = new EventEmitter().setMaxListeners(0);
  let inFlight = 0;
  let maxConcurrent = 0;
  const receive = createNotificationReceiver({
    clientId,
    antomPublicKey,
    onVaulting: (event) => void events.push(event),
    onRejected: (error) => void rejections.push(error),
  });

  async function handleNotification(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await buffer(message);
    const headers = Object.entries(message.headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as [string, string]] : [],
    );
    const path = message.url ?? "/";
    const acknowledgement = await receive(
      new Request(`http://merchant.invalid${path}`, { method: "POST", headers, body: bytes }),
    );
    const body = bytes.toString();
    const delivery: Delivery = {
      id: readId(body),
      at: Date.now(),
      path,
      signature: message.headers["signature"]?.toString(),
      time: message.headers["request-time"]?.toString(),
      body,
      accepted: acknowledgement.status === 200,
    };
    deliveries.push(delivery);
    const decision = await reply(delivery, deliveries.length);
    if (decision === "reset") message.socket.resetAndDestroy();
    else if (decision === "acknowledge") {
      const { status, headers: responseHeaders } = acknowledgement;
      response.writeHead(status, Object.fromEntries(responseHeaders)).end(await acknowledgement.text());
    } else if (decision !== "hang") {
      const { status = 200, contentType = "application/json", body: text = "", location } = decision;
      response.writeHead(status, { "content-type": contentType, ...(location ? { location } : {}) }).end(text);
    }
    emitter.emit("delivery");
  }

  const server = await startNodeServer((message, response) => {
    inFlight += 1;
    maxConcurrent = Math.max(maxConcurrent, inFlight);
    response.once("close", () => {
      inFlight -= 1;
    });
    handleNotification(message, response).catch(() => message.destroy());
  });
  const findDeliveries = (id?: string) => deliveries.filter((delivery) => id === undefined || delivery.id === id);
  return {
    url: `${server.baseUrl}/antom/notify?shop=1`,
    deliveries,
    events,
    rejections,
    getMaxConcurrent: () => maxConcurrent,
    waitForDeliveries: async (count, id) => {
      while (findDeliveries(id).length < count) await once(emitter, "delivery");
      return findDeliveries(id);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const readId = (body: string): string =>
  String((JSON.parse(body) as { readonly vaultingRequestId?: unknown }).vaultingRequestId);

/** Returns the error code with which a promise rejects, or the value to which it resolves. */
export const catchErrorCode = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error: AntomVaultError) => error.code,
  );
