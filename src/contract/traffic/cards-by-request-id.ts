/** Which IDs came with more than one card: the answer to such a request may be the first one's. */
import type { OperationId } from "../../../generated/operations.ts";
import { parseJson } from "../../protocol/json.ts";
import { cardOf, field } from "../../protocol/json-fields.ts";

export interface KnownCards {
  /** A request came. */
  readonly note: (operation: OperationId, body: Uint8Array | undefined) => void;
  /** Whether another card came under its ID. */
  readonly hasOthers: (operation: OperationId, body: Uint8Array | undefined) => boolean;
}

/** IDs that are remembered, the newest. */
const REMEMBERED = 10_000;

/** Remembers four digits of a card, in memory alone. */
export function knownCards(remembered = REMEMBERED): KnownCards {
  const known = new Map<string, Set<string>>();
  return {
    note: (operation, body) => {
      const { id, card } = read(operation, body);
      if (id === undefined || card === undefined) return;
      const cards = known.get(id) ?? new Set();
      known.delete(id);
      known.set(id, cards.add(card));
      const [oldest] = known.keys();
      if (known.size > remembered && oldest !== undefined) known.delete(oldest);
    },
    hasOthers: (operation, body) => {
      const { id } = read(operation, body);
      return id !== undefined && (known.get(id)?.size ?? 0) > 1;
    },
  };
}

function read(operation: OperationId, body: Uint8Array | undefined): { readonly id?: string; readonly card?: string } {
  if (operation !== "vaultPaymentMethod" || !body) return {};
  const reading = parseJson(body);
  if (!reading.ok) return {};
  const id = field(reading.value, "vaultingRequestId");
  const cardNo = field(cardOf(reading.value), "cardNo");
  return {
    ...(typeof id === "string" ? { id } : {}),
    ...(typeof cardNo === "string" ? { card: cardNo.slice(-4) } : {}),
  };
}
