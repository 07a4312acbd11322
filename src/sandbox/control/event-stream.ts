/** The stream of server-sent events about the sandbox. */
import type { CallLog } from "../call-log/call-log.ts";
import { createEvent, type Events, type SandboxEvent } from "../call-log/events.ts";

export interface EventStreamOptions {
  readonly events: Events;
  readonly callLog: CallLog;
  /** The ID of this process. Event IDs contain it, so that a client that reconnects to a different process receives a `missed` event. */
  readonly instanceId: string;
  /** The interval of keep-alive comments in milliseconds. Default: 15,000. */
  readonly heartbeatMs?: number;
}

/**
 * The maximum number of unread events. A client that exceeds it is disconnected. When the client reconnects, it receives the missed calls, or only a
 * `missed` event if there are too many.
 */
const MAX_UNREAD_EVENTS = 1000;
/** The time that a browser waits before it reconnects, in milliseconds. */
const RECONNECT_MS = 1000;

/**
 * Opens an event stream. Returns `undefined` if there are too many subscribers or the sandbox is stopping. `lastEventId` is the value of the
 * Last-Event-ID header.
 */
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
  const writeEvent = (event: SandboxEvent) => write(formatEvent(event, instanceId));
  /** The events that occur while the missed events are read. */
  let waiting: SandboxEvent[] | undefined = lastEventId ? [] : undefined;
  const unsubscribe = events.subscribe((event) => {
    if (!waiting) writeEvent(event);
    else if (waiting.push(event) > MAX_UNREAD_EVENTS) finish();
  }, finish);
  if (!unsubscribe) return undefined;

  function finish(): void {
    stop();
    controller?.close();
    controller = undefined;
  }

  function stop(): void {
    clearInterval(heartbeat);
    unsubscribe?.();
  }

  async function writeMissedEvents(id: string): Promise<void> {
    const missed = await findMissedEvents(id, callLog, instanceId).catch(() => MISSED);
    const last = missed.at(-1)?.sequence ?? 0;
    const isMissed = ({ kind, sequence = 0 }: SandboxEvent) => kind === "call" && sequence <= last;
    for (const event of [...missed, ...(waiting ?? []).filter((event) => !isMissed(event))]) writeEvent(event);
    waiting = undefined;
  }

  return new ReadableStream<Uint8Array>({
    start: (streamController) => {
      controller = streamController;
      heartbeat = setInterval(() => write(":\n\n"), heartbeatMs);
      heartbeat.unref();
      write(`retry: ${RECONNECT_MS}\n:\n\n`);
      if (lastEventId) void writeMissedEvents(lastEventId);
    },
    cancel: () => {
      controller = undefined;
      stop();
    },
  });
}

const MISSED: readonly SandboxEvent[] = [{ kind: "missed" }];

/**
 * Returns an event for each call after `lastEventId`, preceded by a `missed` event if the call log no longer has all of these calls. Returns only a
 * `missed` event if there are too many calls, or if the ID is unknown.
 */
async function findMissedEvents(
  lastEventId: string,
  callLog: CallLog,
  instanceId: string,
): Promise<readonly SandboxEvent[]> {
  const [, instance, sequence] = /^(\w{1,16})-(\d{1,15})$/.exec(lastEventId) ?? [];
  const after = Number(sequence);
  const { oldest, newest } = await callLog.range();
  if (instance !== instanceId || after > newest || newest - after >= MAX_UNREAD_EVENTS) return MISSED;
  const calls = await callLog.list({ limit: MAX_UNREAD_EVENTS, after });
  const events = calls.map((call) => createEvent("call", call, call.sequence));
  return after + 1 < oldest ? [...MISSED, ...events] : events;
}

function formatEvent(event: SandboxEvent, instanceId: string): string {
  const id = event.kind === "call" ? `id: ${instanceId}-${event.sequence}\n` : "";
  // JSON escapes line feeds, so the data is always one line.
  return `${id}event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}
