/** Handles API calls: applies injected faults and scenarios, and records each call in the call log. */
import {
  createGateway,
  type GatewayOptions,
  type GatewayRequest,
  type Merchant,
  type RejectedSignature,
  type ResponseHandler,
  type Signer,
  type TruncatableResponse,
} from "../gateway/index.ts";
import { findMentionedOperation } from "../protocol/operations.ts";
import type { CallLog, LoggedCall } from "./call-log/call-log.ts";
import { createSignatureExplainer, describeClosestClient } from "./call-log/explain-signature.ts";
import { computeFingerprint } from "./call-log/mask-request.ts";
import type { Clients } from "./identities/clients.ts";
import { createLocalCaller, type LocalCall, type LocalCaller } from "./local-caller.ts";
import type { Vaultings } from "./store/vaultings.ts";
import { ERROR_FAULT, type Faults, RESPONSE_FAULTS, respondWithFault, toUnsignedError } from "./switches/faults.ts";
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
  readonly clock: SandboxClock;
  /** Whether the sandbox has no control token, so that only this computer can call it. If false, no response reveals which client IDs exist. */
  readonly isLocal: boolean;
  readonly onSignatureRejected?: ((rejected: RejectedSignature) => void) | undefined;
  readonly onError: (error: unknown) => void;
}

/** The handler of API calls from the network and from the dashboard. */
export interface CallHandler {
  readonly respond: ResponseHandler;
  /** Sends a call from the dashboard, as if it had arrived over the network. Returns the logged call. */
  readonly send: (call: LocalCall) => Promise<LoggedCall>;
}

type Gateway = ReturnType<typeof createGateway>;

export function createCallHandler(options: CallHandlerOptions): CallHandler {
  const { clients, signer, faults, callLog, clock, onSignatureRejected, onError } = options;
  const unknownClientMessage = (clientId: string) =>
    clientId === ""
      ? "The Client-Id header is missing."
      : `The client ID is unknown to this sandbox.${describeClosestClient(clientId, clients.listMerchants())} Use the client ID in the sandbox's credentials.json.`;
  const handle = createOperationHandler(options);
  const openGateway = (findMerchant: (clientId: string) => Merchant | undefined) =>
    createGateway({
      findMerchant,
      get privateKey() {
        return signer.privateKey;
      },
      get keyVersion() {
        return signer.keyVersion;
      },
      handle,
      ...(options.isLocal ? { unknownClientMessage } : {}),
      ...(onSignatureRejected ? { onSignatureRejected } : {}),
      onError,
    });

  const explain = createSignatureExplainer(callLog.explain, { listClients: clients.listMerchants });

  async function respond(gateway: Gateway, message: GatewayRequest, source?: "dashboard") {
    const at = clock.now();
    const started = performance.now();
    const consume = (kinds: Parameters<Faults["consume"]>[0]) =>
      faults.consume(kinds, message.headers.get("client-id") ?? "", findMentionedOperation(message.target));
    let fault = consume(RESPONSE_FAULTS);
    let response: TruncatableResponse = fault
      ? await respondWithFault(fault, gateway.respond, message)
      : await gateway.respond(message);
    const unsigned = fault || faults.list().length === 0 ? undefined : toUnsignedError(response);
    if (unsigned) {
      fault = consume([ERROR_FAULT]);
      if (fault) response = unsigned;
    }
    const durationMs = performance.now() - started;
    const { rejectedSignature } = response.about;
    const requestTime = message.headers.get("request-time");
    const contentType = message.headers.get("content-type");
    const completed = { path: message.target, at, requestTime, contentType, source, durationMs, response };
    const call = callLog.add({ ...completed, fault: fault?.fault });
    if (rejectedSignature) explain(call, rejectedSignature);
    return { response, call };
  }

  const gateway = openGateway(clients.findMerchant);
  let local: Promise<LocalCaller & { readonly gateway: Gateway }> | undefined;
  return {
    respond: async (message) => (await respond(gateway, message)).response,
    send: async (call) => {
      local ??= createLocalCaller(clients.findMerchant).then((caller) => ({
        ...caller,
        gateway: openGateway(caller.findMerchant),
      }));
      const { createRequest, gateway: localGateway } = await local;
      return (await respond(localGateway, createRequest(call), "dashboard")).call;
    },
  };
}

/** Creates the handler of the three operations. The handler passes the result code of an active scenario to `note`. */
function createOperationHandler(options: CallHandlerOptions): GatewayOptions["handle"] {
  const { vaultings, scenarios, links, facts, rejectIdReuse } = options;
  return ({ operation, clientId, vaultingRequestId, body }, note) => {
    const scenario = scenarios.findResultCode(operation, clientId);
    if (scenario !== undefined) {
      note(scenario);
      const response = createScenarioResponse(operation, scenario, vaultingRequestId);
      if (response) return Promise.resolve(response);
    }
    const lookup = { clientId, vaultingRequestId };
    if (operation === "inquireVaulting") return inquire(lookup);
    const request = { clientId, vaultingRequestId, body, fingerprint: computeFingerprint(body) };
    const decide = operation === "vaultPaymentMethod" ? decideVaultPaymentMethod : decideCreateVaultingSession;
    return vaultings.create(lookup, (stored) =>
      decide(request, stored, { facts: facts(), links, rejectIdReuse, scenario }),
    );
  };

  /** Reads the vaulting without a transaction, unless it has expired and the result must be stored. */
  async function inquire(lookup: { readonly clientId: string; readonly vaultingRequestId: string }): Promise<object> {
    const found = await vaultings.find(lookup);
    const current = facts();
    if (!found || transition(found, { kind: "nothing" }, current) === found) {
      return decideInquireVaulting(lookup.vaultingRequestId, found, { facts: current, links }).response;
    }
    return vaultings.update(lookup, (stored) =>
      decideInquireVaulting(lookup.vaultingRequestId, stored, { facts: facts(), links }),
    );
  }
}
