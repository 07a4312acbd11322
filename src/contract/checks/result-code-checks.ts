/**
 * Every result code of the tables, asked for by a plain client, through our own client to its outcome. Answers are chosen by an example's
 * name in the ID at a mock of ours, and by scenarios of the control API at a sandbox.
 */
import type { OperationId } from "../../../generated/operations.ts";
import { resultCodes, vaultingResultCodes } from "../../../generated/result-codes.ts";
import { createVaultClient } from "../../client/index.ts";
import { NO_URL_CODE } from "../../control-api/scenario-codes.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
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
  /** The code that the outcome carries, where it carries one. */
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

/** The one answer without a signature: the client believes it nothing, and shows what it said. */
async function expectUnsignedError(calling: Promise<unknown>): Promise<void> {
  const told = await calling.then(
    () => undefined,
    (error: unknown) => (error instanceof AntomVaultError ? error : undefined),
  );
  if (told?.code !== "SIGNATURE_MISSING" || told.unverified?.resultCode !== "INVALID_SIGNATURE") {
    throw new ContractFailure(
      "The answer INVALID_SIGNATURE must be unsigned, and the client must refuse it as SIGNATURE_MISSING.",
    );
  }
}

export function resultCodeChecks(operation: OperationId): readonly Check[] {
  const { media } = getResponseMessage(operation);
  return listExpectedOutcomes(operation).map(({ example, outcome, code }) => ({
    id: `${operation}.result.${example}`,
    operation,
    title: `${example} reaches the client as ${outcome}`,
    source: `${media}/examples/${example}`,
    requires: ["forced-results"],
    run: async (conversation) =>
      withForcedResult(conversation, operation, example, async (merchant, vaultingRequestId) => {
        const client = createVaultClient({
          ...merchant.target,
          retry: false,
          fetch: createObservedFetch(merchant, operation, example),
        });
        // The example is the document's own, judged by the generated validators in the tests of the document.
        const calling = client[operation](createRequestBody(operation, vaultingRequestId) as never);
        if (example === "INVALID_SIGNATURE") return expectUnsignedError(calling);
        const got = await calling;
        if (got.outcome !== outcome) throw new ContractFailure(`The outcome is ${got.outcome}, not ${outcome}.`);
        if (code !== undefined && !("code" in got && got.code === code))
          throw new ContractFailure(`The outcome does not carry the code ${code}.`);
      }),
  }));
}

/**
 * Makes the target give an answer, by the name of the document's example, and asks for it as a merchant and with an ID.
 *
 * @throws NotApplicable where it cannot be chosen
 */
async function withForcedResult(
  conversation: TargetClient,
  operation: OperationId,
  example: string,
  ask: (merchant: TargetClient, vaultingRequestId: string) => Promise<void>,
): Promise<void> {
  if (conversation.target.capabilities?.includes("examples")) return ask(conversation, `mock:${example}:contract`);
  const merchant = await conversation.getOtherMerchant(`answers to ${operation}`);
  // What was chosen holds for all of a merchant's calls.
  await merchant.runExclusive(async () => {
    const id = merchant.createId();
    await forceExample(merchant, operation, example, id);
    await ask(merchant, id);
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
    // A state that an inquiry tells is brought about by vaulting.
    const verdict = example.replace(/^FAIL_/, "");
    if (example.startsWith("PROCESSING_")) throw unsupportedResult();
    await forceResult(target, "inquireVaulting", "SUCCESS");
    await forceResult(target, "vaultPaymentMethod", verdict);
    const { resultStatus, resultCode = "" } = await vault(merchant, id);
    // With any other failure the gateway refuses the request itself, and there is no vaulting to inquire.
    if (resultStatus === "F" && !VAULTING_FAILURE_CODES.has(resultCode)) throw unsupportedResult();
  } else if (isCode || example === NO_URL_CODE) {
    await forceResult(target, operation, example);
  } else {
    throw unsupportedResult();
  }
}

/** How vaultPaymentMethod answers a vaulting that was begun and has failed. */
const VAULTING_FAILURE_CODES: ReadonlySet<string> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

const unsupportedResult = () => new CheckSkipped("No scenario of the control API gives this answer.");

/** The run sees what a client gets. */
const createObservedFetch =
  (merchant: TargetClient, operation: OperationId, example: string) =>
  async (input: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { origin, pathname } = new URL(input);
    const refused = example === "INVALID_SIGNATURE";
    const request = {
      method: "POST",
      baseUrl: origin,
      path: pathname,
      headers: new Headers(init.headers),
      // The client signs bytes, and sends these.
      bytes: new Uint8Array(init.body as Uint8Array),
      expect: refused ? "signature-rejected" : "accepted",
      bodyCounts: !refused,
      otherContent: false,
    } as const;
    await merchant.observe(operation, request, { status: response.status, headers: response.headers, bytes });
    return new Response(bytes, response);
  };
