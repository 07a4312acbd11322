import { openCredentials, writeCredentials } from "../../gateway/index.ts";
import { startMock } from "../../mock/index.ts";
import { type ExitCode, line, type Output, self } from "../console/output.ts";
import { explainer, readPort, sayError, sayTryIt, untilStopped } from "../console/serve-helpers.ts";

interface Options {
  readonly data: string;
  readonly port: string;
  readonly host: string;
  readonly json?: true;
}

/** Serves the mock until it is told to stop. */
export async function mock(output: Output, { data, port, host, json }: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const say = (sentence: string) => line(stderr, sentence);
  const running = await startMock({
    host,
    port: readPort(port),
    keys: await openCredentials(data),
    onSignatureRefused: explainer("mock", say),
    onError: sayError("mock", say),
  });
  const stopped = untilStopped();
  const file = await writeCredentials(data, running.credentials);
  const { baseUrl, clientId, antomPublicKey } = running.credentials;
  if (json) {
    line(stdout, JSON.stringify({ baseUrl, clientId, antomPublicKey }));
  } else {
    line(stdout, `${style.green("●")} ${style.bold("Mock of the Vault API")} at ${style.bold(baseUrl)}`);
    line(stdout, `  Client ID    ${clientId}`);
    line(stdout, `  Credentials  ${file}`);
    line(
      stdout,
      `  Any example: header ${style.bold("Prefer: example=VERIFICATION_FAIL")}, or a vaultingRequestId of ${style.bold("mock:VERIFICATION_FAIL")}; ${self} spec --examples lists them`,
    );
    sayTryIt(output, data, file);
  }
  await stopped;
  await running.close();
  return 0;
}
