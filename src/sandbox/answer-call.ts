/** Answers a call of the API: with a fault where one is injected, else as the gateway does. Each call goes into the call log. */
import {
  type Answering,
  type CuttableAnswer,
  createGateway,
  type GatewayOptions,
  type RefusedSignature,
  type Signer,
} from "../gateway/index.ts";
import { operationIn } from "../protocol/operations.ts";
import type { Journal } from "./call-log/call-log.ts";
import { type Events, eventOf } from "./call-log/events.ts";
import { createExplainer } from "./call-log/explain-signature.ts";
import { fingerprintOf } from "./call-log/mask-request.ts";
import type { Clients } from "./identities/clients.ts";
import type { Vaultings } from "./store/vaultings.ts";
import { ANSWER_FAULTS, answerWithFault, type Faults } from "./switches/faults.ts";
import { type Scenarios, scenarioAnswer } from "./switches/scenarios.ts";
import type { SandboxClock } from "./time/clock.ts";
import {
  decideCreateVaultingSession,
  decideInquireVaulting,
  decideVaultPaymentMethod,
} from "./vaulting/request-decisions.ts";
import type { Links } from "./vaulting/responses.ts";
import { after, type Facts } from "./vaulting/state-machine.ts";

export interface AnsweringOptions {
  readonly vaultings: Vaultings;
  readonly scenarios: Scenarios;
  readonly links: Links;
  readonly facts: () => Facts;
  readonly refuseDifferingRepeats: boolean;
  readonly clients: Clients;
  readonly signer: Signer;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly events: Events;
  readonly clock: SandboxClock;
  readonly onSignatureRefused?: ((refused: RefusedSignature) => void) | undefined;
  readonly onError: (error: unknown) => void;
}

export function createAnswering(options: AnsweringOptions): Answering {
  const { clients, signer, faults, journal, events, clock, onSignatureRefused, onError } = options;
  const gateway = createGateway({
    merchant: clients.merchant,
    get privateKey() {
      return signer.privateKey;
    },
    get keyVersion() {
      return signer.keyVersion;
    },
    handle: createOperations(options),
    ...(onSignatureRefused ? { onSignatureRefused } : {}),
    onError,
  });

  const tellExchange = (sequence: number) =>
    events.tell(() => eventOf("exchange", journal.find(sequence) ?? {}, sequence));
  const explain = createExplainer((sequence, sentence) => {
    journal.explain(sequence, sentence);
    tellExchange(sequence);
  });

  return async (message) => {
    const at = clock.now();
    const started = performance.now();
    const fault = faults.take(ANSWER_FAULTS, message.headers.get("client-id") ?? "", operationIn(message.target));
    const answered: CuttableAnswer = fault
      ? await answerWithFault(fault, gateway.answer, message)
      : await gateway.answer(message);
    const durationMs = performance.now() - started;
    const { refused } = answered.about;
    const requestTime = message.headers.get("request-time");
    const told = { path: message.target, at, requestTime, durationMs, answer: answered, fault: fault?.fault };
    const sequence = journal.add(told);
    tellExchange(sequence);
    if (refused) explain(sequence, refused);
    return answered;
  };
}

/** Creates the handler of the three operations. If a scenario applies to a call, the handler notes its result code. */
function createOperations(options: AnsweringOptions): GatewayOptions["handle"] {
  const { vaultings, scenarios, links, facts, refuseDifferingRepeats } = options;
  return ({ operation, clientId, vaultingRequestId, body }, note) => {
    const scenario = scenarios.of(operation, clientId);
    if (scenario !== undefined) {
      note(scenario);
      const instead = scenarioAnswer(operation, scenario, vaultingRequestId);
      if (instead) return Promise.resolve(instead);
    }
    const lookup = { clientId, vaultingRequestId };
    if (operation === "inquireVaulting") return inquire(lookup);
    const asked = { clientId, vaultingRequestId, body, fingerprint: fingerprintOf(body) };
    const decide = operation === "vaultPaymentMethod" ? decideVaultPaymentMethod : decideCreateVaultingSession;
    return vaultings.begin(lookup, (stored) =>
      decide(asked, stored, { facts: facts(), links, refuseDifferingRepeats, scenario }),
    );
  };

  /** A read; only what has expired unseen is written down first. */
  async function inquire(lookup: { readonly clientId: string; readonly vaultingRequestId: string }): Promise<object> {
    const found = await vaultings.find(lookup);
    const now = facts();
    if (!found || after(found, { kind: "nothing" }, now) === found) {
      return decideInquireVaulting(lookup.vaultingRequestId, found, { facts: now, links }).answer;
    }
    return vaultings.change(lookup, (stored) =>
      decideInquireVaulting(lookup.vaultingRequestId, stored, { facts: facts(), links }),
    );
  }
}
