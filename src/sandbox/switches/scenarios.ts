/** The scenario switch: an operation answers a result code of one's choice for some minutes, as the vendor's dashboard lets one choose. */
import type { OperationId } from "../../../generated/operations.ts";
import { resultCodes } from "../../../generated/result-codes.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { getScenarioCodes, isVaultingResultCode, NO_URL_CODE } from "../../control-api/scenario-codes.ts";
import { AntomVaultError } from "../../protocol/errors.ts";

export type Scenarios = Readonly<ReturnType<typeof createScenarios>>;

interface Scenario extends Omit<ControlSchemas["Scenario"], "until"> {
  /** Milliseconds since 1970 on the sandbox's clock. */
  readonly until: number;
}

export function createScenarios(now: () => number) {
  let scenarios: readonly Scenario[] = [];
  const current = () => {
    if (scenarios.length > 0) scenarios = scenarios.filter(({ until }) => until > now());
    return scenarios;
  };
  return {
    /** @throws AntomVaultError `CONFIGURATION_INVALID` where the operation has no such code */
    start: ({ operation, resultCode, minutes = 30, clientId }: ControlSchemas["ScenarioRequest"]): Scenario => {
      if (!getScenarioCodes(operation).includes(resultCode)) {
        const codes = getScenarioCodes(operation).join(", ");
        throw new AntomVaultError("CONFIGURATION_INVALID", `${operation} has no such result code. It has ${codes}.`);
      }
      const until = now() + minutes * 60_000;
      const scenario = { operation, resultCode, until, ...(clientId === undefined ? {} : { clientId }) };
      scenarios = [...current().filter((each) => each.operation !== operation || each.clientId !== clientId), scenario];
      return scenario;
    },
    list: current,
    end: (operation?: OperationId): void => {
      scenarios = scenarios.filter((each) => operation !== undefined && each.operation !== operation);
    },
    /** The code that is switched on for a call. */
    findResultCode: (operation: OperationId, clientId: string): string | undefined => {
      if (scenarios.length === 0) return undefined;
      const own = current().filter(
        (each) => each.operation === operation && (each.clientId === undefined || each.clientId === clientId),
      );
      return (own.find((each) => each.clientId === clientId) ?? own[0])?.resultCode;
    },
  };
}

interface ResultCodeRow {
  readonly code: string;
  readonly status: string;
  readonly meaning: string;
}

/**
 * The answer that a scenario gives in the place of the operation's own, or `undefined` where the operation is run: for success, and for a
 * result that is a vaulting's own and so has to be recorded.
 */
export function createScenarioResponse(
  operation: OperationId,
  resultCode: string,
  vaultingRequestId: string,
): object | undefined {
  const echo = operation === "createVaultingSession" ? {} : { vaultingRequestId };
  const table: readonly ResultCodeRow[] = resultCodes[operation];
  const code = resultCode === NO_URL_CODE ? "VERIFICATION_IN_PROCESS" : resultCode;
  const row = table.find((each) => each.code === code);
  if (!row || resultCode === "SUCCESS") return undefined;
  if (operation === "vaultPaymentMethod" && resultCode !== NO_URL_CODE && isVaultingResultCode(resultCode))
    return undefined;
  return { result: { resultCode: code, resultStatus: row.status, resultMessage: row.meaning.slice(0, 256) }, ...echo };
}
