/**
 * Receives notifyVaulting: verified over the raw bytes, read against the document, acknowledged when your handler has succeeded.
 *
 * @module
 */
export { AntomVaultError, type AntomVaultErrorCode, type Issue } from "../protocol/errors.ts";
export {
  createNotificationReceiver,
  type NotificationReceiver,
  type NotificationReceiverOptions,
} from "./receiver.ts";
export type { VaultedEvent, VaultingEvent, VaultingFailedEvent } from "./verify-notification.ts";
