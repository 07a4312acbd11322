/** Applies injected faults to notifications. */
import type { OperationId } from "../../../generated/operations.ts";
import type { NotificationRow } from "../store/rows.ts";
import type { Fault, Faults } from "../switches/faults.ts";
import type { SigningMode } from "./deliver-notification.ts";

export interface NotificationFaultsOptions {
  readonly faults: Faults;
  /** Returns the operation that created the vaulting of a notification, because a fault can be limited to one operation. */
  readonly getOrigin: (notification: NotificationRow) => Promise<OperationId | undefined>;
  /** Returns the time on the sandbox's clock. */
  readonly now: () => number;
}

/** The time to which the notification is postponed, or how to send it now. */
type DeliveryPlan =
  | { readonly postponedUntil: number }
  | {
      readonly postponedUntil?: never;
      readonly signing: SigningMode;
      readonly isDuplicated: boolean;
      /** The fault that changes the request or causes a duplicate. */
      readonly fault: Fault["fault"] | undefined;
    };

/** The maximum time that an out-of-order notification waits for a different notification to be sent, and the interval between checks. */
const MAX_REORDER_WAIT_MS = 30_000;
const REORDER_POLL_MS = 300;

export function createNotificationFaults({ faults, getOrigin, now }: NotificationFaultsOptions) {
  const waitingBySeq = new Map<number, { readonly since: number; readonly delivered: number }>();
  let delivered = 0;

  /**
   * Returns the time to which a delayed or out-of-order notification is postponed, or `undefined` to send it now. On the first attempt, consumes a
   * matching fault.
   */
  function decidePostponement({ seq, clientId, attempts }: NotificationRow, origin: OperationId | undefined) {
    const waiting = waitingBySeq.get(seq);
    if (waiting) {
      if (delivered === waiting.delivered && Date.now() - waiting.since < MAX_REORDER_WAIT_MS) {
        return now() + REORDER_POLL_MS;
      }
      waitingBySeq.delete(seq);
      return undefined;
    }
    if (attempts > 0) return undefined;
    const fault = faults.consume(["notification-delayed", "notification-out-of-order"], clientId, origin);
    if (!fault) return undefined;
    if (fault.fault === "notification-delayed") {
      // These values end the wait at the next check.
      waitingBySeq.set(seq, { since: 0, delivered: -1 });
      return now() + (fault.ms ?? 1000);
    }
    waitingBySeq.set(seq, { since: Date.now(), delivered });
    return now() + REORDER_POLL_MS;
  }

  return {
    planDelivery: async (notification: NotificationRow): Promise<DeliveryPlan> => {
      const origin = faults.list().length > 0 ? await getOrigin(notification) : undefined;
      const postponedUntil = decidePostponement(notification, origin);
      if (postponedUntil !== undefined) return { postponedUntil };
      const consume = (...kinds: Parameters<Faults["consume"]>[0]) =>
        faults.consume(kinds, notification.clientId, origin);
      const signingFault = consume("notification-invalid-signature", "notification-unsigned")?.fault;
      const duplication = consume("notification-duplicated")?.fault;
      return {
        signing: toSigningMode(signingFault),
        isDuplicated: duplication !== undefined,
        fault: signingFault ?? duplication,
      };
    },
    /** Counts a delivery attempt, successful or not, because an out-of-order notification waits for one. */
    onDelivered: (): void => {
      delivered += 1;
    },
  };
}

function toSigningMode(fault: string | undefined): SigningMode {
  if (fault === "notification-unsigned") return "none";
  return fault === "notification-invalid-signature" ? "invalid" : "valid";
}
