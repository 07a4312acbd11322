/** Checks each constraint of a request with valid values, which the target must accept, and invalid ones, which it must reject. */
import type { OperationId } from "../../../generated/operations.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { deriveProbes, type Probe, type Variant } from "../document/derive-probes.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import { expectAccepted, expectRejected, summarizeResponse } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import type { Check } from "./check.ts";

export function createRequestChecks(operation: OperationId): readonly Check[] {
  return deriveProbes(operation).map((probe) => ({
    id: `${operation}.request${probe.pointer.replaceAll("/", ".")}.${probe.keyword}`,
    operation,
    title: formatTitle(probe),
    source: probe.source,
    run: async (client) => {
      for (const variant of probe.accepted) await sendProbe(client, probe, variant, true);
      for (const variant of probe.rejected) await sendProbe(client, probe, variant, false);
    },
  }));
}

function formatTitle({ pointer, keyword }: Probe): string {
  const location = pointer || "the body";
  if (keyword === "unknown-field") return `accepts and ignores an unknown field in ${location}`;
  if (keyword === "optional") return `accepts a request in which ${location} is present, absent, or null`;
  if (keyword === "required") return `requires ${location}`;
  return `enforces the ${keyword} of ${location}`;
}

async function sendProbe(client: TargetClient, probe: Probe, { note, body }: Variant, isValid: boolean): Promise<void> {
  const { operation, pointer } = probe;
  // Each request needs a new ID, unless the probe changes the ID itself.
  const changesId = pointer === "/vaultingRequestId";
  const request = changesId ? body : { ...body, vaultingRequestId: client.createId() };
  const exchange = await client.send({ operation, body: request, expect: isValid ? "accepted" : "rejected" });
  client.record.markTested(probe, isValid ? "accepted" : "rejected");
  // A target that accepts the example must accept the same card with other fields changed.
  const mustSucceed =
    isValid && !pointer.startsWith("/paymentMethodDetail") && (await exampleSucceeds(client, operation));
  addNoteToFailure(note, () => {
    if (!isValid) return expectRejected(exchange, "PARAM_ILLEGAL");
    // An earlier run may have used a 1-character ID with different content.
    expectAccepted(exchange, changesId ? "REPEAT_REQ_INCONSISTENT" : undefined);
    if (mustSucceed && exchange.resultStatus === "F" && exchange.resultCode !== "REPEAT_REQ_INCONSISTENT")
      fail(
        exchange,
        `Target accepted the example but responded to this variant of it with ${summarizeResponse(exchange)}.`,
      );
  });
}

/** Returns whether the first example of an operation succeeds. Always false for inquiries, whose success depends on state. */
const exampleSucceeds = (client: TargetClient, operation: OperationId): Promise<boolean> =>
  client.once(`example of ${operation}`, async () => {
    if (operation === "inquireVaulting") return false;
    const { resultStatus } = await client.send({
      operation,
      body: createRequestBody(operation, client.createId()),
    });
    return resultStatus === "S";
  });

function addNoteToFailure(note: string, expect: () => void): void {
  try {
    expect();
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace("\n", `\nRequest variant: ${note}.\n`);
    throw error;
  }
}
