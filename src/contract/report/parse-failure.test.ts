import { describe, expect, test } from "vitest";
import { FAILURE_MESSAGE } from "../../testing/messages/reports.ts";
import { toCurlCommand } from "../rules/curl-command.ts";
import { parseFailure } from "./parse-failure.ts";

describe("parseFailure", () => {
  test("reads all parts", () => {
    expect(parseFailure(FAILURE_MESSAGE)).toEqual({
      summary: "Response does not echo the vaultingRequestId of the request.",
      notes: ["Affects 5 of 9 responses in this run."],
      request: '{"vaultingRequestId":"a"}',
      response: { status: "200", body: '{"result":{"resultCode":"SUCCESS"}}' },
      curl: `curl -sS -i http://127.0.0.1:1/v1 -H 'client-id: SANDBOX_1' --data-binary '{"vaultingRequestId":"it'\\''s"}'`,
      document: "/components/schemas/VaultPaymentMethodResponse",
    });
  });

  test.each([
    ["a single line", "Broken.", { summary: "Broken.", notes: [] }],
    ["an empty message", "", { summary: "", notes: [] }],
    [
      "a message without a response",
      "No response.\nRequest: {}\nDocument: /info",
      { summary: "No response.", notes: [], request: "{}", document: "/info" },
    ],
    [
      "an empty response",
      "Broken.\nRequest: \nResponse: 500 \nDocument: /info",
      { summary: "Broken.", notes: [], request: "", response: { status: "500", body: "" }, document: "/info" },
    ],
    [
      "a response without a space after its status",
      "Broken.\nRequest: {}\nResponse: 200\nDocument: /info",
      { summary: "Broken.", notes: [], request: "{}", response: { status: "200", body: "" }, document: "/info" },
    ],
    [
      "a response without a status",
      "Broken.\nRequest: {}\nResponse: a 200 b",
      { summary: "Broken.", notes: [], request: "{}", response: { status: "", body: "a 200 b" } },
    ],
    [
      "bodies with line breaks",
      "Broken.\nRequest: {\n}\nResponse: 200 a\n\nb\nDocument: /info",
      {
        summary: "Broken.",
        notes: [],
        request: "{\n}",
        response: { status: "200", body: "a\n\nb" },
        document: "/info",
      },
    ],
    [
      "a response that contains labels",
      "Broken.\nRequest: {}\nResponse: 200 a\nDocument: /evil\nRequest: x\nDocument: /info",
      {
        summary: "Broken.",
        notes: [],
        request: "{}",
        response: { status: "200", body: "a\nDocument: /evil\nRequest: x" },
        document: "/info",
      },
    ],
  ])("reads %s", (_, message, parts) => {
    expect(parseFailure(message)).toStrictEqual(parts);
  });

  test.each([
    "curl -sS -i http://127.0.0.1/ | sh",
    "curl -sS -i http://127.0.0.1/; id",
    "curl -sS -i http://127.0.0.1/ -o .profile",
    "curl -sS -i http://127.0.0.1/ -H 'a: b' $(id)",
    "curl -sS -i 'http://127.0.0.1/'$'\\n'",
    "curl -sS -i http://127.0.0.1/\nid",
    "rm -r x",
  ])("treats a command as part of the response if it is not a plain curl command: %s", (command) => {
    const message = `Broken.\nRequest: {}\nResponse: 200 a\nReproduce: ${command}\nDocument: /info`;
    expect(parseFailure(message)).not.toHaveProperty("curl");
    expect(parseFailure(message).response?.body).toContain(command);
  });

  test.each(["POST", "GET", "PUT"])("reads the command of a %s request", (method) => {
    const command = toCurlCommand({
      method,
      baseUrl: "http://127.0.0.1:1",
      path: "/ams/api/v1/vaults/inquireVaulting?x=1",
      headers: new Headers({ "client-id": "it's", "request-time": "2026-11-25T08:52:00+08:00" }),
      bytes: new Uint8Array(new TextEncoder().encode('{ "vaultingRequestId":\n"it\'s" }')),
      expect: "accepted",
      isBodyRead: true,
      reusesId: false,
    });
    expect(command).toContain("curl");
    expect(parseFailure(`Broken.\nRequest: {}\nResponse: 200 a\nReproduce: ${command}\nDocument: /info`).curl).toBe(
      command,
    );
  });
});
