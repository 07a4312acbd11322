import { toKebabCase } from "../../cards/card-names.ts";
import { toPrintable } from "../../cards/mask-card-data.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { didYouMean } from "../../protocol/did-you-mean.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { groupBy } from "../../protocol/group-by.ts";
import { findOrStartSandbox } from "../calling/call-target.ts";
import type { Outcome } from "../calling/format-outcome.ts";
import { describeScenariosAndFaults } from "../calling/scenarios-and-faults.ts";
import { createInterruptSignal } from "../console/interrupt.ts";
import {
  commandPrefix,
  type ExitCode,
  type Output,
  type Styles,
  writeJson,
  writeLine,
  writeText,
} from "../console/output.ts";
import { parsePort } from "../console/serve-helpers.ts";
import { usageError } from "../console/usage-error.ts";
import { formatNotification, shortenToken } from "../notifications/format-notification.ts";
import { describeAttempt } from "../notifications/stored-notification.ts";
import { parseSetting } from "../situations/request-settings.ts";
import { findUnmetExpectations, type RequestOptions, runSituation, type Step } from "../situations/run-situation.ts";
import { type Situation, situations } from "../situations/situations.ts";

type Delivery = ControlSchemas["Notification"];

interface Options {
  readonly list?: true;
  readonly data?: string;
  readonly port: string;
  readonly notificationUrl?: string;
  readonly id?: string;
  readonly metadata?: string;
  readonly set?: readonly string[];
  readonly json?: true;
}

/** Produces a situation in the sandbox and prints what happens. Returns exit code 1 if the result differs from the expected one. */
export async function trigger(output: Output, name: string | undefined, options: Options): Promise<ExitCode> {
  const { stdout, style } = output;
  const { json } = options;
  if (options.list) {
    printSituations(output, json);
    return 0;
  }
  const situation = findSituation(name);
  const request = readRequestOptions(situation, options);
  using interrupt = createInterruptSignal();
  await using target = await findOrStartSandbox(output, options.data);
  const { credentials, control } = target;
  const print = (text: string, label = "  ") => {
    if (!json) writeText(stdout, text, label);
  };
  print(situation.title, `${style.bold(situation.name)}  `);
  const onStep = (step: Step) => {
    const { name, text } = formatStep(step, style);
    print(text, `  ${name.padEnd(19)} `);
  };
  const context = { request, credentials, control, signal: interrupt.signal, onStep };
  const result = await runSituation(situation, context);
  const problems = findUnmetExpectations(situation, result);
  for (const problem of problems) print(style.red(problem));
  const hint = problems.length > 0 ? await describeScenariosAndFaults(control, result.vaultingRequestId) : undefined;
  if (hint !== undefined) print(hint);
  if (json) {
    const { response, ...others } = result;
    const printedResponse =
      response instanceof AntomVaultError ? { error: { code: response.code, message: response.message } } : response;
    const passed = problems.length === 0;
    writeJson(stdout, { situation: situation.name, passed, problems, response: printedResponse, ...others });
  }
  return problems.length === 0 ? 0 : 1;
}

function readRequestOptions(
  { name, failFirst }: Situation,
  { port, notificationUrl, id, metadata, set = [] }: Options,
): RequestOptions {
  if (notificationUrl !== undefined && failFirst !== undefined)
    throw usageError(
      `The situation ${name} cannot be used with --notification-url, because this command must receive the notification and respond with status 500. To send a notification to your endpoint again, use: ${commandPrefix} notifications NUMBER --resend`,
    );
  if (notificationUrl !== undefined && port !== "0")
    throw usageError(
      "--port cannot be used with --notification-url, because --port sets the port on which this command receives notifications. Omit one of the options.",
    );
  return { port: parsePort(port), notificationUrl, id, metadata, settings: set.map(parseSetting) };
}

function findSituation(name: string | undefined): Situation {
  if (name === undefined)
    throw usageError(`Missing situation name. To list the situations, run: ${commandPrefix} trigger --list`);
  const found = situations.get(toKebabCase(name));
  if (found) return found;
  throw usageError(
    `Unknown situation.${didYouMean(toKebabCase(name), situations.keys())} To list the situations, run: ${commandPrefix} trigger --list`,
  );
}

function printSituations({ stdout, style }: Output, json: true | undefined): void {
  const all = [...situations.values()];
  if (json) {
    writeLine(
      stdout,
      JSON.stringify(all.map(({ name, group, title, expected }) => ({ name, group, title, expected }))),
    );
    return;
  }
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const [group, members] of groupBy(all, (situation) => situation.group)) {
    writeLine(stdout, style.bold(group));
    for (const { name, title } of members) writeText(stdout, style.dim(title), `  ${name.padEnd(width)}  `);
    writeLine(stdout);
  }
  writeText(stdout, `You can also use a result code as the name: ${commandPrefix} trigger CARD_EXPIRED`);
}

function formatStep(step: Step, style: Styles): { readonly name: string; readonly text: string } {
  switch (step.kind) {
    case "response": {
      const { response } = step;
      if (response instanceof AntomVaultError)
        return { name: "vaultPaymentMethod", text: `${style.yellow(response.code)}: ${toPrintable(response.message)}` };
      const message = "message" in response ? `: ${response.message}` : "";
      const text = `${style.bold(response.outcome)} ${toPrintable(describeResult(response) + message)}`;
      return { name: "vaultPaymentMethod", text };
    }
    case "control":
      return { name: "control API", text: step.action };
    case "notification":
      return { name: "notifyVaulting", text: formatNotification(step.notification, style) };
    case "delivery":
      return { name: "notifyVaulting", text: formatDelivery(step.delivery, style) };
    case "inquiry": {
      const { inquiry } = step;
      const text = `${style.bold(inquiry.outcome)} ${toPrintable(describeResult(inquiry))}`;
      return { name: "inquireVaulting", text };
    }
  }
}

/** Describes the delivery of a notification to the merchant's endpoint. */
function formatDelivery(delivery: Delivery | undefined, { green, yellow }: Styles): string {
  if (!delivery) return "none, because the request created no vaulting, or the vaulting has no final result";
  const { sequence, url, state, attempts } = delivery;
  const last = attempts.at(-1);
  const isAcknowledged = state === "ACKNOWLEDGED";
  const problem = last ? [describeAttempt(last), last.detail].filter(Boolean).join(": ") : "no response yet";
  return [
    `→ ${toPrintable(url)}  ${(isAcknowledged ? green : yellow)(state)}`,
    ...(isAcknowledged ? [] : [toPrintable(problem)]),
    `For details, run: ${commandPrefix} notifications ${sequence}`,
  ].join("\n");
}

/** Returns the result code or the shortened card token, or an empty string if there is neither. */
function describeResult(outcome: Outcome): string {
  if ("code" in outcome) return outcome.code;
  return "cardToken" in outcome ? shortenToken(outcome.cardToken) : "";
}
