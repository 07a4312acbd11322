/**
 * The receiver for notifyVaulting notifications: verifies the signature over the raw bytes, validates the body against the API contract, calls your
 * handler, and acknowledges the notification after the handler resolves.
 *
 * @module antom-vault/notification
 */
export {
  AntomVaultError,
  type AntomVaultErrorCode,
  type ErrorDetails,
  type UnverifiedResult,
  type ValidationIssue,
} from "../protocol/errors.ts";
export {
  createNotificationReceiver,
  type NotificationReceiver,
  type NotificationReceiverOptions,
} from "./receiver.ts";
export type { VaultedEvent, VaultingEvent, VaultingFailedEvent } from "./verify-notification.ts";
