/** What the faults do to notifications: late, overtaken by the next one, sent twice, unsigned or wrongly signed. */
import type { OperationId } from "../../../generated/operations.ts";
import type { NotificationRow } from "../store/rows.ts";
import type { Faults } from "../switches/faults.ts";
import type { SigningMode } from "./deliver-notification.ts";

export interface NotificationFaultsOptions {
  readonly faults: Faults;
  /** The operation that began a notification's vaulting, by which faults may ask for it. */
  readonly getOrigin: (notification: NotificationRow) => Promise<OperationId | undefined>;
  /** The sandbox's clock. */
  readonly now: () => number;
}

/** When a notification is to be looked at again, or how it is sent now. */
type DeliveryPlan =
  | { readonly postponedUntil: number }
  | { readonly postponedUntil?: never; readonly signing: SigningMode; readonly isDuplicated: boolean };

/** How long a notification that is to be overtaken waits at the most, and how long between two looks, in milliseconds. */
const MAX_REORDER_WAIT_MS = 30_000;
const REORDER_POLL_MS = 300;

export function createNotificationFaults({ faults, getOrigin, now }: NotificationFaultsOptions) {
  const held = new Map<number, { readonly since: number; readonly delivered: number }>();
  let delivered = 0;

  /** When a notification is looked at again that is to come late, or after the next one. */
  function postponed({ seq, clientId, attempts }: NotificationRow, origin: OperationId | undefined) {
    const waiting = held.get(seq);
    if (waiting) {
      if (delivered === waiting.delivered && Date.now() - waiting.since < MAX_REORDER_WAIT_MS) {
        return now() + REORDER_POLL_MS;
      }
      held.delete(seq);
      return undefined;
    }
    if (attempts > 0) return undefined;
    const fault = faults.consume(["notification-delayed", "notification-out-of-order"], clientId, origin);
    if (!fault) return undefined;
    if (fault.fault === "notification-delayed") {
      // Once is enough: the next look lets it through.
      held.set(seq, { since: 0, delivered: -1 });
      return now() + (fault.ms ?? 1000);
    }
    held.set(seq, { since: Date.now(), delivered });
    return now() + REORDER_POLL_MS;
  }

  return {
    planDelivery: async (notification: NotificationRow): Promise<DeliveryPlan> => {
      const origin = faults.list().length > 0 ? await getOrigin(notification) : undefined;
      const postponedTo = postponed(notification, origin);
      if (postponedTo !== undefined) return { postponedUntil: postponedTo };
      const take = (...kinds: Parameters<Faults["consume"]>[0]) => faults.consume(kinds, notification.clientId, origin);
      return {
        signing: toSigningMode(take("notification-invalid-signature", "notification-unsigned")?.fault),
        isDuplicated: take("notification-duplicated") !== undefined,
      };
    },
    /** One was delivered, and has overtaken what waits for that. */
    onDelivered: (): void => {
      delivered += 1;
    },
  };
}

function toSigningMode(fault: string | undefined): SigningMode {
  if (fault === "notification-unsigned") return "none";
  return fault === "notification-invalid-signature" ? "wrong" : "right";
}
