/** The merchant's addresses that a call needs, where nobody gives them. */
import { vaultingPath } from "../../control-api/sandbox-paths.ts";
import { needed } from "../inputs/read-input.ts";
import { LISTEN_PORT, NOTIFICATION_PATH } from "../notifications/listen-defaults.ts";
import { type Arrivals, openArrivals } from "../notifications/notification-listener.ts";
import type { CallTarget } from "./call-target.ts";

export interface AddressOptions {
  readonly notificationUrl?: string;
  readonly redirectUrl?: string;
}

export interface Addresses extends AsyncDisposable {
  readonly vaultingNotificationUrl: string;
  readonly redirectUrl: string;
  /** A listener of the call's own, where notifications come to it. */
  readonly arrivals?: Arrivals;
}

/**
 * The addresses that were given. A target on this machine needs none: notifications then come to a listener of the call's own while it
 * waits, else to where `antom-vault listen` listens.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where another target is not told them
 */
export async function addressesOf(
  { isHere, credentials, control }: CallTarget,
  { notificationUrl, redirectUrl }: AddressOptions,
  waits: boolean,
  vaultingRequestId: string,
): Promise<Addresses> {
  const origin = `http://127.0.0.1:${LISTEN_PORT}`;
  if (isHere && waits && notificationUrl === undefined) {
    const arrivals = await openArrivals(credentials);
    return {
      vaultingNotificationUrl: arrivals.url,
      redirectUrl: redirectUrl ?? arrivals.returnUrl,
      arrivals,
      [Symbol.asyncDispose]: () => arrivals[Symbol.asyncDispose](),
    };
  }
  // Nobody is behind this call any more when the buyer comes back; a sandbox of ours shows what became of it.
  const story = credentials.baseUrl + vaultingPath({ clientId: credentials.clientId, vaultingRequestId });
  return {
    vaultingNotificationUrl: needed(
      notificationUrl ?? (isHere ? origin + NOTIFICATION_PATH : undefined),
      "--notification-url URL, where the gateway sends the result,",
    ),
    redirectUrl: needed(
      redirectUrl ?? (control ? story : isHere ? `${origin}/done` : undefined),
      "--redirect-url URL, the page that the buyer comes back to,",
    ),
    [Symbol.asyncDispose]: async () => {},
  };
}
