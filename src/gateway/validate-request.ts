/** Whether a body is a request of an operation. */
import { requestValidators } from "../../generated/operation-validators.ts";
import type { OperationId } from "../../generated/operations.ts";
import type { Issue } from "../../generated/validators.js";

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
  const checked = requestValidators[operation](value);
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
