import { describe, expect, test } from "vitest";
import { basePaths, type OperationId, operationPaths, operations } from "../../generated/operations.ts";
import {
  CLIENT_ID,
  createRequest,
  createResponseBody,
  createTestGateway,
  expectValidResponse,
  getOperationPath,
  getSampleBody,
  listExamples,
  PATH,
  SAMPLE_BODY,
} from "../testing/servers/gateway.ts";

describe("each example of the document is handed on and answered", () => {
  const examples = operations.flatMap((operation) =>
    listExamples(operation).map(([name, body]) => [operation, name, body] as const),
  );

  test.each(examples)("%s, %s", async (operation, _, body) => {
    for (const environment of ["production", "sandbox"] as const) {
      const { gateway, calls, refused, errors } = createTestGateway();
      const path = basePaths[environment] + operationPaths[operation];
      const response = await gateway(await createRequest({ path, body: JSON.stringify(body) }));
      const { resultCode } = await expectValidResponse(response, { path, operation });
      expect(resultCode).toBe("PROCESS_FAIL");
      expect(calls).toMatchObject([{ operation, environment, clientId: CLIENT_ID, body }]);
      expect([refused, errors]).toEqual([[], []]);
    }
  });

  test("with unknown fields still in the body", async () => {
    const { gateway, calls } = createTestGateway();
    const body = SAMPLE_BODY.replace("{", '{"isAdmin":"true","cardToken":"x","result":{},');
    const { text } = await expectValidResponse(await gateway(await createRequest({ body })));
    expect(calls[0]?.body).toMatchObject({ isAdmin: "true", cardToken: "x", result: {} });
    expect(text).not.toMatch(/isAdmin|cardToken/);
  });
});

describe("what handle gives", () => {
  test("as text goes out byte for byte", async () => {
    const text = `\n{ "result": ${JSON.stringify(result("PROCESS_FAIL", "F", "é 王 🌍"))} ,\r\n\t"vaultingRequestId":"\\u0031"}\n`;
    const { gateway } = createTestGateway({ handle: async () => text });
    expect((await expectValidResponse(await gateway(await createRequest()))).text).toBe(text);
  });

  test("as a value goes out as JSON", async () => {
    const { gateway } = createTestGateway();
    const want = JSON.stringify(
      createResponseBody({ operation: "vaultPaymentMethod", vaultingRequestId: "123456789206" }),
    );
    expect((await expectValidResponse(await gateway(await createRequest()))).text).toBe(want);
  });

  test.each<[string, () => Promise<string | object>]>([
    ["a rejection", () => Promise.reject(new Error("disk full"))],
    ["a rejection with what is no error", () => Promise.reject("disk full")],
    [
      "an exception",
      () => {
        throw new Error("disk full");
      },
    ],
    ["what cannot be written as JSON", async () => ({ amount: 1n })],
  ])("as %s is answered UNKNOWN_EXCEPTION, signed, with the ID where it is echoed", async (_, handle) => {
    for (const operation of operations) {
      const { gateway, errors } = createTestGateway({ handle });
      const path = getOperationPath(operation);
      const answer = await expectValidResponse(
        await gateway(await createRequest({ path, body: getSampleBody(operation) })),
        {
          path,
          operation,
        },
      );
      expect(answer).toMatchObject({ resultCode: "UNKNOWN_EXCEPTION", resultStatus: "U", signed: true });
      expect(answer.vaultingRequestId).toBe(operation === "createVaultingSession" ? undefined : "123456789206");
      expect(answer.text).not.toContain("disk full");
      expect(errors).toHaveLength(1);
    }
  });
});

describe("the ID is echoed", () => {
  const illegal = (operation: OperationId, change: (body: Record<string, unknown>) => void): string => {
    const body = JSON.parse(getSampleBody(operation)) as Record<string, unknown>;
    delete body["vaultingNotificationUrl"];
    body["merchantAccountId"] = 5;
    change(body);
    return JSON.stringify(body);
  };

  test.each<[string, unknown, boolean]>([
    ["of 64 characters", "x".repeat(64), true],
    ["of 64 emoji", "🌍".repeat(64), true],
    ["of only blanks", "  ", true],
    ["with a quote and a backslash", "'; drop\"\\", true],
    ["of 65 characters", "x".repeat(65), false],
    ["that is empty", "", false],
    ["with a line feed", "a\nb", false],
    ["that is a number", 5, false],
    ["that is null", null, false],
    ["that is missing", undefined, false],
  ])("where it is legal, in the answer to a body that is not: an ID %s", async (_, id, legal) => {
    for (const operation of operations) {
      const { gateway, calls } = createTestGateway();
      const path = getOperationPath(operation);
      const body = illegal(operation, (fields) => {
        fields["vaultingRequestId"] = id;
        if (operation === "createVaultingSession") delete fields["paymentMethodType"];
      });
      const answer = await expectValidResponse(await gateway(await createRequest({ path, body })), { path, operation });
      expect(answer.resultCode).toBe("PARAM_ILLEGAL");
      expect(answer.vaultingRequestId).toBe(legal && operation !== "createVaultingSession" ? id : undefined);
      expect(calls).toEqual([]);
    }
  });

  test.each(["null", "[]", '"x"', "1", '["vaultingRequestId"]'])("not from %s", async (body) => {
    const { gateway } = createTestGateway();
    const answer = await expectValidResponse(await gateway(await createRequest({ body })));
    expect(answer).toMatchObject({ resultCode: "PARAM_ILLEGAL", vaultingRequestId: undefined });
  });
});

describe("a reporter that fails", () => {
  const fails = () => {
    throw new Error("the log is full");
  };
  const failsLater = () => Promise.reject(new Error("the log is full"));

  test("does not change the answer to a refused signature", async () => {
    for (const onSignatureRejected of [fails, failsLater]) {
      const { gateway } = createTestGateway({ onSignatureRejected });
      const answer = await expectValidResponse(await gateway(await createRequest({}, { time: "1" })));
      expect(answer).toMatchObject({ resultCode: "INVALID_SIGNATURE", signed: false });
    }
  });

  test("does not change the answer to a call that failed, nor reject", async () => {
    for (const onError of [fails, failsLater]) {
      const { gateway } = createTestGateway({ handle: fails, onError });
      expect(await expectValidResponse(await gateway(await createRequest()))).toMatchObject({
        resultCode: "UNKNOWN_EXCEPTION",
      });
    }
  });

  test("does not make the search for a merchant reject", async () => {
    const { gateway } = createTestGateway({ findMerchant: fails, onError: fails });
    expect(await expectValidResponse(await gateway(await createRequest()))).toMatchObject({
      resultCode: "UNKNOWN_EXCEPTION",
    });
  });
});

test("an answer over an address with a query string is signed with it", async () => {
  const { gateway } = createTestGateway();
  const path = `${PATH}?trace=7`;
  expect(await expectValidResponse(await gateway(await createRequest({ path })), { path })).toMatchObject({
    signed: true,
  });
});

test("the call carries the request's headers, for whoever reads Prefer or agent-token", async () => {
  const { gateway, calls } = createTestGateway();
  await gateway(await createRequest({ headers: { prefer: "example=SUCCESS" } }));
  expect(calls[0]?.headers.get("prefer")).toBe("example=SUCCESS");
});

function result(resultCode: string, resultStatus: string, resultMessage: string) {
  return { resultCode, resultStatus, resultMessage };
}
