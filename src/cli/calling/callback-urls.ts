/** The merchant's URLs that an API call needs. @module */
import { formatVaultingPath } from "../../control-api/sandbox-paths.ts";
import { requireValue } from "../inputs/read-input.ts";
import { LISTEN_PORT, NOTIFICATION_PATH } from "../notifications/listen-defaults.ts";
import { type NotificationInbox, openNotificationInbox } from "../notifications/notification-listener.ts";
import type { CallTarget } from "./call-target.ts";

export interface CallbackUrlOptions {
  readonly notificationUrl?: string;
  readonly redirectUrl?: string;
}

export interface CallbackUrls extends AsyncDisposable {
  readonly vaultingNotificationUrl: string;
  readonly redirectUrl: string;
  /** Present if this command receives the notifications itself. */
  readonly inbox?: NotificationInbox;
}

/**
 * Returns the given URLs, and a default for each missing URL if the target is local. By default, a local target sends notifications to this command
 * if the command waits for the result; otherwise, to the port of `antom-vault listen`.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if a URL is missing and the target is remote
 */
export async function resolveCallbackUrls(
  { isLocal, credentials, control }: CallTarget,
  { notificationUrl, redirectUrl }: CallbackUrlOptions,
  waits: boolean,
  vaultingRequestId: string,
): Promise<CallbackUrls> {
  const origin = `http://127.0.0.1:${LISTEN_PORT}`;
  if (isLocal && waits && notificationUrl === undefined) {
    const inbox = await openNotificationInbox(credentials);
    return {
      vaultingNotificationUrl: inbox.url,
      redirectUrl: redirectUrl ?? inbox.returnUrl,
      inbox,
      [Symbol.asyncDispose]: () => inbox[Symbol.asyncDispose](),
    };
  }
  // Without an inbox, this command has no page to which the buyer can return, but the sandbox has a page that shows the result.
  const resultPage = credentials.baseUrl + formatVaultingPath({ clientId: credentials.clientId, vaultingRequestId });
  return {
    vaultingNotificationUrl: requireValue(
      notificationUrl ?? (isLocal ? origin + NOTIFICATION_PATH : undefined),
      "Missing --notification-url URL: the target sends the result there.",
    ),
    redirectUrl: requireValue(
      redirectUrl ?? (control ? resultPage : isLocal ? `${origin}/done` : undefined),
      "Missing --redirect-url URL: the buyer returns there.",
    ),
    [Symbol.asyncDispose]: async () => {},
  };
}
