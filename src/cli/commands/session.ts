import { randomUUID } from "node:crypto";
import { createVaultClient } from "../../client/index.ts";
import { callTarget, type TargetOptions } from "../calling/call-target.ts";
import { type AddressOptions, addressesOf } from "../calling/callback-urls.ts";
import { exitCodeOf, printOutcome } from "../calling/format-outcome.ts";
import { follow, readSeconds } from "../calling/watch-vaulting.ts";
import { interruptible } from "../console/interrupt.ts";
import { openInBrowser } from "../console/open-browser.ts";
import { type ExitCode, line, type Output } from "../console/output.ts";
import { heardText } from "../notifications/format-notification.ts";

interface Options extends TargetOptions, AddressOptions {
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
  const limitMs = readSeconds("--timeout", options.timeout);
  using interrupt = interruptible();
  const { signal } = interrupt;
  await using target = await callTarget(output, options);
  // A sandbox that was started for the call takes the page with it.
  const wait = options.wait === true || target.from === "started";
  const vaultingRequestId = options.id ?? randomUUID();
  await using addresses = await addressesOf(target, options, wait, vaultingRequestId);
  const { arrivals, vaultingNotificationUrl, redirectUrl } = addresses;
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
  if (created.outcome !== "created") return exitCodeOf(created);
  if (options.open && created.normalUrl !== undefined && !(await openInBrowser(created.normalUrl)))
    line(stderr, style.dim("There is no browser here: open the page yourself."));
  if (!wait) return 0;
  const outcome = await follow(output, { vault, vaultingRequestId, arrivals, limitMs, signal });
  printOutcome(output, outcome, json);
  const [notification] = arrivals?.heard ?? [];
  if (notification && !json) line(stdout, `${style.bold("Notification")}  ${heardText(notification, style)}`);
  return exitCodeOf(outcome, true);
}
