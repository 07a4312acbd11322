/** What a listener has heard, for whoever waits for it. */
import { EventEmitter, once } from "node:events";
import { NOTIFICATION_PATH } from "./listen-defaults.ts";
import { type Heard, type HearingOptions, type Listener, openListener } from "./notification-listener.ts";

export interface Arrivals extends AsyncDisposable {
  readonly listener: Listener;
  readonly heard: readonly Heard[];
  /** Resolves once `enough` says so of what has come, or after `ms` milliseconds; rejects where the signal aborts. */
  readonly until: (enough: (heard: readonly Heard[]) => boolean, ms: number, signal: AbortSignal) => Promise<void>;
}

/** Opens a listener on a free port. */
export async function openArrivals(options: Omit<HearingOptions, "onHeard">, port = 0): Promise<Arrivals> {
  const heard: Heard[] = [];
  const arriving = new EventEmitter();
  const listener = await openListener(
    { port, path: NOTIFICATION_PATH },
    {
      ...options,
      onHeard: (each) => {
        heard.push(each);
        arriving.emit("heard");
      },
    },
  );
  return {
    listener,
    heard,
    until: async (enough, ms, signal) => {
      signal.throwIfAborted();
      const end = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(ms))]);
      while (!end.aborted && !enough(heard)) await once(arriving, "heard", { signal: end }).catch(() => {});
      signal.throwIfAborted();
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}
