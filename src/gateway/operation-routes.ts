/** Which operation a path means, and whether a body is a request of it. */
import { basePaths, type Environment, type OperationId, operationPaths } from "../../generated/operations.ts";
import {
  type Issue,
  validateCreateVaultingSessionRequest,
  validateInquireVaultingRequest,
  validateVaultPaymentMethodRequest,
} from "../../generated/validators.js";

export interface Route {
  readonly operation: OperationId;
  readonly environment: Environment;
}

const routes: ReadonlyMap<string, Route> = new Map(
  (Object.keys(basePaths) as Environment[]).flatMap((environment) =>
    (Object.keys(operationPaths) as OperationId[]).map((operation) => [
      basePaths[environment] + operationPaths[operation],
      { operation, environment },
    ]),
  ),
);

/** The operation at a path, compared exactly. */
export const routeOf = (path: string): Route | undefined => routes.get(path);

const validators = {
  vaultPaymentMethod: validateVaultPaymentMethodRequest,
  createVaultingSession: validateCreateVaultingSessionRequest,
  inquireVaulting: validateInquireVaultingRequest,
} as const;

/** The answers that echo the request's ID; no source shows it in createVaultingSession's. */
const ECHOING: ReadonlySet<OperationId> = new Set(["vaultPaymentMethod", "inquireVaulting"]);

type CheckedRequest =
  | (Echo & {
      readonly valid: true;
      readonly body: Readonly<Record<string, unknown>>;
      readonly vaultingRequestId: string;
    })
  | (Echo & { readonly valid: false; readonly issues: readonly Issue[] });

interface Echo {
  /** The ID that the answer echoes, where its operation does and a legal one came. */
  readonly echo: string | undefined;
}

/** Checks a body against the document. Of one that is refused, a legal vaultingRequestId is still told, to be echoed. */
export function validateRequest(operation: OperationId, value: unknown): CheckedRequest {
  const checked = validators[operation](value);
  const echoing = ECHOING.has(operation);
  if (checked.valid) {
    const { vaultingRequestId } = checked.value;
    return {
      valid: true,
      body: { ...checked.value },
      vaultingRequestId,
      echo: echoing ? vaultingRequestId : undefined,
    };
  }
  const { issues } = checked;
  return { valid: false, issues, echo: echoing ? legalId(value, issues) : undefined };
}

function legalId(value: unknown, issues: readonly Issue[]): string | undefined {
  if (typeof value !== "object" || value === null || !("vaultingRequestId" in value)) return undefined;
  if (issues.some(({ pointer }) => pointer === "/vaultingRequestId" || pointer === "")) return undefined;
  return typeof value.vaultingRequestId === "string" ? value.vaultingRequestId : undefined;
}
