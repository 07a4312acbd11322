import { setTimeout as sleep } from "node:timers/promises";
import { toPrintable } from "../../cards/mask-card-data.ts";
import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { parseEventFilter } from "../calling/event-filter.ts";
import { findSandbox, requireSandbox, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import { type AttemptEvent, type EventPage, readEvents, type SandboxEvent, START } from "../calling/sandbox-events.ts";
import { createInterruptSignal } from "../console/interrupt.ts";
import { type ExitCode, type Output, type Styles, writeJson, writeRow, writeText } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";

interface Options {
  readonly data?: string;
  readonly filter?: string;
  readonly limit: string;
  readonly follow: boolean;
  readonly json?: true;
}

const POLL_MS = 500;
const PAGE_SIZE = 1000;

/** Prints the latest events of a running sandbox and, unless `--no-follow` is set, new events until the command is interrupted. */
export async function events(output: Output, options: Options): Promise<ExitCode> {
  const { stderr, style } = output;
  const { data = SANDBOX_DATA, filter, follow, json } = options;
  const limit = parseLimit(options.limit);
  const matches = parseEventFilter(filter);
  const { control, credentials } = await requireSandbox(data);
  using interrupt = createInterruptSignal();
  const note = (text: string) => {
    if (!json) writeText(stderr, style.dim(text));
  };
  if (follow) note(`Following ${credentials.baseUrl}. Stop with Ctrl-C.`);
  let offsetMs = await readOffset(control);
  if (offsetMs !== 0) note(describeClock(offsetMs));
  const first = await readEvents(control, START, filter === undefined ? Math.max(limit, 1) : PAGE_SIZE);
  const earlier = first.events.filter(matches);
  for (const event of earlier.slice(earlier.length - Math.min(limit, earlier.length))) printEvent(output, event, json);
  if (!follow) return 0;

  let { position } = first;
  let connected: ControlClient | undefined = control;
  while (await pause(POLL_MS, interrupt.signal)) {
    const found: ControlClient | undefined = connected ?? (await findSandbox(data))?.control;
    const next: EventPage | undefined = found && (await readEvents(found, position, PAGE_SIZE).catch(() => undefined));
    const offset = found && next && (await readOffset(found).catch(() => undefined));
    if (connected && !next) note("The sandbox has stopped. Waiting for it to start again.");
    connected = next && found;
    if (!next) continue;
    position = next.position;
    if (offset !== undefined && offset !== offsetMs) {
      offsetMs = offset;
      note(describeClock(offsetMs));
    }
    for (const event of next.events.filter(matches)) printEvent(output, event, json, offsetMs);
  }
  return 0;
}

const readOffset = async (control: ControlClient): Promise<number> =>
  (await control.get<ControlSchemas["Clock"]>("/clock")).offsetMs;

function describeClock(offsetMs: number): string {
  if (offsetMs === 0) return "The sandbox clock shows the time of this computer again.";
  const now = Date.now();
  const format = (time: number) => `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return `Event times use the sandbox clock, which now shows ${format(now + offsetMs)}. On this computer, it is ${format(now)}.`;
}

function parseLimit(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) > PAGE_SIZE)
    throw usageError(`--limit must be a number from 0 to ${PAGE_SIZE}.`);
  return Number(text);
}

const pause = (ms: number, signal: AbortSignal): Promise<boolean> => sleep(ms, true, { signal }).catch(() => false);

/** Prints an event as one row. `offsetMs` is the offset of the sandbox clock at the time of the event, or 0 if it is unknown. */
function printEvent({ stdout, style }: Output, event: SandboxEvent, json: true | undefined, offsetMs = 0): void {
  const { at, operation, durationMs, vaultingRequestId } = event;
  const systemAt = offsetMs === 0 ? undefined : new Date(Date.parse(at) - offsetMs).toISOString();
  if (json) {
    writeJson(stdout, { ...event, systemAt });
    return;
  }
  const { result, notes } = event.kind === "call" ? describeCall(event, style) : describeAttempt(event, style);
  const computerTime = systemAt && `on this computer ${systemAt.slice(11, 23)}`;
  const shown = [...notes, computerTime].filter((text) => text !== undefined);
  const cells = [
    toPrintable(operation ?? event.path).padEnd(21),
    result,
    `${durationMs.toFixed(1).padStart(7)} ms`,
    toPrintable(vaultingRequestId ?? ""),
    ...(shown.length > 0 ? [style.dim(`(${toPrintable(shown.join("; "))})`)] : []),
  ];
  writeRow(stdout, cells.join("  "), `${style.dim(at.slice(11, 23))}  `);
}

const RESULT_WIDTH = 23;

/** Describes an API call. The sandbox has already masked card data. */
function describeCall(
  { resultCode, resultStatus, signed, fault, scenario, note }: ControlSchemas["ApiCall"],
  { green, red, yellow }: Styles,
) {
  const paint = resultStatus === "S" ? green : resultStatus === "F" ? red : yellow;
  const notes = [
    signed ? undefined : "not signed",
    fault && `fault ${fault}`,
    scenario && `scenario ${scenario}`,
    note,
  ];
  return { result: paint(toPrintable(resultCode ?? "no response").padEnd(RESULT_WIDTH)), notes };
}

function describeAttempt(
  { outcome, resultCode, httpStatus, detail, notification, number, request }: AttemptEvent,
  { green, red }: Styles,
) {
  const paint = outcome === "ACKNOWLEDGED" ? green : red;
  const status = httpStatus === undefined || httpStatus === 200 ? "" : `, status ${httpStatus}`;
  const notes = [
    `${resultCode}, notification ${notification}, attempt ${number}${status}`,
    request?.fault && `fault ${request.fault}`,
    detail,
  ];
  return { result: paint(outcome.padEnd(RESULT_WIDTH)), notes };
}
