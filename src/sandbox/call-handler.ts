/** Answers a call of the API: with a fault where one is injected, else as the gateway does. Each call goes into the call log. */
import {
  createGateway,
  type GatewayOptions,
  type RejectedSignature,
  type ResponseHandler,
  type Signer,
  type TruncatableResponse,
} from "../gateway/index.ts";
import { findMentionedOperation } from "../protocol/operations.ts";
import type { CallLog } from "./call-log/call-log.ts";
import { createEvent, type Events } from "./call-log/events.ts";
import { createSignatureExplainer } from "./call-log/explain-signature.ts";
import { computeFingerprint } from "./call-log/mask-request.ts";
import type { Clients } from "./identities/clients.ts";
import type { Vaultings } from "./store/vaultings.ts";
import { type Faults, RESPONSE_FAULTS, respondWithFault } from "./switches/faults.ts";
import { createScenarioResponse, type Scenarios } from "./switches/scenarios.ts";
import type { SandboxClock } from "./time/clock.ts";
import {
  decideCreateVaultingSession,
  decideInquireVaulting,
  decideVaultPaymentMethod,
} from "./vaulting/request-decisions.ts";
import type { Links } from "./vaulting/responses.ts";
import { type Facts, transition } from "./vaulting/state-machine.ts";

export interface CallHandlerOptions {
  readonly vaultings: Vaultings;
  readonly scenarios: Scenarios;
  readonly links: Links;
  readonly facts: () => Facts;
  readonly rejectIdReuse: boolean;
  readonly clients: Clients;
  readonly signer: Signer;
  readonly faults: Faults;
  readonly callLog: CallLog;
  readonly events: Events;
  readonly clock: SandboxClock;
  readonly onSignatureRejected?: ((refused: RejectedSignature) => void) | undefined;
  readonly onError: (error: unknown) => void;
}

export function createCallHandler(options: CallHandlerOptions): ResponseHandler {
  const { clients, signer, faults, callLog, events, clock, onSignatureRejected, onError } = options;
  const gateway = createGateway({
    findMerchant: clients.merchant,
    get privateKey() {
      return signer.privateKey;
    },
    get keyVersion() {
      return signer.keyVersion;
    },
    handle: createOperationHandler(options),
    ...(onSignatureRejected ? { onSignatureRejected } : {}),
    onError,
  });

  const tellExchange = (sequence: number) =>
    events.emit(() => createEvent("call", callLog.find(sequence) ?? {}, sequence));
  const explain = createSignatureExplainer((sequence, sentence) => {
    callLog.setNote(sequence, sentence);
    tellExchange(sequence);
  });

  return async (message) => {
    const at = clock.now();
    const started = performance.now();
    const fault = faults.consume(
      RESPONSE_FAULTS,
      message.headers.get("client-id") ?? "",
      findMentionedOperation(message.target),
    );
    const answered: TruncatableResponse = fault
      ? await respondWithFault(fault, gateway.respond, message)
      : await gateway.respond(message);
    const durationMs = performance.now() - started;
    const { rejectedSignature } = answered.about;
    const requestTime = message.headers.get("request-time");
    const told = { path: message.target, at, requestTime, durationMs, answer: answered, fault: fault?.fault };
    const sequence = callLog.add(told);
    tellExchange(sequence);
    if (rejectedSignature) explain(sequence, rejectedSignature);
    return answered;
  };
}

/** Creates the handler of the three operations. If a scenario applies to a call, the handler notes its result code. */
function createOperationHandler(options: CallHandlerOptions): GatewayOptions["handle"] {
  const { vaultings, scenarios, links, facts, rejectIdReuse } = options;
  return ({ operation, clientId, vaultingRequestId, body }, note) => {
    const scenario = scenarios.findResultCode(operation, clientId);
    if (scenario !== undefined) {
      note(scenario);
      const instead = createScenarioResponse(operation, scenario, vaultingRequestId);
      if (instead) return Promise.resolve(instead);
    }
    const lookup = { clientId, vaultingRequestId };
    if (operation === "inquireVaulting") return inquire(lookup);
    const asked = { clientId, vaultingRequestId, body, fingerprint: computeFingerprint(body) };
    const decide = operation === "vaultPaymentMethod" ? decideVaultPaymentMethod : decideCreateVaultingSession;
    return vaultings.create(lookup, (stored) =>
      decide(asked, stored, { facts: facts(), links, rejectIdReuse, scenario }),
    );
  };

  /** A read; only what has expired unseen is written down first. */
  async function inquire(lookup: { readonly clientId: string; readonly vaultingRequestId: string }): Promise<object> {
    const found = await vaultings.find(lookup);
    const now = facts();
    if (!found || transition(found, { kind: "nothing" }, now) === found) {
      return decideInquireVaulting(lookup.vaultingRequestId, found, { facts: now, links }).response;
    }
    return vaultings.update(lookup, (stored) =>
      decideInquireVaulting(lookup.vaultingRequestId, stored, { facts: facts(), links }),
    );
  }
}
