/** The sandbox's events as a browser's EventSource reads them. */

import type { CallLog } from "../call-log/call-log.ts";
import { createEvent, type Events, type SandboxEvent } from "../call-log/events.ts";

export interface EventStreamOptions {
  readonly events: Events;
  readonly callLog: CallLog;
  /** What tells this process's journal from another's: its numbers begin anew with each. */
  readonly instanceId: string;
  /** How often something is written where nothing happens, in milliseconds. Default 15,000. */
  readonly heartbeatMs?: number;
}

/** Who reads no faster than that is sent away, and comes back for what is missing. */
const MAX_UNREAD_EVENTS = 1000;
/** How long a browser waits before it comes back, in milliseconds. */
const RECONNECT_MS = 1000;

/** Opens a stream, or `undefined` where too many are open. `lastEventId`: what was seen last, from the header of that name. */
export function openEventStream(
  { events, callLog, instanceId, heartbeatMs = 15_000 }: EventStreamOptions,
  lastEventId: string | null,
): ReadableStream<Uint8Array> | undefined {
  const utf8 = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let heartbeat: NodeJS.Timeout | undefined;

  const write = (text: string) => {
    if (!controller) return;
    if ((controller.desiredSize ?? 0) < -MAX_UNREAD_EVENTS) finish();
    else controller.enqueue(utf8.encode(text));
  };
  const stop = events.subscribe((event) => write(formatEvent(event, instanceId)), finish);
  if (!stop) return undefined;

  function finish(): void {
    leave();
    controller?.close();
    controller = undefined;
  }

  function leave(): void {
    clearInterval(heartbeat);
    stop?.();
  }

  return new ReadableStream<Uint8Array>({
    start: (own) => {
      controller = own;
      heartbeat = setInterval(() => write(":\n\n"), heartbeatMs);
      heartbeat.unref();
      write(`retry: ${RECONNECT_MS}\n:\n\n`);
      for (const event of eventsSince(lastEventId, callLog, instanceId)) write(formatEvent(event, instanceId));
    },
    cancel: () => {
      controller = undefined;
      leave();
    },
  });
}

/** The exchanges since the last event that somebody saw, and before them a word where that is not all. */
function eventsSince(lastEventId: string | null, journal: CallLog, mark: string): readonly SandboxEvent[] {
  if (lastEventId === null || lastEventId === "") return [];
  const [, process, number] = /^(\w{1,16})-(\d{1,15})$/.exec(lastEventId) ?? [];
  const after = Number(number);
  const { oldest, newest } = journal.range();
  if (process !== mark || after > newest) return [{ kind: "missed" }];
  const exchanges = journal.list({ limit: newest, after });
  const since = exchanges.map((exchange) => createEvent("call", exchange, exchange.sequence));
  return after + 1 < oldest ? [{ kind: "missed" }, ...since] : since;
}

function formatEvent(event: SandboxEvent, mark: string): string {
  const id = event.kind === "call" ? `id: ${mark}-${event.sequence}\n` : "";
  // JSON writes every line feed of a text as \n, so that this is one line.
  return `${id}event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}
