/** Every result code of the tables, asked for by a plain client, through our own client to its outcome. */
import type { OperationId } from "../../../generated/operations.ts";
import { vaultingResultCodes } from "../../../generated/result-codes.ts";
import { createVaultClient } from "../../client/index.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { requestOf, responseOf } from "../document/openapi-document.ts";
import { ContractFailure } from "../model/failure.ts";
import type { Check } from "./check.ts";
import { choosing, codesOf, observed } from "./forced-results.ts";

interface Expected {
  /** The example that is asked for. */
  readonly example: string;
  readonly outcome: string;
  /** The code that the outcome carries, where it carries one. */
  readonly code?: string;
}

function expectedOf(operation: OperationId): readonly Expected[] {
  const success = operation === "createVaultingSession" ? "created" : "vaulted";
  const failed = operation === "inquireVaulting" ? "inquiry_failed" : "failed";
  const outcomes: Readonly<Record<string, string>> = { S: success, F: failed, U: "unknown" };
  const byCode = codesOf(operation).map(({ code, status }): Expected => {
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
async function expectUnsigned(calling: Promise<unknown>): Promise<void> {
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
  const [request] = requestOf(operation).examples.values();
  const { media } = responseOf(operation);
  return expectedOf(operation).map(({ example, outcome, code }) => ({
    id: `${operation}.result.${example}`,
    operation,
    title: `${example} reaches the client as ${outcome}`,
    source: `${media}/examples/${example}`,
    needs: ["chosen-answers"],
    run: async (conversation) =>
      choosing(conversation, operation, example, async (merchant, vaultingRequestId) => {
        const vault = createVaultClient({
          ...merchant.target,
          retry: false,
          fetch: observed(merchant, operation, example),
        });
        // The example is the document's own, judged by the generated validators in the tests of the document.
        const calling = vault[operation]({ ...(request as object), vaultingRequestId } as never);
        if (example === "INVALID_SIGNATURE") return expectUnsigned(calling);
        const got = await calling;
        if (got.outcome !== outcome) throw new ContractFailure(`The outcome is ${got.outcome}, not ${outcome}.`);
        if (code !== undefined && !("code" in got && got.code === code))
          throw new ContractFailure(`The outcome does not carry the code ${code}.`);
      }),
  }));
}
