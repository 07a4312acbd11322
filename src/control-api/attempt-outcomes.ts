/** The states of notifications, the outcomes of delivery attempts, and advice for failed attempts. */
import type { ControlSchemas } from "./control-schemas.ts";

type Attempt = ControlSchemas["Attempt"];

export const NOTIFICATION_STATES = ["PENDING", "ACKNOWLEDGED", "EXHAUSTED"] as const;

/** A short name, a description, and advice for each outcome. The advice for `ACKNOWLEDGED` is empty. */
const OUTCOMES: Readonly<Record<Attempt["outcome"], readonly [name: string, description: string, advice: string]>> = {
  ACKNOWLEDGED: ["acknowledged", "Acknowledged.", ""],
  NOT_ACKNOWLEDGED: [
    "not acknowledged",
    "Not acknowledged: the response is not the documented acknowledgement.",
    'Return Content-Type: application/json and the body {"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}.',
  ],
  UNEXPECTED_HTTP_STATUS: ["HTTP error", "Not acknowledged.", "Return HTTP 200 with the documented acknowledgement."],
  ADDRESS_BLOCKED: [
    "address blocked",
    "Not sent: the sandbox must not call this address.",
    "Use a vaultingNotificationUrl that the sandbox may call, or start the sandbox with a different --notification-scope.",
  ],
  HOST_NOT_FOUND: [
    "host not found",
    "Not sent: host name not found.",
    "Check the host name in vaultingNotificationUrl.",
  ],
  CONNECTION_FAILED: [
    "connection failed",
    "Connection failed.",
    "Start your server, and check the host and port in vaultingNotificationUrl. If the sandbox runs in a container, 127.0.0.1 is that container.",
  ],
  TLS_FAILED: [
    "TLS failed",
    "Not sent: TLS connection failed.",
    "Check that the server supports HTTPS. If its certificate is self-signed, set NODE_EXTRA_CA_CERTS to the PEM file of the certificate before you start the sandbox, or use http in vaultingNotificationUrl.",
  ],
  TIMEOUT: [
    "timeout",
    "No response in time.",
    "Respond within 10 seconds: store the result, acknowledge the notification, and do slow work afterward.",
  ],
  RESPONSE_TOO_LARGE: [
    "response too large",
    "Not acknowledged.",
    "Return only the documented acknowledgement. A large response is often a framework's error page.",
  ],
};

export const ATTEMPT_OUTCOMES: readonly Attempt["outcome"][] = Object.keys(OUTCOMES) as Attempt["outcome"][];

/** Returns the short name of an outcome. */
export const nameOutcome = (outcome: Attempt["outcome"]): string => OUTCOMES[outcome][0];

/** Describes what happened in an attempt. */
export function describeAttempt({ outcome, httpStatus, detail }: Attempt): string {
  const http = httpStatus === undefined ? "" : ` HTTP ${httpStatus}.`;
  const reason = detail === undefined ? "" : ` ${detail.replace(/\.?$/, ".")}`;
  return `${OUTCOMES[outcome][1]}${http}${reason}`;
}

/**
 * Returns advice for an attempt that failed, or that the merchant acknowledged although a fault had removed or corrupted the signature. Returns an
 * empty string for any other attempt.
 */
export function adviseAttempt({ outcome, httpStatus = 0, request }: Attempt): string {
  const { fault } = request ?? {};
  if (outcome === "ACKNOWLEDGED")
    return fault === "notification-unsigned" || fault === "notification-invalid-signature"
      ? "Your server accepted a notification without a valid signature: verify every signature."
      : "";
  if (fault === "notification-unsigned" || fault === "notification-invalid-signature")
    return "A receiver must reject this request, because the fault removed its signature or made it invalid. Once the fault is used up, requests have valid signatures again.";
  if (outcome !== "UNEXPECTED_HTTP_STATUS") return OUTCOMES[outcome][2];
  if (httpStatus === 401 || httpStatus === 403)
    return "Your server rejected the notification. Compare the string to sign that it builds with the one below. Check that your server uses the raw bytes of the body, the path with its query, and this sandbox's antomPublicKey.";
  if (httpStatus === 404 || httpStatus === 405)
    return "Your server has no route for POST requests to this path. Check the path in vaultingNotificationUrl.";
  if (httpStatus >= 300 && httpStatus < 400)
    return "Redirects are not followed. Use the final URL as vaultingNotificationUrl.";
  if (httpStatus >= 500) return "Your handler failed. Read the response below and the log of your server.";
  return OUTCOMES[outcome][2];
}
