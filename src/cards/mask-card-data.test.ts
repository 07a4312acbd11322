import fc from "fast-check";
import { expect, test } from "vitest";
import { maskBodyText, maskCardData, maskCardNumbers, omitCardData, toPrintable } from "./mask-card-data.ts";

const card = {
  cardNo: "4054695723100768",
  cvv: "987",
  expiryYear: "31",
  expiryMonth: "07",
  cardPasswordDigest: "55",
  brand: "VISA",
};

test("maskCardData masks every card data field at any depth", () => {
  expect(maskCardData({ a: [{ card }] })).toEqual({
    a: [
      {
        card: {
          cardNo: "************0768",
          cvv: "***",
          expiryYear: "***",
          expiryMonth: "***",
          cardPasswordDigest: "***",
          brand: "VISA",
        },
      },
    ],
  });
});

test("maskCardData masks a card number in other fields and in field names", () => {
  expect(maskCardData({ note: "card 4054 6957 2310 0768 of" })).toEqual({ note: "card ************0768 of" });
  expect(maskCardData({ "4054695723100768": 1 })).toEqual({ "************0768": 1 });
});

test("maskCardData completely masks card data that is not a string", () => {
  expect(maskCardData({ cardNo: 4054695723100768, cvv: { x: "987" } })).toEqual({ cardNo: "***", cvv: "***" });
});

test("maskCardData and maskBodyText leave masked values unchanged", () => {
  const masked = maskCardData({ card });
  expect(maskCardData(masked)).toEqual(masked);
  expect(maskBodyText(JSON.stringify(masked))).toBe(JSON.stringify(masked));
});

test("maskCardData returns its argument if the argument contains no card data, and never changes it", () => {
  const body = { env: { terminalType: "WEB" }, items: [1, "x"] };
  expect(maskCardData(body)).toBe(body);
  const withCard = { ...body, card: { cvv: "123" } };
  expect(maskCardData(withCard)).toEqual({ ...body, card: { cvv: "***" } });
  expect(withCard.card.cvv).toBe("123");
});

test("maskCardNumbers does not mask numbers that are too long or have an invalid check digit", () => {
  expect(maskCardNumbers("123456789012 and 16855999338712345678")).toBe("123456789012 and 16855999338712345678");
});

test("maskBodyText masks text that is not valid JSON and keeps its whitespace", () => {
  const text = `{\r\n  "cardNo" : "4054695723100768",\r\n "cvv":987, "cardPasswordDigest":"5\\"5", "expiryYear":"31`;
  expect(maskBodyText(text)).toBe(
    `{\r\n  "cardNo" : "************0768",\r\n "cvv":***, "cardPasswordDigest":"***", "expiryYear":"***"`,
  );
});

const owner = {
  cardholderName: { firstName: "Ana", lastName: 'So"}uza' },
  billingAddress: { region: "BR", address1: "Rua {Augusta} 1200" },
};

test("maskCardData and maskBodyText mask names and addresses completely", () => {
  const masked = { cardholderName: "***", billingAddress: "***", brand: "VISA" };
  const text = JSON.stringify({ ...owner, brand: "VISA" });
  expect(maskCardData(JSON.parse(text))).toEqual(masked);
  expect(maskBodyText(text)).toBe(JSON.stringify(masked));
  expect(maskBodyText('{"cardholderName": {"firstName": "Ana", "lastName": "So')).toBe('{"cardholderName": "***"');
});

test("maskCardData and maskBodyText do not mask maskedCardNo, lastFour, or bin", () => {
  const details = { brand: "VISA", maskedCardNo: "************0768", lastFour: "0768", bin: "40546957" };
  expect(maskCardData(details)).toEqual(details);
  expect(maskBodyText(JSON.stringify(details))).toBe(JSON.stringify(details));
});

test("maskCardData masks a networkTransactionId that could be a card number", () => {
  expect(maskCardData({ networkTransactionId: "4054695723100768" })).toEqual({
    networkTransactionId: "************0768",
  });
});

test("omitCardData removes card data at any depth", () => {
  const message = { paymentMethodDetail: { card: { ...card, ...owner, cardToken: "token", lastFour: "0768" } } };
  expect(omitCardData(message)).toEqual({
    paymentMethodDetail: { card: { brand: "VISA", cardToken: "token", lastFour: "0768" } },
  });
});

test("maskCardNumbers does not mask times or merchant IDs", () => {
  expect(maskCardNumbers("1685599933871 218812000000000001")).toBe("1685599933871 218812000000000001");
});

test.each([
  "d94f2b1e-4054-4957-9318-a768c2345674",
  "D94F2B1E-4054-4957-9318-A768C2345674",
  "vaulting request order-1-d94f2b1e-4054-4957-9318-a768c2345674.",
])("maskCardNumbers does not mask the UUID in %s", (text) => {
  expect(maskCardNumbers(text)).toBe(text);
});

test("maskCardNumbers masks a card number beside a UUID", () => {
  const uuid = "d94f2b1e-4054-4957-9318-a768c2345674";
  expect(maskCardNumbers(`${uuid} 4054695723100768`)).toBe(`${uuid} ************0768`);
});

test("maskCardNumbers does not mask UUIDs", () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => maskCardNumbers(`order-${id}?`) === `order-${id}?`),
    { numRuns: 5_000 },
  );
});

test.each([
  "CVV",
  "cvc",
  "CVC2",
  "cvn2",
  "Cvv2",
  "CSC",
  "security_code",
  "expiry_year",
  "ExpiryMonth",
])("maskCardData, maskBodyText, and omitCardData treat a field named %s as card data", (name) => {
  expect(maskCardData({ [name]: "987" })).toEqual({ [name]: "***" });
  expect(maskBodyText(`{"${name}":"987"`)).toBe(`{"${name}":"***"`);
  expect(omitCardData({ [name]: "987" })).toEqual({});
});

test.each([
  "pan",
  "PAN",
  "CardNo",
  "card_no",
  "cardNumber",
])("maskCardData treats a field named %s as a card number", (name) => {
  expect(maskCardData({ [name]: card.cardNo })).toEqual({ [name]: "************0768" });
});

test.each([
  "panel",
  "cvvResultRaw",
  "vaultingSessionExpiryTime",
  "company",
])("maskCardData does not mask a field named %s", (name) => {
  expect(maskCardData({ [name]: "987" })).toEqual({ [name]: "987" });
});

test.each([
  ["cvv=987&CVC: 987", "cvv=***&CVC: ***"],
  ["cvv%20987 cvv\\u0022:\\u0022987", "cvv%20*** cvv\\u0022:\\u0022***"],
  ["cvv%22%3A%22987%22", "cvv%22%3A%22***%22"],
  ["&quot;cvv&quot;:&quot;987&quot;", "&quot;cvv&quot;:&quot;***&quot;"],
  ['\\"cvv\\":\\"987\\"', '\\"cvv\\":\\"***\\"'],
])("maskBodyText masks the CVV in %s", (text, masked) => {
  expect(maskBodyText(text)).toBe(masked);
});

test.each([
  "4054\u00a06957\u00a02310\u00a00768",
  "4054–6957–2310–0768",
  "４０５４６９５７２３１００７６８",
])("maskCardNumbers masks %s", (text) => {
  expect(maskCardNumbers(text)).toBe("************0768");
});

test("toPrintable escapes control characters and masks card numbers", () => {
  expect(toPrintable("a\u001b[2J\u202e\n4054 6957 2310 0768")).toBe("a\\u001b[2J\\u202e\\u000a************0768");
});
