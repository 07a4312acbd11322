import { once } from "node:events";
import { join } from "node:path";
import { openCredentials, type RefusedSignature, writeCredentials } from "../gateway/index.ts";
import { startMock } from "../mock/start-mock.ts";
import { findMistake } from "../signature/index.ts";
import { wrongUsage } from "./input.ts";
import { indent, line, type Output, shellQuote } from "./output.ts";
import type { ExitCode } from "./program.ts";

interface Options {
  readonly data: string;
  readonly port: string;
  readonly host: string;
  readonly json?: true;
}

/** How the command is called from here: as a package's, or in a checkout. */
const self = import.meta.url.endsWith(".ts") ? "npm run --silent antom-vault --" : "npx antom-vault";

/** Serves the mock until it is told to stop. */
export async function mock({ stdout, stderr, style }: Output, { data, port, host, json }: Options): Promise<ExitCode> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw wrongUsage("--port must be a number from 0 to 65535.");
  const keys = await openCredentials(data);
  const explain = explainer((sentence) => line(stderr, sentence));
  const running = await startMock({
    keys,
    host,
    port: Number(port),
    onSignatureRefused: explain,
    onError: (error) =>
      line(stderr, `The mock could not answer: ${error instanceof Error ? error.name : "unknown error"}.`),
  });
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
    line(stdout);
    line(stdout, "Try it in another terminal:");
    const [sample, script, keysFile] = [join(data, "sample.json"), join(data, "vault.sh"), file].map(shellQuote);
    line(stdout, indent(`${self} spec --example Sample > ${sample}`, "  "));
    line(stdout, indent(`${self} sign --credentials ${keysFile} --body ${sample} --curl > ${script}`, "  "));
    line(stdout, indent(`sh ${script}`, "  "));
    line(stdout);
    line(stdout, style.dim("Stop with Ctrl-C."));
  }
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await running.close();
  return 0;
}

/** Says which of the usual mistakes was made, once a second at the most: looking for it costs time. */
function explainer(say: (sentence: string) => void): (refused: RefusedSignature) => void {
  let next = 0;
  return ({ reason, merchant, path, clientId, time, body, headerValue }) => {
    if (Date.now() < next) return;
    next = Date.now() + 1000;
    const [publicKey] = merchant?.publicKeys?.keys ?? [];
    if (!publicKey) {
      say(`A request was refused: ${reason} The mock's client ID stands in its credentials file.`);
      return;
    }
    findMistake({ message: { path, clientId, time, body }, headerValue, publicKey }).then(
      (mistake) => say(`A request's signature was refused. ${mistake?.sentence ?? reason}`),
      () => say(`A request's signature was refused. ${reason}`),
    );
  };
}
