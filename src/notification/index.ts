/**
 * Receives notifyVaulting: verified over the raw bytes, read against the document, acknowledged when your handler has succeeded.
 *
 * @module
 */
export { AntomVaultError, type AntomVaultErrorCode, type Issue } from "../errors.ts";
export {
  createNotificationReceiver,
  type NotificationReceiver,
  type NotificationReceiverOptions,
  type VaultedEvent,
  type VaultingEvent,
  type VaultingFailedEvent,
} from "./receiver.ts";
