/** What a run does with the sandbox's control API, where a target has it: its clock, its merchants, answers of one's choice. */
import type { OperationId } from "../../../generated/operations.ts";
import { createControlClient } from "../../control-api/control-client.ts";
import type { ContractTarget } from "../model/target.ts";

export interface Clock {
  /** Moves it on by so many milliseconds; what is due by then is done. */
  readonly advance: (ms: number) => Promise<void>;
  /** Sets it back to where it would be, had it not been moved. What was done is not undone. */
  readonly restore: () => Promise<void>;
}

export async function getClock({ baseUrl }: Pick<ContractTarget, "baseUrl">): Promise<Clock> {
  const control = createControlClient(baseUrl);
  const { offsetMs } = await control.get<{ readonly offsetMs: number }>("/clock");
  return {
    advance: async (advanceMs) => {
      await control.post("/clock", { advanceMs });
    },
    restore: async () => {
      const before = offsetMs === 0 ? { reset: true } : { now: new Date(Date.now() + offsetMs).toISOString() };
      await control.post("/clock", before);
    },
  };
}

/** A merchant of its own at the same sandbox. */
export async function addClient(target: ContractTarget): Promise<ContractTarget> {
  const { clientId, merchantPrivateKey, antomPublicKey } = await createControlClient(target.baseUrl).post<
    Pick<ContractTarget, "clientId" | "merchantPrivateKey" | "antomPublicKey">
  >("/clients", {});
  return { ...target, clientId, merchantPrivateKey, antomPublicKey };
}

/** Whether the target answers a path of the control API as it should. A gateway may answer every path with HTTP 200: only the body shows it. */
export const hasControlApi = (
  { baseUrl }: ContractTarget,
  path: "/clients" | "/clock",
  isRight: (body: unknown) => boolean,
): Promise<boolean> =>
  createControlClient(baseUrl)
    .get(path)
    .then(isRight, () => false);

/** From now on a client's calls of an operation are answered with a result code. */
export async function forceResult(
  { baseUrl, clientId }: ContractTarget,
  operation: OperationId,
  resultCode: string,
): Promise<void> {
  await createControlClient(baseUrl).post("/scenarios", { operation, resultCode, clientId, minutes: 5 });
}
