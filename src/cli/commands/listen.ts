import { isLoopback } from "../../protocol/require-tls.ts";
import { readSandboxCredentials, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import {
  commandPrefix,
  type ExitCode,
  type Output,
  writeCommand,
  writeJson,
  writeLine,
  writePairs,
  writeRow,
  writeText,
} from "../console/output.ts";
import { parsePort, waitForStopSignal } from "../console/serve-helpers.ts";
import { usageError } from "../console/usage-error.ts";
import { readCredentials, requireField } from "../inputs/read-credentials.ts";
import { formatNotification } from "../notifications/format-notification.ts";
import { getForwardPath, parseForwardUrl } from "../notifications/forward-notification.ts";
import { LISTEN_PORT, NOTIFICATION_PATH } from "../notifications/listen-defaults.ts";
import { openListener } from "../notifications/notification-listener.ts";

interface Options {
  readonly port: string;
  readonly path?: string;
  readonly forwardTo?: string;
  readonly failFirst: string;
  readonly credentials?: string;
  readonly data?: string;
  readonly json?: true;
}

/** Receives, verifies, and acknowledges or forwards notifications until the command is stopped. */
export async function listen(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, style } = output;
  const { json } = options;
  const endpoints = readEndpoints(options);
  const failFirst = Number(options.failFirst);
  if (!/^\d{1,6}$/.test(options.failFirst)) throw usageError("--fail-first must be a whole number from 0 to 999999.");
  const credentials = await resolveCredentials(options);
  const { forwardTo } = endpoints;
  await using listener = await openListener(endpoints, {
    ...credentials,
    failFirst,
    forwardTo,
    onNotification: (received) => {
      if (json) writeJson(stdout, received);
      else writeRow(stdout, formatNotification(received, style), `${style.dim(received.receivedAt.slice(11, 23))}  `);
    },
  });
  const stopped = waitForStopSignal();
  if (json) writeJson(stdout, { url: listener.url, clientId: credentials.clientId, forwardTo: forwardTo?.href });
  else printStart(output, { ...endpoints, url: listener.url, clientId: credentials.clientId, failFirst });
  await stopped;
  return 0;
}

interface Endpoints {
  readonly port: number;
  readonly path: string;
  readonly forwardTo: URL | undefined;
}

/** Reads the port, the path, and the endpoint to forward to. By default, the path is the endpoint's path, so that the signature is valid for both. */
function readEndpoints(options: Options): Endpoints {
  const forwardTo = options.forwardTo === undefined ? undefined : parseForwardUrl(options.forwardTo);
  const path = options.path ?? (forwardTo && getForwardPath(forwardTo)) ?? NOTIFICATION_PATH;
  if (!/^\/[!-~]*$/.test(path))
    throw usageError("--path must start with / and contain only printable ASCII characters, without spaces.");
  const port = parsePort(options.port);
  if (forwardTo && isLoopback(forwardTo.hostname) && port > 0 && Number(forwardTo.port) === port)
    throw usageError("--forward-to is the address of this command. Use your server's port, or a different --port.");
  return { port, path, forwardTo };
}

function printStart(
  { stdout, style }: Output,
  {
    url,
    clientId,
    failFirst,
    path,
    forwardTo,
  }: Endpoints & { readonly url: string; readonly clientId: string; readonly failFirst: number },
): void {
  const forwardPath = (forwardTo && getForwardPath(forwardTo)) ?? path;
  const failed = failFirst === 1 ? ["valid notification", "it"] : [`${failFirst} valid notifications`, "them"];
  writeText(stdout, `Listening for notifications at ${style.bold(url)}`, `${style.green("●")} `);
  writePairs(stdout, [
    ["Client ID", clientId],
    ["Forwards to", forwardTo && new URL(forwardPath, forwardTo).href],
    [
      "Signed path",
      forwardPath === path
        ? undefined
        : `${path}. Set your receiver's \`path\` option to this path, because the signature covers it.`,
    ],
    [
      "Responds",
      failFirst > 0 ? `with status 500 to the first ${failed[0]}, so that the gateway resends ${failed[1]}` : undefined,
    ],
  ]);
  const nameWidth = (forwardTo ? "Forwards to" : "Client ID").length;
  const urlOption = url === DEFAULT_URL ? "" : ` --notification-url ${url}`;
  writeCommand(
    stdout,
    `${commandPrefix} vault --test-card visa --no-wait${urlOption}`,
    `  ${"Try it".padEnd(nameWidth)}  `,
  );
  writeLine(stdout, style.dim("Stop with Ctrl-C."));
}

const DEFAULT_URL = `http://127.0.0.1:${LISTEN_PORT}${NOTIFICATION_PATH}`;

/** Returns the credentials that the user specifies; otherwise, those in the data directory of the sandbox, whether or not the sandbox is running. */
async function resolveCredentials({ credentials: file, data }: Options) {
  const given = data === undefined ? await readCredentials(file) : undefined;
  if (given && (file !== undefined || given.clientId !== undefined)) {
    const { merchantPrivateKey } = given;
    return {
      clientId: requireField(given, "clientId"),
      antomPublicKey: requireField(given, "antomPublicKey"),
      // This command signs nothing. The merchant's key only helps to diagnose an invalid signature.
      ...(merchantPrivateKey === undefined ? {} : { merchantPrivateKey }),
    };
  }
  const directory = data ?? SANDBOX_DATA;
  const found = await readSandboxCredentials(directory);
  if (found) return found;
  throw usageError(
    `No credentials in ${directory}. Start a sandbox in a second terminal (${commandPrefix} sandbox), or set --credentials FILE.`,
  );
}
