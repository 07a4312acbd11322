import { setTimeout as sleep } from "node:timers/promises";
import { printable } from "../../cards/mask-card-data.ts";
import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { findSandbox, needSandbox, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import { interruptible } from "../console/interrupt.ts";
import { type ExitCode, line, type Output, type Styles } from "../console/output.ts";
import { wrongUsage } from "../console/usage-error.ts";

type Exchange = ControlSchemas["Exchange"];

interface Options {
  readonly data?: string;
  readonly last: string;
  readonly follow: boolean;
  readonly json?: true;
}

const POLL_MS = 500;
const PAGE = 1000;

/** Shows the exchanges of a running sandbox as they come, until it is told to stop. */
export async function events(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { data = SANDBOX_DATA, follow, json } = options;
  const shown = lastOf(options.last);
  const say = (exchange: Exchange) => line(stdout, json ? JSON.stringify(exchange) : exchangeText(exchange, style));
  const { control, credentials } = await needSandbox(data);
  using interrupt = interruptible();
  if (follow && !json) line(stderr, style.dim(`Following ${credentials.baseUrl}. Stop with Ctrl-C.`));
  const startedAt = await startOf(control);
  const begun = await journal(control, `limit=${Math.max(shown, 1)}`);
  begun.slice(begun.length - shown).forEach(say);
  if (!follow) return 0;

  let last: Read = { exchanges: begun, after: begun.at(-1)?.sequence ?? 0, startedAt };
  let connected: ControlClient | undefined = control;
  while (await waited(POLL_MS, interrupt.signal)) {
    const found: ControlClient | undefined = connected ?? (await findSandbox(data))?.control;
    const read: Read | undefined = found && (await next(found, last).catch(() => undefined));
    if (connected && !read && !json) line(stderr, style.dim("The sandbox is gone. Waiting until it is back."));
    connected = read && found;
    last = read ?? last;
    read?.exchanges.forEach(say);
  }
  return 0;
}

/** API calls that were read, the number of the last one, and the start time of the process that numbered them. */
interface Read {
  readonly exchanges: readonly Exchange[];
  readonly after: number;
  readonly startedAt: string;
}

const journal = async (control: ControlClient, query: string): Promise<readonly Exchange[]> =>
  (await control.get<ControlSchemas["Journal"]>(`/journal?${query}`)).exchanges;

const startOf = async (control: ControlClient): Promise<string> =>
  (await control.get<ControlSchemas["Health"]>("/health")).startedAt;

/** What has come since. A sandbox that was started anew counts from 1 again. */
async function next(control: ControlClient, { after, startedAt: before }: Read): Promise<Read> {
  const since = (sequence: number) => journal(control, `limit=${PAGE}&after=${sequence}`);
  const exchanges = await since(after);
  const startedAt = exchanges.length > 0 ? before : await startOf(control);
  if (startedAt === before) return { exchanges, after: exchanges.at(-1)?.sequence ?? after, startedAt };
  const anew = await since(0);
  return { exchanges: anew, after: anew.at(-1)?.sequence ?? 0, startedAt };
}

function lastOf(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) > PAGE) throw wrongUsage(`--last must be a number from 0 to ${PAGE}.`);
  return Number(text);
}

const waited = (ms: number, signal: AbortSignal): Promise<boolean> => sleep(ms, true, { signal }).catch(() => false);

/** One exchange as one line. Everything in it was masked by the sandbox; what callers have written is shown so that no terminal obeys it. */
export function exchangeText(exchange: Exchange, style: Styles): string {
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
    printable(operation ?? path).padEnd(21),
    paint(printable(resultCode ?? "no answer").padEnd(23)),
    `${durationMs.toFixed(1).padStart(7)} ms`,
    printable(vaultingRequestId ?? ""),
    ...(notes.length > 0 ? [style.dim(`(${printable(notes.join("; "))})`)] : []),
  ].join("  ");
}
