/** What the faults do to notifications: late, overtaken by the next one, sent twice, unsigned or wrongly signed. */
import type { OperationId } from "../../../generated/operations.ts";
import type { NotificationRow } from "../store/rows.ts";
import type { Faults } from "../switches/faults.ts";
import type { Signing } from "./deliver-notification.ts";

export interface NotificationFaultsOptions {
  readonly faults: Faults;
  /** The operation that began a notification's vaulting, by which faults may ask for it. */
  readonly originOf: (notification: NotificationRow) => Promise<OperationId | undefined>;
  /** The sandbox's clock. */
  readonly now: () => number;
}

/** When a notification is to be looked at again, or how it is sent now. */
type Sending =
  | { readonly postponedTo: number }
  | { readonly postponedTo?: never; readonly signing: Signing; readonly isDuplicated: boolean };

/** How long a notification that is to be overtaken waits at the most, and how long between two looks, in milliseconds. */
const OVERTAKEN_WITHIN_MS = 30_000;
const OVERTAKEN_LOOK_MS = 300;

export function createNotificationFaults({ faults, originOf, now }: NotificationFaultsOptions) {
  const held = new Map<number, { readonly since: number; readonly delivered: number }>();
  let delivered = 0;

  /** When a notification is looked at again that is to come late, or after the next one. */
  function postponed({ seq, clientId, attempts }: NotificationRow, origin: OperationId | undefined) {
    const waiting = held.get(seq);
    if (waiting) {
      if (delivered === waiting.delivered && Date.now() - waiting.since < OVERTAKEN_WITHIN_MS) {
        return now() + OVERTAKEN_LOOK_MS;
      }
      held.delete(seq);
      return undefined;
    }
    if (attempts > 0) return undefined;
    const fault = faults.take(["notification-late", "notification-out-of-order"], clientId, origin);
    if (!fault) return undefined;
    if (fault.fault === "notification-late") {
      // Once is enough: the next look lets it through.
      held.set(seq, { since: 0, delivered: -1 });
      return now() + (fault.ms ?? 1000);
    }
    held.set(seq, { since: Date.now(), delivered });
    return now() + OVERTAKEN_LOOK_MS;
  }

  return {
    take: async (notification: NotificationRow): Promise<Sending> => {
      const origin = faults.list().length > 0 ? await originOf(notification) : undefined;
      const postponedTo = postponed(notification, origin);
      if (postponedTo !== undefined) return { postponedTo };
      const take = (...kinds: Parameters<Faults["take"]>[0]) => faults.take(kinds, notification.clientId, origin);
      return {
        signing: signingOf(take("notification-wrongly-signed", "notification-unsigned")?.fault),
        isDuplicated: take("notification-duplicated") !== undefined,
      };
    },
    /** One was delivered, and has overtaken what waits for that. */
    onDelivered: (): void => {
      delivered += 1;
    },
  };
}

function signingOf(fault: string | undefined): Signing {
  if (fault === "notification-unsigned") return "none";
  return fault === "notification-wrongly-signed" ? "wrong" : "right";
}
