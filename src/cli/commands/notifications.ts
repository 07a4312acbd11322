import { setTimeout as sleep } from "node:timers/promises";
import { toPrintable } from "../../cards/mask-card-data.ts";
import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { getResult } from "../../protocol/json-fields.ts";
import { type FoundSandbox, requireSandbox, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import { findVaulting } from "../calling/find-vaulting.ts";
import { createInterruptSignal } from "../console/interrupt.ts";
import {
  commandPrefix,
  type ExitCode,
  type Output,
  writeJson,
  writeLine,
  writeRow,
  writeText,
} from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";
import {
  describeAttempt,
  formatCurl,
  formatDuration,
  printNotification,
} from "../notifications/stored-notification.ts";

type Notification = ControlSchemas["Notification"];

interface Options {
  readonly state?: Notification["state"];
  readonly limit: string;
  readonly resend?: true;
  readonly curl?: true;
  readonly data?: string;
  readonly json?: true;
}

/**
 * Lists the notifications of a running sandbox, prints or resends one, or prints a curl command that sends it again. Returns exit code 1 if a resent
 * notification is not acknowledged, unless `--curl` is set.
 */
export async function notifications(output: Output, name: string | undefined, options: Options): Promise<ExitCode> {
  const { resend, curl, json } = options;
  if (name === undefined && (resend || curl))
    throw usageError(
      `--resend and --curl require the number of a notification or a vaultingRequestId. Use: notifications NUMBER ${resend ? "--resend" : "--curl"}`,
    );
  const sandbox = await requireSandbox(options.data ?? SANDBOX_DATA);
  const { control } = sandbox;
  if (name === undefined) return listNotifications(output, control, options);
  const found = await findNotification(sandbox, name);
  const shown = resend ? await resendNow(control, found) : found;
  if (curl) {
    printCurl(output, shown);
    return 0;
  }
  if (json) writeJson(output.stdout, shown);
  else printNotification(output, shown, await readClock(control));
  return resend && shown.state !== "ACKNOWLEDGED" ? 1 : 0;
}

const readClock = async (control: ControlClient): Promise<number> =>
  Date.parse((await control.get<ControlSchemas["Clock"]>("/clock")).now);

async function listNotifications(
  output: Output,
  control: ControlClient,
  { state, limit, json }: Options,
): Promise<ExitCode> {
  const { stdout, style } = output;
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > 1000)
    throw usageError("--limit must be a number from 1 to 1000.");
  const query = `limit=${limit}${state === undefined ? "" : `&state=${state}`}`;
  const list = await control.get<ControlSchemas["NotificationList"]>(`/notifications?${query}`);
  if (json) {
    writeLine(stdout, JSON.stringify(list.notifications));
    return 0;
  }
  const now = await readClock(control);
  for (const notification of list.notifications) {
    const { sequence, url, attempts, dueAt, body, vaultingRequestId } = notification;
    const paint = notification.state === "ACKNOWLEDGED" ? style.green : style.yellow;
    const last = attempts.at(-1);
    const cells = [
      paint(notification.state.padEnd(12)),
      (getResult(JSON.parse(body)).resultCode ?? "").padEnd(20),
      toPrintable(vaultingRequestId),
      style.dim(`→ ${toPrintable(url)}`),
      last ? `attempt ${attempts.length}: ${describeAttempt(last)}` : "not sent yet",
      ...(dueAt === undefined ? [] : [`next attempt ${formatDuration(Date.parse(dueAt) - now)}`]),
    ];
    writeRow(stdout, cells.join("  "), `${style.bold(String(sequence).padStart(5))}  `);
  }
  const hint =
    list.notifications.length > 0
      ? `To show the requests and responses of a notification, run: ${commandPrefix} notifications NUMBER`
      : `There are no${state === undefined ? "" : ` ${state}`} notifications. To create a notification, run: ${commandPrefix} trigger success`;
  writeText(output.stderr, style.dim(hint));
  return 0;
}

/** Returns the notification with this number; otherwise, the notification of the vaulting with this ID. */
async function findNotification(
  { control, credentials: { clientId } }: FoundSandbox,
  name: string,
): Promise<Notification> {
  const numbered = /^\d{1,15}$/.test(name) ? await control.find<Notification>(`/notifications/${name}`) : undefined;
  const [found] = numbered
    ? [numbered]
    : ((await findVaulting(control, { clientId, vaultingRequestId: name }))?.notifications ?? []);
  if (found) return found;
  throw usageError(
    `The sandbox has no notification with this number or for this vaultingRequestId. To list the notifications, run: ${commandPrefix} notifications`,
  );
}

/** How long to wait for the result of an attempt. The attempt times out after 10 seconds. */
const RESULT_TIMEOUT_MS = 12_000;
const POLL_MS = 50;

/** Resends a notification, and waits for the result of the attempt. */
async function resendNow(control: ControlClient, { sequence, attempts }: Notification): Promise<Notification> {
  using interrupt = createInterruptSignal();
  await control.post(`/notifications/${sequence}/resend`, {});
  const until = performance.now() + RESULT_TIMEOUT_MS;
  for (;;) {
    const current = await control.get<Notification>(`/notifications/${sequence}`);
    if (current.attempts.length > attempts.length || performance.now() > until) return current;
    interrupt.signal.throwIfAborted();
    await sleep(POLL_MS);
  }
}

function printCurl({ stdout, stderr }: Output, notification: Notification): void {
  const command = formatCurl(notification);
  if (command === undefined)
    throw usageError(
      "The sandbox has not sent a request for this notification, so there is no request to print. To send the notification now, use --resend.",
    );
  writeLine(stdout, command);
  writeText(
    stderr,
    "The command sends the last request again, with the same headers. A receiver might reject the request because its Request-Time is old. For a new signature, use --resend.",
    "! ",
  );
}
