import { setTimeout as sleep } from "node:timers/promises";
import { toPrintable } from "../../cards/mask-card-data.ts";
import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { findSandbox, requireSandbox, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import { createInterruptSignal } from "../console/interrupt.ts";
import { type ExitCode, type Output, writeJson, writeRow, writeText } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";

type ApiCall = ControlSchemas["ApiCall"];

interface Options {
  readonly data?: string;
  readonly limit: string;
  readonly follow: boolean;
  readonly json?: true;
}

const POLL_MS = 500;
const PAGE_SIZE = 1000;

/** Prints the latest API calls of a running sandbox, then new ones until the command is interrupted. */
export async function events(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { data = SANDBOX_DATA, follow, json } = options;
  const limit = parseLimit(options.limit);
  const print = (call: ApiCall) => {
    if (json) writeJson(stdout, call);
    else printCall(output, call);
  };
  const { control, credentials } = await requireSandbox(data);
  using interrupt = createInterruptSignal();
  if (follow && !json) writeText(stderr, style.dim(`Following ${credentials.baseUrl}. Stop with Ctrl-C.`));
  const startedAt = await readStartTime(control);
  const earlier = await readCalls(control, `limit=${Math.max(limit, 1)}`);
  earlier.slice(earlier.length - limit).forEach(print);
  if (!follow) return 0;

  let last: ReadState = { calls: earlier, after: earlier.at(-1)?.sequence ?? 0, startedAt };
  let connected: ControlClient | undefined = control;
  while (await pause(POLL_MS, interrupt.signal)) {
    const found: ControlClient | undefined = connected ?? (await findSandbox(data))?.control;
    const next: ReadState | undefined = found && (await readNewCalls(found, last).catch(() => undefined));
    if (connected && !next && !json)
      writeText(stderr, style.dim("The sandbox has stopped. Waiting for it to start again."));
    connected = next && found;
    last = next ?? last;
    next?.calls.forEach(print);
  }
  return 0;
}

/** API calls that were read, the number of the last one, and the start time of the process that numbered them. */
interface ReadState {
  readonly calls: readonly ApiCall[];
  readonly after: number;
  readonly startedAt: string;
}

const readCalls = async (control: ControlClient, query: string): Promise<readonly ApiCall[]> =>
  (await control.get<ControlSchemas["CallList"]>(`/calls?${query}`)).calls;

const readStartTime = async (control: ControlClient): Promise<string> =>
  (await control.get<ControlSchemas["Health"]>("/health")).startedAt;

/** Reads the API calls that follow the last one. A restarted sandbox numbers its calls from 1 again. */
async function readNewCalls(control: ControlClient, { after, startedAt: before }: ReadState): Promise<ReadState> {
  const readAfter = (sequence: number) => readCalls(control, `limit=${PAGE_SIZE}&after=${sequence}`);
  const calls = await readAfter(after);
  const startedAt = calls.length > 0 ? before : await readStartTime(control);
  if (startedAt === before) return { calls, after: calls.at(-1)?.sequence ?? after, startedAt };
  const all = await readAfter(0);
  return { calls: all, after: all.at(-1)?.sequence ?? 0, startedAt };
}

function parseLimit(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) > PAGE_SIZE)
    throw usageError(`--limit must be a number from 0 to ${PAGE_SIZE}.`);
  return Number(text);
}

const pause = (ms: number, signal: AbortSignal): Promise<boolean> => sleep(ms, true, { signal }).catch(() => false);

/** Prints an API call as one row. Escapes control characters. The sandbox already masks card data. */
function printCall({ stdout, style }: Output, call: ApiCall): void {
  const { at, operation, path, resultCode, resultStatus, durationMs, vaultingRequestId } = call;
  const paint = resultStatus === "S" ? style.green : resultStatus === "F" ? style.red : style.yellow;
  const notes = listNotes(call);
  const cells = [
    toPrintable(operation ?? path).padEnd(21),
    paint(toPrintable(resultCode ?? "no response").padEnd(23)),
    `${durationMs.toFixed(1).padStart(7)} ms`,
    toPrintable(vaultingRequestId ?? ""),
    ...(notes.length > 0 ? [style.dim(`(${toPrintable(notes.join("; "))})`)] : []),
  ];
  writeRow(stdout, cells.join("  "), `${style.dim(at.slice(11, 23))}  `);
}

const listNotes = ({ signed, fault, scenario, note }: ApiCall): readonly string[] =>
  [signed ? undefined : "not signed", fault && `fault ${fault}`, scenario && `scenario ${scenario}`, note].filter(
    (text) => text !== undefined,
  );
