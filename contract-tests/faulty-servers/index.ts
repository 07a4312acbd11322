import { challengeMutations } from "./challenges.ts";
import { conditionMutations } from "./conditions.ts";
import { contentMutations } from "./contents.ts";
import { formatMutations } from "./formats.ts";
import { historyMutations } from "./histories.ts";
import { interactionMutations } from "./interactions.ts";
import { isolationMutations } from "./isolation.ts";
import type { Mutations, Table } from "./mutations.ts";
import { deliveryMutations, kindMutations, notificationMutations, notifyBeforeStoring } from "./notifications.ts";
import { pageMutations } from "./pages.ts";
import { requestMutations } from "./requests.ts";
import { responseMutations } from "./responses.ts";
import { sessionMutations, sessionNotificationMutations } from "./sessions.ts";
import { signatureMutations } from "./signatures.ts";
import { stateMutations } from "./state.ts";

interface FaultyServer extends Mutations {
  /** The kind of fault, for example `state`. */
  readonly area: string;
  /** The name of the fault, for example `shared-card-token`. */
  readonly name: string;
  /** The ID of the check that detects the fault. Other checks might also fail. */
  readonly caughtBy: string;
}

const createServers = <Change>(
  area: string,
  table: Table<Change>,
  toMutations: (change: Change) => Mutations,
): readonly FaultyServer[] =>
  Object.entries(table).flatMap(([caughtBy, changes]) =>
    Object.entries(changes).map(([name, change]) => ({ area, name, caughtBy, ...toMutations(change) })),
  );

const handlerTables = {
  responses: responseMutations,
  requests: requestMutations,
  signatures: signatureMutations,
  state: stateMutations,
  challenges: challengeMutations,
  sessions: sessionMutations,
  isolation: isolationMutations,
  histories: historyMutations,
  notifications: notificationMutations,
};

export const faultyServers: readonly FaultyServer[] = [
  ...Object.entries(handlerTables).flatMap(([area, table]) => createServers(area, table, (handler) => ({ handler }))),
  ...formatMutations.flatMap((table) => createServers("formats", table, (handler) => ({ handler }))),
  ...createServers("notifications", deliveryMutations, (delivery) => ({ delivery })),
  ...createServers("notifications", kindMutations, (mutations) => mutations),
  ...createServers("conditions", conditionMutations, (mutations) => mutations),
  ...createServers("interactions", interactionMutations, (mutations) => mutations),
  ...createServers("content", contentMutations, (mutations) => mutations),
  ...createServers("sessions", sessionNotificationMutations, (mutations) => mutations),
  ...createServers("pages", pageMutations, (mutations) => mutations),
  {
    area: "notifications",
    name: "notification-before-storage",
    caughtBy: "notifyVaulting.vaulted.delivered",
    ...notifyBeforeStoring,
  },
];
