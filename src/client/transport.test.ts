import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createTlsCertificates } from "../gateway/index.ts";
import { AntomVaultError } from "../protocol/errors.ts";
import * as messages from "../testing/messages/client-messages.ts";
import {
  catchError,
  createScriptedFetch,
  createTestClient,
  startScriptedGateway,
} from "../testing/servers/scripted-gateway.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const DISABLE_CHECKS = "NODE_TLS_REJECT_UNAUTHORIZED";

describe("createVaultClient", () => {
  test.each([
    "http://192.0.2.1",
    "http://open-sea-global.alipay.com",
    "http://localhost.example",
    "http://127.0.0.1.example",
    "http://x.localhost",
    "http://0.0.0.0:4010",
    "http://[::]:4010",
    "http://[::ffff:192.0.2.1]",
    "http://2130706434.example",
    "ftp://127.0.0.1",
    "ws://127.0.0.1",
  ])("rejects the base URL %s", (baseUrl) => {
    expect(() => createTestClient({ baseUrl })).toThrow(expect.objectContaining({ code: "TLS_REQUIRED" }));
  });

  test.each([
    "http://127.0.0.1:4010",
    "http://127.9.9.9",
    "http://127.1",
    "http://2130706433",
    "http://LOCALHOST:4010/",
    "http://[::1]:4010",
    "https://vault.example",
    "https://192.0.2.1:8443/",
  ])("accepts the base URL %s", (baseUrl) => {
    expect(() => createTestClient({ baseUrl })).not.toThrow();
  });
});

describe("with certificate checks disabled for the process,", () => {
  test("createVaultClient rejects https URLs", () => {
    vi.stubEnv(DISABLE_CHECKS, "0");
    for (const target of [{ region: "asia" }, { baseUrl: "https://127.0.0.1" }] as const) {
      expect(() => createTestClient(target)).toThrow(AntomVaultError);
      expect(() => createTestClient(target)).toThrow(/NODE_TLS_REJECT_UNAUTHORIZED=0 .*NODE_EXTRA_CA_CERTS/);
    }
    expect(() => createTestClient({ baseUrl: "http://127.0.0.1" })).not.toThrow();
  });

  test("an existing client sends nothing", async () => {
    const fetch = vi.fn(createScriptedFetch(() => ({ body: messages.vaultedResponse })));
    const client = createTestClient({ region: "asia", fetch });
    expect(await client.vaultPaymentMethod(messages.vaultRequest)).toHaveProperty("outcome", "vaulted");
    vi.stubEnv(DISABLE_CHECKS, "0");
    const error = await catchError(client.vaultPaymentMethod(messages.vaultRequest));
    expect(error.code).toBe("TLS_REQUIRED");
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

test("the client sends nothing to a server with an untrusted certificate", async () => {
  let requests = 0;
  let bytes = 0;
  const { server: certificate } = await createTlsCertificates(["127.0.0.1"]);
  const server = createServer({ cert: certificate, key: certificate }, (_, response) => {
    requests++;
    response.end();
  });
  server.on("secureConnection", (socket) => socket.on("data", (data) => (bytes += data.length)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await catchError(createTestClient({ baseUrl }).vaultPaymentMethod(messages.vaultRequest));
    expect(error).toMatchObject({
      code: "CONNECTION_FAILED",
      message: `The certificate of ${new URL(baseUrl).host} is self-signed, or its authority is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Nothing was sent. Set NODE_EXTRA_CA_CERTS to the PEM file of the authority before Node.js starts.`,
    });
    expect(error.cause).toEqual({ name: expect.any(String), code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
    expect([requests, bytes]).toEqual([0, 0]);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("the client reports that the server cannot be reached", async () => {
  const gateway = await startScriptedGateway(() => ({}));
  await gateway[Symbol.asyncDispose]();
  const error = await catchError(gateway.client().vaultPaymentMethod(messages.vaultRequest));
  expect(error).toMatchObject({
    code: "CONNECTION_FAILED",
    message: `No server is accepting connections at ${new URL(gateway.baseUrl).host} (ECONNREFUSED). Nothing was sent. Start the server, or check baseUrl and the proxy settings.`,
  });
  expect(error.cause).toEqual({ name: expect.any(String), code: "ECONNREFUSED" });
});

test("the client does not claim that nothing was sent if an earlier attempt may have reached the gateway", async () => {
  const unreachable = Object.assign(new TypeError("fetch failed"), { code: "ECONNREFUSED" });
  const failures = [new TypeError("reset"), unreachable, unreachable];
  const fetch = async () => Promise.reject(failures.shift());
  const client = createTestClient({ region: "asia", fetch });
  expect((await catchError(client.vaultPaymentMethod(messages.vaultRequest))).message).toMatch(
    /^No server is accepting connections at open-sea-global\.alipay\.com:443 \(ECONNREFUSED\)\. The gateway may still have received the request: /,
  );
});
