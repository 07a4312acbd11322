import { readSandboxCredentials, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import { commandPrefix, type ExitCode, type Output, writeLine } from "../console/output.ts";
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

/** Receives, verifies and acknowledges notifications until it is told to stop. */
export async function listen(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, style } = output;
  const { path, json } = options;
  const fail = Number(options.failFirst);
  if (!/^\d{1,6}$/.test(options.failFirst)) throw usageError("--fail-first must be a whole number from 0 to 999999.");
  if (!/^\/[!-~]*$/.test(path)) throw usageError("--path must begin with / and hold no blanks.");
  const credentials = await resolveCredentials(options);
  await using listener = await openListener(
    { port: parsePort(options.port), path },
    {
      ...credentials,
      fail,
      onHeard: (heard) =>
        writeLine(
          stdout,
          json
            ? JSON.stringify(heard)
            : `${style.dim(heard.receivedAt.slice(11, 23))}  ${formatNotification(heard, style)}`,
        ),
    },
  );
  const stopped = waitForStopSignal();
  if (json) writeLine(stdout, JSON.stringify({ url: listener.url, clientId: credentials.clientId }));
  else {
    const given = listener.url === DEFAULT_URL ? "" : ` --notification-url ${listener.url}`;
    writeLine(stdout, `${style.green("●")} Listening for notifications at ${style.bold(listener.url)}`);
    writeLine(stdout, `  Client ID  ${credentials.clientId}`);
    if (fail > 0) writeLine(stdout, `  Fails      the first ${fail}, so that they are sent again`);
    writeLine(stdout, `  Try it     ${commandPrefix} vault --test-card visa --no-wait${given}`);
    writeLine(stdout, style.dim("Stop with Ctrl-C."));
  }
  await stopped;
  return 0;
}

const DEFAULT_URL = `http://127.0.0.1:${LISTEN_PORT}${NOTIFICATION_PATH}`;

/** Whoever is told, else the client of the sandbox on the data folder, whether or not it runs. */
async function resolveCredentials({ credentials: file, data }: Options) {
  const told = data === undefined ? await readCredentials(file) : undefined;
  if (told && (file !== undefined || told.clientId !== undefined)) {
    const { merchantPrivateKey } = told;
    return {
      clientId: requireField(told, "clientId"),
      antomPublicKey: requireField(told, "antomPublicKey"),
      // Nothing is signed here. One's own key only helps to find a mistake.
      ...(merchantPrivateKey === undefined ? {} : { merchantPrivateKey }),
    };
  }
  const folder = data ?? SANDBOX_DATA;
  const found = await readSandboxCredentials(folder);
  if (found) return found;
  throw usageError(
    `There are no credentials in ${folder}. Start a sandbox in another terminal (${commandPrefix} sandbox), or give --credentials FILE.`,
  );
}
