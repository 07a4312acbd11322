import { describe, expect, test } from "vitest";
import { FAILURE_MESSAGE } from "../../testing/messages/reports.ts";
import { toCurlCommand } from "../rules/curl-command.ts";
import { parseFailure } from "./parse-failure.ts";

describe("the parts of a failure", () => {
  test("all of them", () => {
    expect(parseFailure(FAILURE_MESSAGE)).toEqual({
      what: "vaultingRequestId is not the request's.",
      more: ["So it was in 5 of 9 answers of the run."],
      sent: '{"vaultingRequestId":"a"}',
      came: { status: "200", body: '{"result":{"resultCode":"SUCCESS"}}' },
      again: `curl -sS -i http://127.0.0.1:1/v1 -H 'client-id: SANDBOX_1' --data-binary '{"vaultingRequestId":"it'\\''s"}'`,
      document: "/components/schemas/VaultPaymentMethodResponse",
    });
  });

  test.each([
    ["a sentence alone", "Broken.", { what: "Broken.", more: [] }],
    ["nothing at all", "", { what: "", more: [] }],
    [
      "no answer",
      "No answer came.\nSent: {}\nDocument: /info",
      { what: "No answer came.", more: [], sent: "{}", document: "/info" },
    ],
    [
      "an empty answer",
      "Broken.\nSent: \nCame: 500 \nDocument: /info",
      { what: "Broken.", more: [], sent: "", came: { status: "500", body: "" }, document: "/info" },
    ],
    [
      "an answer without a blank",
      "Broken.\nSent: {}\nCame: 200\nDocument: /info",
      { what: "Broken.", more: [], sent: "{}", came: { status: "200", body: "" }, document: "/info" },
    ],
    [
      "an answer without a status",
      "Broken.\nSent: {}\nCame: a 200 b",
      { what: "Broken.", more: [], sent: "{}", came: { status: "", body: "a 200 b" } },
    ],
    [
      "bodies with line ends",
      "Broken.\nSent: {\n}\nCame: 200 a\n\nb\nDocument: /info",
      { what: "Broken.", more: [], sent: "{\n}", came: { status: "200", body: "a\n\nb" }, document: "/info" },
    ],
    [
      "an answer that has a document of its own",
      "Broken.\nSent: {}\nCame: 200 a\nDocument: /evil\nSent: x\nDocument: /info",
      {
        what: "Broken.",
        more: [],
        sent: "{}",
        came: { status: "200", body: "a\nDocument: /evil\nSent: x" },
        document: "/info",
      },
    ],
  ])("%s", (_, detail, parts) => {
    expect(parseFailure(detail)).toStrictEqual(parts);
  });

  test.each([
    "curl -sS -i http://127.0.0.1/ | sh",
    "curl -sS -i http://127.0.0.1/; id",
    "curl -sS -i http://127.0.0.1/ -o .profile",
    "curl -sS -i http://127.0.0.1/ -H 'a: b' $(id)",
    "curl -sS -i 'http://127.0.0.1/'$'\\n'",
    "curl -sS -i http://127.0.0.1/\nid",
    "rm -r x",
  ])("no command is taken from an answer: %s", (command) => {
    const detail = `Broken.\nSent: {}\nCame: 200 a\nAgain: ${command}\nDocument: /info`;
    expect(parseFailure(detail)).not.toHaveProperty("again");
    expect(parseFailure(detail).response?.body).toContain(command);
  });

  test.each(["POST", "GET", "PUT"])("the command that the checks show is one: %s", (method) => {
    const again = toCurlCommand({
      method,
      baseUrl: "http://127.0.0.1:1",
      path: "/ams/api/v1/vaults/inquireVaulting?x=1",
      headers: new Headers({ "client-id": "it's", "request-time": "2026-11-25T08:52:00+08:00" }),
      bytes: new Uint8Array(new TextEncoder().encode('{ "vaultingRequestId":\n"it\'s" }')),
      expect: "accepted",
      bodyCounts: true,
      otherContent: false,
    });
    expect(again).toContain("curl");
    expect(parseFailure(`Broken.\nSent: {}\nCame: 200 a\nAgain: ${again}\nDocument: /info`).curl).toBe(again);
  });
});
