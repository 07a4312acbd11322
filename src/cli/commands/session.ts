import { randomUUID } from "node:crypto";
import { createVaultClient } from "../../client/index.ts";
import { resolveTarget, type TargetOptions } from "../calling/call-target.ts";
import { type CallbackUrlOptions, resolveCallbackUrls } from "../calling/callback-urls.ts";
import { getExitCode, printOutcome } from "../calling/format-outcome.ts";
import { parseSeconds, watchVaulting } from "../calling/watch-vaulting.ts";
import { createInterruptSignal } from "../console/interrupt.ts";
import { openInBrowser } from "../console/open-browser.ts";
import { type ExitCode, type Output, writeLine } from "../console/output.ts";
import { formatNotification } from "../notifications/format-notification.ts";

interface Options extends TargetOptions, CallbackUrlOptions {
  readonly id?: string;
  readonly "3ds"?: true;
  readonly open?: true;
  readonly wait?: true;
  readonly timeout: string;
  readonly json?: true;
}

/** Creates a session in which the buyer types the card, and waits for the buyer where it is told to. */
export async function session(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { json } = options;
  const limitMs = parseSeconds("--timeout", options.timeout);
  using interrupt = createInterruptSignal();
  const { signal } = interrupt;
  await using target = await resolveTarget(output, options);
  // A sandbox that was started for the call takes the page with it.
  const wait = options.wait === true || target.source === "started";
  const vaultingRequestId = options.id ?? randomUUID();
  await using addresses = await resolveCallbackUrls(target, options, wait, vaultingRequestId);
  const { inbox, vaultingNotificationUrl, redirectUrl } = addresses;
  const vault = createVaultClient(target.credentials);
  const created = await vault.createVaultingSession(
    {
      paymentMethodType: "CARD",
      vaultingRequestId,
      vaultingNotificationUrl,
      redirectUrl,
      ...(options["3ds"] ? { is3DSAuthentication: true } : {}),
    },
    { signal },
  );
  printOutcome(output, created, json);
  if (created.outcome !== "created") return getExitCode(created);
  if (options.open && created.normalUrl !== undefined && !(await openInBrowser(created.normalUrl)))
    writeLine(stderr, style.dim("There is no browser here: open the page yourself."));
  if (!wait) return 0;
  const outcome = await watchVaulting(output, { vault, vaultingRequestId, inbox, limitMs, signal });
  printOutcome(output, outcome, json);
  const [notification] = inbox?.received ?? [];
  if (notification && !json)
    writeLine(stdout, `${style.bold("Notification")}  ${formatNotification(notification, style)}`);
  return getExitCode(outcome, true);
}
