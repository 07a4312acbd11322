/** Uses the control API of a sandbox: moves its clock, creates merchants, and forces results. */
import type { OperationId } from "../../../generated/operations.ts";
import { createControlClient } from "../../control-api/control-client.ts";
import type { ContractTarget } from "../model/target.ts";

export interface Clock {
  /** Returns the time of the clock, in milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Moves the clock forward, which runs everything that becomes due. */
  readonly advance: (ms: number) => Promise<void>;
  /** Restores the original offset of the clock. Does not undo the effects of earlier moves. */
  readonly restore: () => Promise<void>;
}

export async function getClock({ baseUrl }: Pick<ContractTarget, "baseUrl">): Promise<Clock> {
  const control = createControlClient(baseUrl);
  const { offsetMs } = await control.get<{ readonly offsetMs: number }>("/clock");
  let currentMs = offsetMs;
  return {
    now: () => Date.now() + currentMs,
    advance: async (advanceMs) => {
      ({ offsetMs: currentMs } = await control.post<{ readonly offsetMs: number }>("/clock", { advanceMs }));
    },
    restore: async () => {
      const original = offsetMs === 0 ? { reset: true } : { now: new Date(Date.now() + offsetMs).toISOString() };
      await control.post("/clock", original);
    },
  };
}

/** Creates an additional merchant in the sandbox and returns a target with its credentials. Its client ID starts with the target's client ID. */
export async function addClient(target: ContractTarget): Promise<ContractTarget> {
  const { clientId, merchantPrivateKey, antomPublicKey } = await createControlClient(target.baseUrl).post<
    Pick<ContractTarget, "clientId" | "merchantPrivateKey" | "antomPublicKey">
  >("/clients", { clientId: `${target.clientId}${crypto.randomUUID().slice(0, 6)}` });
  return { ...target, clientId, merchantPrivateKey, antomPublicKey };
}

/** Returns whether a target serves a path of the control API. Checks the body, because some gateways return 200 for every path. */
export const hasControlApi = (
  { baseUrl }: ContractTarget,
  path: "/clients" | "/clock",
  isValid: (body: unknown) => boolean,
): Promise<boolean> =>
  createControlClient(baseUrl)
    .get(path)
    .then(isValid, () => false);

/** For 5 minutes, makes the sandbox return a result code each time that the target's client calls an operation. */
export async function forceResult(
  { baseUrl, clientId }: ContractTarget,
  operation: OperationId,
  resultCode: string,
): Promise<void> {
  await createControlClient(baseUrl).post("/scenarios", { operation, resultCode, clientId, minutes: 5 });
}
