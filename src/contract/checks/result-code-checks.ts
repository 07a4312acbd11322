/**
 * Every result code of the tables, asked for by a plain client, through our own client to its outcome. Answers are chosen by an example's
 * name in the ID at a mock of ours, and by scenarios of the control API at a sandbox.
 */
import type { OperationId } from "../../../generated/operations.ts";
import { resultCodes, vaultingResultCodes } from "../../../generated/result-codes.ts";
import { createVaultClient } from "../../client/index.ts";
import { WITHOUT_URL } from "../../control-api/scenario-codes.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { answerWith } from "../conversation/control-api.ts";
import type { Conversation } from "../conversation/target-client.ts";
import { responseOf } from "../document/openapi-document.ts";
import { bodyOf } from "../document/sample-requests.ts";
import { ContractFailure, NotApplicable } from "../model/failure.ts";
import type { Check } from "./check.ts";
import { vault } from "./vaulting-requests.ts";

interface Expected {
  readonly example: string;
  readonly outcome: string;
  /** The code that the outcome carries, where it carries one. */
  readonly code?: string;
}

function expectedOf(operation: OperationId): readonly Expected[] {
  const success = operation === "createVaultingSession" ? "created" : "vaulted";
  const failed = operation === "inquireVaulting" ? "inquiry_failed" : "failed";
  const outcomes: Readonly<Record<string, string>> = { S: success, F: failed, U: "unknown" };
  const codes: readonly { readonly code: string; readonly status: string }[] = resultCodes[operation];
  const byCode = codes.map(({ code, status }): Expected => {
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
  const { media } = responseOf(operation);
  return expectedOf(operation).map(({ example, outcome, code }) => ({
    id: `${operation}.result.${example}`,
    operation,
    title: `${example} reaches the client as ${outcome}`,
    source: `${media}/examples/${example}`,
    needs: ["chosen-answers"],
    run: async (conversation) =>
      choosing(conversation, operation, example, async (merchant, vaultingRequestId) => {
        const client = createVaultClient({
          ...merchant.target,
          retry: false,
          fetch: observed(merchant, operation, example),
        });
        // The example is the document's own, judged by the generated validators in the tests of the document.
        const calling = client[operation](bodyOf(operation, vaultingRequestId) as never);
        if (example === "INVALID_SIGNATURE") return expectUnsigned(calling);
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
async function choosing(
  conversation: Conversation,
  operation: OperationId,
  example: string,
  ask: (merchant: Conversation, vaultingRequestId: string) => Promise<void>,
): Promise<void> {
  if (conversation.target.abilities?.includes("examples")) return ask(conversation, `mock:${example}:contract`);
  const merchant = await conversation.stranger(`answers to ${operation}`);
  // What was chosen holds for all of a merchant's calls.
  await merchant.inTurn(async () => {
    const id = merchant.freshId();
    await choose(merchant, operation, example, id);
    await ask(merchant, id);
  });
}

async function choose(merchant: Conversation, operation: OperationId, example: string, id: string): Promise<void> {
  const { target } = merchant;
  const isCode = resultCodes[operation].some(({ code }) => code === example);
  if (operation === "inquireVaulting" && (example === "SUCCESS" || !isCode)) {
    // A state that an inquiry tells is brought about by vaulting.
    const verdict = example.replace(/^FAIL_/, "");
    if (example.startsWith("PROCESSING_")) throw notChosen();
    await answerWith(target, "inquireVaulting", "SUCCESS");
    await answerWith(target, "vaultPaymentMethod", verdict);
    const { resultStatus, resultCode = "" } = await vault(merchant, id);
    // With any other failure the gateway refuses the request itself, and there is no vaulting to inquire.
    if (resultStatus === "F" && !OF_A_VAULTING.has(resultCode)) throw notChosen();
  } else if (isCode || example === WITHOUT_URL) {
    await answerWith(target, operation, example);
  } else {
    throw notChosen();
  }
}

/** How vaultPaymentMethod answers a vaulting that was begun and has failed. */
const OF_A_VAULTING: ReadonlySet<string> = new Set(["PROCESS_FAIL", "VERIFICATION_FAIL"]);

const notChosen = () => new NotApplicable("No scenario of the control API gives this answer.");

/** The run sees what a client gets. */
const observed =
  (merchant: Conversation, operation: OperationId, example: string) =>
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
      expect: refused ? "signature-refused" : "accepted",
      bodyCounts: !refused,
      otherContent: false,
    } as const;
    await merchant.observe(operation, request, { status: response.status, headers: response.headers, bytes });
    return new Response(bytes, response);
  };
