import { expect, test } from "vitest";
import { maskBodyText, maskCardData, maskCardNumbers, omitCardData } from "./mask-card-data.ts";

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

test("maskCardData masks a card number in other fields and in names", () => {
  expect(maskCardData({ note: "card 4054 6957 2310 0768 of" })).toEqual({ note: "card ************0768 of" });
  expect(maskCardData({ "4054695723100768": 1 })).toEqual({ "************0768": 1 });
});

test("maskCardData completely masks values that are not strings", () => {
  expect(maskCardData({ cardNo: 4054695723100768, cvv: { x: "987" } })).toEqual({ cardNo: "***", cvv: "***" });
});

test("maskCardData and maskBodyText keep masked values unchanged", () => {
  const masked = maskCardData({ card });
  expect(maskCardData(masked)).toEqual(masked);
  expect(maskBodyText(JSON.stringify(masked))).toBe(JSON.stringify(masked));
});

test("maskCardNumbers keeps numbers that are too long or have no valid check digit", () => {
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

test("maskCardData and maskBodyText show the last 4 digits and the BIN", () => {
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

test("maskCardNumbers keeps times and merchant IDs", () => {
  expect(maskCardNumbers("1685599933871 218812000000000001")).toBe("1685599933871 218812000000000001");
});
