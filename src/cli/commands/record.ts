import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { printable } from "../../cards/mask-card-data.ts";
import {
  type ExchangeRecord,
  inspect,
  isWrongSignature,
  knownCards,
  NOT_CHECKED,
  type Passed,
  startPassThrough,
} from "../../contract/traffic/index.ts";
import { makeFolder } from "../../machine/create-private-directory.ts";
import { describeIssues } from "../../protocol/errors.ts";
import { field } from "../../protocol/json-fields.ts";
import { type ExitCode, line, type Output, self } from "../console/output.ts";
import { readPort, sayError, untilStopped } from "../console/serve-helpers.ts";
import { fileFailure, wrongUsage } from "../console/usage-error.ts";
import { readKeys } from "../inputs/read-credentials.ts";
import { needed } from "../inputs/read-input.ts";

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
  const { baseUrl, ...keys } = await readKeys(options.credentials);
  const target = originOf(needed(options.target ?? baseUrl, "--target URL, or a credentials file with a baseUrl,"));
  const port = readPort(options.port);
  const recording = await openRecording(options.out);
  const cards = knownCards();
  const say = (text: string) => line(stderr, text);
  let lost = 0;
  const onExchange = async (passed: Passed): Promise<void> => {
    const otherContent = cards.hasOthers(passed.operation, passed.request.body.bytes);
    const made = await inspect(passed, { ...keys, lenient: options.lenient === true, otherContent });
    sayExchange(output, made, options.json);
    await recording.append(made);
  };
  const onError = (error: unknown): void => {
    lost += 1;
    sayError("recorder", say)(error);
  };
  const passing = await startPassThrough({
    target,
    port,
    onRequest: cards.note,
    onExchange,
    onError,
  }).catch(async (error: unknown) => {
    await recording.close();
    throw error;
  });
  const stopped = untilStopped();
  if (options.json) line(stdout, JSON.stringify({ baseUrl: passing.baseUrl, target, file: options.out }));
  else {
    line(stdout, `${style.green("●")} ${style.bold(passing.baseUrl)} passes on to ${style.bold(target)}`);
    line(stdout, `  Recorded in  ${options.out}, card data masked`);
    line(stdout, `  Verified     ${verifiedBy(keys)}`);
    line(stdout, `  Check it     ${self} contract --replay ${options.out}`);
    line(stdout);
    line(stdout, style.dim("Stop with Ctrl-C."));
  }
  await stopped;
  await passing.close(GRACE_MS);
  await recording.close();
  return lost === 0 ? 0 : 1;
}

function originOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw wrongUsage("--target must be a base URL such as https://gateway.example.");
  // The path is signed, so it must reach the target as the client wrote it.
  if (url.pathname !== "/" || url.search || url.username)
    throw wrongUsage("--target must be scheme, host and port alone: paths are signed, and pass unchanged.");
  return url.origin;
}

const verifiedBy = ({ merchant, antom }: { readonly merchant?: unknown; readonly antom?: unknown }): string => {
  const sides = [...(merchant ? ["requests"] : []), ...(antom ? ["answers"] : [])];
  return sides.length > 0 ? sides.join(" and ") : "no signatures: give --credentials FILE for that";
};

/** Opens a file at its end, readable by its owner only: card tokens stand in it. */
async function openRecording(file: string) {
  const fail = fileFailure(file, "written");
  await makeFolder(dirname(file)).catch(fail);
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

function sayExchange({ stdout, style }: Output, made: ExchangeRecord, json: true | undefined): void {
  const { time, ms, operation, request, answer, noAnswer } = made;
  const result = resultOf(made);
  const wrong = wrongIn(made);
  if (json) {
    const status = answer?.status;
    line(stdout, JSON.stringify({ time, operation, status, ...result, ms, wrong }));
    return;
  }
  const unverified = [
    ...(request.signature === NOT_CHECKED ? ["request"] : []),
    ...(answer?.signature === NOT_CHECKED ? ["answer"] : []),
  ];
  const mark = wrong.length === 0 ? style.green("✓") : style.red("✗");
  const note = unverified.length > 0 ? style.dim(` (signature of ${unverified.join(" and ")} not checked)`) : "";
  const status = String(answer?.status ?? "–").padStart(3);
  const code = result.resultCode ?? (noAnswer ? "no answer" : "no code");
  line(
    stdout,
    `${time.slice(11, 23)}  ${operation.padEnd(21)}  ${status}  ${code.padEnd(23)} ${String(ms).padStart(6)} ms  ${mark}${note}`,
  );
  for (const each of wrong) line(stdout, `              ${style.red(each)}`);
}

/** The result as it may be shown: anybody can have written it. */
function resultOf({ answer }: ExchangeRecord): { readonly resultCode?: string } {
  try {
    const code = field(field(JSON.parse(answer?.body.text ?? ""), "result"), "resultCode");
    return typeof code === "string" && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? { resultCode: code } : {};
  } catch {
    return {};
  }
}

/** What is wrong with an exchange, a sentence each. */
function wrongIn({ request, answer, noAnswer }: ExchangeRecord): readonly string[] {
  return [
    ...(request.issues.length > 0 ? [`The request breaks the document: ${describeIssues(request.issues)}.`] : []),
    ...(isWrongSignature(request.signature) ? [`The request's signature is refused: ${request.signature}`] : []),
    ...(answer?.broken ?? []).map(({ rule, message }) => `${message} (answer.${rule})`),
    ...(noAnswer ? [noAnswer.why] : []),
  ].map(printable);
}
