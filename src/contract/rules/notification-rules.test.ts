import { describe, expect, test } from "vitest";
import { getField } from "../../protocol/json-fields.ts";
import { CARD_NO, catchFailure, responseContext } from "../../testing/messages/exchanges.ts";
import { createNotification, createVaultedBody, createVaultedCardBody } from "../../testing/messages/notifications.ts";
import { createRequestBody, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import { NOTIFICATION_RULES } from "./notification-rules.ts";
import { SentCards } from "./sent-cards.ts";

type Changes = NonNullable<Parameters<typeof createNotification>[0]>;

/** Returns the first line of the failure, or an empty string if the rule is satisfied. */
async function getFailure(
  id: string,
  changes: Changes = {},
  more: Partial<typeof responseContext> = {},
): Promise<string> {
  const rule = NOTIFICATION_RULES.find((candidate) => candidate.id === id) ?? expect.fail(`no rule ${id}`);
  const notification = await createNotification(changes);
  return catchFailure(() => rule.expect(notification, { ...responseContext, ...more }))?.split("\n")[0] ?? "";
}

test("a valid notification satisfies all rules", async () => {
  for (const { id } of NOTIFICATION_RULES) expect([id, await getFailure(id)]).toEqual([id, ""]);
});

test("failures show the masked notification", async () => {
  const [documented] = NOTIFICATION_RULES;
  const notification = await createNotification({ method: "PUT", body: createVaultedBody({ cardNo: CARD_NO }) });
  const message = catchFailure(() => documented?.expect(notification, responseContext)) ?? "";
  expect(message).toMatch(
    /^Notification uses the method PUT, expected POST\.\nNotification: PUT \/ams\/\S+ \{.*"cardNo":"\*{12}8764"/,
  );
});

describe("rule documented", () => {
  test.each<readonly [string, Changes, RegExp]>([
    ["the method GET", { method: "GET" }, /^Notification uses the method GET, expected POST\.$/],
    ["a missing Content-Type", { headers: { "content-type": undefined } }, /^Notification Content-Type is not/],
    ["the Content-Type text/plain", { headers: { "content-type": "text/plain" } }, /^Notification Content-Type is not/],
    ["a body that is not JSON", { body: "x" }, /^Notification does not match the OpenAPI document: /],
    [
      "an unknown field",
      { body: createVaultedBody({ extra: 1 }) },
      /^Notification does not match the OpenAPI document: .*\/extra/,
    ],
    [
      "a missing result",
      { body: { vaultingRequestId: "1" } },
      /^Notification does not match the OpenAPI document: .*result/,
    ],
  ])("rejects %s", async (_, changes, message) => {
    expect(await getFailure("documented", changes)).toMatch(message);
  });

  test("rejects a required header that is sent more than once", async () => {
    const [documented] = NOTIFICATION_RULES;
    const notification = { ...(await createNotification()), repeatedHeaders: ["x-trace", "client-id"] };
    expect(catchFailure(() => documented?.expect(notification, responseContext))).toMatch(
      /^Notification has more than one client-id header\./,
    );
  });

  test("accepts unknown fields, but not missing fields, in lenient mode", async () => {
    expect(await getFailure("documented", { body: createVaultedBody({ extra: 1 }) }, { lenient: true })).toBe("");
    expect(await getFailure("documented", { body: {} }, { lenient: true })).toMatch(
      /does not match the OpenAPI document/,
    );
  });
});

describe("rule signed", () => {
  test.each<readonly [string, Changes, RegExp]>([
    [
      "a missing signature",
      { headers: { signature: undefined } },
      /^Notification signature is invalid: The Signature header/,
    ],
    [
      "a signature over a different time",
      { headers: { "request-time": "2026-11-25T08:52:00Z" } },
      /^Notification signature is invalid/,
    ],
    [
      "a missing Client-Id",
      { headers: { "client-id": undefined } },
      /^Notification header Client-Id is not the client ID of the merchant\.$/,
    ],
    ["a different Client-Id", { headers: { "client-id": "OTHER" } }, /^Notification header Client-Id is not/],
  ])("rejects %s", async (_, changes, message) => {
    expect(await getFailure("signed", changes)).toMatch(message);
  });
});

describe("rule request-time", () => {
  const MINUTE = 60_000;
  const iso = (offset: number) => new Date(Date.now() + offset).toISOString();
  const NO_TIME = /^Notification header Request-Time is missing or has an unknown format\.$/;

  test.each([
    ["accepts ISO 8601", () => iso(0), /^$/],
    ["accepts milliseconds", () => String(Date.now()), /^$/],
    ["accepts a time 59 minutes ago", () => iso(-59 * MINUTE), /^$/],
    ["accepts a time 59 minutes from now", () => iso(59 * MINUTE), /^$/],
    ["rejects a time 61 minutes ago", () => iso(-61 * MINUTE), /more than 1 hour\.$/],
    ["rejects a time 61 minutes from now", () => iso(61 * MINUTE), /more than 1 hour\.$/],
    ["rejects an unknown format", () => "today", NO_TIME],
  ])("%s", async (_, time, message) => {
    expect(await getFailure("request-time", { time: time() })).toMatch(message);
  });

  test("rejects a missing header", async () => {
    expect(await getFailure("request-time", { headers: { "request-time": undefined } })).toMatch(NO_TIME);
  });
});

describe("rule masked", () => {
  const cards = new SentCards();
  cards.add({
    ...createRequestBody("vaultPaymentMethod", String(getField(createVaultedBody(), "vaultingRequestId"))),
    ...withCard({ cardNo: CARD_NO }),
  });
  const getMaskedFailure = async (card: object): Promise<string | undefined> => {
    const rule = NOTIFICATION_RULES.find(({ id }) => id === "masked");
    const notification = await createNotification({ body: createVaultedCardBody(card) });
    return catchFailure(() => rule?.expect(notification, responseContext, cards))?.split("\n")[0];
  };

  test("accepts digits of the card number in the request", async () => {
    expect(await getMaskedFailure({ maskedCardNo: `****${CARD_NO.slice(-4)}`, lastFour: CARD_NO.slice(-4) })).toBe(
      undefined,
    );
  });

  test.each([
    ["maskedCardNo", "************0000"],
    ["lastFour", "0000"],
    ["bin", "000000"],
  ])("rejects a different %s", async (name, value) => {
    expect(await getMaskedFailure({ [name]: value })).toBe(
      `Notification ${name} does not match the card number in the request.`,
    );
  });
});

describe("rule no-card-data", () => {
  const TOO_MANY_DIGITS = "Notification maskedCardNo shows more than the last 4 digits.";
  test.each([
    ["accepts the last 4 digits", "************8764", ""],
    ["rejects 5 digits", "***********98764", TOO_MANY_DIGITS],
    ["rejects the first and last 4 digits", "4112********8764", TOO_MANY_DIGITS],
    ["ignores a JSON number", 8764, ""],
  ])("%s in maskedCardNo", async (_, maskedCardNo, message) => {
    expect(await getFailure("no-card-data", { body: createVaultedCardBody({ maskedCardNo }) })).toBe(message);
  });

  test.each([
    ["the card number of the example", CARD_NO],
    ["the number of the test card for declines", TEST_CARDS.declined],
    ["the number of the test card for 3-D Secure", TEST_CARDS.visa],
  ])("rejects %s", async (_, cardNo) => {
    expect(await getFailure("no-card-data", { body: createVaultedBody({ note: `of ${cardNo}` }) })).toBe(
      "Notification contains the card number.",
    );
  });

  test("rejects the CVV of the example, and rejects the number of a custom card only if the target uses that card", async () => {
    const customCard = { cardNo: "4006055482525268", expiryYear: "31", expiryMonth: "02" };
    const body = createVaultedBody({ message: [customCard.cardNo] });
    expect(await getFailure("no-card-data", { body: createVaultedBody({ message: "123" }) })).toBe(
      "Notification contains the CVV.",
    );
    expect(await getFailure("no-card-data", { body })).toBe("");
    expect(await getFailure("no-card-data", { body }, { card: customCard })).toBe(
      "Notification contains the card number.",
    );
  });
});
