import { challengeFaults } from "./challenges.ts";
import type { Faults, Wrong } from "./changes.ts";
import { identityFaults } from "./isolation.ts";
import type { WrongDelivery } from "./notification-relay.ts";
import { deliveryFaults, notificationFaults, notifiesBeforeStoring } from "./notifications.ts";
import { requestFaults } from "./requests.ts";
import { answerFaults } from "./responses.ts";
import { stateFaults } from "./state.ts";

/** What is wrong with a server. */
export interface Wrongs {
  readonly wrong?: Wrong;
  readonly delivery?: WrongDelivery;
}

interface Fault extends Wrongs {
  /** For example `two-vaultings-share-a-token`. */
  readonly name: string;
  /** The check that detects it; other checks may fail too. */
  readonly by: string;
}

const listed = <Change>(faults: Faults<Change>, wrongs: (change: Change) => Wrongs): readonly Fault[] =>
  Object.entries(faults).flatMap(([by, changes]) =>
    Object.entries(changes).map(([name, change]) => ({ name, by, ...wrongs(change) })),
  );

/** Every faulty server that there is. */
export const faults: readonly Fault[] = [
  ...[answerFaults, requestFaults, stateFaults, challengeFaults, identityFaults, notificationFaults].flatMap((each) =>
    listed(each, (wrong) => ({ wrong })),
  ),
  ...listed(deliveryFaults, (delivery) => ({ delivery })),
  { name: "notified-before-it-is-stored", by: "notifyVaulting.vaulted.stored", ...notifiesBeforeStoring },
];
