/** A card that the target accepts. Each value is a string of digits, as in the OpenAPI document. */
export interface CustomCard {
  readonly cardNo: string;
  readonly expiryYear: string;
  readonly expiryMonth: string;
  readonly cvv?: string;
}

/** A feature of a target that a check requires. */
export type Capability =
  /** Returns any example of the OpenAPI document on demand (`mock:NAME` as the vaultingRequestId). */
  | "examples"
  /** Serves the production path and the sandbox path. */
  | "both-base-paths"
  /** Returns a chosen result code: by an ID `mock:NAME`, or by a scenario of the control API for a client of the run. */
  | "forced-results"
  /** Stores vaultings: a response depends on earlier requests. */
  | "state"
  /** Sends notifications, and can reach a listener on this computer. */
  | "notifications"
  /** Has a clock that POST /_sandbox/clock moves. */
  | "clock"
  /** Creates additional merchants by POST /_sandbox/clients. */
  | "multiple-merchants";

/** A server to test, with the credentials of a merchant. */
export interface ContractTarget {
  readonly name: string;
  readonly baseUrl: string;
  readonly clientId: string;
  /** PEM or bare base64. */
  readonly merchantPrivateKey: string;
  readonly antomPublicKey: string;
  /** The prefix of each operation's path. Default: `/ams/sandbox/api` if the client ID starts with `SANDBOX_`, otherwise `/ams/api`. */
  readonly basePath?: string;
  readonly capabilities?: readonly Capability[];
  /** Whether unknown fields and codes are accepted in responses. */
  readonly lenient?: boolean;
  /** Replaces the card of the OpenAPI document's examples, which not every target accepts. */
  readonly card?: CustomCard;
  /** Maximum calls per second. Default: no limit. */
  readonly rate?: number;
}
