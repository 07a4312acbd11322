import { setTimeout as sleep } from "node:timers/promises";
import { toPrintable } from "../../cards/mask-card-data.ts";
import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { findSandbox, requireSandbox, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import { createInterruptSignal } from "../console/interrupt.ts";
import { type ExitCode, type Output, type Styles, writeLine } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";

type Exchange = ControlSchemas["ApiCall"];

interface Options {
  readonly data?: string;
  readonly limit: string;
  readonly follow: boolean;
  readonly json?: true;
}

const POLL_MS = 500;
const PAGE = 1000;

/** Shows the exchanges of a running sandbox as they come, until it is told to stop. */
export async function events(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { data = SANDBOX_DATA, follow, json } = options;
  const shown = parseLimit(options.limit);
  const say = (exchange: Exchange) => writeLine(stdout, json ? JSON.stringify(exchange) : formatCall(exchange, style));
  const { control, credentials } = await requireSandbox(data);
  using interrupt = createInterruptSignal();
  if (follow && !json) writeLine(stderr, style.dim(`Following ${credentials.baseUrl}. Stop with Ctrl-C.`));
  const startedAt = await readStartTime(control);
  const begun = await readCalls(control, `limit=${Math.max(shown, 1)}`);
  begun.slice(begun.length - shown).forEach(say);
  if (!follow) return 0;

  let last: ReadState = { exchanges: begun, after: begun.at(-1)?.sequence ?? 0, startedAt };
  let connected: ControlClient | undefined = control;
  while (await pause(POLL_MS, interrupt.signal)) {
    const found: ControlClient | undefined = connected ?? (await findSandbox(data))?.control;
    const read: ReadState | undefined = found && (await readNewCalls(found, last).catch(() => undefined));
    if (connected && !read && !json) writeLine(stderr, style.dim("The sandbox is gone. Waiting until it is back."));
    connected = read && found;
    last = read ?? last;
    read?.exchanges.forEach(say);
  }
  return 0;
}

/** API calls that were read, the number of the last one, and the start time of the process that numbered them. */
interface ReadState {
  readonly exchanges: readonly Exchange[];
  readonly after: number;
  readonly startedAt: string;
}

const readCalls = async (control: ControlClient, query: string): Promise<readonly Exchange[]> =>
  (await control.get<ControlSchemas["CallList"]>(`/calls?${query}`)).calls;

const readStartTime = async (control: ControlClient): Promise<string> =>
  (await control.get<ControlSchemas["Health"]>("/health")).startedAt;

/** What has come since. A sandbox that was started anew counts from 1 again. */
async function readNewCalls(control: ControlClient, { after, startedAt: before }: ReadState): Promise<ReadState> {
  const since = (sequence: number) => readCalls(control, `limit=${PAGE}&after=${sequence}`);
  const exchanges = await since(after);
  const startedAt = exchanges.length > 0 ? before : await readStartTime(control);
  if (startedAt === before) return { exchanges, after: exchanges.at(-1)?.sequence ?? after, startedAt };
  const anew = await since(0);
  return { exchanges: anew, after: anew.at(-1)?.sequence ?? 0, startedAt };
}

function parseLimit(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) > PAGE) throw usageError(`--limit must be a number from 0 to ${PAGE}.`);
  return Number(text);
}

const pause = (ms: number, signal: AbortSignal): Promise<boolean> => sleep(ms, true, { signal }).catch(() => false);

/** One exchange as one line. Everything in it was masked by the sandbox; what callers have written is shown so that no terminal obeys it. */
export function formatCall(exchange: Exchange, style: Styles): string {
  const { at, operation, path, resultCode, resultStatus, durationMs, vaultingRequestId, signed } = exchange;
  const paint = resultStatus === "S" ? style.green : resultStatus === "F" ? style.red : style.yellow;
  const notes = [
    signed ? undefined : "not signed",
    exchange.fault && `fault ${exchange.fault}`,
    exchange.scenario && `scenario ${exchange.scenario}`,
    exchange.note,
  ].filter((each) => each !== undefined);
  return [
    style.dim(at.slice(11, 23)),
    toPrintable(operation ?? path).padEnd(21),
    paint(toPrintable(resultCode ?? "no answer").padEnd(23)),
    `${durationMs.toFixed(1).padStart(7)} ms`,
    toPrintable(vaultingRequestId ?? ""),
    ...(notes.length > 0 ? [style.dim(`(${toPrintable(notes.join("; "))})`)] : []),
  ].join("  ");
}
