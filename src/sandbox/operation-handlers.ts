/** The three operations, between the gateway that checks a call and the store that keeps what came of it. */
import type { GatewayOptions } from "../gateway/index.ts";
import { fingerprintOf } from "./call-log/mask-request.ts";
import type { Vaultings } from "./store/vaultings.ts";
import { type Scenarios, scenarioAnswer } from "./switches/scenarios.ts";
import {
  decideCreateVaultingSession,
  decideInquireVaulting,
  decideVaultPaymentMethod,
} from "./vaulting/request-decisions.ts";
import type { Links } from "./vaulting/responses.ts";
import { after, type Facts } from "./vaulting/state-machine.ts";

export interface OperationsOptions {
  readonly vaultings: Vaultings;
  readonly scenarios: Scenarios;
  readonly links: Links;
  readonly facts: () => Facts;
  readonly refuseDifferingRepeats: boolean;
}

/** Creates the handler of the three operations. If a scenario applies to a call, the handler notes its result code. */
export function createOperations(options: OperationsOptions): GatewayOptions["handle"] {
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
