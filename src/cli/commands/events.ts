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
  const begun = await newest(control, Math.max(shown, 1));
  begun.slice(begun.length - shown).forEach(say);
  if (!follow) return 0;

  let at: At | undefined = { control, after: begun.at(-1)?.sequence ?? 0, startedAt };
  let last: At = at;
  while (await waited(POLL_MS, interrupt.signal)) {
    const found: ControlClient | undefined = at?.control ?? (await findSandbox(data))?.control;
    const read: Read | undefined = found && (await next({ ...last, control: found }).catch(() => undefined));
    if (at && !read && !json) line(stderr, style.dim("The sandbox is gone. Waiting until it is back."));
    at = read?.at;
    last = at ?? last;
    read?.exchanges.forEach(say);
  }
  return 0;
}

/** How far one has read, and in which process's journal. */
interface At {
  readonly control: ControlClient;
  readonly after: number;
  readonly startedAt: string;
}

interface Read {
  readonly at: At;
  readonly exchanges: readonly Exchange[];
}

const newest = async (control: ControlClient, limit: number): Promise<readonly Exchange[]> =>
  (await control.get<ControlSchemas["Journal"]>(`/journal?limit=${limit}`)).exchanges;

const startOf = async (control: ControlClient): Promise<string> =>
  (await control.get<ControlSchemas["Health"]>("/health")).startedAt;

/** What has come since. A sandbox that was started anew counts from 1 again. */
async function next({ control, after, startedAt }: At): Promise<Read> {
  const since = async (sequence: number) =>
    (await control.get<ControlSchemas["Journal"]>(`/journal?limit=${PAGE}&after=${sequence}`)).exchanges;
  let exchanges = await since(after);
  const started = exchanges.length > 0 ? startedAt : await startOf(control);
  if (started !== startedAt) exchanges = await since(0);
  const end = exchanges.at(-1)?.sequence ?? (started === startedAt ? after : 0);
  return { at: { control, after: end, startedAt: started }, exchanges };
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
