/**
 * Checks that the target returns each result code and that the client maps it to the correct outcome. To select the response, a check puts
 * the name of an example in the ID (mock), or sets a scenario with the control API (sandbox).
 */
import type { OperationId } from "../../../generated/operations.ts";
import { resultCodes, vaultingResultCodes } from "../../../generated/result-codes.ts";
import { createVaultClient } from "../../client/index.ts";
import { NO_URL_CODE } from "../../control-api/scenario-codes.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { getField, getResult } from "../../protocol/json-fields.ts";
import { importPrivateKey, importPublicKey } from "../../signature/index.ts";
import { forceResult } from "../conversation/control-api.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { getResponseMessage } from "../document/openapi-document.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import { CheckSkipped, ContractFailure } from "../model/failure.ts";
import type { Check } from "./check.ts";
import { vault } from "./vaulting-requests.ts";

interface ExpectedOutcome {
  readonly example: string;
  readonly outcome: string;
  /** The code of the outcome, if it has one. */
  readonly code?: string;
}

function listExpectedOutcomes(operation: OperationId): readonly ExpectedOutcome[] {
  const success = operation === "createVaultingSession" ? "created" : "vaulted";
  const failed = operation === "inquireVaulting" ? "inquiry_failed" : "failed";
  const outcomes: Readonly<Record<string, string>> = { S: success, F: failed, U: "unknown" };
  const codes: readonly { readonly code: string; readonly status: string }[] = resultCodes[operation];
  const byCode = codes.map(({ code, status }): ExpectedOutcome => {
    if (code === "INVALID_SIGNATURE") return { example: code, outcome: "SIGNATURE_MISSING" };
    if (code === "VERIFICATION_IN_PROCESS") return { example: code, outcome: "verification_required" };
    const outcome = outcomes[status] ?? "";
    return outcome === success ? { example: code, outcome } : { example: code, outcome, code };
  });
  if (operation === "vaultPaymentMethod") {
    const noUrl = { example: "VERIFICATION_IN_PROCESS_NO_URL", outcome: "unknown", code: "VERIFICATION_IN_PROCESS" };
    return [...byCode, noUrl, { example: "VERIFICATION_IN_PROCESS_APP", outcome: "verification_required" }];
  }
  if (operation !== "inquireVaulting") return byCode;
  const failures = vaultingResultCodes.filter(({ vaultingStatus }) => vaultingStatus === "FAIL");
  return [
    ...byCode,
    { example: "VERIFICATION_IN_PROCESS", outcome: "verification_required" },
    { example: "PROCESSING_NO_URL", outcome: "unknown", code: "VERIFICATION_IN_PROCESS" },
    ...failures.map(({ code }) => ({ example: `FAIL_${code}`, outcome: "failed", code })),
  ];
}

/** Imports the keys only once, because otherwise each new client would import and test them again. */
const importClientKeys = (merchant: TargetClient) =>
  merchant.once("client keys", async () => ({
    merchantPrivateKey: await importPrivateKey(merchant.target.merchantPrivateKey),
    antomPublicKey: await importPublicKey(merchant.target.antomPublicKey),
  }));

/**
 * Returns whether a call fails because its response is unsigned, and the error contains the result code of `example` in `unverified`. Returns
 * false if `example` is a success, which must be signed.
 */
const isRejectedAsUnsigned = (call: Promise<unknown>, example: unknown): Promise<boolean> =>
  call.then(
    () => false,
    (error: unknown) => {
      const { resultStatus, resultCode } = getResult(example);
      return (
        resultStatus !== "S" &&
        error instanceof AntomVaultError &&
        error.code === "SIGNATURE_MISSING" &&
        error.unverified?.resultCode === resultCode
      );
    },
  );

