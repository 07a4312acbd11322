/** The sandbox's control API, where a target has it: its clock, its merchants, answers of one's choice. */
import type { OperationId } from "../../generated/operations.ts";
import { ContractFailure } from "./check.ts";
import type { Target } from "./conversation.ts";
import { field } from "./field.ts";

async function ask(baseUrl: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${baseUrl}/_sandbox/${path}`, {
    method,
    redirect: "error",
    signal: AbortSignal.timeout(10_000),
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new ContractFailure(`The control API answers ${path} with HTTP ${response.status}.`);
  return text === "" ? undefined : JSON.parse(text);
}

/** A clock that can be moved. */
export interface Clock {
  /** Moves it on by so many milliseconds; what is due by then is done. */
  readonly advance: (ms: number) => Promise<void>;
  /** Sets it back to where it would be, had it not been moved. What was done is not undone. */
  readonly restore: () => Promise<void>;
}

export async function takeClock({ baseUrl }: Pick<Target, "baseUrl">): Promise<Clock> {
  const { offsetMs } = (await ask(baseUrl, "GET", "clock")) as { readonly offsetMs: number };
  return {
    advance: async (advanceMs) => {
      await ask(baseUrl, "POST", "clock", { advanceMs });
    },
    restore: async () => {
      const before = offsetMs === 0 ? { reset: true } : { now: new Date(Date.now() + offsetMs).toISOString() };
      await ask(baseUrl, "POST", "clock", before);
    },
  };
}

/** A merchant of its own at the same sandbox. */
export async function addClient(target: Target): Promise<Target> {
  const credentials = (await ask(target.baseUrl, "POST", "clients", {})) as Pick<
    Target,
    "clientId" | "merchantPrivateKey" | "antomPublicKey"
  >;
  const { clientId, merchantPrivateKey, antomPublicKey } = credentials;
  return { ...target, clientId, merchantPrivateKey, antomPublicKey };
}

/** Whether the target has such merchants at all. A gateway may answer every path with HTTP 200: only what is answered tells. */
export const knowsClients = ({ baseUrl }: Pick<Target, "baseUrl">): Promise<boolean> =>
  ask(baseUrl, "GET", "clients").then(
    (listed) => Array.isArray(field(listed, "clients")),
    () => false,
  );

/** Whether the target has a clock that can be moved. */
export const movesClock = ({ baseUrl }: Pick<Target, "baseUrl">): Promise<boolean> =>
  ask(baseUrl, "GET", "clock").then(
    (clock) => typeof field(clock, "offsetMs") === "number",
    () => false,
  );

/** From now on a client's calls of an operation are answered with a result code. */
export async function answerWith(
  { baseUrl, clientId }: Target,
  operation: OperationId,
  resultCode: string,
): Promise<void> {
  await ask(baseUrl, "POST", "scenarios", { operation, resultCode, clientId, minutes: 5 });
}
