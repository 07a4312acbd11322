import { constants, open } from "node:fs/promises";
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
import { shellQuote } from "../../machine/shell-quote.ts";
import { describeIssues } from "../../protocol/errors.ts";
import { getField } from "../../protocol/json-fields.ts";
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

/** Forwards API calls to a target and records them until the command is stopped. Returns exit code 1 if an API call could not be recorded. */
export async function record(output: Output, options: Options): Promise<ExitCode> {
  const { stdout, stderr, style } = output;
  const { baseUrl, ...keys } = await readVerificationKeys(options.credentials);
  const target = parseTarget(
    requireValue(options.target ?? baseUrl, "Missing --target URL, or --credentials FILE with a baseUrl."),
  );
  const port = parsePort(options.port);
  const recording = await openRecording(options.out);
  const cards = createCardsByRequestId();
  const print = (text: string) => writeText(stderr, text);
  let recorded = 0;
  let unrecorded = 0;
  const onExchange = async (exchange: ProxiedExchange): Promise<void> => {
    const reusesId = cards.hasDifferentCards(exchange.operation, exchange.request.body.bytes);
    const checked = await inspectExchange(exchange, { ...keys, lenient: options.lenient === true, reusesId });
    printExchange(output, checked, options.json);
    await recording.append(checked);
    recorded += 1;
  };
  const onError = (error: unknown): void => {
    unrecorded += 1;
    createErrorLogger("recorder", print)(error);
  };
  const proxy = await startRecordingProxy({
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
  const keysOption = options.credentials === undefined ? "" : ` --credentials ${shellQuote(options.credentials)}`;
  const replayCommand = `${commandPrefix} contract --replay ${shellQuote(options.out)}${keysOption}`;
  if (options.json) writeJson(stdout, { baseUrl: proxy.baseUrl, target, file: options.out });
  else {
    writeText(stdout, `${style.bold(proxy.baseUrl)} forwards to ${style.bold(target)}`, `${style.green("●")} `);
    writePairs(stdout, [
      ["Recording", `${options.out}, card data masked`],
      ["Signatures", describeVerification(keys)],
    ]);
    writeCommand(stdout, replayCommand, "  Check it    ");
    writeLine(stdout);
    writeLine(stdout, style.dim("Stop with Ctrl-C."));
  }
  await stopped;
  await proxy.close(GRACE_MS);
  await recording.close();
  if (!options.json) {
    const calls = recorded === 1 ? "1 API call" : `${recorded} API calls`;
    writeText(
      stdout,
      `Stopped. Added ${calls} to ${options.out}.${recorded === 0 ? "" : ` To check them, run: ${replayCommand}`}`,
    );
  }
  return unrecorded === 0 ? 0 : 1;
}

function parseTarget(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw usageError("--target must be a base URL such as https://gateway.example.");
  // The path is signed, so it must reach the target as the client sent it.
  if (url.pathname !== "/" || url.search || url.username)
    throw usageError(
      "--target must be a URL without a user name, path, or query, because the path of each request is signed and forwarded unchanged.",
    );
  return url.origin;
}

const describeVerification = ({
  merchant,
  antom,
}: {
  readonly merchant?: unknown;
  readonly antom?: unknown;
}): string => {
  const sides = [...(merchant ? ["requests"] : []), ...(antom ? ["responses"] : [])];
  return sides.length > 0
    ? `verified for ${sides.join(" and ")}`
    : "not verified; set --credentials FILE to verify them";
};

/** Opens a file for appending. Only the file's owner can read it, because it contains card tokens. */
async function openRecording(file: string) {
  const fail = rethrowFileError(file, "write");
  await createPrivateDirectory(dirname(file)).catch(fail);
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants;
  const handle = await open(file, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600).catch(fail);
  // Concurrent writes could interleave, so each write waits for the previous one.
  let previous: Promise<unknown> = Promise.resolve();
  return {
    append: (exchange: ExchangeRecord) => {
      const written = previous.then(() => handle.appendFile(`${JSON.stringify(exchange)}\n`));
      previous = written.catch(() => {});
      return written;
    },
    close: () => previous.then(() => handle.close()),
  };
}

function printExchange({ stdout, style }: Output, exchange: ExchangeRecord, json: true | undefined): void {
  const { time, durationMs, operation, request, response, noResponse } = exchange;
  const result = readResultCode(exchange);
  const violations = findViolations(exchange);
  if (json) {
    const status = response?.status;
    writeJson(stdout, { time, operation, status, ...result, durationMs, violations });
    return;
  }
  const unverified = [
    ...(request.signature === NOT_CHECKED ? ["request"] : []),
    ...(response?.signature === NOT_CHECKED ? ["response"] : []),
  ];
  const mark = violations.length === 0 ? style.green("✓") : style.red("✗");
  const note =
    unverified.length > 0 ? style.dim(` (signature of the ${unverified.join(" and the ")} not checked)`) : "";
  const status = String(response?.status ?? "–").padStart(3);
  const code = result.resultCode ?? (noResponse ? "no response" : "no code");
  const duration = `${String(durationMs).padStart(6)} ms`;
  const row = `${operation.padEnd(21)}  ${status}  ${code.padEnd(23)} ${duration}  ${mark}${note}`;
  writeRow(stdout, row, `${time.slice(11, 23)}  `);
  for (const violation of violations) writeText(stdout, style.red(violation), " ".repeat(14));
}

/** Returns the result code if it is well-formed. The response is not trusted, so nothing else from its body is printed. */
function readResultCode({ response }: ExchangeRecord): { readonly resultCode?: string } {
  try {
    const code = getField(getField(JSON.parse(response?.body.text ?? ""), "result"), "resultCode");
    return typeof code === "string" && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? { resultCode: code } : {};
  } catch {
    return {};
  }
}

/** Returns a sentence for each violation. */
function findViolations({ request, response, noResponse }: ExchangeRecord): readonly string[] {
  return [
    ...(request.issues.length > 0
      ? [`Request does not match the OpenAPI document: ${describeIssues(request.issues)}.`]
      : []),
    ...(isInvalidSignature(request.signature) ? [`Request signature is invalid: ${request.signature}`] : []),
    ...(response?.broken ?? []).map(({ rule, message }) => `${message} (response.${rule})`),
    ...(noResponse ? [noResponse.why] : []),
  ].map(toPrintable);
}
