import { challengeMutations } from "./challenges.ts";
import { isolationMutations } from "./isolation.ts";
import type { Mutation, MutationTable } from "./mutations.ts";
import type { DeliveryMutation } from "./notification-relay.ts";
import { deliveryMutations, notificationMutations, notifyBeforeStoring } from "./notifications.ts";
import { requestMutations } from "./requests.ts";
import { responseMutations } from "./responses.ts";
import { stateMutations } from "./state.ts";

/** What is wrong with a server. */
export interface Mutations {
  readonly handler?: Mutation;
  readonly delivery?: DeliveryMutation;
}

interface FaultyServer extends Mutations {
  /** For example `two-vaultings-share-a-token`. */
  readonly name: string;
  /** The check that detects it; other checks may fail too. */
  readonly by: string;
}

const listServers = <Change>(
  faults: MutationTable<Change>,
  wrongs: (change: Change) => Mutations,
): readonly FaultyServer[] =>
  Object.entries(faults).flatMap(([by, changes]) =>
    Object.entries(changes).map(([name, change]) => ({ name, by, ...wrongs(change) })),
  );

/** Every faulty server that there is. */
export const faultyServers: readonly FaultyServer[] = [
  ...[
    responseMutations,
    requestMutations,
    stateMutations,
    challengeMutations,
    isolationMutations,
    notificationMutations,
  ].flatMap((each) => listServers(each, (wrong) => ({ handler: wrong }))),
  ...listServers(deliveryMutations, (delivery) => ({ delivery })),
  { name: "notified-before-it-is-stored", by: "notifyVaulting.vaulted.stored", ...notifyBeforeStoring },
];
