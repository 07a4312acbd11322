import { describe, expect, test } from "vitest";
import type { RejectedSignature } from "../../gateway/index.ts";
import { CARD } from "../../testing/attacks/card-forms.ts";
import { describeHeaders, describeSignedString, maskUnverifiedBody } from "./rejected-signature.ts";

/** A time whose last digit is not a valid check digit. Otherwise, it would be masked as a card number. */
const NOW = "1764500000000";
const BODY = `{\r\n "cardNo": "${CARD.cardNo}", "cvv": "${CARD.cvv}", "n": 1.0 }`;
const MASKED = `{\r\n "cardNo": "************${CARD.cardNo.slice(-4)}", "cvv": "***", "n": 1.0 }`;

const createRejected = (text = BODY, more: Partial<RejectedSignature> = {}): RejectedSignature => ({
  reason: "",
  path: "/p",
  clientId: "C",
  time: NOW,
  body: new TextEncoder().encode(text),
  headerValue: "",
  merchant: undefined,
  ...more,
});

describe("maskUnverifiedBody", () => {
  test("masks card data and keeps whitespace and number formats", () => {
    expect(maskUnverifiedBody(createRejected())).toBe(MASKED);
  });

  test.each([
    ["a form", `cardNo=${CARD.cardNo}&cvv=${CARD.cvv}`],
    ["truncated JSON", BODY.slice(0, -1)],
    ["JSON with a duplicate name", BODY.replace('"n": 1.0', `"cvv": "${CARD.cvv}"`)],
    ["JSON after a byte order mark", `\uFEFF${BODY}`],
    ["a JSON string", JSON.stringify(BODY)],
    ["an empty body", ""],
    ["a body of more than 16 KiB", `${BODY}${" ".repeat(16 * 1024)}`],
  ])("returns an empty string for %s", (_, text) => {
    expect(maskUnverifiedBody(createRejected(text))).toBe("");
  });

  test("returns an empty string for bytes that are not UTF-8", () => {
    const body = Uint8Array.from([0xff, 0xfe, ...Buffer.from(BODY, "utf16le")]);
    expect(maskUnverifiedBody(createRejected("", { body }))).toBe("");
  });
});

describe("describeHeaders", () => {
  test("replaces the signature with its length, and keeps the algorithm and the key version", () => {
    const headerValue = `algorithm=RSA256, keyVersion=12,signature=${"A".repeat(344)}`;
    expect(describeHeaders(createRejected("", { headerValue }), "application/json; charset=UTF-8")).toEqual({
      contentType: "application/json; charset=UTF-8",
      signatureHeader: "algorithm=RSA256,keyVersion=12,signature=⟨344 characters⟩",
    });
  });

  test("replaces unexpected values with their lengths, and masks the digits of a content type", () => {
    const headerValue = `algorithm=${CARD.cvv},keyVersion=${CARD.cardNo},cvv=${CARD.cvv},${CARD.cardNo}${",x".repeat(50)}`;
    const described = describeHeaders(createRejected("", { headerValue }), `text/${CARD.cardNo}; charset=utf-8`);
    expect(described.signatureHeader).toMatch(
      /^algorithm=⟨4 characters⟩,keyVersion=⟨16 characters⟩,⟨8 characters⟩,⟨16 characters⟩,(?:⟨1 characters⟩,?){6}$/,
    );
    expect(described.contentType).toBe("text/****************; charset=utf-8");
  });

  test("omits missing headers", () => {
    expect(describeHeaders(createRejected(), null)).toEqual({});
  });
});

describe("describeSignedString", () => {
  test.each([
    ["a different path", { message: { path: "/q" } }, `POST /q\nC.${NOW}.${MASKED}`],
    ["a different client ID", { message: { clientId: "D" } }, `POST /p\nD.${NOW}.${MASKED}`],
    ["a different time", { message: { time: NOW.slice(0, 10) } }, `POST /p\nC.${NOW.slice(0, 10)}.${MASKED}`],
    ["a different method", { message: { method: "post" } }, `post /p\nC.${NOW}.${MASKED}`],
    [
      "a different body",
      { message: { body: BODY.replace("\r", "") } },
      `POST /p\nC.${NOW}.${MASKED.replace("\r", "")}`,
    ],
    ["a byte order mark", { message: { body: `\uFEFF${BODY}` } }, `POST /p\nC.${NOW}.\uFEFF${MASKED}`],
    ["only the body", { signedString: new TextEncoder().encode(BODY) }, MASKED],
    [
      "no space after the method",
      { signedString: new TextEncoder().encode(`POST/p\nC.${NOW}.${BODY}`) },
      `POST/p\nC.${NOW}.${MASKED}`,
    ],
  ])("masks a signed string with %s", (_, variant, expected) => {
    expect(describeSignedString(createRejected(), variant)).toBe(expected);
  });

  test("returns undefined if only the key is different", () => {
    expect(describeSignedString(createRejected(), {})).toBeUndefined();
  });

  test("omits a time that might be a card number, and returns undefined if the signed body is not JSON", () => {
    const rejected = createRejected("x", { time: CARD.cardNo, clientId: CARD.cardNo });
    expect(describeSignedString(rejected, { message: { path: `/${CARD.cardNo}` } })).toBe(
      `POST /************${CARD.cardNo.slice(-4)}\n************${CARD.cardNo.slice(-4)}.⟨no time⟩.⟨body, not stored⟩`,
    );
    expect(describeSignedString(rejected, { message: { body: "x\n" } })).toBeUndefined();
    expect(describeSignedString(rejected, { signedString: rejected.body })).toBeUndefined();
  });
});
