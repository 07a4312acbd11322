import { toPrintable } from "../../cards/mask-card-data.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { formatVaultingPath, PAGE } from "../../control-api/sandbox-paths.ts";
import { didYouMean } from "../../protocol/did-you-mean.ts";
import type { AntomVaultError } from "../../protocol/errors.ts";
import { type FoundSandbox, requireSandbox, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import { findVaulting } from "../calling/find-vaulting.ts";
import { openInBrowser } from "../console/open-browser.ts";
import { commandPrefix, type ExitCode, type Output, writeJson, writeLine, writeText } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";

interface Options {
  readonly data?: string;
  readonly buyer?: true;
  readonly print?: true;
  readonly json?: true;
}

/** Opens the dashboard, the page of a vaulting, or the buyer's page. Always prints the URL. */
export async function open(output: Output, id: string | undefined, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { buyer, print, json } = options;
  if (buyer && id === undefined) throw usageError("--buyer requires the ID of a vaulting. Use: open ID --buyer");
  const sandbox = await requireSandbox(options.data ?? SANDBOX_DATA);
  const url = id === undefined ? sandbox.credentials.baseUrl + PAGE.vaultings : await findPage(sandbox, id, buyer);
  const opened = print !== true && (await openInBrowser(url));
  if (json) writeJson(stdout, { url, opened });
  else writeLine(stdout, url);
  if (!opened && !print && !json) writeText(stderr, style.dim("No browser found. Open the URL yourself."));
  return 0;
}

async function findPage({ control, credentials }: FoundSandbox, id: string, buyer: true | undefined): Promise<string> {
  const { baseUrl, clientId } = credentials;
  const { vaultings } = await control.get<ControlSchemas["VaultingList"]>("/vaultings?limit=1000");
  const hasId = ({ vaultingRequestId }: { readonly vaultingRequestId?: string }) => vaultingRequestId === id;
  const vaulting = (await findVaulting(control, { clientId, vaultingRequestId: id })) ?? vaultings.find(hasId);
  if (buyer && vaulting) {
    if (vaulting.normalUrl !== undefined) return vaulting.normalUrl;
    throw usageError("The vaulting has ended, so it has no page for the buyer.");
  }
  // A rejected call creates no vaulting, but its ID has a page.
  const rejected =
    vaulting ?? (await control.get<ControlSchemas["CallList"]>("/calls?limit=1000")).calls.findLast(hasId);
  if (buyer || !rejected) throw createUnknownIdError(id, vaultings);
  return baseUrl + formatVaultingPath({ clientId: rejected.clientId ?? clientId, vaultingRequestId: id });
}

const SHOWN_IDS = 3;

/** Creates the error for an unknown ID. It suggests the closest ID, and lists the newest ones. */
function createUnknownIdError(id: string, vaultings: readonly ControlSchemas["Vaulting"][]): AntomVaultError {
  const ids = [...new Set(vaultings.map(({ vaultingRequestId }) => toPrintable(vaultingRequestId)))];
  const newest = ids.slice(0, SHOWN_IDS).join(", ");
  return usageError(
    `The sandbox has no vaulting with this ID.${didYouMean(id, ids)} ${newest ? `The newest IDs are: ${newest}` : `To create one, run: ${commandPrefix} vault --test-card visa`}`,
  );
}
