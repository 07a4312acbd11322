import { openCredentials, writeCredentials } from "../../gateway/index.ts";
import { startMock } from "../../mock/index.ts";
import { commandPrefix, type ExitCode, type Output, writeLine } from "../console/output.ts";
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

/** Serves the mock until it is told to stop. */
export async function mock(output: Output, { data, port, host, json }: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const say = (sentence: string) => writeLine(stderr, sentence);
  const running = await startMock({
    host,
    port: parsePort(port),
    keys: await openCredentials(data),
    onSignatureRejected: createSignatureExplainer("mock", say),
    onError: createErrorLogger("mock", say),
  });
  const stopped = waitForStopSignal();
  const file = await writeCredentials(data, running.credentials);
  const { baseUrl, clientId, antomPublicKey } = running.credentials;
  if (json) {
    writeLine(stdout, JSON.stringify({ baseUrl, clientId, antomPublicKey }));
  } else {
    writeLine(stdout, `${style.green("●")} ${style.bold("Mock of the Vault API")} at ${style.bold(baseUrl)}`);
    writeLine(stdout, `  Client ID    ${clientId}`);
    writeLine(stdout, `  Credentials  ${file}`);
    writeLine(
      stdout,
      `  Any example: header ${style.bold("Prefer: example=VERIFICATION_FAIL")}, or a vaultingRequestId of ${style.bold("mock:VERIFICATION_FAIL")}; ${commandPrefix} spec --examples lists them`,
    );
    printQuickStart(output, data, file);
  }
  await stopped;
  await running.close();
  return 0;
}
