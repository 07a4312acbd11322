import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { formatVaultingPath, PAGE } from "../../control-api/sandbox-paths.ts";
import { type FoundSandbox, requireSandbox, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import { openInBrowser } from "../console/open-browser.ts";
import { type ExitCode, type Output, writeJson, writeLine, writeText } from "../console/output.ts";
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
  const path = `/vaultings/${encodeURIComponent(id)}?clientId=${encodeURIComponent(clientId)}`;
  const { normalUrl } = await control.get<ControlSchemas["Vaulting"]>(path);
  if (!buyer) return baseUrl + formatVaultingPath({ clientId, vaultingRequestId: id });
  if (normalUrl === undefined) throw usageError("The vaulting has ended, so it has no page for the buyer.");
  return normalUrl;
}
