import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { toPrintable } from "../../cards/mask-card-data.ts";
import {
  createCardsByRequestId,
  type ExchangeRecord,
  inspectExchange,
  isInvalidSignature,
  NOT_CHECKED,
  type ProxiedExchange,
  startRecordingProxy,
} from "../../contract/traffic/index.ts";
import { createPrivateDirectory } from "../../machine/create-private-directory.ts";
import { describeIssues } from "../../protocol/errors.ts";
import { getField } from "../../protocol/json-fields.ts";
import { commandPrefix, type ExitCode, type Output, writeLine } from "../console/output.ts";
import { createErrorLogger, parsePort, waitForStopSignal } from "../console/serve-helpers.ts";
import { rethrowFileError, usageError } from "../console/usage-error.ts";
import { readVerificationKeys } from "../inputs/read-credentials.ts";
import { requireValue } from "../inputs/read-input.ts";

interface Options {
  readonly target?: string;
  readonly port: string;
  readonly out: string;
  readonly credentials?: string;
  readonly lenient?: true;
  readonly json?: true;
}

const GRACE_MS = 5_000;

/** Passes requests on to a target, and records them until it is told to stop. Exit code 1 where not all could be written. */
export async function record(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { baseUrl, ...keys } = await readVerificationKeys(options.credentials);
  const target = parseTarget(
    requireValue(options.target ?? baseUrl, "--target URL, or a credentials file with a baseUrl,"),
  );
  const port = parsePort(options.port);
  const recording = await openRecording(options.out);
  const cards = createCardsByRequestId();
  const say = (text: string) => writeLine(stderr, text);
  let lost = 0;
  const onExchange = async (passed: ProxiedExchange): Promise<void> => {
    const otherContent = cards.hasDifferentCards(passed.operation, passed.request.body.bytes);
    const made = await inspectExchange(passed, { ...keys, lenient: options.lenient === true, reusesId: otherContent });
    printExchange(output, made, options.json);
    await recording.append(made);
  };
  const onError = (error: unknown): void => {
    lost += 1;
    createErrorLogger("recorder", say)(error);
  };
  const passing = await startRecordingProxy({
    target,
    port,
    onRequest: cards.add,
    onExchange,
    onError,
  }).catch(async (error: unknown) => {
    await recording.close();
    throw error;
  });
  const stopped = waitForStopSignal();
  if (options.json) writeLine(stdout, JSON.stringify({ baseUrl: passing.baseUrl, target, file: options.out }));
  else {
    writeLine(stdout, `${style.green("●")} ${style.bold(passing.baseUrl)} passes on to ${style.bold(target)}`);
    writeLine(stdout, `  Recorded in  ${options.out}, card data masked`);
    writeLine(stdout, `  Verified     ${describeVerification(keys)}`);
    writeLine(stdout, `  Check it     ${commandPrefix} contract --replay ${options.out}`);
    writeLine(stdout);
    writeLine(stdout, style.dim("Stop with Ctrl-C."));
  }
  await stopped;
  await passing.close(GRACE_MS);
  await recording.close();
  return lost === 0 ? 0 : 1;
}

function parseTarget(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw usageError("--target must be a base URL such as https://gateway.example.");
  // The path is signed, so it must reach the target as the client wrote it.
  if (url.pathname !== "/" || url.search || url.username)
    throw usageError("--target must be scheme, host and port alone: paths are signed, and pass unchanged.");
  return url.origin;
}

const describeVerification = ({
  merchant,
  antom,
}: {
  readonly merchant?: unknown;
  readonly antom?: unknown;
}): string => {
  const sides = [...(merchant ? ["requests"] : []), ...(antom ? ["answers"] : [])];
  return sides.length > 0 ? sides.join(" and ") : "no signatures: give --credentials FILE for that";
};

/** Opens a file at its end, readable by its owner only: card tokens stand in it. */
async function openRecording(file: string) {
  const fail = rethrowFileError(file, "written");
  await createPrivateDirectory(dirname(file)).catch(fail);
  const handle = await open(file, "a", 0o600).catch(fail);
  // One after the other: two writes at once could mix their lines.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    append: (made: ExchangeRecord) => {
      const mine = turn.then(() => handle.appendFile(`${JSON.stringify(made)}\n`));
      turn = mine.catch(() => {});
      return mine;
    },
    close: () => turn.then(() => handle.close()),
  };
}

function printExchange({ stdout, style }: Output, made: ExchangeRecord, json: true | undefined): void {
  const { time, durationMs, operation, request, response, noResponse } = made;
  const result = readResultCode(made);
  const wrong = findViolations(made);
  if (json) {
    const status = response?.status;
    writeLine(stdout, JSON.stringify({ time, operation, status, ...result, durationMs, violations: wrong }));
    return;
  }
  const unverified = [
    ...(request.signature === NOT_CHECKED ? ["request"] : []),
    ...(response?.signature === NOT_CHECKED ? ["answer"] : []),
  ];
  const mark = wrong.length === 0 ? style.green("✓") : style.red("✗");
  const note = unverified.length > 0 ? style.dim(` (signature of ${unverified.join(" and ")} not checked)`) : "";
  const status = String(response?.status ?? "–").padStart(3);
  const code = result.resultCode ?? (noResponse ? "no answer" : "no code");
  writeLine(
    stdout,
    `${time.slice(11, 23)}  ${operation.padEnd(21)}  ${status}  ${code.padEnd(23)} ${String(durationMs).padStart(6)} ms  ${mark}${note}`,
  );
  for (const each of wrong) writeLine(stdout, `              ${style.red(each)}`);
}

/** The result as it may be shown: anybody can have written it. */
function readResultCode({ response }: ExchangeRecord): { readonly resultCode?: string } {
  try {
    const code = getField(getField(JSON.parse(response?.body.text ?? ""), "result"), "resultCode");
    return typeof code === "string" && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? { resultCode: code } : {};
  } catch {
    return {};
  }
}

/** What is wrong with an exchange, a sentence each. */
function findViolations({ request, response, noResponse }: ExchangeRecord): readonly string[] {
  return [
    ...(request.issues.length > 0 ? [`The request breaks the document: ${describeIssues(request.issues)}.`] : []),
    ...(isInvalidSignature(request.signature) ? [`The request's signature is refused: ${request.signature}`] : []),
    ...(response?.broken ?? []).map(({ rule, message }) => `${message} (response.${rule})`),
    ...(noResponse ? [noResponse.why] : []),
  ].map(toPrintable);
}
