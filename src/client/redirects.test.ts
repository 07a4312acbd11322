import { expect, test } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import { catchError, createTestClient, startScriptedGateway } from "../testing/servers/scripted-gateway.ts";

test.each([
  300, 301, 302, 303, 304, 305, 307, 308,
])("the client rejects a redirect with status %d and does not call its target", async (status) => {
  await using target = await startScriptedGateway(() => ({ body: messages.vaultedResponse }));
  const location = `${target.baseUrl}/ams/sandbox/api/v1/vaults/vaultPaymentMethod`;
  await using gateway = await startScriptedGateway(() => ({ status, headers: { location } }));
  expect(await catchError(gateway.client().vaultPaymentMethod(messages.vaultRequest))).toMatchObject({
    code: "REDIRECT_NOT_ALLOWED",
  });
  expect(gateway.received).toHaveLength(1);
  expect(target.received).toEqual([]);
});

test("the client rejects a redirect to the same URL", async () => {
  await using gateway = await startScriptedGateway(({ path }) => ({ status: 307, headers: { location: path } }));
  const error = await catchError(gateway.client().vaultPaymentMethod(messages.vaultRequest));
  expect(error.code).toBe("REDIRECT_NOT_ALLOWED");
  expect(gateway.received).toHaveLength(1);
});

test("the client rejects a response if a custom fetch followed a redirect", async () => {
  await using target = await startScriptedGateway(() => ({ body: messages.vaultedResponse }));
  const location = `${target.baseUrl}/ams/sandbox/api/v1/vaults/vaultPaymentMethod`;
  await using gateway = await startScriptedGateway(() => ({ status: 307, headers: { location } }));
  const fetch = (input: string, init: RequestInit) => globalThis.fetch(input, { ...init, redirect: "follow" });
  const error = await catchError(gateway.client({ fetch }).vaultPaymentMethod(messages.vaultRequest));
  expect(error.code).toBe("REDIRECT_NOT_ALLOWED");
});

test("the client rejects an opaqueredirect response, which browsers return for a redirect", async () => {
  const fetch = async () => Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
  const client = createTestClient({ region: "asia", fetch });
  expect(await catchError(client.inquireVaulting(messages.inquiryRequest))).toMatchObject({
    code: "REDIRECT_NOT_ALLOWED",
  });
});
