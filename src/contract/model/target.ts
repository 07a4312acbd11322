/** A card that a target knows: all are texts of digits, as the document says. */
export interface CustomCard {
  readonly cardNo: string;
  readonly expiryYear: string;
  readonly expiryMonth: string;
  readonly cvv?: string;
}

/** What a target must offer so that it can be asked. */
export type Capability =
  /** Answers any example of the document on demand (`mock:NAME` in the vaultingRequestId). */
  | "examples"
  /** Serves the production path as well as the sandbox's. */
  | "both-base-paths"
  /** Can be told which result code to answer: by an ID `mock:NAME`, or by a scenario of the control API for a client of the run's own. */
  | "forced-results"
  /** Remembers vaultings: what is answered depends on what was asked before. */
  | "state"
  /** Can reach a listener that the run opens on this machine, and sends notifications. */
  | "notifications"
  /** Its clock can be moved by POST /_sandbox/clock. */
  | "clock"
  /** Takes merchants of the run's own, by POST /_sandbox/clients. */
  | "multiple-merchants";

/** A server that is to keep the contract, and what a merchant needs to call it. */
export interface ContractTarget {
  readonly name: string;
  readonly baseUrl: string;
  readonly clientId: string;
  /** PEM or bare base64. */
  readonly merchantPrivateKey: string;
  readonly antomPublicKey: string;
  /** What stands before an operation's path. Default `/ams/sandbox/api` for a client ID that begins with `SANDBOX_`, else `/ams/api`. */
  readonly basePath?: string;
  readonly capabilities?: readonly Capability[];
  /** Fields and codes that the document does not name are accepted in answers. */
  readonly lenient?: boolean;
  /** Sent in the place of the card of the document's examples, which not every target knows. */
  readonly card?: CustomCard;
  /** Calls a second, at the most. Default: as fast as the target answers. */
  readonly rate?: number;
}
