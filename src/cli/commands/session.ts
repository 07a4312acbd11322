import { randomUUID } from "node:crypto";
import { createVaultClient } from "../../client/index.ts";
import { resolveTarget, type TargetOptions } from "../calling/call-target.ts";
import { type CallbackUrlOptions, resolveCallbackUrls } from "../calling/callback-urls.ts";
import { getExitCode, printOutcome } from "../calling/format-outcome.ts";
import { findEarlierVaulting, type OpenVaulting, printIdReuse, runWithHints } from "../calling/open-vaulting.ts";
import { printScenariosAndFaults } from "../calling/scenarios-and-faults.ts";
import { parseTimeout, watchVaulting } from "../calling/watch-vaulting.ts";
import { createInterruptSignal } from "../console/interrupt.ts";
import { openInBrowser } from "../console/open-browser.ts";
import { type ExitCode, type Output, writeRow, writeText } from "../console/output.ts";
import { formatNotification } from "../notifications/format-notification.ts";

interface Options extends TargetOptions, CallbackUrlOptions {
  readonly id?: string;
  readonly "3ds"?: true;
  readonly open?: true;
  readonly wait?: true;
  readonly timeout: string;
  readonly json?: true;
}

/** Creates a session in which the buyer enters the card on a page. With `--wait`, also waits for the result. */
export async function session(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { json } = options;
  const limitMs = parseTimeout(options.timeout);
  using interrupt = createInterruptSignal();
  const { signal } = interrupt;
  await using target = await resolveTarget(output, options);
  // A sandbox that was started for this command stops with it, so the page would not work afterward.
  const wait = options.wait === true || target.source === "started";
  const vaultingRequestId = options.id ?? randomUUID();
  await using urls = await resolveCallbackUrls(target, options, wait, vaultingRequestId);
  const { inbox, vaultingNotificationUrl, redirectUrl } = urls;
  const vault = createVaultClient(target.credentials);
  const open: OpenVaulting = { vaultingRequestId, target, options };
  const earlier = await findEarlierVaulting(target, options.id);
  return await runWithHints(output, open, async () => {
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
    open.outcome = created;
    printIdReuse(output, earlier, created);
    printOutcome(output, created, json);
    if (created.outcome !== "created") {
      await printScenariosAndFaults(stderr, target.control, created);
      return getExitCode(created);
    }
    if (options.open && created.normalUrl !== undefined && !(await openInBrowser(created.normalUrl)))
      writeText(stderr, style.dim("No browser found. Open the page yourself."));
    if (!wait) return 0;
    const outcome = await watchVaulting(output, { vault, vaultingRequestId, inbox, limitMs, signal });
    printOutcome(output, outcome, json);
    const [notification] = inbox?.received ?? [];
    if (notification && !json)
      writeRow(stdout, formatNotification(notification, style), `${style.bold("Notification")}  `);
    return getExitCode(outcome, true);
  });
}
