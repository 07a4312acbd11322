import { afterEach, describe, expect, test } from "vitest";
import { operations } from "../../../generated/operations.ts";
import {
  createFailure,
  createGateway,
  generateCredentials,
  type HttpServer,
  importSigningKey,
  startHttpServer,
} from "../../gateway/index.ts";
import { parseGenerated } from "../../machine/generated-documents.ts";
import { getField } from "../../protocol/json-fields.ts";
import {
  derivePublicKey,
  formatSignatureHeader,
  importKeyring,
  importPrivateKey,
  sign,
} from "../../signature/index.ts";
import { allChecks } from "../checks/all-checks.ts";
import { deriveProbes } from "../document/derive-probes.ts";
import {
  getRequestMessage,
  getResponseMessage,
  type LocatedSchema,
  resolveReference,
} from "../document/openapi-document.ts";
import { runChecks } from "./run-checks.ts";

describe("allChecks", () => {
  test.each(operations)("tests each constraint of %s with valid and, if possible, invalid values", (operation) => {
    for (const { pointer, keyword, accepted, rejected } of deriveProbes(operation)) {
      const sides = { pointer, keyword, accepted: accepted.length > 0, rejected: rejected.length > 0 };
      const onlyAccepted = keyword === "unknown-field" || keyword === "optional";
      expect(sides).toEqual({ pointer, keyword, accepted: true, rejected: !onlyAccepted });
    }
  });

  test.each(operations)("has a probe for each schema constraint of %s", (operation) => {
    const probed = new Set(deriveProbes(operation).map(({ source }) => source));
    const constraints = listPointers(getRequestMessage(operation));
    expect(constraints.length).toBeGreaterThan(5);
    expect(constraints.filter((constraint) => !probed.has(constraint))).toEqual([]);
  });

  test("returns checks whose sources exist in the OpenAPI document", () => {
    const document = parseGenerated("openapi.json");
    const exists = (pointer: string) =>
      pointer
        .slice(1)
        .split("/")
        .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
        .reduce<unknown>(getField, document) !== undefined;
    expect([...new Set(allChecks().map(({ source }) => source))].filter((source) => !exists(source))).toEqual([]);
  });

  test("returns checks with unique IDs", () => {
    const ids = allChecks().map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

const NON_CONSTRAINT_KEYWORDS = new Set(["title", "description", "examples", "deprecated", "properties"]);

/** Returns pointers to the constraints of a schema. A probe of `oneOf` covers its branches. */
function listPointers(locatedSchema: LocatedSchema): readonly string[] {
  const { schema, pointer } = resolveReference(locatedSchema);
  const own = Object.keys(schema).filter(
    (keyword) => !NON_CONSTRAINT_KEYWORDS.has(keyword) && !keyword.startsWith("x-"),
  );
  // `oneOf` counts as 1 constraint, and the protocol checks test the type of the body.
  const keywords = schema.oneOf
    ? ["oneOf"]
    : own.filter((keyword) => keyword !== "type" || !pointer.endsWith("Request"));
  const fieldPointers = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    listPointers({ schema: property, pointer: `${pointer}/properties/${name}` }),
  );
  return [...keywords.map((keyword) => `${pointer}/${keyword}`), ...fieldPointers];
}

type Body = Readonly<Record<string, unknown>>;
type Handler = (request: Request) => Promise<Response>;
const keys = await generateCredentials();
const gatewayKey = await importPrivateKey(keys.gatewayPrivateKey);
const signingKey = await importSigningKey(keys.gatewayPrivateKey, "gateway");
const merchantKeys = await importKeyring(await derivePublicKey(keys.merchantPrivateKey), "merchant");

/** Creates a correct server, which returns success for every valid request. */
function createServer(): Handler {
  const merchant = { clientId: keys.clientId, publicKeys: merchantKeys };
  return createGateway({
    findMerchant: (clientId) => (clientId === merchant.clientId ? merchant : undefined),
    privateKey: signingKey,
    keyVersion: "1",
    handle: async ({ operation, vaultingRequestId }) => {
      const success = getResponseMessage(operation).examples.get("SUCCESS") as Body;
      return operation === "createVaultingSession" ? success : { ...success, vaultingRequestId };
    },
  });
}

/** Changes the body of each response, and signs the response again. */
const rewriteBody =
  (change: (body: Body, request: unknown) => unknown): ((handler: Handler) => Handler) =>
  (handler) =>
  async (request) => {
    const sent = await request
      .clone()
      .json()
      .catch(() => ({}));
    const response = await handler(request);
    const changed = change((await response.clone().json()) as Body, sent);
    return changed === undefined ? response : signResponse(request, response, JSON.stringify(changed));
  };

async function signResponse(
  request: Request,
  { status, headers }: Response,
  body: string,
  key = gatewayKey,
): Promise<Response> {
  const time = headers.get("response-time") ?? "";
  const path = new URL(request.url).pathname;
  const signature = await sign({ path, clientId: headers.get("client-id") ?? "", time, body }, key);
  const newHeaders = new Headers(headers);
  if (headers.has("signature")) newHeaders.set("signature", formatSignatureHeader(signature, 1));
  return new Response(body, { status, headers: newHeaders });
}

const changeHeaders =
  (change: (headers: Headers) => void): ((handler: Handler) => Handler) =>
  (handler) =>
  async (request) => {
    const response = await handler(request);
    const headers = new Headers(response.headers);
    change(headers);
    return new Response(await response.text(), { status: response.status, headers });
  };

const isError = (text: string): boolean => text.includes('"resultStatus":"F"');
const removeHeaders =
  (when: (text: string) => boolean, ...names: readonly string[]): ((handler: Handler) => Handler) =>
  (handler) =>
  async (request) => {
    const response = await handler(request);
    const text = await response.text();
    const kept = [...response.headers].filter(([name]) => !when(text) || !names.includes(name));
    return new Response(text, { status: response.status, headers: kept.map(([name, value]) => [name, value]) });
  };

/** Changes each request, and signs the request again before the correct server handles it. */
const signRequestAgain =
  (change: (text: string) => string | undefined): ((handler: Handler) => Handler) =>
  (handler) =>
  async (request) => {
    const text = await request.text();
    const body = change(text) ?? text;
    const headers = new Headers(request.headers);
    const time = headers.get("request-time") ?? "";
    const path = new URL(request.url).pathname;
    const message = { path, clientId: headers.get("client-id") ?? "", time, body };
    const merchantKey = await importPrivateKey(keys.merchantPrivateKey);
    headers.set("signature", formatSignatureHeader(await sign(message, merchantKey), 1));
    return handler(new Request(request.url, { method: "POST", headers, body }));
  };

const faults: readonly (readonly [string, (handler: Handler) => Handler])[] = [
  ["that does not verify signatures", signRequestAgain(() => undefined)],
  ["without signatures", changeHeaders((headers) => headers.delete("signature"))],
  [
    "that does not sign successful responses",
    removeHeaders((text) => text.includes('"resultStatus":"S"'), "signature", "response-time"),
  ],
  ["that sends errors with a response-time but no signature", removeHeaders(isError, "signature")],
  ["that sends errors with a signature but no response-time", removeHeaders(isError, "response-time")],
  ["without response-time headers", changeHeaders((headers) => headers.delete("response-time"))],
  [
    "with an old response-time",
    (handler) => async (request) => {
      const response = await handler(request);
      const headers = new Headers(response.headers);
      headers.set("response-time", "2020-01-01T00:00:00Z");
      return signResponse(request, new Response(null, { headers }), await response.text());
    },
  ],
  ["with an invalid Content-Type", changeHeaders((headers) => headers.set("content-type", "text/plain"))],
  [
    "that returns HTTP 400 for PARAM_ILLEGAL",
    (handler) => async (request) => {
      const response = await handler(request);
      const text = await response.text();
      return new Response(text, { status: text.includes("PARAM_ILLEGAL") ? 400 : 200, headers: response.headers });
    },
  ],
  [
    "that does not echo the ID",
    rewriteBody((body) => ("vaultingRequestId" in body ? { ...body, vaultingRequestId: "other" } : undefined)),
  ],
  ["that returns an unknown field", rewriteBody((body) => ({ ...body, extra: 1 }))],
  [
    "that returns an unknown result code",
    rewriteBody((body) => ({ ...body, result: { ...(body["result"] as object), resultCode: "FINE" } })),
  ],
  [
    "that returns a result code with the status of a different code",
    rewriteBody((body) => ({ ...body, result: { ...(body["result"] as object), resultStatus: "U" } })),
  ],
  ["that returns success without paymentMethodDetail", rewriteBody(({ paymentMethodDetail: _, ...body }) => body)],
  ["that returns a null field", rewriteBody((body) => ({ ...body, paymentMethodDetail: null }))],
  [
    "that returns the card number",
    rewriteBody((body, request) => ({
      ...body,
      result: { ...(body["result"] as object), resultMessage: `of ${JSON.stringify(request)}`.slice(0, 250) },
    })),
  ],
  [
    "that reserializes the body after signing",
    (handler) => async (request) => {
      const response = await handler(request);
      return new Response(JSON.stringify(await response.json(), null, 1), { headers: response.headers });
    },
  ],
  [
    "that signs with a different key",
    (handler) => async (request) => {
      const response = await handler(request);
      return signResponse(request, response, await response.text(), await importPrivateKey(keys.merchantPrivateKey));
    },
  ],
  [
    "that accepts a missing env",
    signRequestAgain((text) =>
      text.includes('"env"') ? undefined : text.replace(/}$/, ',"env":{"terminalType":"WEB"}}'),
    ),
  ],
  [
    "that rejects unknown fields",
    (handler) => async (request) =>
      (await request.clone().text()).includes("undocumentedField")
        ? signResponse(request, await handler(request), JSON.stringify(createFailure("PARAM_ILLEGAL", "unknown field")))
        : handler(request),
  ],
  [
    "that redirects",
    () => async () => new Response(null, { status: 307, headers: { location: "https://elsewhere.invalid/" } }),
  ],
];

describe("runChecks", () => {
  let server: HttpServer | undefined;
  afterEach(() => server?.close());

  const run = async (fault: (handler: Handler) => Handler, only: (id: string) => boolean) => {
    server = await startHttpServer(fault(createServer()));
    const target = { name: "test", baseUrl: server.baseUrl, ...keys, capabilities: ["both-base-paths"] as const };
    return runChecks(
      allChecks().filter(({ id }) => only(id)),
      target,
    );
  };
  // Selects the checks that find the faults, without hundreds of probes of other fields.
  const isRelevant = (id: string) =>
    /^(?:protocol|vaultPaymentMethod\.(?:response|request\.(?:env\.required|unknown-field|cvv)))/.test(id);

  test("reports no failures for a correct server, and skips checks that do not apply", async () => {
    const report = await run(
      (handler) => handler,
      () => true,
    );
    expect(report.checks.filter(({ status }) => status === "failed")).toEqual([]);
    expect(report.totals.passed).toBeGreaterThan(250);
    expect(report.totals.skipped).toBeGreaterThan(50);
    expect(report.unsignedErrors).toBe(0);
    const skipped = report.checks.find(({ id }) => id === "vaultPaymentMethod.result.SUCCESS");
    expect(skipped).toMatchObject({
      status: "skipped",
      message: "The run cannot make the target return a specific result code.",
    });
  });

  test("reports no failures for a server that does not sign errors, and counts the unsigned errors", async () => {
    const report = await run(removeHeaders(isError, "signature", "response-time"), () => true);
    expect(report.checks.filter(({ status }) => status === "failed")).toEqual([]);
    expect(report.unsignedErrors).toBeGreaterThan(50);
  });

  test("starts no more checks after the signal is aborted, and reports those that ran", async () => {
    server = await startHttpServer(createServer());
    const controller = new AbortController();
    const target = { name: "test", baseUrl: server.baseUrl, ...keys };
    const report = await runChecks(allChecks(), target, {
      concurrency: 2,
      onResult: (_, done) => done === 3 && controller.abort(),
      signal: controller.signal,
    });
    expect(report.checks.length).toBeLessThanOrEqual(4);
    expect(report.checks.length).toBeGreaterThanOrEqual(3);
    expect(report.totals.passed + report.totals.skipped).toBe(report.checks.length);
    expect(report.coverage).toBeUndefined();
  });

  test.each(faults)("reports failures for a server %s", async (_, fault) => {
    const report = await run(fault, isRelevant);
    expect(report.totals.failed).toBeGreaterThan(0);
  });

  test("shows only the card data of the examples, and only in curl commands", async () => {
    const report = await run(
      rewriteBody((body) => ({ ...body, extra: 1 })),
      (id) => id.startsWith("vaultPaymentMethod.response"),
    );
    const text = JSON.stringify(report);
    const cards = [...getRequestMessage("vaultPaymentMethod").examples.values()].map(
      (example) => /"cardNo":"(\d+)"/.exec(JSON.stringify(example))?.[1] ?? "none",
    );
    const textWithoutCommands = text.replaceAll(/Reproduce: curl (?:[^\\]|\\[^n])*/g, "");
    for (const cardNo of cards) expect(textWithoutCommands).not.toContain(cardNo);
    expect(textWithoutCommands).toMatch(/\*{12}\d{4}/);
    // The report shows the first failing exchange of each kind, so the order of the responses determines which card it shows.
    expect(cards.filter((cardNo) => text.includes(cardNo))).not.toEqual([]);
  });

  test("reports the request, the response, and the location in the OpenAPI document", async () => {
    const report = await run(
      rewriteBody((body) => ({ ...body, extra: 1 })),
      (id) => id === "vaultPaymentMethod.response.documented",
    );
    expect(report.checks[0]?.message).toMatch(
      /\/extra is not in the OpenAPI document\.\nAffects (\d+) of \1 responses in this run\.\nRequest: .+\nResponse: 200 .+\nReproduce: curl .+\nDocument: \/components/,
    );
  });
});
