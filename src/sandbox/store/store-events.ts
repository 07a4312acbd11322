/** What the store tells while it works. */
import type { NotificationRow, VaultingId } from "./rows.ts";

export interface StoreEvents {
  /** A vaulting is final, and a notification is to be sent. */
  readonly onFinal: () => void;
  /** A vaulting was begun or changed, and that is durable. */
  readonly onVaulting?: (vaulting: VaultingId) => void;
  /** A notification was tried, or is to be sent again, and that is durable. */
  readonly onNotification?: (notification: NotificationRow) => void;
  /** The sandbox's clock. */
  readonly now: () => number;
}
