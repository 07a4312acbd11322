/** Checks each constraint of a request with valid values, which the target must accept, and invalid ones, which it must reject. */

import { requestValidators } from "../../../generated/operation-validators.ts";
import type { OperationId } from "../../../generated/operations.ts";
import { getField } from "../../protocol/json-fields.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { deriveProbes, getAt, type Probe, setAt, type Variant } from "../document/derive-probes.ts";
import { createNulls, deriveFormRequests, type FormRequest } from "../document/form-requests.ts";
import { listFormattedFields } from "../document/formats.ts";
import { getRequestMessage } from "../document/openapi-document.ts";
import { createRequestBody, type RequestBody } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { captureFailure } from "../model/failure.ts";
import { expectAccepted, expectDocumented, expectRejected, summarizeResponse } from "../rules/assertions.ts";
import { addNoteToFailure, fail } from "../rules/fail.ts";
import type { Check } from "./check.ts";

export function createRequestChecks(operation: OperationId): readonly Check[] {
  const probes = deriveProbes(operation);
  /** The last probe that has invalid values, by the pointer of its field. */
  const lastProbes = new Map(
    probes.filter(({ rejected }) => rejected.length > 0).map((probe) => [probe.pointer, probe]),
  );
  const probeChecks = probes.map((probe) => ({
    id: `${operation}.request${probe.pointer.replaceAll("/", ".")}.${probe.keyword}`,
    operation,
    title: formatTitle(probe),
    source: probe.source,
    run: async (client: TargetClient) => {
      for (const variant of probe.accepted)
        if (!(await isNullAccepted(client, probe, variant))) await sendProbe(client, probe, variant, true);
      for (const [index, variant] of probe.rejected.entries()) {
        const rejection = await sendProbe(client, probe, variant, false);
        const isLast = lastProbes.get(probe.pointer) === probe && index === probe.rejected.length - 1;
        if (isLast && client.context.isStateful) await expectNothingStored(client, rejection);
      }
    },
  }));
  const requests = deriveFormRequests(operation);
  if (requests.length === 0) return probeChecks;
  const invalidCheck: Check = {
    id: `${operation}.request.all-invalid`,
    operation,
    title: "rejects a request in which almost every field is invalid, and returns a documented response",
    source: getRequestMessage(operation).pointer,
    run: async (client) => {
      await Promise.all(INVALID_VALUES.map((value) => expectInvalidRejected(client, operation, value)));
    },
  };
  const formCheck: Check = {
    id: `${operation}.request.forms`,
    operation,
    title: "accepts values in forms that occur in real requests, such as names with accents",
    source: getRequestMessage(operation).pointer,
    run: async (client) => {
      await Promise.all(requests.map((request) => expectFormsAccepted(client, operation, request)));
    },
  };
  return [...probeChecks, invalidCheck, formCheck];
}

/** Values that are invalid in almost every field. */
const INVALID_VALUES = [{}, "", "\u5361\u{1f4b3}\u00e9".repeat(30)];

async function expectInvalidRejected(client: TargetClient, operation: OperationId, value: unknown): Promise<void> {
  const fields = listFormattedFields(operation).filter(({ path }) => path[0] !== "vaultingRequestId");
  const body = fields.reduce<RequestBody>(
    (changed, { path }) => setAt(changed, path, value),
    createRequestBody(operation, client.createId()),
  );
  expectRejected(await client.send({ operation, body, expect: "rejected" }), "PARAM_ILLEGAL");
}

/** Expects an inquiry about the ID of a rejected request to find nothing. */
async function expectNothingStored(client: TargetClient, { operation, requestBody }: Exchange): Promise<void> {
  const body = { vaultingRequestId: getField(requestBody, "vaultingRequestId") };
  if (operation === "inquireVaulting" || !requestValidators.inquireVaulting(body).valid) return;
  const inquiry = await client.send({ operation: "inquireVaulting", body });
  if (inquiry.resultStatus === "S") fail(inquiry, "Inquiry finds a vaulting under the ID of a rejected request.");
}

