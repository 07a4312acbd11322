/** Tracks IDs that were used with more than 1 card. The target may return the first response to every request with such an ID. */
import type { OperationId } from "../../../generated/operations.ts";
import { parseJson } from "../../protocol/json.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";

export interface CardsByRequestId {
  readonly add: (operation: OperationId, body: Uint8Array | undefined) => void;
  /** Returns whether the ID of a request was used with different cards. */
  readonly hasDifferentCards: (operation: OperationId, body: Uint8Array | undefined) => boolean;
}

/** The maximum number of IDs, to limit memory use. The IDs that were added least recently are removed first. */
const MAX_IDS = 10_000;

/** Creates an in-memory store of IDs, with only the last 4 digits of each card. */
export function createCardsByRequestId(maxIds = MAX_IDS): CardsByRequestId {
  const known = new Map<string, Set<string>>();
  return {
    add: (operation, body) => {
      const { id, card } = readCard(operation, body);
      if (id === undefined || card === undefined) return;
      const cards = known.get(id) ?? new Set();
      known.delete(id);
      known.set(id, cards.add(card));
      const [oldest] = known.keys();
      if (known.size > maxIds && oldest !== undefined) known.delete(oldest);
    },
    hasDifferentCards: (operation, body) => {
      const { id } = readCard(operation, body);
      return id !== undefined && (known.get(id)?.size ?? 0) > 1;
    },
  };
}

function readCard(
  operation: OperationId,
  body: Uint8Array | undefined,
): { readonly id?: string; readonly card?: string } {
  if (operation !== "vaultPaymentMethod" || !body) return {};
  const parsed = parseJson(body);
  if (!parsed.ok) return {};
  const id = getField(parsed.value, "vaultingRequestId");
  const cardNo = getField(getCard(parsed.value), "cardNo");
  return {
    ...(typeof id === "string" ? { id } : {}),
    ...(typeof cardNo === "string" ? { card: cardNo.slice(-4) } : {}),
  };
}
