import { challengeMutations } from "./challenges.ts";
import { isolationMutations } from "./isolation.ts";
import type { Mutation, Table } from "./mutations.ts";
import type { DeliveryMutation } from "./notification-relay.ts";
import { deliveryMutations, notificationMutations, notifyBeforeStoring } from "./notifications.ts";
import { requestMutations } from "./requests.ts";
import { responseMutations } from "./responses.ts";
import { sessionMutations, sessionNotificationMutations } from "./sessions.ts";
import { signatureMutations } from "./signatures.ts";
import { stateMutations } from "./state.ts";

/** The mutations that make a server faulty. */
export interface Mutations {
  readonly handler?: Mutation;
  readonly delivery?: DeliveryMutation;
}

interface FaultyServer extends Mutations {
  /** The name of the fault, for example `shared-card-token`. */
  readonly name: string;
  /** The ID of the check that detects the fault. Other checks may fail too. */
  readonly caughtBy: string;
}

const createServers = <Change>(
  table: Table<Change>,
  toMutations: (change: Change) => Mutations,
): readonly FaultyServer[] =>
  Object.entries(table).flatMap(([caughtBy, changes]) =>
    Object.entries(changes).map(([name, change]) => ({ name, caughtBy, ...toMutations(change) })),
  );

export const faultyServers: readonly FaultyServer[] = [
  ...[
    responseMutations,
    requestMutations,
    signatureMutations,
    stateMutations,
    challengeMutations,
    sessionMutations,
    isolationMutations,
    notificationMutations,
  ].flatMap((table) => createServers(table, (handler) => ({ handler }))),
  ...createServers(deliveryMutations, (delivery) => ({ delivery })),
  ...createServers(sessionNotificationMutations, (mutations) => mutations),
  { name: "notification-before-storage", caughtBy: "notifyVaulting.vaulted.stored", ...notifyBeforeStoring },
];
