/** A faulty server, as a small change of a right one. */
import type { Wrong } from "./http-messages.ts";
import type { WrongDelivery } from "./notification-relay.ts";

/** What is wrong with a server. */
export interface Wrongs {
  readonly wrong?: Wrong;
  readonly delivery?: WrongDelivery;
}

export interface Fault extends Wrongs {
  /** For example `two-vaultings-share-a-token`. */
  readonly name: string;
  /** The check that stands for it; others may fail too. */
  readonly by: string;
}
