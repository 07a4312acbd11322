/** Scenarios, which make an operation return a chosen result code for a set number of minutes, as in Antom's dashboard. */
import type { OperationId } from "../../../generated/operations.ts";
import { resultCodes } from "../../../generated/result-codes.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { getScenarioCodes, isVaultingResultCode, NO_URL_CODE } from "../../control-api/scenario-codes.ts";
import { AntomVaultError } from "../../protocol/errors.ts";

export type Scenarios = Readonly<ReturnType<typeof createScenarios>>;

interface Scenario extends Omit<ControlSchemas["Scenario"], "until"> {
  /** Milliseconds since the Unix epoch, on the sandbox's clock. */
  readonly until: number;
}

export function createScenarios(now: () => number) {
  let scenarios: readonly Scenario[] = [];
  const current = () => {
    if (scenarios.length > 0) scenarios = scenarios.filter(({ until }) => until > now());
    return scenarios;
  };
  return {
    /** @throws {AntomVaultError} `CONFIGURATION_INVALID` if a scenario cannot force this result code for the operation */
    start: ({ operation, resultCode, minutes = 30, clientId }: ControlSchemas["ScenarioRequest"]): Scenario => {
      const codes = getScenarioCodes(operation);
      if (!codes.includes(resultCode)) {
        const message = `A scenario cannot force this result code for ${operation}. Use one of: ${codes.join(", ")}.`;
        throw new AntomVaultError("CONFIGURATION_INVALID", message);
      }
      const until = now() + minutes * 60_000;
      const added = { operation, resultCode, until, ...(clientId === undefined ? {} : { clientId }) };
      const others = current().filter((scenario) => scenario.operation !== operation || scenario.clientId !== clientId);
      scenarios = [...others, added];
      return added;
    },
    list: current,
    end: (operation?: OperationId): void => {
      scenarios = scenarios.filter((scenario) => operation !== undefined && scenario.operation !== operation);
    },
    /**
     * Returns the result code for a call, or `undefined` if no scenario applies. A scenario for the client takes precedence over a scenario for
     * all clients.
     */
    findResultCode: (operation: OperationId, clientId: string): string | undefined => {
      if (scenarios.length === 0) return undefined;
      const active = current().filter((scenario) => scenario.operation === operation);
      const forClient = active.find((scenario) => scenario.clientId === clientId);
      return (forClient ?? active.find((scenario) => scenario.clientId === undefined))?.resultCode;
    },
  };
}

interface ResultCodeRow {
  readonly code: string;
  readonly status: string;
  readonly meaning: string;
}

/**
 * Creates the response of a scenario, or returns `undefined` if the operation must run: for success, and for a result that is stored with
 * the vaulting.
 */
export function createScenarioResponse(
  operation: OperationId,
  resultCode: string,
  vaultingRequestId: string,
): object | undefined {
  const table: readonly ResultCodeRow[] = resultCodes[operation];
  const code = resultCode === NO_URL_CODE ? "VERIFICATION_IN_PROCESS" : resultCode;
  const row = table.find((entry) => entry.code === code);
  if (!row || resultCode === "SUCCESS") return undefined;
  if (operation === "vaultPaymentMethod" && resultCode !== NO_URL_CODE && isVaultingResultCode(resultCode))
    return undefined;
  return {
    result: { resultCode: code, resultStatus: row.status, resultMessage: row.meaning.slice(0, 256) },
    ...(operation === "createVaultingSession" ? {} : { vaultingRequestId }),
  };
}
