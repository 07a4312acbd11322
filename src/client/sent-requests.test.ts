import { describe, expect, test } from "vitest";
import { findSignatureError, importKeyring } from "../signature/index.ts";
import * as messages from "../testing/messages/client-messages.ts";
import { SPKI } from "../testing/messages/signature-vectors.ts";
import {
  CLIENT_ID,
  createScriptedFetch,
  createTestClient,
  type ReceivedRequest,
  startScriptedGateway,
} from "../testing/servers/scripted-gateway.ts";
import type { VaultClient, VaultClientOptions } from "./index.ts";

const NOW = Date.UTC(2026, 10, 23, 8, 4, 1, 999);
const fixedClock = { now: () => NOW + 0.4, sleep: async () => {} };

/** Returns the request that a client sends, and the reason if its signature is invalid. */
async function captureRequest(
  options: Partial<VaultClientOptions>,
  call: (client: VaultClient) => Promise<unknown> = (client) => client.vaultPaymentMethod(messages.vaultRequest),
): Promise<ReceivedRequest & { readonly signatureError: string | undefined }> {
  await using gateway = await startScriptedGateway(() => ({
    body: messages.vaultedResponse,
    time: new Date(NOW).toISOString(),
    headers: { "client-id": undefined },
    signed: { clientId: options.clientId ?? CLIENT_ID },
  }));
  await call(gateway.client({ clock: fixedClock, ...options }));
  const [received] = gateway.received;
  if (!received || gateway.received.length > 1) throw new Error(`${gateway.received.length} requests were received`);
  const getHeader = (name: string) => String(received.headers[name]);
  const message = { path: received.path, clientId: getHeader("client-id"), time: getHeader("request-time") };
  const keys = await importKeyring(SPKI, "the merchant's public key");
  return {
    ...received,
    signatureError: await findSignatureError(keys, { ...message, body: received.body }, getHeader("signature")),
  };
}

test("the client sends one POST with the protocol headers and a signature over the sent bytes", async () => {
  const request = { ...messages.vaultRequest, metadata: 'Zoë 王小明 😀 \u2028 "\\' };
  const { method, headers, body, signatureError } = await captureRequest({}, (client) =>
    client.vaultPaymentMethod(request),
  );
  expect(method).toBe("POST");
  expect(headers).toMatchObject({
    "client-id": CLIENT_ID,
    "request-time": String(NOW),
    "content-type": "application/json; charset=UTF-8",
  });
  expect(headers["request-time"]).toMatch(/^\d{13}$/);
  expect(headers["signature"]).toMatch(/^algorithm=RSA256,keyVersion=1,signature=[A-Za-z0-9%]+$/);
  expect(headers).not.toHaveProperty("agent-token");
  expect(body).toBe(JSON.stringify(request));
  expect(signatureError).toBeUndefined();
});

test("the client serializes a request only once", async () => {
  let serializations = 0;
  const metadata = { toJSON: () => `${++serializations}` } as unknown as string;
  const { body, signatureError } = await captureRequest({}, (client) =>
    client.vaultPaymentMethod({ ...messages.vaultRequest, metadata }),
  );
  expect(JSON.parse(body)).toHaveProperty("metadata", "1");
  expect(signatureError).toBeUndefined();
  expect(serializations).toBe(1);
});

test("the client ignores changes to the request after the call", async () => {
  const request = structuredClone(messages.vaultRequest);
  const { body, signatureError } = await captureRequest({}, (client) => {
    const outcome = client.vaultPaymentMethod(request);
    request.vaultingRequestId = "different";
    request.paymentMethodDetail.card.cardNo = "1";
    return outcome;
  });
  expect(body).toBe(JSON.stringify(messages.vaultRequest));
  expect(signatureError).toBeUndefined();
});

test("the client sends undocumented fields unchanged", async () => {
  const request = { ...messages.vaultRequest, vaultingCurrency: "USD" };
  const { body } = await captureRequest({}, (client) => client.vaultPaymentMethod(request));
  expect(JSON.parse(body)).toEqual(request);
});

test.each([
  [{ keyVersion: 7 }, "keyVersion=7,"],
  [{ keyVersion: "12" }, "keyVersion=12,"],
])("the client sends the key version from the options %j", async (options, part) => {
  const { headers, signatureError } = await captureRequest(options);
  expect(headers["signature"]).toContain(part);
  expect(signatureError).toBeUndefined();
});

test("the client sends the agent token", async () => {
  const { headers } = await captureRequest({ agentToken: "token-of-an-isv" });
  expect(headers["agent-token"]).toBe("token-of-an-isv");
});

