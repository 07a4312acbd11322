import { describe, expect, test } from "vitest";
import { CARD_NO, catchFailure, responseContext } from "../../testing/messages/exchanges.ts";
import { createNotification, vaultedBody, vaultedCardBody } from "../../testing/messages/notifications.ts";
import { TEST_CARDS } from "../document/sample-requests.ts";
import { NOTIFICATION_RULES } from "./notification-rules.ts";

type Changes = NonNullable<Parameters<typeof createNotification>[0]>;

/** The first line of what a rule says against a notification; empty where it says nothing. */
async function saidBy(id: string, changes: Changes = {}, more: Partial<typeof responseContext> = {}): Promise<string> {
  const rule = NOTIFICATION_RULES.find((each) => each.id === id) ?? expect.fail(`there is no rule ${id}`);
  const notification = await createNotification(changes);
  return catchFailure(() => rule.expect(notification, { ...responseContext, ...more }))?.split("\n")[0] ?? "";
}

test("a right notification breaks none", async () => {
  for (const { id } of NOTIFICATION_RULES) expect([id, await saidBy(id)]).toEqual([id, ""]);
});

test("a failure shows the notification, masked", async () => {
  const [documented] = NOTIFICATION_RULES;
  const notification = await createNotification({ method: "PUT", body: vaultedBody({ cardNo: CARD_NO }) });
  const told = catchFailure(() => documented?.expect(notification, responseContext)) ?? "";
  expect(told).toMatch(
    /^The notification is sent by PUT, not by POST\.\nCame: PUT \/ams\/\S+ \{.*"cardNo":"\*{12}8764"/,
  );
});

describe("documented", () => {
  test.each<readonly [string, Changes, RegExp]>([
    ["by another method", { method: "GET" }, /^The notification is sent by GET, not by POST\.$/],
    ["without a media type", { headers: { "content-type": undefined } }, /^The notification's Content-Type is not/],
    ["as another media type", { headers: { "content-type": "text/plain" } }, /^The notification's Content-Type is not/],
    ["no JSON", { body: "x" }, /^The notification breaks the document: /],
    ["an undocumented field", { body: vaultedBody({ extra: 1 }) }, /^The notification breaks the document: .*\/extra/],
    ["no result", { body: { vaultingRequestId: "1" } }, /^The notification breaks the document: .*result/],
  ])("%s", async (_, changes, told) => {
    expect(await saidBy("documented", changes)).toMatch(told);
  });

  test("leniently: fields that no document names are taken, one that is missing is not", async () => {
    expect(await saidBy("documented", { body: vaultedBody({ extra: 1 }) }, { lenient: true })).toBe("");
    expect(await saidBy("documented", { body: {} }, { lenient: true })).toMatch(/breaks the document/);
  });
});

describe("signed", () => {
  test.each<readonly [string, Changes, RegExp]>([
    [
      "not at all",
      { headers: { signature: undefined } },
      /^The notification's signature is refused: The Signature header/,
    ],
    [
      "over another time",
      { headers: { "request-time": "2026-11-25T08:52:00Z" } },
      /^The notification's signature is refused/,
    ],
    [
      "for nobody",
      { headers: { "client-id": undefined } },
      /^The notification's header Client-Id is not the client's ID\.$/,
    ],
    ["for another client", { headers: { "client-id": "OTHER" } }, /^The notification's header Client-Id is not/],
  ])("%s", async (_, changes, told) => {
    expect(await saidBy("signed", changes)).toMatch(told);
  });
});

describe("sent now", () => {
  const MINUTE = 60_000;
  const iso = (offset: number) => new Date(Date.now() + offset).toISOString();
  const NO_TIME = /^The notification's header Request-Time is missing or of no known form\.$/;

  test.each([
    ["as ISO 8601", () => iso(0), /^$/],
    ["in milliseconds", () => String(Date.now()), /^$/],
    ["59 minutes ago", () => iso(-59 * MINUTE), /^$/],
    ["in 59 minutes", () => iso(59 * MINUTE), /^$/],
    ["61 minutes ago", () => iso(-61 * MINUTE), /off\.$/],
    ["in 61 minutes", () => iso(61 * MINUTE), /off\.$/],
    ["in no form", () => "today", NO_TIME],
  ])("%s", async (_, time, told) => {
    expect(await saidBy("request-time", { time: time() })).toMatch(told);
  });

  test("not at all", async () => {
    expect(await saidBy("request-time", { headers: { "request-time": undefined } })).toMatch(NO_TIME);
  });
});

describe("card data", () => {
  const MORE = "The notification's maskedCardNo shows more than the last four digits.";
  test.each([
    ["the last four", "************8764", ""],
    ["five digits", "***********98764", MORE],
    ["the first ones too", "4112********8764", MORE],
    ["no text", 8764, ""],
  ])("maskedCardNo shows %s", async (_, maskedCardNo, told) => {
    expect(await saidBy("no-card-data", { body: vaultedCardBody({ maskedCardNo }) })).toBe(told);
  });

  test.each([
    ["the document's number", CARD_NO],
    ["the number that fails", TEST_CARDS.fails],
    ["the number that is asked for 3-D Secure", TEST_CARDS.succeeds],
  ])("%s is told", async (_, cardNo) => {
    expect(await saidBy("no-card-data", { body: vaultedBody({ told: `of ${cardNo}` }) })).toBe(
      "The notification carries the card number.",
    );
  });

  test("so is the CVV, and a card of one's own where one was sent", async () => {
    const own = { cardNo: "4006055482525268", expiryYear: "31", expiryMonth: "02" };
    const body = vaultedBody({ told: [own.cardNo] });
    expect(await saidBy("no-card-data", { body: vaultedBody({ told: "123" }) })).toBe(
      "The notification carries the CVV.",
    );
    expect(await saidBy("no-card-data", { body })).toBe("");
    expect(await saidBy("no-card-data", { body }, { card: own })).toBe("The notification carries the card number.");
  });
});
