import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { canaryRequest, findSecrets, inspectAll, secretsLine } from "../testing/attacks/client-canary.ts";
import * as messages from "../testing/messages/client-messages.ts";
import {
  ANTOM_PUBLIC_KEY,
  catchError,
  createTestClient,
  type ReceivedRequest,
  type ScriptedResponse,
  startScriptedGateway,
} from "../testing/servers/scripted-gateway.ts";
import type { LogEntry, VaultClientOptions } from "./index.ts";

/** Everything that a test prints: console messages, writes to stdout and stderr, and process warnings. */
const printed: unknown[][] = [];
beforeEach(() => {
  const record = (...values: unknown[]) => {
    printed.push(values);
    return true;
  };
  for (const method of ["log", "info", "warn", "error", "debug", "trace", "dir"] as const) {
    vi.spyOn(console, method).mockImplementation(record);
  }
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, "write").mockImplementation(record);
  vi.spyOn(process, "emitWarning").mockImplementation(record);
});
afterEach(() => {
  vi.restoreAllMocks();
  printed.length = 0;
});

/** Sends a request that contains canaries, expects it to fail, and expects no canary in the error, the log, or the output. */
async function expectSafeFailure(options: Partial<VaultClientOptions>, signal?: AbortSignal) {
  const log: LogEntry[] = [];
  const signatures: string[] = [];
  const { fetch = globalThis.fetch, ...rest } = options;
  const client = createTestClient({
    ...rest,
    logger: (entry) => log.push(entry),
    fetch: (input, init) => {
      signatures.push(new Headers(init.headers).get("signature")?.split("signature=")[1] ?? "");
      return fetch(input, init);
    },
  });
  const error = await catchError(client.vaultPaymentMethod(canaryRequest, signal ? { signal } : {}));
  const secrets = [...signatures, ...signatures.map(decodeURIComponent)];
  expect(findSecrets(inspectAll(error), secrets)).toEqual([]);
  expect(findSecrets(inspectAll(log), secrets)).toEqual([]);
  expect(printed).toEqual([]);
  return error;
}

const quoteSecrets = (resultCode: string) => ({
  result: { resultCode, resultStatus: "F", resultMessage: secretsLine },
});
const echo = ({ body }: ReceivedRequest) => body;

