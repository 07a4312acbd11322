/** The merchant's listener, which keeps count of what arrives. */
import { text } from "node:stream/consumers";
import { startNodeServer } from "../../src/testing/servers/node-server.ts";
import type { CleanUp } from "./clean-up.ts";

const ACKNOWLEDGEMENT = JSON.stringify({
  result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" },
});

export type Listener = Awaited<ReturnType<typeof startListener>>;

export async function startListener(cleanUp: CleanUp) {
  const bodies = new Map<string, Set<string>>();
  const acknowledged = new Map<string, number>();
  let share = 0;

  function isAcknowledged(body: string): boolean {
    const { vaultingRequestId } = JSON.parse(body) as { readonly vaultingRequestId: string };
    const seen = bodies.get(vaultingRequestId) ?? new Set();
    const first = seen.size === 0;
    bodies.set(vaultingRequestId, seen.add(body));
    if (first && Math.random() < share) return false;
    if (!acknowledged.has(vaultingRequestId)) acknowledged.set(vaultingRequestId, performance.now());
    return true;
  }

  const server = await startNodeServer((request, response) => {
    const answer = (body: string) => {
      const taken = isAcknowledged(body);
      response.writeHead(taken ? 200 : 500, { "content-type": "application/json; charset=UTF-8" });
      response.end(taken ? ACKNOWLEDGEMENT : "{}");
    };
    // Of a delivery that breaks off, nothing has arrived.
    text(request).then(answer, () => {});
  });
  cleanUp.add(() => server[Symbol.asyncDispose]());

  return {
    /** Where notifications go. */
    url: `${server.baseUrl}/notifications`,
    /** Sets the share of first deliveries that get an error from now on, from 0 to 1. A second one would put off the third for long. */
    setFailureShare: (next: number): void => {
      share = next;
    },
    /** Returns the different bodies that came for an ID, acknowledged or not. */
    bodiesFor: (vaultingRequestId: string): ReadonlySet<string> => bodies.get(vaultingRequestId) ?? new Set(),
    /** Returns when the first delivery for an ID was acknowledged, in milliseconds of `performance.now()`. */
    acknowledgedAt: (vaultingRequestId: string): number | undefined => acknowledged.get(vaultingRequestId),
  };
}
