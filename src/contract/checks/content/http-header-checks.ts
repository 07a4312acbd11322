/** Checks that the headers that HTTP clients and proxies add do not change a result. */
import { getField } from "../../../protocol/json-fields.ts";
import { isLoopback } from "../../../protocol/require-tls.ts";
import type { TestRequest } from "../../conversation/send-request.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { CHALLENGED_CARD, createRequestBody, FAILING_CARD } from "../../document/sample-requests.ts";
import { expectDocumented, summarizeResponse } from "../../rules/assertions.ts";
import { addNoteToFailure, fail } from "../../rules/fail.ts";
import type { Check } from "../check.ts";
import { INTRODUCTION } from "../request-variants.ts";

/** Headers that HTTP clients and proxies add, by client. */
const HEADERS = {
  "a browser": {
    accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language": "de-DE,de;q=0.9",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "cache-control": "no-cache",
    cookie: "session=0a1b2c",
  },
  "a Java client behind a proxy": {
    accept: "application/xml, text/xml, application/json;q=0.9, */*;q=0.8",
    "accept-charset": "gbk, iso-8859-1;q=0.5",
    "accept-language": "zh-CN",
    "user-agent": "Java/21.0.2",
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-host": "localhost",
    "agent-token": "agent-7",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  },
} as const;

/** Creates a request for each operation and kind of result. `known` is the vaultingRequestId of a vaulting whose card was declined. */
function createRequests(client: TargetClient, known: string): readonly TestRequest[] {
  const create = (operation: TestRequest["operation"], change = {}) => ({
    operation,
    body: createRequestBody(operation, client.createId(), change),
  });
  return [
    create("vaultPaymentMethod"),
    create("vaultPaymentMethod", FAILING_CARD),
    { ...create("vaultPaymentMethod", { env: {} }), expect: "rejected" },
    create("createVaultingSession"),
    create("inquireVaulting", { vaultingRequestId: known }),
    create("inquireVaulting"),
  ];
}

/** Returns a different value for the Host header that also names this computer, or `undefined` if the target is on a different computer. */
function getOtherHost({ target: { baseUrl } }: TargetClient): string | undefined {
  const { hostname, port } = new URL(baseUrl);
  if (!isLoopback(hostname)) return undefined;
  return `${hostname === "localhost" ? "127.0.0.1" : "localhost"}:${port}`;
}

/**
 * Starts a challenge with an agent-token header, then inquires about the vaulting and retries the request without that header. The retry has a
 * different Host header if possible. Expects the same result and normalUrl.
 */
async function expectSameVaulting(client: TargetClient): Promise<void> {
  const host = getOtherHost(client);
  const body = createRequestBody("vaultPaymentMethod", client.createId(), CHALLENGED_CARD);
  const { vaultingRequestId } = body;
  const send = (headers: TestRequest["headers"] = {}) =>
    client.send({ operation: "vaultPaymentMethod", body, headers });
  const first = await send({ "agent-token": "agent-7" });
  const inquiry = await client.send({ operation: "inquireVaulting", body: { vaultingRequestId } });
  const retry = await send(host === undefined ? {} : { host });
  const [status, url] = [getField(inquiry.body, "vaultingStatus"), getField(first.body, "normalUrl")];
  if (url !== undefined && status !== "PROCESSING")
    fail(
      inquiry,
      "Inquiry without the agent-token of the vaultPaymentMethod request does not return PROCESSING during 3-D Secure.",
    );
  if (retry.resultCode !== first.resultCode || getField(retry.body, "normalUrl") !== url)
    fail(retry, "Retry with different headers returns a different result or normalUrl.");
}

async function expectIgnored(client: TargetClient): Promise<void> {
  const known = client.createId();
  const body = createRequestBody("vaultPaymentMethod", known, FAILING_CARD);
  await client.send({ operation: "vaultPaymentMethod", body });
  if (client.context.isStateful) await expectSameVaulting(client);
  const send = (headers: Readonly<Record<string, string>>) =>
    Promise.all(createRequests(client, known).map((request) => client.send({ ...request, headers })));
  const expected = await send({});
  for (const [sender, headers] of Object.entries(HEADERS))
    for (const [index, response] of (await send(headers)).entries())
      addNoteToFailure(`the headers of ${sender}`, () => {
        expectDocumented(response);
        if (response.resultCode !== expected[index]?.resultCode)
          fail(response, `Target returned ${summarizeResponse(response)} because of headers that it must ignore.`);
      });
}

export const createHttpHeaderChecks = (): readonly Check[] => [
  {
    id: "protocol.headers.ignored",
    operation: "protocol",
    title: "returns the same results in JSON, regardless of the headers that HTTP clients and proxies add",
    source: INTRODUCTION,
    run: expectIgnored,
  },
];
