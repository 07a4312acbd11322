/** Does the target accept what the document allows, and refuse what it does not? A check for each constraint of the request. */
import type { OperationId } from "../../../generated/operations.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { deriveProbes, type Probe, type Variant } from "../document/derive-probes.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import { expectAccepted, expectRejected, summarizeResponse } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import type { Check } from "./check.ts";

export function requestChecks(operation: OperationId): readonly Check[] {
  return deriveProbes(operation).map((probe) => ({
    id: `${operation}.request${probe.pointer.replaceAll("/", ".")}.${probe.keyword}`,
    operation,
    title: formatTitle(probe),
    source: probe.source,
    run: async (conversation) => {
      for (const variant of probe.accepted) await sendProbe(conversation, probe, variant, true);
      for (const variant of probe.rejected) await sendProbe(conversation, probe, variant, false);
    },
  }));
}

function formatTitle({ pointer, keyword }: Probe): string {
  const where = pointer === "" ? "the body" : pointer;
  if (keyword === "unknown-field") return `${where}: a field that the document does not name is accepted and ignored`;
  if (keyword === "optional") return `${where}: is accepted with the field and without it`;
  return `${where}: ${keyword} is kept on both sides`;
}

async function sendProbe(
  conversation: TargetClient,
  probe: Probe,
  { note, body }: Variant,
  accepted: boolean,
): Promise<void> {
  const { operation, pointer } = probe;
  // Each request is a vaulting of its own, unless it is the ID that is tried.
  const triesId = pointer === "/vaultingRequestId";
  const request = triesId ? body : { ...body, vaultingRequestId: conversation.createId() };
  const exchange = await conversation.send({ operation, body: request, expect: accepted ? "accepted" : "rejected" });
  conversation.record.markTested(probe, accepted ? "accepted" : "rejected");
  // Whoever takes the example has no reason to refuse the same card for what stands beside it.
  const mustSucceed =
    accepted && !pointer.startsWith("/paymentMethodDetail") && (await exampleSucceeds(conversation, operation));
  addNoteToFailure(note, () => {
    // An ID of one character may have been used before, which does not make it an illegal one.
    if (!accepted) return expectRejected(exchange, "PARAM_ILLEGAL");
    expectAccepted(exchange, triesId ? "REPEAT_REQ_INCONSISTENT" : undefined);
    if (mustSucceed && exchange.resultStatus === "F" && exchange.resultCode !== "REPEAT_REQ_INCONSISTENT")
      fail(
        exchange,
        `The document's example succeeds, and with this change is answered ${summarizeResponse(exchange)}.`,
      );
  });
}

/** Whether the document's first example of an operation vaults at the target. An inquiry's success is another matter. */
const exampleSucceeds = (conversation: TargetClient, operation: OperationId): Promise<boolean> =>
  conversation.once(`example of ${operation}`, async () => {
    if (operation === "inquireVaulting") return false;
    const { resultStatus } = await conversation.send({
      operation,
      body: createRequestBody(operation, conversation.createId()),
    });
    return resultStatus === "S";
  });

function addNoteToFailure(note: string, expect: () => void): void {
  try {
    expect();
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace("\n", `\nThe request: ${note}.\n`);
    throw error;
  }
}
