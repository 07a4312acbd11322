/** What happens in the sandbox, told to whoever listens at the moment. Nothing is kept, and where nobody listens nothing is done. */
import type { ControlSchemas } from "../../control-api/control-schemas.ts";

/** Of what something has happened, and nothing more: no card data, no body. */
export type SandboxEvent = ControlSchemas["Event"];

export type Events = Readonly<ReturnType<typeof createEvents>>;

/** How many may listen at once: each is written every event. */
export const MAX_SUBSCRIBERS = 50;

export function createEvents(most = MAX_SUBSCRIBERS) {
  const listeners = new Map<(event: SandboxEvent) => void, () => void>();
  let ended = false;
  return {
    /** `make` is called only where somebody listens. */
    emit: (make: () => SandboxEvent): void => {
      if (listeners.size === 0) return;
      const event = make();
      for (const listener of listeners.keys()) listener(event);
    },
    /** `undefined` where too many listen already, or all is over; else a function that ends it. `onEnd`: no event follows. */
    subscribe: (listener: (event: SandboxEvent) => void, onEnd: () => void): (() => void) | undefined => {
      if (ended || listeners.size >= most) return undefined;
      listeners.set(listener, onEnd);
      return () => void listeners.delete(listener);
    },
    /** Ends every listener. */
    end: (): void => {
      ended = true;
      const all = [...listeners.values()];
      listeners.clear();
      for (const onEnd of all) onEnd();
    },
  };
}

/** An event of a vaulting, an exchange or a notification. What is not known of it is left out. */
export const createEvent = (
  kind: SandboxEvent["kind"],
  { clientId, vaultingRequestId }: { readonly [Name in "clientId" | "vaultingRequestId"]?: string | undefined },
  sequence?: number,
): SandboxEvent => ({
  kind,
  ...(sequence === undefined ? {} : { sequence }),
  ...(clientId ? { clientId } : {}),
  ...(vaultingRequestId === undefined ? {} : { vaultingRequestId }),
});
