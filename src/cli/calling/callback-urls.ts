/** The merchant's addresses that a call needs, where nobody gives them. */
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
  /** A listener of the call's own, where notifications come to it. */
  readonly inbox?: NotificationInbox;
}

/**
 * The addresses that were given. A target on this machine needs none: notifications then come to a listener of the call's own while it
 * waits, else to where `antom-vault listen` listens.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where another target is not told them
 */
export async function resolveCallbackUrls(
  { isLocal, credentials, control }: CallTarget,
  { notificationUrl, redirectUrl }: CallbackUrlOptions,
  waits: boolean,
  vaultingRequestId: string,
): Promise<CallbackUrls> {
  const origin = `http://127.0.0.1:${LISTEN_PORT}`;
  if (isLocal && waits && notificationUrl === undefined) {
    const arrivals = await openNotificationInbox(credentials);
    return {
      vaultingNotificationUrl: arrivals.url,
      redirectUrl: redirectUrl ?? arrivals.returnUrl,
      inbox: arrivals,
      [Symbol.asyncDispose]: () => arrivals[Symbol.asyncDispose](),
    };
  }
  // Nobody is behind this call any more when the buyer comes back; a sandbox of ours shows what became of it.
  const story = credentials.baseUrl + formatVaultingPath({ clientId: credentials.clientId, vaultingRequestId });
  return {
    vaultingNotificationUrl: requireValue(
      notificationUrl ?? (isLocal ? origin + NOTIFICATION_PATH : undefined),
      "--notification-url URL, where the gateway sends the result,",
    ),
    redirectUrl: requireValue(
      redirectUrl ?? (control ? story : isLocal ? `${origin}/done` : undefined),
      "--redirect-url URL, the page that the buyer comes back to,",
    ),
    [Symbol.asyncDispose]: async () => {},
  };
}
