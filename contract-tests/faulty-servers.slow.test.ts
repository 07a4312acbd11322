import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allChecks, type ContractReport, detectCapabilities, runChecks } from "../src/contract/index.ts";
import { type Body, getCard, isSuccess, withCard } from "./faulty-servers/bodies.ts";
import { type Handler, type HttpResponse, signResponse } from "./faulty-servers/http-messages.ts";
import { faultyServers, type Mutations } from "./faulty-servers/index.ts";
import { startFaultyServer } from "./faulty-servers/mutating-proxy.ts";
import { changeResponse, type Mutation } from "./faulty-servers/mutations.ts";
import { type Deliver, type DeliveryMutation, signNotification } from "./faulty-servers/notification-relay.ts";
import { changeBody } from "./faulty-servers/notifications.ts";
import { sendErrorsUnsigned } from "./faulty-servers/requests.ts";

/** Fields of a card that the sandbox never sends. The house number equals the CVV of the sample request. */
const DETAILS = {
  selectedCardBrand: "VISA",
  expiryYear: "26",
  expiryMonth: "08",
  cardholderName: { firstName: "xu", lastName: "jie" },
  billingAddress: { region: "CN", address1: "123" },
  mask: "****",
  cardIssuer: "Example Bank",
  countryIssue: "SG",
  supportedBrands: ["VISA", "CARTES_BANCAIRES"],
};

/** Formats a message differently within the contract: a different field order, whitespace, escaped characters, and a time with an offset. */
function reformat({ headers, text }: Pick<HttpResponse, "headers" | "text">) {
  const reverse = (_: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value;
  const json = JSON.stringify(JSON.parse(text, reverse), null, 3).replaceAll("/", "\\/");
  const addOffset = (time = "") => `${new Date(Date.parse(time) + 8 * 3_600_000).toISOString().slice(0, 23)}+08:00`;
  return { headers, text: `\n${json}\n`, addOffset };
}

const reformatResponses: Mutation =
  (next, { gateway }) =>
  async (call) => {
    const response = await next(call);
    const { headers, text, addOffset } = reformat(response);
    if (headers["signature"] === undefined) return { ...response, text };
    const time = addOffset(headers["response-time"]);
    const signed = signResponse(call, { ...response, text, headers: { ...headers, "response-time": time } }, gateway);
    return {
      ...signed,
      headers: {
        ...signed.headers,
        "content-type": "application/json;charset=utf-8",
        signature: (signed.headers["signature"] ?? "").replaceAll(",", ", "),
      },
    };
  };

const reformatNotifications: DeliveryMutation = (next, context) => (notification) => {
  const { headers, text, addOffset } = reformat(notification);
  const time = addOffset(headers["request-time"]);
  return next(signNotification({ ...notification, text, headers: { ...headers, "request-time": time } }, context));
};

async function runContractTests(name: string, mutations: Mutations, only?: string): Promise<ContractReport> {
  await using server = await startFaultyServer(name, mutations);
  const checks = allChecks().filter(({ id }) => only === undefined || id === only);
  const report = await runChecks(checks, await detectCapabilities(server.target));
  expect(report.totals.passed + report.totals.failed).toBeGreaterThan(0);
  return report;
}
const getFailedChecks = ({ checks }: ContractReport): readonly string[] =>
  checks.filter(({ status }) => status === "failed").map(({ id }) => id);

const isSignatureFault = ({ caughtBy }: (typeof faultyServers)[number]) => caughtBy.startsWith("protocol.signature.");

// One server has these faults in turn, because a start takes much longer than a check.
describe("the contract tests of signatures", () => {
  let mutation: Mutation = (next) => next;
  let server: Awaited<ReturnType<typeof startFaultyServer>> | undefined;
  beforeAll(async () => {
    server = await startFaultyServer("signature faults", {
      handler: (next, context) => (call) => mutation(next, context)(call),
    });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test.each(faultyServers.filter(isSignatureFault))("catch $name with $caughtBy", async ({ caughtBy, handler }) => {
    if (!server || !handler) throw new Error("The server is not running, or the fault has no handler.");
    mutation = handler;
    const checks = allChecks().filter(({ id }) => id === caughtBy);
    const target = { ...server.target, capabilities: ["multiple-merchants"] as const };
    expect(getFailedChecks(await runChecks(checks, target))).toEqual([caughtBy]);
  });
});

// `npm run test:faulty-servers` runs all checks against each server. These tests run only the check that must catch its fault.
describe("the contract tests", () => {
  test.concurrent.each(
    faultyServers.filter((server) => !isSignatureFault(server)),
  )("catch $name with $caughtBy", async ({ name, caughtBy, ...mutations }) => {
    expect(getFailedChecks(await runContractTests(name, mutations, caughtBy))).toEqual([caughtBy]);
  });

  test("pass against a correct server behind the same proxy", async () => {
    const mutations = { handler: (next: Handler) => next, delivery: (next: Deliver) => next };
    const report = await runContractTests("correct server", mutations);
    expect(getFailedChecks(report)).toEqual([]);
    expect(report.unsignedErrors).toBe(0);
  });

  test("pass against a correct server that sends errors unsigned, and count them", async () => {
    const report = await runContractTests("server with unsigned errors", { handler: sendErrorsUnsigned });
    expect(getFailedChecks(report)).toEqual([]);
    expect(report.unsignedErrors).toBeGreaterThan(100);
  });

  test("pass against a correct server that formats its messages differently", async () => {
    const mutations = { handler: reformatResponses, delivery: reformatNotifications };
    expect(getFailedChecks(await runContractTests("server with a different format", mutations))).toEqual([]);
  });

  test("pass against a correct server that returns every documented field of a card", async () => {
    const addDetails = (body: Body) =>
      isSuccess(body) && "cardToken" in getCard(body) ? withCard(body, DETAILS) : undefined;
    const mutations = { handler: changeResponse(addDetails), delivery: changeBody(addDetails) };
    expect(getFailedChecks(await runContractTests("detailed server", mutations))).toEqual([]);
  });
});

describe("the faulty servers", () => {
  test("have unique names", () => {
    const names = faultyServers.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