describe("the client exposes no card data if a server returns it", () => {
  test.each<[string, string, (request: ReceivedRequest) => ScriptedResponse]>([
    ["unsigned, as a message", "SIGNATURE_MISSING", () => ({ signed: false, body: quoteSecrets("PARAM_ILLEGAL") })],
    ["unsigned, as a code", "SIGNATURE_MISSING", () => ({ signed: false, body: quoteSecrets(secretsLine) })],
    ["unsigned, in the echoed request", "SIGNATURE_MISSING", (request) => ({ signed: false, body: echo(request) })],
    [
      "with an invalid signature, as a message",
      "SIGNATURE_INVALID",
      () => ({ signed: { path: "/" }, body: quoteSecrets("NO") }),
    ],
    ["signed, in the echoed request", "RESPONSE_INVALID", (request) => ({ body: echo(request) })],
    ["signed, as an invalid code", "RESPONSE_INVALID", () => ({ body: quoteSecrets(secretsLine.repeat(9)) })],
    [
      "signed, as an invalid status",
      "RESPONSE_INVALID",
      () => ({ body: { result: { ...quoteSecrets("NO").result, resultStatus: secretsLine } } }),
    ],
    [
      "signed, as field names",
      "RESPONSE_INVALID",
      () => ({ body: { result: { [secretsLine]: 1 }, [secretsLine]: [] } }),
    ],
    [
      "signed, as the ID",
      "RESPONSE_INVALID",
      () => ({
        body: { ...messages.vaultedResponse, vaultingRequestId: canaryRequest.paymentMethodDetail.card.cardNo },
      }),
    ],
    [
      "signed, as a URL",
      "RESPONSE_INVALID",
      () => ({ body: { ...messages.verifyingResponse, normalUrl: secretsLine } }),
    ],
    ["signed, as invalid JSON", "RESPONSE_NOT_JSON", (request) => ({ body: echo(request).slice(0, -1) })],
    ["signed, as plain text", "RESPONSE_NOT_JSON", () => ({ body: secretsLine })],
    [
      "signed, as a duplicate field name",
      "RESPONSE_NOT_JSON",
      () => ({ body: `{"${secretsLine}":1,"${secretsLine}":2}` }),
    ],
    ["in a response that is too large", "RESPONSE_TOO_LARGE", () => ({ body: secretsLine.repeat(999) })],
    ["with HTTP 500", "UNEXPECTED_HTTP_STATUS", (request) => ({ status: 500, body: echo(request) })],
    [
      "with HTTP 400, unsigned",
      "UNEXPECTED_HTTP_STATUS",
      () => ({ status: 400, signed: false, body: quoteSecrets("PARAM_ILLEGAL") }),
    ],
    [
      "with HTTP 503 for every attempt",
      "UNEXPECTED_HTTP_STATUS",
      () => ({ status: 503, headers: { "retry-after": secretsLine }, body: secretsLine }),
    ],
    ["in a redirect", "REDIRECT_NOT_ALLOWED", () => ({ status: 307, headers: { location: `/?${secretsLine}` } })],
    [
      "in the signature",
      "SIGNATURE_INVALID",
      () => ({ headers: { signature: `algorithm=RSA256,keyVersion=1,signature=${secretsLine}` } }),
    ],
    [
      "as the algorithm",
      "SIGNATURE_INVALID",
      () => ({ headers: { signature: `algorithm=${secretsLine},signature=AAAA` } }),
    ],
    ["in client-id", "SIGNATURE_INVALID", () => ({ headers: { "client-id": secretsLine } })],
    ["in response-time", "RESPONSE_TIME_OUT_OF_RANGE", () => ({ time: secretsLine })],
    [
      "in content-type, with an incomplete body",
      "CONNECTION_FAILED",
      () => ({ fault: "truncation", body: secretsLine, headers: { "content-type": secretsLine } }),
    ],
    ["as invalid gzip", "CONNECTION_FAILED", () => ({ headers: { "content-encoding": "gzip" }, body: secretsLine })],
    ["or resets the connection", "CONNECTION_FAILED", () => ({ fault: "reset" })],
    ["or does not respond", "TIMEOUT", () => ({ fault: "silence" })],
  ])("%s: throws %s", async (_, code, script) => {
    await using gateway = await startScriptedGateway((request) => script(request));
    const error = await expectSafeFailure({ baseUrl: gateway.baseUrl, timeoutMs: code === "TIMEOUT" ? 100 : 30_000 });
    expect(error.code).toBe(code);
  });

  test("as the key version, if antomPublicKey is a version map", async () => {
    const { cvv } = canaryRequest.paymentMethodDetail.card;
    const signature = `algorithm=RSA256,keyVersion=${cvv},signature=AAAA`;
    await using gateway = await startScriptedGateway(() => ({ headers: { signature } }));
    const error = await expectSafeFailure({ baseUrl: gateway.baseUrl, antomPublicKey: { 1: ANTOM_PUBLIC_KEY } });
    expect(error.code).toBe("SIGNATURE_INVALID");
  });

  test("as a response that is not HTTP", async () => {
    const server = createServer((socket) =>
      socket.on("data", (data) => socket.end(`${secretsLine}\r\n${data}`)).on("error", () => {}),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const error = await expectSafeFailure({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    server.close();
    expect(error.code).toBe("CONNECTION_FAILED");
    expect(error.cause).toMatchObject({ name: "HTTPParserError" });
  });
});

describe("the client exposes no card data if a custom fetch", () => {
  const quoteRequest = (init: RequestInit) =>
    `${secretsLine} ${new TextDecoder().decode(init.body as Uint8Array)} ${JSON.stringify([...new Headers(init.headers)])}`;
  const createNamedError = (name: string, properties: object = {}) =>
    Object.assign(new Error(secretsLine), { name, ...properties });
  const digits = canaryRequest.paymentMethodDetail.card.cardNo;

  test.each<[string, (init: RequestInit) => unknown]>([
    [
      "an error with a cause",
      (init) => new Error(quoteRequest(init), { cause: new Error(quoteRequest(init), { cause: quoteRequest(init) }) }),
    ],
    [
      "an error with the request as a property",
      (init) => Object.assign(new TypeError(quoteRequest(init)), { init, request: init }),
    ],
    ["an error with card data in its name", () => createNamedError(`E${digits}`)],
    ["an error with card data in its code", () => createNamedError("Error", { code: `E${digits}` })],
    [
      "an error with card data in the code of its cause",
      () => new Error("", { cause: createNamedError("Error", { code: `E${digits}` }) }),
    ],
    [
      "an error that is its own cause",
      (init) => {
        const error = new Error(quoteRequest(init));
        error.cause = error;
        return error;
      },
    ],
    ["an AggregateError", (init) => new AggregateError([new Error(quoteRequest(init))], quoteRequest(init))],
    ["a DOMException", (init) => new DOMException(quoteRequest(init), "NetworkError")],
    ["a string", quoteRequest],
    ["an object", (init) => ({ ...init, message: quoteRequest(init) })],
    ["undefined", () => undefined],
  ])("throws %s", async (_, create) => {
    const asyncError = await expectSafeFailure({
      region: "asia",
      fetch: async (_, init) => {
        throw create(init);
      },
    });
    const syncError = await expectSafeFailure({
      region: "asia",
      fetch: (_, init) => {
        throw create(init);
      },
    });
    expect([asyncError.code, syncError.code]).toEqual(["CONNECTION_FAILED", "CONNECTION_FAILED"]);
  });

  test.each<[string, string, (init: RequestInit) => unknown]>([
    [
      "card data in the status text",
      "UNEXPECTED_HTTP_STATUS",
      () => new Response(null, { status: 500, statusText: secretsLine }),
    ],
    [
      "a body that fails while it is read",
      "CONNECTION_FAILED",
      (init) =>
        new Response(new ReadableStream({ start: (controller) => controller.error(new Error(quoteRequest(init))) })),
    ],
    ["the request instead of a response", "CONNECTION_FAILED", (init) => ({ ...init, status: 200 })],
    ["undefined", "CONNECTION_FAILED", () => undefined],
  ])("returns %s", async (_, code, create) => {
    const fetch = async (_: string, init: RequestInit) => create(init) as Response;
    expect(await expectSafeFailure({ region: "asia", fetch, timeoutMs: 500 })).toMatchObject({ code });
  });

  test("aborts the call with card data in the reason", async () => {
    const controller = new AbortController();
    const fetch = (_: string, init: RequestInit) => {
      controller.abort(new Error(quoteRequest(init)));
      return new Promise<never>(() => {});
    };
    expect(await expectSafeFailure({ region: "asia", fetch }, controller.signal)).toMatchObject({ code: "ABORTED" });
  });
});

test("the client exposes no card data if the clock throws an error that contains it", async () => {
  const now = () => {
    throw new Error(secretsLine);
  };
  const fetch = async () => new Response();
  await expectSafeFailure({ region: "asia", fetch, clock: { now, sleep: async () => {} } });
});

test("the client exposes no card data if every card field is invalid", async () => {
  const { card } = canaryRequest.paymentMethodDetail;
  const client = createTestClient({ region: "asia" });
  const withInvalidCard = (change: (value: string) => unknown) => ({
    ...canaryRequest,
    paymentMethodDetail: {
      paymentMethodType: "CARD",
      card: Object.fromEntries(Object.entries(card).map(([name, value]) => [name, change(value)])),
    },
  });
  for (const change of [
    (value: string) => `${value} ${value}`,
    (value: string) => [value],
    (value: string) => ({ [value]: value }),
  ]) {
    const error = await catchError(client.vaultPaymentMethod(withInvalidCard(change) as typeof canaryRequest));
    expect(error.issues?.length).toBeGreaterThanOrEqual(Object.keys(card).length);
    expect(findSecrets(inspectAll(error))).toEqual([]);
  }
});

test("the client and a raw response expose no keys or card data", async () => {
  await using gateway = await startScriptedGateway(() => ({
    body: messages.vaultedResponse,
    time: "2026-11-23T18:44:21Z",
  }));
  const client = gateway.client({ responseTimeToleranceMs: false });
  await client.vaultPaymentMethod(canaryRequest);
  expect(findSecrets(inspectAll(client))).toEqual([]);
  expect(findSecrets(inspectAll(client.raw))).toEqual([]);
  const { data: _, ...response } = await client.raw.POST("/v1/vaults/vaultPaymentMethod", { body: canaryRequest });
  expect(findSecrets(inspectAll(response))).toEqual([]);
});

test("findSecrets finds secrets in the cause of an error", () => {
  const error = new Error("x", { cause: new Error(secretsLine) });
  expect(findSecrets(inspectAll(error)).length).toBeGreaterThanOrEqual(9);
});