/** A suffix for the IDs of invalid requests, with characters that a target might escape. */
const ID_SUFFIX = " <\u00e9>&'\"\\%2B+e\u0301\u{1f4b3}";

/** Sends all forms in 1 request. If the target rejects the request, sends each form separately to find the cause. */
async function expectFormsAccepted(
  client: TargetClient,
  operation: OperationId,
  { note, body, keepsCard, variants }: FormRequest,
): Promise<void> {
  const send = (variant: RequestBody) =>
    client.send({ operation, body: { ...variant, vaultingRequestId: client.createId() } });
  const verify = async (exchange: Exchange, label: string) => {
    const mustSucceed = keepsCard && (await exampleSucceeds(client, operation));
    addNoteToFailure(label, () => {
      expectValidAccepted(exchange, mustSucceed);
      expectDocumented(exchange);
    });
  };
  const exchange = await send(body);
  try {
    await verify(exchange, note);
  } catch (error) {
    for (const variant of variants) await verify(await send(variant.body), variant.note);
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

/**
 * Returns whether a variant sets its field to null and the target accepts null in that field. The first call sends a request in which each optional
 * field is null.
 */
async function isNullAccepted(
  client: TargetClient,
  { operation, pointer }: Probe,
  { body }: Variant,
): Promise<boolean> {
  const path = pointer.split("/").slice(1);
  if (getAt(body, path) !== null) return false;
  const { nulls, isAccepted } = await client.once(`nulls of ${operation}`, async () => {
    const nulls = createNulls(operation);
    const exchange = await client.send({ operation, body: { ...nulls, vaultingRequestId: client.createId() } });
    return { nulls, isAccepted: captureFailure(() => expectAccepted(exchange)) === undefined };
  });
  return isAccepted && getAt(nulls, path) === null;
}

async function sendProbe(
  client: TargetClient,
  probe: Probe,
  { note, body }: Variant,
  isValid: boolean,
): Promise<Exchange> {
  const { operation, pointer } = probe;
  // Each request needs a new ID, unless the probe changes the ID itself.
  const changesId = pointer === "/vaultingRequestId";
  // The ID of an invalid request is last, to test that the target echoes an ID that follows the invalid field.
  const { vaultingRequestId: _, ...others } = body;
  const request = changesId
    ? body
    : { ...(isValid ? body : others), vaultingRequestId: client.createId() + (isValid ? "" : ID_SUFFIX) };
  const send = () => client.send({ operation, body: request, expect: isValid ? "accepted" : "rejected" });
  // Several probes have the same valid body, so the run sends it only once.
  const exchange = await (isValid ? client.once(`${operation} ${JSON.stringify(body)}`, send) : send());
  client.record.markTested(probe, isValid ? "accepted" : "rejected");
  // If the example succeeds, a request with the same card and changes to other fields must also succeed.
  const mustSucceed =
    isValid && !pointer.startsWith("/paymentMethodDetail") && (await exampleSucceeds(client, operation));
  addNoteToFailure(note, () => {
    if (!isValid) return expectRejected(exchange, "PARAM_ILLEGAL");
    // An earlier run might have used a 1-character ID with different content.
    expectValidAccepted(exchange, mustSucceed, changesId ? "REPEAT_REQ_INCONSISTENT" : undefined);
  });
  return exchange;
}

function expectValidAccepted(exchange: Exchange, mustSucceed: boolean, alsoAccepted?: string): void {
  expectAccepted(exchange, alsoAccepted);
  if (mustSucceed && exchange.resultStatus === "F" && exchange.resultCode !== alsoAccepted)
    fail(
      exchange,
      `Target accepted the example but responded to this variant of the example with ${summarizeResponse(exchange)}.`,
    );
}

/** Returns whether the first example of an operation succeeds. Always returns false for inquiries, whose success depends on state. */
const exampleSucceeds = (client: TargetClient, operation: OperationId): Promise<boolean> =>
  client.once(`example of ${operation}`, async () => {
    if (operation === "inquireVaulting") return false;
    const { resultStatus } = await client.send({
      operation,
      body: createRequestBody(operation, client.createId()),
    });
    return resultStatus === "S";
  });
