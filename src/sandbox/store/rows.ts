/** The rows of the tables, and parameters that several queries share. */

/** A row of the vaulting table. vaulting-rows.ts defines which columns each state uses. */
export interface VaultingRow {
  readonly seq: number;
  /** The number of changes, for optimistic locking. */
  readonly version: number;
  readonly clientId: string;
  readonly vaultingRequestId: string;
  readonly origin: string;
  readonly status: string;
  readonly resultCode: string | null;
  readonly verificationFailed: number;
  readonly brand: string | null;
  readonly maskedCardNo: string | null;
  /** The `CardDetails` as JSON. */
  readonly cardDetails: string | null;
  readonly cardToken: string | null;
  readonly notificationUrl: string;
  readonly redirectUrl: string | null;
  readonly metadata: string | null;
  readonly fingerprint: string;
  readonly cardPageId: string | null;
  readonly sessionId: string | null;
  readonly sessionData: string | null;
  readonly sessionExpiresAt: number | null;
  readonly sessionThreeDS: number;
  readonly challengeId: string | null;
  readonly challengeScript: string | null;
  readonly pendingVerdict: string | null;
  readonly endedBy: string | null;
  readonly wrongCodes: number;
  readonly expiresAt: number | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

export type NotificationState = "PENDING" | "ACKNOWLEDGED" | "EXHAUSTED";

/** A notification in the outbox. */
export interface NotificationRow {
  readonly seq: number;
  readonly clientId: string;
  readonly vaultingRequestId: string;
  readonly url: string;
  /** The host of the URL. The number of concurrent deliveries is limited per host. */
  readonly host: string;
  /** The body, which never changes. */
  readonly body: string;
  readonly state: NotificationState;
  /** The number of attempts in the current round. Resending starts a new round. */
  readonly attempts: number;
  /** The start of the round (`roundAt`) and the due time of the next attempt (`dueAt`), in milliseconds on the sandbox's clock. */
  readonly roundAt: number;
  readonly dueAt: number;
  /** The end of the lease, in milliseconds on the system clock. */
  readonly leasedUntil: number;
  /** The ID of the lease, or `null` if the notification is not leased. */
  readonly lease: string | null;
}

/** An attempt to deliver a notification. */
export interface AttemptRow {
  readonly seq: number;
  readonly notificationSeq: number;
  /** The number of the attempt in its round, from 1 to 8. */
  readonly number: number;
  /** Milliseconds on the sandbox's clock. */
  readonly at: number;
  readonly durationMs: number;
  readonly outcome: string;
  readonly httpStatus: number | null;
  readonly detail: string | null;
  /** The `RecordedRequest` as JSON. Null if no request was created. */
  readonly request: string | null;
  /** The response as JSON, with card data masked, in the format of the control API. Null if there was no response. */
  readonly response: string | null;
}

/** An API call, with masked card data. A column is null if its value is unknown or absent. */
export interface CallRow {
  readonly seq: number;
  /** Milliseconds on the system clock. */
  readonly loggedAt: number;
  /** The total length of the paths, requests, and responses of all earlier calls, in characters. */
  readonly position: number;
  /** Milliseconds on the sandbox's clock. */
  readonly at: number;
  readonly durationMs: number;
  readonly operation: string | null;
  readonly path: string;
  readonly requestTime: string | null;
  readonly clientId: string | null;
  readonly vaultingRequestId: string | null;
  readonly request: string;
  readonly response: string;
  readonly signed: number;
  readonly note: string | null;
  readonly fault: string | null;
  readonly scenario: string | null;
  readonly source: string | null;
  /** The `RejectedSignature` as JSON, with card data masked. */
  readonly rejectedSignature: string | null;
}

/** The client ID of a merchant, and the public key that verifies its requests. */
export interface ClientRow {
  readonly clientId: string;
  readonly publicKey: string;
  readonly createdAt: number;
}

/** The key of a vaulting: the client ID, and the vaultingRequestId, which is unique per client. */
export interface VaultingId {
  readonly clientId: string;
  readonly vaultingRequestId: string;
}

export interface Times {
  /** The time on the sandbox's clock. */
  readonly now: number;
  /** The time on the system clock, which leases use because all processes share it. */
  readonly real: number;
}

/** A request to lease up to `limit` due notifications of a host. */
export interface Claim extends Times {
  readonly host: string;
  readonly limit: number;
  readonly until: number;
  /** The ID of the new lease, which no other claim uses. */
  readonly lease: string;
}
