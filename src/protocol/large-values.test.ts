/** Measures the CPU time that the client, the receiver, and the gateway need to process malicious values of 64 KiB. */
import { expect, test } from "vitest";
import * as messages from "../testing/messages/client-messages.ts";
import { createHeaders, createTestGateway, PATH, SAMPLE_BODY } from "../testing/servers/gateway.ts";
import * as notifications from "../testing/servers/notification-receiver.ts";
import { createScriptedFetch, createTestClient } from "../testing/servers/scripted-gateway.ts";

type Send = (value: string) => Promise<unknown>;

const SIZE = 64 * 1024;

/** Prefixes of valid values. */
const PREFIXES = [
  "",
  "application/json",
  "application/json; charset=",
  "algorithm=RSA256,keyVersion=1,signature=",
  "2026-11-23T12:00:00.",
];
const PARTS = [" ", "; ", ",", "= ", "0", "%2B", "/", "-", '"', "signature=,", "application/json,"];

const MALICIOUS = PREFIXES.flatMap((prefix) =>
  PARTS.map((part) => `${prefix}${part.repeat((SIZE - prefix.length - 1) / part.length)}x`),
);

/** Returns the CPU time of a call in milliseconds. */
async function measureCpuTime(send: Send, value: string): Promise<number> {
  const before = process.cpuUsage();
  await send(value);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const createRequest = (url: string, headers: Record<string, string>, body: string) =>
  new Request(url, { method: "POST", headers, body });

const { gateway } = createTestGateway();
const requestHeaders = Object.fromEntries(await createHeaders());
const toGateway =
  (name: string): Send =>
  (value) =>
    gateway(createRequest(`http://gateway.example${PATH}`, { ...requestHeaders, [name]: value }, SAMPLE_BODY));

const { receive } = notifications.createTestReceiver();
const { CLIENT_ID: clientId, PATH: path, TIME: time, VAULTED_BODY: body } = notifications;
const notificationHeaders = await notifications.createSignedHeaders({ path, clientId, time, body });
const toReceiver =
  (name: string): Send =>
  (value) =>
    receive(createRequest(`https://merchant.example${path}`, { ...notificationHeaders, [name]: value }, body));

const toClient =
  (name: string, status = 200): Send =>
  (value) => {
    const fetch = createScriptedFetch(() => ({ status, headers: { [name]: value }, body: messages.vaultedResponse }));
    return createTestClient({ region: "asia", retry: false, fetch })
      .vaultPaymentMethod(messages.vaultRequest)
      .catch(() => {});
  };

test.each<[string, Send]>([
  ...["content-type", "content-encoding", "client-id", "request-time", "agent-token", "signature", "authorization"].map(
    (name): [string, Send] => [`the ${name} of a request`, toGateway(name)],
  ),
  [
    "the URL of a request",
    (value) => gateway(createRequest(`http://gateway.example/${value}`, requestHeaders, SAMPLE_BODY)),
  ],
  [
    "the query of a request",
    (value) => gateway(createRequest(`http://gateway.example${PATH}?${value}`, requestHeaders, SAMPLE_BODY)),
  ],
  ["the body of a request", (value) => gateway(createRequest(`http://gateway.example${PATH}`, requestHeaders, value))],
  ...["content-type", "client-id", "request-time", "signature"].map((name): [string, Send] => [
    `the ${name} of a notification`,
    toReceiver(name),
  ]),
  [
    "the body of a notification",
    (value) => receive(createRequest(`https://merchant.example${path}`, notificationHeaders, value)),
  ],
  [
    "the query of a notification",
    (value) => receive(createRequest(`https://merchant.example${path}?${value}`, notificationHeaders, body)),
  ],
  ...["client-id", "response-time", "signature"].map((name): [string, Send] => [
    `the ${name} of a response`,
    toClient(name),
  ]),
  ["the Retry-After header of a response", toClient("retry-after", 503)],
])("processing a malicious value of 64 KiB in %s takes less than 1 second of CPU time", async (_, send) => {
  await send("x".repeat(SIZE));
  // A linear search takes milliseconds, and a quadratic search takes seconds.
  for (const value of MALICIOUS) expect(await measureCpuTime(send, value)).toBeLessThan(1000);
});
