import { openCredentials, writeCredentials } from "../../gateway/index.ts";
import { startMock } from "../../mock/index.ts";
import { commandPrefix, type ExitCode, type Output, writeLine, writePairs, writeText } from "../console/output.ts";
import {
  createErrorLogger,
  createSignatureExplainer,
  parsePort,
  printQuickStart,
  waitForStopSignal,
} from "../console/serve-helpers.ts";

interface Options {
  readonly data: string;
  readonly port: string;
  readonly host: string;
  readonly json?: true;
}

/** Runs the mock until it is stopped. */
export async function mock(output: Output, { data, port, host, json }: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const print = (message: string) => writeText(stderr, message);
  const running = await startMock({
    host,
    port: parsePort(port),
    keys: await openCredentials(data),
    onSignatureRejected: createSignatureExplainer("mock", print),
    onError: createErrorLogger("mock", print),
  });
  const stopped = waitForStopSignal();
  const file = await writeCredentials(data, running.credentials);
  const { baseUrl, clientId, antomPublicKey } = running.credentials;
  if (json) {
    writeLine(stdout, JSON.stringify({ baseUrl, clientId, antomPublicKey }));
  } else {
    writeText(stdout, `${style.bold("Vault API mock")} at ${style.bold(baseUrl)}`, `${style.green("●")} `);
    const [header, id] = ["Prefer: example=VERIFICATION_FAIL", "mock:VERIFICATION_FAIL"].map(style.bold);
    writePairs(stdout, [
      ["Client ID", clientId],
      ["Credentials", file],
      [
        "Examples",
        `Send the header ${header}, or the vaultingRequestId ${id}. To list all: ${commandPrefix} spec --examples`,
      ],
    ]);
    printQuickStart(output, data, file);
  }
  await stopped;
  await running.close();
  return 0;
}
