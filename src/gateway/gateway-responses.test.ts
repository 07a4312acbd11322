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

describe("the gateway passes to the handler and responds to", () => {
  const examples = operations.flatMap((operation) =>
    listExamples(operation).map(([name, body]) => [name, operation, body] as const),
  );

  test.each(examples)("the example %s of %s", async (_, operation, body) => {
    for (const environment of ["production", "sandbox"] as const) {
      const { gateway, calls, rejected, errors } = createTestGateway();
      const path = basePaths[environment] + operationPaths[operation];
      const response = await gateway(await createRequest({ path, body: JSON.stringify(body) }));
      const { resultCode } = await expectValidResponse(response, { path, operation });
      expect(resultCode).toBe("PROCESS_FAIL");
      expect(calls).toMatchObject([{ operation, environment, clientId: CLIENT_ID, body }]);
      expect([rejected, errors]).toEqual([[], []]);
    }
  });

  test("a body with its unknown fields", async () => {
    const { gateway, calls } = createTestGateway();
    const body = SAMPLE_BODY.replace("{", '{"isAdmin":"true","cardToken":"x","result":{},');
    const { text } = await expectValidResponse(await gateway(await createRequest({ body })));
    expect(calls[0]?.body).toMatchObject({ isAdmin: "true", cardToken: "x", result: {} });
    expect(text).not.toMatch(/isAdmin|cardToken/);
  });
});

describe("the gateway", () => {
  test("sends text from the handler unchanged", async () => {
    const text = `\n{ "result": ${JSON.stringify(createResult("PROCESS_FAIL", "F", "é 王 🌍"))} ,\r\n\t"vaultingRequestId":"\\u0031"}\n`;
    const { gateway } = createTestGateway({ handle: async () => text });
    expect((await expectValidResponse(await gateway(await createRequest()))).text).toBe(text);
  });

  test("sends a value from the handler as JSON", async () => {
    const { gateway } = createTestGateway();
    const expected = JSON.stringify(
      createResponseBody({ operation: "vaultPaymentMethod", vaultingRequestId: "123456789206" }),
    );
    expect((await expectValidResponse(await gateway(await createRequest()))).text).toBe(expected);
  });

  test.each<[string, () => Promise<string | object>]>([
    ["rejects", () => Promise.reject(new Error("disk full"))],
    ["rejects with a string", () => Promise.reject("disk full")],
    [
      "throws",
      () => {
        throw new Error("disk full");
      },
    ],
    ["returns a value that JSON cannot represent", async () => ({ amount: 1n })],
  ])("responds with a signed UNKNOWN_EXCEPTION and the ID if the handler %s", async (_, handle) => {
    for (const operation of operations) {
      const { gateway, errors } = createTestGateway({ handle });
      const path = getOperationPath(operation);
      const response = await expectValidResponse(
        await gateway(await createRequest({ path, body: getSampleBody(operation) })),
        {
          path,
          operation,
        },
      );
      expect(response).toMatchObject({ resultCode: "UNKNOWN_EXCEPTION", resultStatus: "U", signed: true });
      expect(response.vaultingRequestId).toBe(operation === "createVaultingSession" ? undefined : "123456789206");
      expect(response.text).not.toContain("disk full");
      expect(errors).toHaveLength(1);
    }
  });
});

describe("the gateway, for an invalid body,", () => {
  const createInvalidBody = (operation: OperationId, change: (body: Record<string, unknown>) => void): string => {
    const body = JSON.parse(getSampleBody(operation)) as Record<string, unknown>;
    delete body["vaultingNotificationUrl"];
    body["merchantAccountId"] = 5;
    change(body);
    return JSON.stringify(body);
  };

  test.each<[string, unknown, boolean]>([
    ["a valid ID of 64 characters", "x".repeat(64), true],
    ["a valid ID of 64 emoji", "🌍".repeat(64), true],
    ["a valid ID of spaces", "  ", true],
    ["a valid ID with a quote and a backslash", "'; drop\"\\", true],
    ["no ID of 65 characters", "x".repeat(65), false],
    ["no empty ID", "", false],
    ["no ID with a line feed", "a\nb", false],
    ["no ID that is a number", 5, false],
    ["no ID that is null", null, false],
    ["no ID if it is missing", undefined, false],
  ])("echoes %s", async (_, id, valid) => {
    for (const operation of operations) {
      const { gateway, calls } = createTestGateway();
      const path = getOperationPath(operation);
      const body = createInvalidBody(operation, (fields) => {
        fields["vaultingRequestId"] = id;
        if (operation === "createVaultingSession") delete fields["paymentMethodType"];
      });
      const response = await expectValidResponse(await gateway(await createRequest({ path, body })), {
        path,
        operation,
      });
      expect(response.resultCode).toBe("PARAM_ILLEGAL");
      expect(response.vaultingRequestId).toBe(valid && operation !== "createVaultingSession" ? id : undefined);
      expect(calls).toEqual([]);
    }
  });

  test.each(["null", "[]", '"x"', "1", '["vaultingRequestId"]'])("echoes no ID from %s", async (body) => {
    const { gateway } = createTestGateway();
    const response = await expectValidResponse(await gateway(await createRequest({ body })));
    expect(response).toMatchObject({ resultCode: "PARAM_ILLEGAL", vaultingRequestId: undefined });
  });
});

describe("a listener that fails", () => {
  const fail = () => {
    throw new Error("the log is full");
  };
  const failLater = () => Promise.reject(new Error("the log is full"));

  test("does not change the response to an invalid signature", async () => {
    for (const onSignatureRejected of [fail, failLater]) {
      const { gateway } = createTestGateway({ onSignatureRejected });
      const response = await expectValidResponse(await gateway(await createRequest({}, { time: "1" })));
      expect(response).toMatchObject({ resultCode: "INVALID_SIGNATURE", signed: false });
    }
  });

  test("does not change the response to a failed call", async () => {
    for (const onError of [fail, failLater]) {
      const { gateway } = createTestGateway({ handle: fail, onError });
      expect(await expectValidResponse(await gateway(await createRequest()))).toMatchObject({
        resultCode: "UNKNOWN_EXCEPTION",
      });
    }
  });

  test("does not make the gateway reject if findMerchant throws", async () => {
    const { gateway } = createTestGateway({ findMerchant: fail, onError: fail });
    expect(await expectValidResponse(await gateway(await createRequest()))).toMatchObject({
      resultCode: "UNKNOWN_EXCEPTION",
    });
  });
});

test("the signature of a response covers the query of the request", async () => {
  const { gateway } = createTestGateway();
  const path = `${PATH}?trace=7`;
  expect(await expectValidResponse(await gateway(await createRequest({ path })), { path })).toMatchObject({
    signed: true,
  });
});

test("the handler receives the headers of the request", async () => {
  const { gateway, calls } = createTestGateway();
  await gateway(await createRequest({ headers: { prefer: "example=SUCCESS" } }));
  expect(calls[0]?.headers.get("prefer")).toBe("example=SUCCESS");
});

function createResult(resultCode: string, resultStatus: string, resultMessage: string) {
  return { resultCode, resultStatus, resultMessage };
}
