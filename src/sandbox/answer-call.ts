/** Answers a call of the API: with a fault where one is injected, else as the gateway does. Each call goes into the call log. */
import {
  type Answering,
  type CuttableAnswer,
  createGateway,
  type RefusedSignature,
  type Signer,
} from "../gateway/index.ts";
import { operationIn } from "../protocol/operations.ts";
import type { Journal } from "./call-log/call-log.ts";
import { type Events, eventOf } from "./call-log/events.ts";
import { createExplainer } from "./call-log/explain-signature.ts";
import type { Clients } from "./identities/clients.ts";
import { createOperations, type OperationsOptions } from "./operation-handlers.ts";
import { ANSWER_FAULTS, answerWithFault, type Faults } from "./switches/faults.ts";
import type { SandboxClock } from "./time/clock.ts";

export interface AnsweringOptions extends OperationsOptions {
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
