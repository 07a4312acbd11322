/** What a listener has heard, for whoever waits for it. */
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
  const waiting = new Set<() => void>();
  const listener = await openListener(
    { port, path: NOTIFICATION_PATH },
    {
      ...options,
      onHeard: (each) => {
        heard.push(each);
        for (const look of waiting) look();
      },
    },
  );
  return {
    listener,
    heard,
    until: (enough, ms, signal) =>
      new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          waiting.delete(look);
          signal.removeEventListener("abort", abort);
        };
        const finish = () => {
          end();
          resolve();
        };
        const abort = () => {
          end();
          reject(signal.reason);
        };
        const look = () => {
          if (enough(heard)) finish();
        };
        const timer = setTimeout(finish, ms);
        waiting.add(look);
        signal.addEventListener("abort", abort, { once: true });
        if (signal.aborted) abort();
        else look();
      }),
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}