describe("the path of a request", () => {
  const operations = [
    [
      "vaultPaymentMethod",
      (client: VaultClient) => client.vaultPaymentMethod(messages.vaultRequest),
      messages.vaultedResponse,
    ],
    [
      "createVaultingSession",
      (client: VaultClient) => client.createVaultingSession(messages.sessionRequest),
      messages.sessionResponse,
    ],
    [
      "inquireVaulting",
      (client: VaultClient) => client.inquireVaulting(messages.inquiryRequest),
      messages.createInquiryResponse("SUCCESS"),
    ],
  ] as const;

  test.each(operations)("contains the operation %s", async (name, call, body) => {
    await using gateway = await startScriptedGateway(() => ({ body }));
    await call(gateway.client());
    expect(gateway.received.map(({ path }) => path)).toEqual([`/ams/sandbox/api/v1/vaults/${name}`]);
  });

  test.each([
    ["SANDBOX_5Y00", undefined, "/ams/sandbox/api"],
    ["5Y00", undefined, "/ams/api"],
    ["5Y00_SANDBOX_", undefined, "/ams/api"],
    ["SANDBOX_5Y00", "production", "/ams/api"],
    ["5Y00", "sandbox", "/ams/sandbox/api"],
  ] as const)("for client %s with environment %s starts with %s", async (clientId, environment, base) => {
    const { path, headers, signatureError } = await captureRequest({
      clientId,
      ...(environment ? { environment } : {}),
    });
    expect(path).toBe(`${base}/v1/vaults/vaultPaymentMethod`);
    expect(headers["client-id"]).toBe(clientId);
    expect(signatureError).toBeUndefined();
  });
});

test.each([
  ["north-america", "https://open-na-global.alipay.com"],
  ["united-states", "https://open.antglobal-us.com"],
  ["asia", "https://open-sea-global.alipay.com"],
  ["europe", "https://open-de-global.alipay.com"],
] as const)("the client calls region %s at %s", async (region, host) => {
  const urls: string[] = [];
  const fetch = createScriptedFetch(({ href }) => {
    urls.push(href);
    return { body: messages.vaultedResponse };
  });
  const client = createTestClient({ region, fetch });
  expect(await client.vaultPaymentMethod(messages.vaultRequest)).toHaveProperty("outcome", "vaulted");
  expect(urls).toEqual([`${host}/ams/sandbox/api/v1/vaults/vaultPaymentMethod`]);
});

describe("the raw client", () => {
  const path = "/v1/vaults/inquireVaulting";

  test("signs the request and returns the verified response", async () => {
    await using gateway = await startScriptedGateway(() => ({
      body: messages.createInquiryResponse("FAIL"),
      headers: { "x-other": "1" },
    }));
    const { data, error, response } = await gateway.client().raw.POST(path, { body: messages.inquiryRequest });
    expect(data).toEqual(messages.createInquiryResponse("FAIL"));
    expect(error).toBeUndefined();
    expect([...response.headers.keys()].sort()).toEqual(["client-id", "content-type", "response-time", "signature"]);
    expect(gateway.received[0]?.body).toBe(JSON.stringify(messages.inquiryRequest));
  });

  test("sends the body as it was when the method was called", async () => {
    const body = { ...messages.inquiryRequest };
    const received = await captureRequest({}, ({ raw }) => {
      const call = raw.POST(path, { body });
      body.vaultingRequestId = "changed";
      return call;
    });
    expect(received.body).toBe(JSON.stringify(messages.inquiryRequest));
  });

  test("signs the query with the path", async () => {
    const { path: requested, signatureError } = await captureRequest({}, ({ raw }) =>
      raw.POST(path, { body: messages.inquiryRequest, querySerializer: () => "trace=a%20b" }),
    );
    expect(requested).toBe(`/ams/sandbox/api${path}?trace=a%20b`);
    expect(signatureError).toBeUndefined();
  });

  test("sends an agent token that is set for one call", async () => {
    const { headers } = await captureRequest({}, ({ raw }) =>
      raw.POST(path, { body: messages.inquiryRequest, params: { header: { "agent-token": "t" } } }),
    );
    expect(headers["agent-token"]).toBe("t");
  });

  test("replaces the caller's client ID, time, and signature headers", async () => {
    const headers = { "Client-Id": "other", "Request-Time": "1", Signature: "none" };
    const received = await captureRequest({}, ({ raw }) => raw.POST(path, { body: messages.inquiryRequest, headers }));
    expect(received.headers["client-id"]).toBe(CLIENT_ID);
    expect(received.signatureError).toBeUndefined();
  });

  test.each([
    ["unsigned", { signed: false }, "SIGNATURE_MISSING"],
    ["signed for a different path", { signed: { path: "/" } }, "SIGNATURE_INVALID"],
    ["a redirect", { status: 307, headers: { location: "/" } }, "REDIRECT_NOT_ALLOWED"],
  ] as const)("rejects a response that is %s", async (_, response, code) => {
    await using gateway = await startScriptedGateway(() => ({ body: messages.vaultedResponse, ...response }));
    const call = gateway.client({ retry: false }).raw.POST(path, { body: messages.inquiryRequest });
    await expect(call).rejects.toMatchObject({ name: "AntomVaultError", code });
  });

  test("does not send http requests to a non-loopback address", async () => {
    const { raw } = createTestClient({ region: "asia" });
    const call = raw.POST(path, { body: messages.inquiryRequest, baseUrl: "http://192.0.2.1" });
    await expect(call).rejects.toMatchObject({ code: "TLS_REQUIRED" });
  });
});
