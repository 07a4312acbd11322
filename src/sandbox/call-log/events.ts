/** The event stream of the sandbox. Events are never stored, and are created only if there are subscribers. */
import type { ControlSchemas } from "../../control-api/control-schemas.ts";

/** An event that describes a change in the sandbox only by its kind, a sequence number, and IDs, so it contains no card data and no body. */
export type SandboxEvent = ControlSchemas["Event"];

export type Events = Readonly<ReturnType<typeof createEvents>>;

export const MAX_SUBSCRIBERS = 50;

export function createEvents(maxSubscribers = MAX_SUBSCRIBERS) {
  const listeners = new Map<(event: SandboxEvent) => void, () => void>();
  let ended = false;
  return {
    hasSubscribers: (): boolean => listeners.size > 0,
    /** Sends an event to all subscribers. Calls `create` only if there are any. */
    emit: (create: () => SandboxEvent): void => {
      if (listeners.size === 0) return;
      const event = create();
      for (const listener of listeners.keys()) listener(event);
    },
    /** Subscribes to events. Returns a function that unsubscribes, or `undefined` if there are too many subscribers or the stream has ended. */
    subscribe: (listener: (event: SandboxEvent) => void, onEnd: () => void): (() => void) | undefined => {
      if (ended || listeners.size >= maxSubscribers) return undefined;
      listeners.set(listener, onEnd);
      return () => void listeners.delete(listener);
    },
    /** Ends the stream and calls the `onEnd` function of each subscriber. */
    end: (): void => {
      ended = true;
      const endCallbacks = [...listeners.values()];
      listeners.clear();
      for (const onEnd of endCallbacks) onEnd();
    },
  };
}

/** Creates an event. Omits the fields whose values are unknown. */
export const createEvent = (
  kind: SandboxEvent["kind"],
  { clientId, vaultingRequestId }: { readonly [Name in "clientId" | "vaultingRequestId"]?: string | null | undefined },
  sequence?: number,
): SandboxEvent => ({
  kind,
  ...(sequence === undefined ? {} : { sequence }),
  ...(clientId ? { clientId } : {}),
  ...(typeof vaultingRequestId === "string" ? { vaultingRequestId } : {}),
});
