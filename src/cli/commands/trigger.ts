import { printable } from "../../cards/mask-card-data.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { switchedOn } from "../calling/active-faults.ts";
import { sandboxOf } from "../calling/call-target.ts";
import { didYouMean } from "../console/did-you-mean.ts";
import { interruptible } from "../console/interrupt.ts";
import { type ExitCode, indent, line, type Output, type Styles, self } from "../console/output.ts";
import { readPort } from "../console/serve-helpers.ts";
import { wrongUsage } from "../console/usage-error.ts";
import { kebab } from "../inputs/test-cards.ts";
import { heardText, shortToken } from "../notifications/format-notification.ts";
import { broken, runSituation, type Step } from "../situations/run-situation.ts";
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
    list(output, json);
    return 0;
  }
  const situation = situationOf(name);
  const port = readPort(options.port);
  using interrupt = interruptible();
  await using target = await sandboxOf(output, options.data);
  const { credentials, control } = target;
  if (!control) throw wrongUsage("Only a sandbox can be made to do this.");
  const say = (text: string) => {
    if (!json) line(stdout, text);
  };
  say(`${style.bold(situation.name)}  ${situation.title}`);
  const onStep = (step: Step) => say(indent(stepText(step, style), "  "));
  const happened = await runSituation(situation, { credentials, control, signal: interrupt.signal, onStep }, port);
  const wrong = broken(situation, happened);
  for (const each of wrong) say(indent(style.red(each), "  "));
  const on = wrong.length > 0 ? await switchedOn(control) : undefined;
  if (on !== undefined) say(indent(on, "  "));
  if (json) {
    const { answer, ...others } = happened;
    const told = answer instanceof AntomVaultError ? { error: { code: answer.code, message: answer.message } } : answer;
    line(
      stdout,
      JSON.stringify({ situation: situation.name, held: wrong.length === 0, broken: wrong, answer: told, ...others }),
    );
  }
  return wrong.length === 0 ? 0 : 1;
}

function situationOf(name: string | undefined): Situation {
  if (name === undefined) throw wrongUsage(`Which situation? ${self} trigger --list shows them.`);
  const found = situations.get(kebab(name));
  if (found) return found;
  throw wrongUsage(
    `There is no such situation; ${self} trigger --list shows them.${didYouMean(kebab(name), situations.keys())}`,
  );
}

function list({ stdout, style }: Output, json: true | undefined): void {
  const all = [...situations.values()];
  if (json) {
    line(stdout, JSON.stringify(all.map(({ name, group, title, promises }) => ({ name, group, title, promises }))));
    return;
  }
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const [group, members] of Map.groupBy(all, (each) => each.group)) {
    line(stdout, style.bold(group));
    for (const { name, title } of members) line(stdout, `  ${name.padEnd(width)}  ${style.dim(title)}`);
    line(stdout);
  }
  line(stdout, `A result code may be written as it stands in the document, too: ${self} trigger CARD_EXPIRED`);
}

function stepText(step: Step, style: Styles): string {
  const named = (name: string, text: string) => `${name.padEnd(19)} ${text}`;
  switch (step.kind) {
    case "answer": {
      const { answer } = step;
      if (answer instanceof AntomVaultError)
        return named("vaultPaymentMethod", `${style.yellow(answer.code)}: ${printable(answer.message)}`);
      const more =
        "code" in answer
          ? `${answer.code}: ${answer.message}`
          : "cardToken" in answer
            ? shortToken(answer.cardToken)
            : "";
      return named("vaultPaymentMethod", `${style.bold(answer.outcome)} ${printable(more)}`);
    }
    case "control":
      return named("control API", step.what);
    case "notification":
      return named("notifyVaulting", heardText(step.heard, style));
    case "end": {
      const { end } = step;
      const more = "code" in end ? end.code : "cardToken" in end ? shortToken(end.cardToken) : "";
      return named("inquireVaulting", `${style.bold(end.outcome)} ${printable(more)}`);
    }
  }
}
