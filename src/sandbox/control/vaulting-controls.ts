/** Vaultings, their challenges, and their notifications. `clientId` is by default the first client's. */
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import type { NotificationRow } from "../store/rows.ts";
import { after, type ChallengeResult, isFinal } from "../vaulting/state-machine.ts";
import type { ControlParts } from "./control-parts.ts";
import { notificationView, vaultingView } from "./serializers.ts";

type Schemas = ControlSchemas;

interface Limited {
  /** How many at the most. Default 100. */
  readonly limit?: number | undefined;
  readonly clientId?: string | undefined;
}

interface VaultingFilter extends Limited {
  readonly status?: Schemas["VaultingStatus"] | undefined;
  readonly before?: number | undefined;
}

interface NotificationFilter extends Limited {
  readonly state?: Schemas["NotificationState"] | undefined;
  readonly vaultingRequestId?: string | undefined;
}

export type VaultingControls = Readonly<ReturnType<typeof createVaultingControls>>;

export function createVaultingControls({ store, clock, dispatcher, links, facts, credentials }: ControlParts) {
  const { vaultings, outbox } = store;

  const withAttempts = async (row: NotificationRow): Promise<Schemas["Notification"]> =>
    notificationView(row, await outbox.attemptsOf([row.seq]));

  /** The one notification of a vaulting, once it is final. */
  async function notification(
    vaultingRequestId: string,
    clientId = credentials().firstClientId,
  ): Promise<Schemas["Notification"] | undefined> {
    const row = await outbox.ofVaulting({ clientId, vaultingRequestId });
    return row && withAttempts(row);
  }

  /** One vaulting with its notifications. */
  async function vaulting(
    vaultingRequestId: string,
    clientId = credentials().firstClientId,
  ): Promise<Schemas["Vaulting"] | undefined> {
    const stored = await vaultings.find({ clientId, vaultingRequestId });
    if (!stored) return undefined;
    const own = await notification(vaultingRequestId, clientId);
    return { ...vaultingView(stored, links), notifications: own ? [own] : [] };
  }

  return {
    /** Newest first. */
    vaultings: async ({ limit = 100, ...filter }: VaultingFilter = {}): Promise<readonly Schemas["Vaulting"][]> =>
      (await vaultings.list({ limit, ...filter })).map((each) => vaultingView(each, links)),
    vaulting,
    /** Ends a challenge without its page. `false` where none is pending, `undefined` where there is no such vaulting. */
    endChallenge: async (
      vaultingRequestId: string,
      result: ChallengeResult,
      clientId = credentials().firstClientId,
    ): Promise<Schemas["Vaulting"] | false | undefined> => {
      const ended = await vaultings.change({ clientId, vaultingRequestId }, (stored) => {
        if (!stored) return { answer: undefined };
        const next = after(stored, { kind: "ended", result }, facts());
        if (next === stored) return { answer: false };
        // One that has expired unseen ends as it would have, and not as it is told to.
        return { answer: !isFinal(next) || next.endedBy !== "expired" || result === "abandoned", vaulting: next };
      });
      return ended ? vaulting(vaultingRequestId, clientId) : ended;
    },
    /** Newest first. */
    notifications: async ({
      limit = 100,
      ...filter
    }: NotificationFilter = {}): Promise<readonly Schemas["Notification"][]> =>
      Promise.all((await outbox.list({ limit, ...filter })).map(withAttempts)),
    notification,
    /** Begins the schedule anew. `undefined` where there is no such notification. */
    resend: async (sequence: number): Promise<Schemas["Notification"] | undefined> => {
      const row = await outbox.resend(sequence, clock.now());
      if (!row) return undefined;
      dispatcher.wake();
      return withAttempts(row);
    },
  };
}
