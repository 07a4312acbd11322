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
import { LISTEN_PORT, NOTIFICATION_PATH } from "../notifications/listen-defaults.ts";
import { openListener } from "../notifications/notification-listener.ts";

interface Options {
  readonly port: string;
  readonly path: string;
  readonly failFirst: string;
  readonly credentials?: string;
  readonly data?: string;
  readonly json?: true;
}

/** Receives, verifies, and acknowledges notifications until the command is stopped. */
export async function listen(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, style } = output;
  const { path, json } = options;
  const failFirst = Number(options.failFirst);
  if (!/^\d{1,6}$/.test(options.failFirst)) throw usageError("--fail-first must be a whole number from 0 to 999999.");
  if (!/^\/[!-~]*$/.test(path))
    throw usageError("--path must start with / and contain only printable ASCII characters, without spaces.");
  const credentials = await resolveCredentials(options);
  await using listener = await openListener(
    { port: parsePort(options.port), path },
    {
      ...credentials,
      failFirst,
      onNotification: (received) => {
        if (json) writeJson(stdout, received);
        else writeRow(stdout, formatNotification(received, style), `${style.dim(received.receivedAt.slice(11, 23))}  `);
      },
    },
  );
  const stopped = waitForStopSignal();
  if (json) writeJson(stdout, { url: listener.url, clientId: credentials.clientId });
  else {
    const urlOption = listener.url === DEFAULT_URL ? "" : ` --notification-url ${listener.url}`;
    writeText(stdout, `Listening for notifications at ${style.bold(listener.url)}`, `${style.green("●")} `);
    writePairs(stdout, [
      ["Client ID", credentials.clientId],
      [
        "Responds",
        failFirst > 0
          ? `with status 500 to the first ${failFirst === 1 ? "notification" : `${failFirst} notifications`}, so that the gateway resends ${failFirst === 1 ? "it" : "them"}`
          : undefined,
      ],
    ]);
    writeCommand(stdout, `${commandPrefix} vault --test-card visa --no-wait${urlOption}`, "  Try it     ");
    writeLine(stdout, style.dim("Stop with Ctrl-C."));
  }
  await stopped;
  return 0;
}

const DEFAULT_URL = `http://127.0.0.1:${LISTEN_PORT}${NOTIFICATION_PATH}`;

/** Returns the given credentials, otherwise those in the data directory of the sandbox, whether or not it is running. */
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
