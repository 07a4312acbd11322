import { describe, expect, test } from "vitest";
import { createStyles } from "../console/output.ts";
import { parseCardNumber, parseCvv, parseExpiry, promptForCard } from "./card-prompt.ts";

describe("card prompt", () => {
  test.each([
    ["4054 6957 2310 0768", { part: { cardNo: "4054695723100768" } }],
    ["4054-6957-2310-0768", { part: { cardNo: "4054695723100768" } }],
    ["4054695723100769", { error: "Invalid card number: the check digit is incorrect." }],
    ["12345", { error: "Invalid card number: enter 12 to 19 digits." }],
    ["", { error: "Invalid card number: enter 12 to 19 digits." }],
  ])("parseCardNumber for %j returns %j", (typed, expected) => {
    expect(parseCardNumber(typed)).toEqual(expected);
  });

  test.each([
    ["08/30", "08", "30"],
    ["8/30", "08", "30"],
    ["0830", "08", "30"],
    [" 12 / 2031 ", "12", "31"],
    ["12-31", "12", "31"],
  ])("parses the expiry %j as month %j and year %j", (typed, expiryMonth, expiryYear) => {
    expect(parseExpiry(typed)).toEqual({ part: { expiryMonth, expiryYear } });
  });

  test.each(["13/30", "00/30", "830", "2030", "x", ""])("rejects the expiry %j", (typed) => {
    expect(parseExpiry(typed)).toHaveProperty("error");
  });

  test("accepts 3 or 4 digits, or nothing, as the CVV", () => {
    expect(parseCvv("")).toEqual({ part: {} });
    expect(parseCvv("1234")).toEqual({ part: { cvv: "1234" } });
    for (const typed of ["12", "12345", "12a"]) expect(parseCvv(typed)).toHaveProperty("error");
  });

  test("prompts up to 3 times for each part, and prints only the last 4 digits of the card number", async () => {
    let written = "";
    const sink = {
      write: (text: string) => {
        written += text;
      },
    };
    const output = { stderr: sink, style: createStyles(sink) };
    const typed = ["1", "4054695723100769", "4054695723100768", "13/30", "11/37", "9174"];
    const card = await promptForCard(output, async () => typed.shift() ?? "");
    expect(card).toEqual({ cardNo: "4054695723100768", expiryMonth: "11", expiryYear: "37", cvv: "9174" });
    for (const secret of ["40546957", "13/30", "11/37", "9174"]) expect(written).not.toContain(secret);
    expect(written).toContain("ends in 0768");
    for (const input of ["nothing", undefined])
      await expect(promptForCard(output, async () => input)).rejects.toMatchObject({
        code: "CONFIGURATION_INVALID",
        message: "No valid card was entered. Use --card FILE, --card - for standard input, or --test-card NAME.",
      });
  });
});
