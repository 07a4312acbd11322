import { credentialsIn, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import { type ExitCode, line, type Output, self } from "../console/output.ts";
import { readPort, untilStopped } from "../console/serve-helpers.ts";
import { wrongUsage } from "../console/usage-error.ts";
import { neededField, readCredentials } from "../inputs/read-credentials.ts";
import { heardText } from "../notifications/format-notification.ts";
import { LISTEN_PORT, NOTIFICATION_PATH } from "../notifications/listen-defaults.ts";
import { openListener } from "../notifications/notification-listener.ts";

interface Options {
  readonly port: string;
  readonly path: string;
  readonly fail: string;
  readonly credentials?: string;
  readonly data?: string;
  readonly json?: true;
}

/** Receives, verifies and acknowledges notifications until it is told to stop. */
export async function listen(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, style } = output;
  const { path, json } = options;
  const fail = Number(options.fail);
  if (!/^\d{1,6}$/.test(options.fail)) throw wrongUsage("--fail must be a whole number from 0 to 999999.");
  if (!/^\/[!-~]*$/.test(path)) throw wrongUsage("--path must begin with / and hold no blanks.");
  const credentials = await whose(options);
  await using listener = await openListener(
    { port: readPort(options.port), path },
    {
      ...credentials,
      fail,
      onHeard: (heard) =>
        line(stdout, json ? JSON.stringify(heard) : `${style.dim(heard.at.slice(11, 23))}  ${heardText(heard, style)}`),
    },
  );
  const stopped = untilStopped();
  if (json) line(stdout, JSON.stringify({ url: listener.url, clientId: credentials.clientId }));
  else {
    const given = listener.url === DEFAULT_URL ? "" : ` --notification-url ${listener.url}`;
    line(stdout, `${style.green("●")} Listening for notifications at ${style.bold(listener.url)}`);
    line(stdout, `  Client ID  ${credentials.clientId}`);
    if (fail > 0) line(stdout, `  Fails      the first ${fail}, so that they are sent again`);
    line(stdout, `  Try it     ${self} vault --test-card visa --no-wait${given}`);
    line(stdout, style.dim("Stop with Ctrl-C."));
  }
  await stopped;
  return 0;
}

const DEFAULT_URL = `http://127.0.0.1:${LISTEN_PORT}${NOTIFICATION_PATH}`;

/** Whoever is told, else the client of the sandbox on the data folder, whether or not it runs. */
async function whose({ credentials: file, data }: Options) {
  const told = data === undefined ? await readCredentials(file) : undefined;
  if (told && (file !== undefined || told.clientId !== undefined)) {
    const { merchantPrivateKey } = told;
    return {
      clientId: neededField(told, "clientId"),
      antomPublicKey: neededField(told, "antomPublicKey"),
      // Nothing is signed here. One's own key only helps to find a mistake.
      ...(merchantPrivateKey === undefined ? {} : { merchantPrivateKey }),
    };
  }
  const folder = data ?? SANDBOX_DATA;
  const found = await credentialsIn(folder);
  if (found) return found;
  throw wrongUsage(
    `There are no credentials in ${folder}. Start a sandbox in another terminal (${self} sandbox), or give --credentials FILE.`,
  );
}
