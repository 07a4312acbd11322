/** Checks each constraint of a request with valid values, which the target must accept, and invalid ones, which it must reject. */
import type { OperationId } from "../../../generated/operations.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { deriveProbes, type Probe, type Variant } from "../document/derive-probes.ts";
import { deriveFormRequests, type FormRequest } from "../document/form-requests.ts";
import { getRequestMessage } from "../document/openapi-document.ts";
import { createRequestBody, type RequestBody } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectAccepted, expectRejected, summarizeResponse } from "../rules/assertions.ts";
import { addNoteToFailure, fail } from "../rules/fail.ts";
import type { Check } from "./check.ts";

export function createRequestChecks(operation: OperationId): readonly Check[] {
  const probeChecks = deriveProbes(operation).map((probe) => ({
    id: `${operation}.request${probe.pointer.replaceAll("/", ".")}.${probe.keyword}`,
    operation,
    title: formatTitle(probe),
    source: probe.source,
    run: async (client: TargetClient) => {
      for (const variant of probe.accepted) await sendProbe(client, probe, variant, true);
      for (const variant of probe.rejected) await sendProbe(client, probe, variant, false);
    },
  }));
  const requests = deriveFormRequests(operation);
  if (requests.length === 0) return probeChecks;
  const formCheck: Check = {
    id: `${operation}.request.forms`,
    operation,
    title: "accepts the values that real requests contain, in every form",
    source: getRequestMessage(operation).pointer,
    run: async (client) => {
      await Promise.all(requests.map((request) => expectFormsAccepted(client, operation, request)));
    },
  };
  return [...probeChecks, formCheck];
}

/** Sends all forms in 1 request. If the target rejects it, sends each form separately to find the cause. */
async function expectFormsAccepted(
  client: TargetClient,
  operation: OperationId,
  { body, keepsCard, variants }: FormRequest,
): Promise<void> {
  const send = (variant: RequestBody) =>
    client.send({ operation, body: { ...variant, vaultingRequestId: client.createId() } });
  const verify = async (exchange: Exchange, note: string) => {
    const mustSucceed = keepsCard && (await exampleSucceeds(client, operation));
    addNoteToFailure(note, () => expectValidAccepted(exchange, mustSucceed));
  };
  const exchange = await send(body);
  try {
    await verify(exchange, "many fields in another form");
  } catch (error) {
    for (const { note, body: variant } of variants) await verify(await send(variant), note);
    throw error;
  }
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
  const send = () => client.send({ operation, body: request, expect: isValid ? "accepted" : "rejected" });
  // Several probes accept the same body.
  const exchange = await (isValid ? client.once(`${operation} ${JSON.stringify(body)}`, send) : send());
  client.record.markTested(probe, isValid ? "accepted" : "rejected");
  // A target that accepts the example must accept the same card with other fields changed.
  const mustSucceed =
    isValid && !pointer.startsWith("/paymentMethodDetail") && (await exampleSucceeds(client, operation));
  addNoteToFailure(note, () => {
    if (!isValid) return expectRejected(exchange, "PARAM_ILLEGAL");
    // An earlier run may have used a 1-character ID with different content.
    expectValidAccepted(exchange, mustSucceed, changesId ? "REPEAT_REQ_INCONSISTENT" : undefined);
  });
}

function expectValidAccepted(exchange: Exchange, mustSucceed: boolean, alsoAccepted?: string): void {
  expectAccepted(exchange, alsoAccepted);
  if (mustSucceed && exchange.resultStatus === "F" && exchange.resultCode !== alsoAccepted)
    fail(
      exchange,
      `Target accepted the example but responded to this variant of it with ${summarizeResponse(exchange)}.`,
    );
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
