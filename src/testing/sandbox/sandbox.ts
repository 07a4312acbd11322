/** What tests of the sandbox share: requests, exact calls over a socket, and a merchant's listener that receives with our own receiver. */
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
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

type Schemas = components["schemas"];

/** Published test numbers, by what they do. */
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

/** No one listens there: the port is refused before anything is sent, so a test that is not about notifications causes none. */
export const UNREACHABLE_URL = "http://127.0.0.1:22/";

export const createId = (): string => randomUUID();

export interface RequestOptions {
  readonly id?: string;
  readonly cardNo?: string;
  readonly url?: string;
  readonly threeDS?: boolean;
  readonly metadata?: string;
}

/** A request of vaultPaymentMethod that the document allows. */
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

/** A request of createVaultingSession that the document allows. */
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

/** A client that sends each call once, so that a test sees what came of that one. */
export const createTestClient = (credentials: Credentials, options: Partial<VaultClientOptions> = {}): VaultClient =>
  createVaultClient({ ...credentials, retry: false, ...options });

/** Demands that a body is an answer that the document declares for the operation, codes and fields included; gives which branch it is. */
export function expectDocumented(operation: OperationId, body: unknown): string {
  const checked = strictResponseValidators[operation](body);
  if (!checked.valid) expect.fail(`${JSON.stringify(body)} breaks the document: ${JSON.stringify(checked.issues)}`);
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

/** Calls the sandbox without the client and gives the body's bytes as they came; demands that the document declares them. */
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
  // The strict validator has just said so.
  return { text, body: parsed as DirectResponse["body"], signed: response.headers.get("signature") !== null };
}

/** What a listener does with a notification. `acknowledge` leaves it to our own receiver. */
export type Reply =
  | "acknowledge"
  | "hang"
  | "reset"
  | { readonly status?: number; readonly contentType?: string; readonly body?: string; readonly location?: string };

export interface Delivery {
  readonly id: string;
  /** Milliseconds since 1970, the machine's. */
  readonly at: number;
  readonly path: string;
  readonly signature: string | undefined;
  readonly time: string | undefined;
  readonly body: string;
  /** Whether our receiver took it; undefined where it was not asked. */
  readonly accepted: boolean;
}

export interface Listener extends AsyncDisposable {
  readonly url: string;
  /** In the order in which they came. */
  readonly deliveries: Delivery[];
  /** What the receiver handed over: each final result once. */
  readonly events: VaultingEvent[];
  readonly rejections: AntomVaultError[];
  /** How many were being answered at once at the most. */
  readonly maxConcurrent: () => number;
  /** Resolves as soon as so many have come, of one vaulting where its ID is given. */
  readonly waitForDeliveries: (count: number, id?: string) => Promise<readonly Delivery[]>;
}

/** A merchant's listener on a free port of 127.0.0.1. Every notification goes through our own receiver, whatever is answered then. */
export async function startListener(
  { clientId, antomPublicKey }: Pick<Credentials, "clientId" | "antomPublicKey">,
  reply: (delivery: Delivery, count: number) => Reply | Promise<Reply> = () => "acknowledge",
): Promise<Listener> {
  const deliveries: Delivery[] = [];
  const events: VaultingEvent[] = [];
  const refused: AntomVaultError[] = [];
  const news = new EventEmitter().setMaxListeners(0);
  let inFlight = 0;
  let atOnce = 0;
  const receive = createNotificationReceiver({
    clientId,
    antomPublicKey,
    onVaulting: (event) => void events.push(event),
    onRejected: (error) => void refused.push(error),
  });

  async function take(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readBody(message);
    const headers = Object.entries(message.headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as [string, string]] : [],
    );
    const path = message.url ?? "/";
    const answer = await receive(
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
      accepted: answer.status === 200,
    };
    deliveries.push(delivery);
    const what = await reply(delivery, deliveries.length);
    if (what === "reset") message.socket.resetAndDestroy();
    else if (what === "acknowledge") {
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    } else if (what !== "hang") {
      const { status = 200, contentType = "application/json", body: text = "", location } = what;
      response.writeHead(status, { "content-type": contentType, ...(location ? { location } : {}) }).end(text);
    }
    news.emit("delivery");
  }

  const server = createServer((message, response) => {
    inFlight += 1;
    atOnce = Math.max(atOnce, inFlight);
    response.once("close", () => {
      inFlight -= 1;
    });
    take(message, response).catch(() => message.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // Always an address and a port, as it listens on TCP.
  const { port } = server.address() as AddressInfo;
  const of = (id?: string) => deliveries.filter((each) => id === undefined || each.id === id);
  return {
    url: `http://127.0.0.1:${port}/antom/notify?shop=1`,
    deliveries,
    events,
    rejections: refused,
    maxConcurrent: () => atOnce,
    waitForDeliveries: async (count, id) => {
      while (of(id).length < count) await once(news, "delivery");
      return of(id);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const readId = (body: string): string =>
  String((JSON.parse(body) as { readonly vaultingRequestId?: unknown }).vaultingRequestId);

async function readBody(message: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The error code with which a promise rejects, or what it resolved to. */
export const catchErrorCode = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error: AntomVaultError) => error.code,
  );
