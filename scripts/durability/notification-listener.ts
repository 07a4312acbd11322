/** The merchant's listener, which keeps count of what arrives. */
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { CleanUp } from "./clean-up.ts";

export interface Listener {
  /** Where notifications go. */
  readonly url: string;
  /** What share of first deliveries is answered with an error from now on, from 0 to 1. A second one would put off the third for long. */
  readonly failing: (share: number) => void;
  /** The different bodies that came for an ID, acknowledged or not. */
  readonly bodiesFor: (vaultingRequestId: string) => ReadonlySet<string>;
  /** When the first delivery for an ID was acknowledged, in milliseconds of `performance.now()`. */
  readonly acknowledgedAt: (vaultingRequestId: string) => number | undefined;
  readonly deliveries: () => number;
  /** Waits until something holds, which is looked at after each delivery; false where it does not in time. */
  readonly until: (holds: () => boolean, ms: number) => Promise<boolean>;
}

const ACKNOWLEDGEMENT = JSON.stringify({
  result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" },
});

export async function startListener(cleanUp: CleanUp): Promise<Listener> {
  const bodies = new Map<string, Set<string>>();
  const acknowledged = new Map<string, number>();
  const arrivals = new EventEmitter();
  let share = 0;
  let deliveries = 0;

  function take(body: string): boolean {
    deliveries += 1;
    const { vaultingRequestId } = JSON.parse(body) as { readonly vaultingRequestId: string };
    const seen = bodies.get(vaultingRequestId) ?? new Set();
    const first = seen.size === 0;
    bodies.set(vaultingRequestId, seen.add(body));
    if (first && Math.random() < share) return false;
    if (!acknowledged.has(vaultingRequestId)) acknowledged.set(vaultingRequestId, performance.now());
    return true;
  }

  const server = createServer((request, response) => {
    const answer = (body: string) => {
      const taken = take(body);
      response.writeHead(taken ? 200 : 500, { "content-type": "application/json; charset=UTF-8" });
      response.end(taken ? ACKNOWLEDGEMENT : "{}");
      arrivals.emit("delivery");
    };
    // Of a delivery that breaks off, nothing has arrived.
    text(request).then(answer, () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp.add(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/notifications`,
    failing: (next) => {
      share = next;
    },
    bodiesFor: (id) => bodies.get(id) ?? new Set(),
    acknowledgedAt: (id) => acknowledged.get(id),
    deliveries: () => deliveries,
    until: async (holds, ms) => {
      const late = AbortSignal.timeout(ms);
      while (!holds()) {
        if (late.aborted) return false;
        await once(arrivals, "delivery", { signal: late }).catch(() => {});
      }
      return true;
    },
  };
}
