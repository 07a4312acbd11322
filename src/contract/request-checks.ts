/** Does the target accept what the document allows, and refuse what it does not? A check for each constraint of the request. */
import type { OperationId } from "../../generated/operations.ts";
import type { Check } from "./check.ts";
import type { Conversation } from "./conversation.ts";
import { type Probe, probesOf, type Variant } from "./probes.ts";

export function requestChecks(operation: OperationId): readonly Check[] {
  return probesOf(operation).map((probe) => ({
    id: `${operation}.request${probe.pointer.replaceAll("/", ".")}.${probe.keyword}`,
    operation,
    title: titleOf(probe),
    source: probe.source,
    run: async (conversation) => {
      for (const variant of probe.accepted) await accepted(conversation, probe, variant);
      for (const variant of probe.refused) await refused(conversation, probe, variant);
    },
  }));
}

function titleOf({ pointer, keyword }: Probe): string {
  const where = pointer === "" ? "the body" : pointer;
  if (keyword === "additional") return `${where}: a field that the document does not name is accepted and ignored`;
  if (keyword === "optional") return `${where}: is accepted with the field and without it`;
  return `${where}: ${keyword} is kept on both sides`;
}

async function accepted(
  conversation: Conversation,
  { operation, pointer }: Probe,
  { note, body }: Variant,
): Promise<void> {
  const request = withFreshId(conversation, body, pointer);
  const exchange = await conversation.send({ operation, body: request });
  await telling(note, () => conversation.expectAccepted(exchange, request));
}

async function refused(
  conversation: Conversation,
  { operation, pointer }: Probe,
  { note, body }: Variant,
): Promise<void> {
  const request = withFreshId(conversation, body, pointer);
  const exchange = await conversation.send({ operation, body: request });
  await telling(note, () => {
    conversation.expectRefused(exchange, "PARAM_ILLEGAL");
    if (!pointer.startsWith("/vaultingRequestId")) conversation.expectEcho(exchange, request);
  });
}

/** Each request is a vaulting of its own, unless it is the ID that is tried. */
const withFreshId = (conversation: Conversation, body: Variant["body"], pointer: string): Variant["body"] =>
  pointer === "/vaultingRequestId" ? body : { ...body, vaultingRequestId: conversation.freshId() };

async function telling(note: string, expect: () => void): Promise<void> {
  try {
    expect();
  } catch (error) {
    if (error instanceof Error) error.message = `With ${note}: ${error.message}`;
    throw error;
  }
}
