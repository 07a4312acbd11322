/** The merchant's listener, which records notifications. */
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
  let failureShare = 0;

  /** Records a notification. Returns whether to acknowledge it. */
  function recordNotification(body: string): boolean {
    const { vaultingRequestId } = JSON.parse(body) as { readonly vaultingRequestId: string };
    const seen = bodies.get(vaultingRequestId) ?? new Set();
    const first = seen.size === 0;
    bodies.set(vaultingRequestId, seen.add(body));
    if (first && Math.random() < failureShare) return false;
    if (!acknowledged.has(vaultingRequestId)) acknowledged.set(vaultingRequestId, performance.now());
    return true;
  }

  const server = await startNodeServer((request, response) => {
    const respond = (body: string) => {
      const ok = recordNotification(body);
      response.writeHead(ok ? 200 : 500, { "content-type": "application/json; charset=UTF-8" });
      response.end(ok ? ACKNOWLEDGEMENT : "{}");
    };
    // Ignore interrupted deliveries.
    text(request).then(respond, () => {});
  });
  cleanUp.add(() => server[Symbol.asyncDispose]());

  return {
    /** The notification URL. */
    url: `${server.baseUrl}/notifications`,
    /** Sets the share of first deliveries that fail, from 0 to 1. Second deliveries never fail, because the third attempt would be due too late. */
    setFailureShare: (share: number): void => {
      failureShare = share;
    },
    /** Returns the distinct bodies that were received for an ID, acknowledged or not. */
    getBodies: (vaultingRequestId: string): ReadonlySet<string> => bodies.get(vaultingRequestId) ?? new Set(),
    /** Returns the time of the first acknowledged delivery for an ID, as a `performance.now()` value. */
    getAcknowledgementTime: (vaultingRequestId: string): number | undefined => acknowledged.get(vaultingRequestId),
  };
}