export function createResultCodeChecks(operation: OperationId): readonly Check[] {
  const { media, examples } = getResponseMessage(operation);
  return listExpectedOutcomes(operation).map(({ example, outcome, code }) => ({
    id: `${operation}.result.${example}`,
    operation,
    title: `returns the result of the example ${example}, which the client reports as ${outcome}`,
    source: `${media}/examples/${example}`,
    requires: ["forced-results"],
    run: async (client) =>
      withForcedResult(client, operation, example, async (merchant, vaultingRequestId) => {
        const { baseUrl, clientId } = merchant.target;
        const vaultClient = createVaultClient({
          baseUrl,
          clientId,
          ...(await importClientKeys(merchant)),
          retry: false,
          fetch: createObservedFetch(merchant, operation, example),
        });
        // The cast is safe, because the tests of the OpenAPI document validate this example.
        const call = vaultClient[operation](createRequestBody(operation, vaultingRequestId) as never);
        if (await isRejectedAsUnsigned(call, examples.get(example))) return;
        if (example === "INVALID_SIGNATURE")
          throw new ContractFailure(
            "Client did not reject the INVALID_SIGNATURE response with SIGNATURE_MISSING: the response must be unsigned.",
          );
        const actual = await call;
        if (actual.outcome !== outcome)
          throw new ContractFailure(`Client outcome is ${actual.outcome}, expected ${outcome}.`);
        const isSame = code === undefined || ("code" in actual && actual.code === code);
        if (!isSame && !(await omitsResultCode(merchant, operation, vaultingRequestId)))
          throw new ContractFailure(`Client outcome does not have the code ${code}.`);
      }),
  }));
}

/** Returns whether an inquiry about a failed vaulting returns no vaultingResultCode, which is optional. */
async function omitsResultCode(
  client: TargetClient,
  operation: OperationId,
  vaultingRequestId: string,
): Promise<boolean> {
  if (operation !== "inquireVaulting") return false;
  const { body } = await client.send({ operation: "inquireVaulting", body: { vaultingRequestId } });
  return getField(body, "vaultingStatus") === "FAIL" && getField(body, "vaultingResultCode") === undefined;
}

/**
 * Makes the target return an example of the OpenAPI document, then runs `send` with the merchant and the ID for which the target
 * returns it.
 *
 * @throws {CheckSkipped} if the target cannot return the example on demand
 */
async function withForcedResult(
  client: TargetClient,
  operation: OperationId,
  example: string,
  send: (merchant: TargetClient, vaultingRequestId: string) => Promise<void>,
): Promise<void> {
  if (client.target.capabilities?.includes("examples")) return send(client, `mock:${example}:contract`);
  const merchant = await client.getOtherMerchant(`responses to ${operation}`);
  // A scenario applies to all calls of a merchant, so only 1 check at a time can use the merchant.
  await merchant.runExclusive(async () => {
    const id = merchant.createId();
    await forceExample(merchant, operation, example, id);
    await send(merchant, id);
  });
}

async function forceExample(
  merchant: TargetClient,
  operation: OperationId,
  example: string,
  id: string,
): Promise<void> {
  const { target } = merchant;
  const isCode = resultCodes[operation].some(({ code }) => code === example);
  if (operation === "inquireVaulting" && (example === "SUCCESS" || !isCode)) {
    // An inquiry returns the result of an earlier vaulting, so a card is vaulted first.
    const result = example.replace(/^FAIL_/, "");
    if (example.startsWith("PROCESSING_")) throw createUnsupportedError();
    await forceResult(target, "inquireVaulting", "SUCCESS");
    await forceResult(target, "vaultPaymentMethod", result);
    const { resultStatus, resultCode = "" } = await vault(merchant, id);
    // With any other failure, the gateway creates no vaulting to inquire about.
    if (resultStatus === "F" && !VAULTING_FAILURE_CODES.has(resultCode)) throw createUnsupportedError();
  } else if (isCode || example === NO_URL_CODE) {
    await forceResult(target, operation, example);
  } else {
    throw createUnsupportedError();
  }
}

/** Result codes of vaultPaymentMethod for a vaulting that was created and failed. */
const VAULTING_FAILURE_CODES: ReadonlySet<string> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

const createUnsupportedError = () => new CheckSkipped("The control API has no scenario for this response.");

/** Returns a fetch function that also records each response in the run. */
const createObservedFetch =
  (merchant: TargetClient, operation: OperationId, example: string) =>
  async (input: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { origin, pathname } = new URL(input);
    const isRejected = example === "INVALID_SIGNATURE";
    const request = {
      method: "POST",
      baseUrl: origin,
      path: pathname,
      headers: new Headers(init.headers),
      // The client always sends a byte array.
      bytes: new Uint8Array(init.body as Uint8Array),
      expect: isRejected ? "signature-rejected" : "accepted",
      isBodyRead: !isRejected,
      reusesId: false,
    } as const;
    merchant.observe(operation, request, { status: response.status, headers: response.headers, bytes });
    return new Response(bytes, response);
  };
