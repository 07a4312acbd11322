/** A test card that the target accepts. Each value is a string of digits, as in the OpenAPI document. Never use a real card. */
export interface CustomCard {
  /** The card number, 12 to 19 digits. */
  readonly cardNo: string;
  /** The last 2 digits of the expiry year. */
  readonly expiryYear: string;
  /** The expiry month, `01` to `12`. */
  readonly expiryMonth: string;
  /** The card verification value, 3 or 4 digits. */
  readonly cvv?: string;
}

/**
 * A feature of a target that a check requires.
 *
 * - `examples`: returns any example of the OpenAPI document on demand (`mock:NAME` as the vaultingRequestId).
 * - `both-base-paths`: serves the production path and the sandbox path.
 * - `forced-results`: returns a chosen result code. The run selects it with the ID `mock:NAME`, or with a scenario of the control API.
 * - `state`: stores vaultings, so that a response depends on earlier requests.
 * - `notifications`: sends notifications, and can reach a listener on this computer.
 * - `clock`: has a clock that POST /_sandbox/clock moves.
 * - `multiple-merchants`: creates additional merchants with POST /_sandbox/clients.
 */
export type Capability =
  | "examples"
  | "both-base-paths"
  | "forced-results"
  | "state"
  | "notifications"
  | "clock"
  | "multiple-merchants";

/** A server to test, with the credentials of a merchant. */
export interface ContractTarget {
  /** The name of the target in reports. */
  readonly name: string;
  /** The origin of the target, for example `http://127.0.0.1:4010`. */
  readonly baseUrl: string;
  /** The client ID of the merchant. */
  readonly clientId: string;
  /** The merchant's RSA private key, which signs requests: PEM or bare base64. */
  readonly merchantPrivateKey: string;
  /** The target's public key, which verifies responses and notifications: PEM or bare base64. */
  readonly antomPublicKey: string;
  /** The prefix of each operation's path. Default: detected. The run tries the prefix of the client ID's environment (`/ams/sandbox/api` or `/ams/api`), then the other prefix, then no prefix. */
  readonly basePath?: string;
  /** Capabilities that the target has in addition to the detected ones. */
  readonly capabilities?: readonly Capability[];
  /** Whether to accept unknown fields and codes in responses. Default: false. */
  readonly lenient?: boolean;
  /** The card to use instead of the card in the examples of the OpenAPI document, which not every target accepts. */
  readonly card?: CustomCard;
  /** The seed for the random sequences of calls, a 32-bit integer. Default: 3, so that each run sends the same sequences. */
  readonly seed?: number;
  /** The maximum number of calls per second. Default: no limit. */
  readonly rate?: number;
}
