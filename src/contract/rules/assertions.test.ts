import { describe, expect, test } from "vitest";
import { CARD_NO, catchFailure, createExchange, resultBody, successBody } from "../../testing/messages/exchanges.ts";
import { createRequestBody, withCard } from "../document/sample-requests.ts";
import {
  expectAccepted,
  expectDocumented,
  expectDocumentedResult,
  expectEcho,
  expectNoCardData,
  expectRejected,
  expectSignature,
  findCardData,
  summarizeResponse,
} from "./assertions.ts";

type Changes = NonNullable<Parameters<typeof createExchange>[0]>;
type Expecting = (exchange: Awaited<ReturnType<typeof createExchange>>) => void;

/** The first line of what is said against an exchange; empty where nothing is. */
async function saidAgainst(expecting: Expecting, changes: Changes = {}): Promise<string> {
  const exchange = await createExchange(changes);
  return catchFailure(() => expecting(exchange))?.split("\n")[0] ?? "";
}

describe("every answer is documented", () => {
  test.each<readonly [string, Changes, RegExp]>([
    ["a right one", {}, /^$/],
    ["another status", { status: 201 }, /^The HTTP status is 201; every answer of the API has 200\.$/],
    [
      "no media type",
      { headers: { "content-type": undefined } },
      /^The Content-Type is not application\/json in UTF-8/,
    ],
    ["another media type", { headers: { "content-type": "text/html" } }, /^The Content-Type is not/],
    ["no JSON", { responseBody: "<html>" }, /^The body is not JSON\.$/],
    ["an undocumented field", { responseBody: successBody({ extra: 1 }) }, /^The body breaks the document: .*\/extra/],
    [
      "an undocumented field, taken leniently",
      { responseBody: successBody({ extra: 1 }), context: { lenient: true } },
      /^$/,
    ],
    ["no result, taken leniently", { responseBody: {}, context: { lenient: true } }, /^The body breaks the document: /],
  ])("%s", async (_, changes, told) => {
    expect(await saidAgainst(expectDocumented, changes)).toMatch(told);
  });

  test("by the schema of its own operation", async () => {
    const answer = { ...successBody(), vaultingStatus: "SUCCESS" };
    expect(await saidAgainst(expectDocumented, { operation: "inquireVaulting", responseBody: answer })).toBe("");
    expect(await saidAgainst(expectDocumented, { responseBody: answer })).toMatch(/vaultingStatus/);
    expect(await saidAgainst(expectDocumented, { operation: "createVaultingSession", responseBody: answer })).toMatch(
      /breaks the document/,
    );
  });
});

