/**
 * The receiver for notifyVaulting notifications. It verifies the signature over the raw bytes, validates the body against the API contract, calls
 * your handler, and acknowledges the notification after the handler resolves. `verifyNotification` verifies a notification that did not arrive as
 * a `Request`.
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
  type RememberResult,
} from "./receiver.ts";
export {
  type NotificationHeaders,
  type NotificationToVerify,
  type VaultedEvent,
  type VaultingEvent,
  type VaultingFailedEvent,
  verifyNotification,
} from "./verify-notification.ts";
