import { join } from "node:path";
import {
  lockDirectory,
  openCredentials,
  openTlsCertificates,
  requireDependencies,
  TLS_AUTHORITY_FILE,
  writeCredentials,
} from "../../gateway/index.ts";
import { startMock } from "../../mock/index.ts";
import { commandPrefix, type ExitCode, type Output, writeJson, writePairs, writeText } from "../console/output.ts";
import {
  createErrorLogger,
  createSignatureExplainer,
  formatTlsHint,
  parsePort,
  printQuickStart,
  waitForStopSignal,
} from "../console/serve-helpers.ts";

interface Options {
  readonly data: string;
  readonly port: string;
  readonly host: string;
  readonly tls?: true;
  readonly tlsHost?: string;
  readonly json?: true;
}

/** Runs the mock until it is stopped. */
export async function mock(output: Output, { data, port, host, tls, tlsHost, json }: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const print = (message: string) => writeText(stderr, message);
  const isTls = tls || tlsHost !== undefined;
  requireDependencies(isTls ? ["mock", "--tls"] : ["mock"]);
  using lock = await lockDirectory(data, "mock");
  const certificates = isTls ? await openTlsCertificates(data, tlsHost) : undefined;
  const running = await startMock({
    host,
    port: parsePort(port),
    name: tlsHost,
    keys: await openCredentials(data),
    certificate: certificates?.server,
    onSignatureRejected: createSignatureExplainer("mock", print),
    onError: createErrorLogger("mock", print),
  });
  const stopped = waitForStopSignal();
  const file = await writeCredentials(data, running.credentials);
  await lock.setPort(Number(new URL(running.credentials.baseUrl).port));
  const { baseUrl, clientId, antomPublicKey } = running.credentials;
  if (json) {
    writeJson(stdout, { baseUrl, clientId, antomPublicKey });
  } else {
    const authorityFile = certificates && join(data, TLS_AUTHORITY_FILE);
    writeText(stdout, `${style.bold("Vault API mock")} at ${style.bold(baseUrl)}`, `${style.green("●")} `);
    const [header, id] = ["Prefer: example=VERIFICATION_FAIL", "mock:VERIFICATION_FAIL"].map(style.bold);
    writePairs(stdout, [
      ["Client ID", clientId],
      ["Credentials", file],
      ...formatTlsHint(authorityFile),
      [
        "Examples",
        `To get a specific example, send the header ${header}, or the vaultingRequestId ${id}. To list all examples, run: ${commandPrefix} spec --examples`,
      ],
    ]);
    printQuickStart(output, data, file, authorityFile);
  }
  await stopped;
  await running.close();
  return 0;
}
