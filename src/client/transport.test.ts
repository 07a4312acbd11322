import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { AntomVaultError } from "../protocol/errors.ts";
import * as messages from "../testing/messages/client-messages.ts";
import { certificate, key } from "../testing/servers/certificate.ts";
import {
  catchError,
  createScriptedFetch,
  createTestClient,
  startScriptedGateway,
} from "../testing/servers/scripted-gateway.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const CHECKS_OFF = "NODE_TLS_REJECT_UNAUTHORIZED";

describe("where card data may go", () => {
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
  ])("not to %s", (baseUrl) => {
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
  ])("to %s", (baseUrl) => {
    expect(() => createTestClient({ baseUrl })).not.toThrow();
  });
});

describe("with certificate checks switched off for the process", () => {
  test("no client of an https address is made", () => {
    vi.stubEnv(CHECKS_OFF, "0");
    for (const where of [{ region: "asia" }, { baseUrl: "https://127.0.0.1" }] as const) {
      expect(() => createTestClient(where)).toThrow(AntomVaultError);
      expect(() => createTestClient(where)).toThrow(/NODE_TLS_REJECT_UNAUTHORIZED=0 .*NODE_EXTRA_CA_CERTS/);
    }
    expect(() => createTestClient({ baseUrl: "http://127.0.0.1" })).not.toThrow();
  });

  test("a client that was made before sends nothing", async () => {
    const fetch = vi.fn(createScriptedFetch(() => ({ body: messages.vaultedResponse })));
    const client = createTestClient({ region: "asia", fetch });
    expect(await client.vaultPaymentMethod(messages.vaultRequest)).toHaveProperty("outcome", "vaulted");
    vi.stubEnv(CHECKS_OFF, "0");
    const error = await catchError(client.vaultPaymentMethod(messages.vaultRequest));
    expect(error.code).toBe("TLS_REQUIRED");
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

test("a certificate that nobody signed ends the call before anything of it is sent", async () => {
  let requests = 0;
  let bytes = 0;
  const server = createServer({ cert: certificate, key }, (_, response) => {
    requests++;
    response.end();
  });
  server.on("secureConnection", (socket) => socket.on("data", (data) => (bytes += data.length)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await catchError(createTestClient({ baseUrl }).vaultPaymentMethod(messages.vaultRequest));
    expect(error.code).toBe("CONNECTION_FAILED");
    expect(error.cause).toEqual({ name: expect.any(String), code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    expect([requests, bytes]).toEqual([0, 0]);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("nobody there", async () => {
  const gateway = await startScriptedGateway(() => ({}));
  await gateway[Symbol.asyncDispose]();
  const error = await catchError(gateway.client().vaultPaymentMethod(messages.vaultRequest));
  expect(error.code).toBe("CONNECTION_FAILED");
  expect(error.cause).toEqual({ name: expect.any(String), code: "ECONNREFUSED" });
});