describe("every answer is signed", () => {
  test.each<readonly [string, Changes, RegExp]>([
    ["a right one", {}, /^$/],
    ["not at all", { headers: { signature: undefined } }, /^The answer's signature is refused: The Signature header/],
    ["for nobody", { headers: { "client-id": undefined } }, /^The header client-id does not echo the client's ID\.$/],
    ["for another", { headers: { "client-id": "OTHER" } }, /^The header client-id does not echo/],
  ])("%s", async (_, changes, told) => {
    expect(await saidAgainst(expectSignature, changes)).toMatch(told);
  });
});

describe("what the document allows is taken", () => {
  const taken =
    (alsoTaken?: string): Expecting =>
    (exchange) =>
      expectAccepted(exchange, alsoTaken);

  test.each([
    ["SUCCESS", "S"],
    ["ANY", "S"],
    ["VERIFICATION_IN_PROCESS", "U"],
    ["VERIFICATION_FAIL", "F"],
    ["PROCESS_FAIL", "F"],
    ["RISK_REJECT", "F"],
    ["VAULTING_NOT_EXIST", "F"],
  ])("with %s / %s", async (code, status) => {
    expect(await saidAgainst(taken(), { responseBody: resultBody(code, status) })).toBe("");
  });

  test.each<readonly [string, Changes, string]>([
    ["a refusal", { responseBody: resultBody("PARAM_ILLEGAL", "F") }, "F / PARAM_ILLEGAL"],
    ["nobody knows", { responseBody: resultBody("UNKNOWN_EXCEPTION", "U") }, "U / UNKNOWN_EXCEPTION"],
    ["no status", { responseBody: { result: { resultCode: "PROCESS_FAIL" } } }, "no status / PROCESS_FAIL"],
    ["no code", { responseBody: { result: { resultStatus: "F" } } }, "F / no code"],
    ["no result", { responseBody: {} }, "HTTP status 200"],
    ["no result and another status", { responseBody: "", status: 404 }, "HTTP status 404"],
    ["success under another status", { status: 202 }, "HTTP status 202 with S / SUCCESS"],
  ])("not with %s", async (_, changes, said) => {
    expect(await saidAgainst(taken(), changes)).toBe(`A request that the document allows is not taken: ${said}.`);
    expect(summarizeResponse(await createExchange(changes))).toBe(said);
  });

  test("and with the code that is named, and no other", async () => {
    const answer = resultBody("PARAM_ILLEGAL", "F");
    expect(await saidAgainst(taken("PARAM_ILLEGAL"), { responseBody: answer })).toBe("");
    expect(await saidAgainst(taken("PARAM_ILLEGAL"), { responseBody: answer, status: 400 })).toMatch(/is not taken/);
    expect(await saidAgainst(taken("INVALID_API"), { responseBody: answer })).toMatch(/is not taken/);
    expect(await saidAgainst(taken(undefined), { responseBody: {} })).toMatch(/is not taken/);
  });
});

describe("what the document forbids is refused", () => {
  const answer = resultBody("PARAM_ILLEGAL", "F");
  const { vaultingRequestId: _, ...unsignedAnswer } = {
    vaultingRequestId: "",
    ...resultBody("INVALID_SIGNATURE", "F"),
  };
  const refused: Expecting = (exchange) => expectRejected(exchange, "PARAM_ILLEGAL");
  const signatureRefused: Expecting = (exchange) => expectRejected(exchange, "INVALID_SIGNATURE");
  const request = { expect: "signature-rejected" } as const;

  test.each<readonly [string, Changes, RegExp]>([
    ["as it should be", { responseBody: answer }, /^$/],
    [
      "by another status",
      { responseBody: answer, status: 400 },
      /^A refusal is not in the API's own form, HTTP 200 with a result\.$/,
    ],
    ["without a result", { responseBody: {} }, /^A refusal is not in the API's own form/],
    [
      "with success",
      {},
      /^What the document forbids is not refused with F \/ PARAM_ILLEGAL, but answered S \/ SUCCESS\.$/,
    ],
    ["with another code", { responseBody: resultBody("PROCESS_FAIL", "F") }, /but answered F \/ PROCESS_FAIL\.$/],
    [
      "with another result status",
      { responseBody: resultBody("PARAM_ILLEGAL", "U") },
      /but answered U \/ PARAM_ILLEGAL\.$/,
    ],
    ["without a code", { responseBody: { result: { resultStatus: "F" } } }, /but answered F \/ no code\.$/],
    [
      "without a result status",
      { responseBody: { result: { resultCode: "PARAM_ILLEGAL" } } },
      /but answered no status \/ PARAM/,
    ],
    ["in a form that no document has", { responseBody: { ...answer, extra: 1 } }, /^The body breaks the document/],
    [
      "without a signature",
      { responseBody: answer, headers: { signature: undefined } },
      /^The answer's signature is refused/,
    ],
  ])("%s", async (_name, changes, told) => {
    expect(await saidAgainst(refused, changes)).toMatch(told);
  });

  test("a refusal that is none says which was expected and what came instead", async () => {
    const exchange = await createExchange({ responseBody: "", status: 502 });
    expect(catchFailure(() => refused(exchange))).toMatch(/\nExpected F \/ PARAM_ILLEGAL, got HTTP status 502\.\n/);
  });

  test("a refused signature is answered without one", async () => {
    const right = { answer: unsignedAnswer, request, headers: { signature: undefined } };
    expect(await saidAgainst(signatureRefused, right)).toBe("");
    expect(await saidAgainst(signatureRefused, { responseBody: unsignedAnswer, request })).toBe(
      "The answer to a refused signature is signed; it must not be.",
    );
  });
});

describe("what no rule speaks of is answered all the same", () => {
  test.each<readonly [string, Changes, RegExp]>([
    ["with success", {}, /^$/],
    ["with a refusal", { responseBody: resultBody("PARAM_ILLEGAL", "F") }, /^$/],
    ["by another status", { status: 500 }, /not answered in the API's own form: HTTP status 500 with S \/ SUCCESS\.$/],
    ["without a result", { responseBody: {} }, /not answered in the API's own form: HTTP status 200\.$/],
    ["in a form that no document has", { responseBody: successBody({ extra: 1 }) }, /^The body breaks the document/],
    [
      "with what nobody knows",
      { responseBody: resultBody("UNKNOWN_EXCEPTION", "U") },
      /is answered U \/ UNKNOWN_EXCEPTION\.$/,
    ],
  ])("%s", async (_, changes, told) => {
    expect(await saidAgainst(expectDocumentedResult, changes)).toMatch(told);
  });
});

describe("the ID is echoed", () => {
  test.each<readonly [string, Changes, string]>([
    ["the same", {}, ""],
    [
      "another",
      { responseBody: successBody({ vaultingRequestId: "id-2" }) },
      "vaultingRequestId is not the request's.",
    ],
    ["none", { responseBody: { result: {} } }, "vaultingRequestId is not the request's."],
    [
      "not for a session, whose answer has none",
      { operation: "createVaultingSession", responseBody: { result: {} } },
      "",
    ],
  ])("%s", async (_, changes, told) => {
    expect(await saidAgainst(expectEcho, changes)).toBe(told);
  });
});

describe("card data in an answer", () => {
  const asked = createRequestBody("vaultPaymentMethod", "id-1", withCard({ cardNo: CARD_NO, cvv: "123" }));

  test.each<readonly [string, unknown, string | undefined]>([
    ["the number", CARD_NO, "card number"],
    ["the number with blanks and hyphens", { a: ["4112 2731-4679 8764"] }, "card number"],
    ["the number in a text", { a: { b: `of ${CARD_NO}.` } }, "card number"],
    ["the number as a name", { [CARD_NO]: 1 }, "card number"],
    ["the CVV", { a: [{ b: "123" }] }, "CVV"],
    ["a text with the CVV's digits in it", { a: "01234" }, undefined],
    ["the masked number", "************8764", undefined],
    ["nothing", undefined, undefined],
  ])("%s", (_, value, found) => {
    expect(findCardData(value, asked)).toBe(found);
  });

  test("is none where the request had no card, or one that is no text", () => {
    expect(findCardData("123", { vaultingRequestId: "id-1" })).toBeUndefined();
    expect(
      findCardData("123", createRequestBody("vaultPaymentMethod", "id-1", withCard({ cardNo: 4, cvv: 123 }))),
    ).toBeUndefined();
  });

  test("is told by its name", async () => {
    const answer = successBody({ normalUrl: `https://gateway.example/?card=${CARD_NO}` });
    expect(await saidAgainst(expectNoCardData, { responseBody: answer })).toBe("The answer carries the card number.");
    expect(await saidAgainst(expectNoCardData)).toBe("");
  });
});
