import tls from "node:tls";
import { afterAll, expect, test } from "vitest";
import { createTestClient, createVaultRequest, startListener } from "../testing/sandbox/sandbox.ts";
import { startSandbox } from "./index.ts";

const defaultAuthorities = tls.getCACertificates("default");
afterAll(() => tls.setDefaultCACertificates(defaultAuthorities));

test("startSandbox with tls serves the Vault API, the buyer pages, and the control API over HTTPS, and sends notifications", async () => {
  await using sandbox = await startSandbox({ tls: true });
  const { credentials, tlsAuthority = "" } = sandbox;
  await using listener = await startListener(credentials);
  tls.setDefaultCACertificates([...defaultAuthorities, tlsAuthority]);
  const vault = createTestClient(credentials);
  const request = createVaultRequest({ url: listener.url });
  expect(await vault.vaultPaymentMethod(request)).toHaveProperty("outcome", "vaulted");
  await sandbox.notifications.waitFor(request.vaultingRequestId);
  expect(listener.deliveries).toHaveLength(1);
  const outcome = await vault.vaultPaymentMethod(createVaultRequest({ threeDS: true }));
  const page = await fetch("normalUrl" in outcome ? String(outcome.normalUrl) : "");
  expect([page.status, page.url.startsWith(credentials.baseUrl)]).toEqual([200, true]);
  const origin = { origin: credentials.baseUrl, "content-type": "application/json" };
  const moveClock = (headers: Readonly<Record<string, string>>) =>
    fetch(`${credentials.baseUrl}/_sandbox/clock`, { method: "POST", headers, body: '{"advanceMs":1}' });
  expect((await moveClock(origin)).status).toBe(200);
  expect((await moveClock({ ...origin, origin: credentials.baseUrl.replace("https", "http") })).status).toBe(403);
});

test("startSandbox rejects an invalid tlsHost", async () => {
  await expect(startSandbox({ tlsHost: "*" })).rejects.toMatchObject({ code: "CONFIGURATION_INVALID" });
});
