import { toPrintable } from "../../cards/mask-card-data.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { describeActiveFaults } from "../calling/active-faults.ts";
import { findOrStartSandbox } from "../calling/call-target.ts";
import { didYouMean } from "../console/did-you-mean.ts";
import { createInterruptSignal } from "../console/interrupt.ts";
import { commandPrefix, type ExitCode, indent, type Output, type Styles, writeLine } from "../console/output.ts";
import { parsePort } from "../console/serve-helpers.ts";
import { usageError } from "../console/usage-error.ts";
import { toKebabCase } from "../inputs/test-cards.ts";
import { formatNotification, shortenToken } from "../notifications/format-notification.ts";
import { findUnmetExpectations, runSituation, type Step } from "../situations/run-situation.ts";
import { type Situation, situations } from "../situations/situations.ts";

interface Options {
  readonly list?: true;
  readonly data?: string;
  readonly port: string;
  readonly json?: true;
}

/** Makes the sandbox produce a situation and shows what arrives. Exit code 1 where it does not come as promised. */
export async function trigger(output: Output, name: string | undefined, options: Options): Promise<ExitCode> {
  const { stdout, style } = output;
  const { json } = options;
  if (options.list) {
    printSituations(output, json);
    return 0;
  }
  const situation = findSituation(name);
  const port = parsePort(options.port);
  using interrupt = createInterruptSignal();
  await using target = await findOrStartSandbox(output, options.data);
  const { credentials, control } = target;
  if (!control) throw usageError("Only a sandbox can be made to do this.");
  const say = (text: string) => {
    if (!json) writeLine(stdout, text);
  };
  say(`${style.bold(situation.name)}  ${situation.title}`);
  const onStep = (step: Step) => say(indent(formatStep(step, style), "  "));
  const happened = await runSituation(situation, { credentials, control, signal: interrupt.signal, onStep }, port);
  const wrong = findUnmetExpectations(situation, happened);
  for (const each of wrong) say(indent(style.red(each), "  "));
  const on = wrong.length > 0 ? await describeActiveFaults(control) : undefined;
  if (on !== undefined) say(indent(on, "  "));
  if (json) {
    const { response, ...others } = happened;
    const told =
      response instanceof AntomVaultError ? { error: { code: response.code, message: response.message } } : response;
    writeLine(
      stdout,
      JSON.stringify({ situation: situation.name, held: wrong.length === 0, broken: wrong, answer: told, ...others }),
    );
  }
  return wrong.length === 0 ? 0 : 1;
}

function findSituation(name: string | undefined): Situation {
  if (name === undefined) throw usageError(`Which situation? ${commandPrefix} trigger --list shows them.`);
  const found = situations.get(toKebabCase(name));
  if (found) return found;
  throw usageError(
    `There is no such situation; ${commandPrefix} trigger --list shows them.${didYouMean(toKebabCase(name), situations.keys())}`,
  );
}

function printSituations({ stdout, style }: Output, json: true | undefined): void {
  const all = [...situations.values()];
  if (json) {
    writeLine(
      stdout,
      JSON.stringify(all.map(({ name, group, title, promises }) => ({ name, group, title, promises }))),
    );
    return;
  }
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const [group, members] of Map.groupBy(all, (each) => each.group)) {
    writeLine(stdout, style.bold(group));
    for (const { name, title } of members) writeLine(stdout, `  ${name.padEnd(width)}  ${style.dim(title)}`);
    writeLine(stdout);
  }
  writeLine(
    stdout,
    `A result code may be written as it stands in the document, too: ${commandPrefix} trigger CARD_EXPIRED`,
  );
}

function formatStep(step: Step, style: Styles): string {
  const named = (name: string, text: string) => `${name.padEnd(19)} ${text}`;
  switch (step.kind) {
    case "answer": {
      const { answer } = step;
      if (answer instanceof AntomVaultError)
        return named("vaultPaymentMethod", `${style.yellow(answer.code)}: ${toPrintable(answer.message)}`);
      const more =
        "code" in answer
          ? `${answer.code}: ${answer.message}`
          : "cardToken" in answer
            ? shortenToken(answer.cardToken)
            : "";
      return named("vaultPaymentMethod", `${style.bold(answer.outcome)} ${toPrintable(more)}`);
    }
    case "control":
      return named("control API", step.what);
    case "notification":
      return named("notifyVaulting", formatNotification(step.heard, style));
    case "end": {
      const { end } = step;
      const more = "code" in end ? end.code : "cardToken" in end ? shortenToken(end.cardToken) : "";
      return named("inquireVaulting", `${style.bold(end.outcome)} ${toPrintable(more)}`);
    }
  }
}
