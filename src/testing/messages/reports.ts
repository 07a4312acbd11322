/** Contract reports for tests of the report formats. @module */
import { type CheckResult, type ContractReport, countByStatus } from "../../contract/model/report.ts";

export const createCheckResult = (id: string, fields: Partial<CheckResult> = {}): CheckResult => ({
  id,
  operation: "protocol",
  title: `Title of ${id}`,
  status: "passed",
  message: "",
  ...fields,
});

export const createFailedResult = (id: string, message: string, fields: Partial<CheckResult> = {}): CheckResult =>
  createCheckResult(id, { status: "failed", message, ...fields });

export const createReport = (checks: readonly CheckResult[], target = "sandbox"): ContractReport => ({
  target,
  checks,
  totals: countByStatus(checks),
  unsignedErrors: 0,
});

export const reportOptions = { version: "1.2.3", date: new Date("2026-11-25T08:52:00Z"), seconds: 3.98 };

export const FAILURE_MESSAGE = [
  "Response does not echo the vaultingRequestId of the request.",
  "Affects 5 of 9 responses in this run.",
  'Request: {"vaultingRequestId":"a"}',
  'Response: 200 {"result":{"resultCode":"SUCCESS"}}',
  `Reproduce: curl -sS -i http://127.0.0.1:1/v1 -H 'client-id: SANDBOX_1' --data-binary '{"vaultingRequestId":"it'\\''s"}'`,
  "Document: /components/schemas/VaultPaymentMethodResponse",
].join("\n");

/** A report with 3 failed checks (2 different messages), 2 passed checks, and 1 skipped check. The checks have 3 different `operation` values. */
export const mixedReport: ContractReport = createReport([
  createFailedResult("vaultPaymentMethod.response.echo", FAILURE_MESSAGE, { operation: "vaultPaymentMethod" }),
  createCheckResult("vaultPaymentMethod.response.masked", { operation: "vaultPaymentMethod" }),
  createFailedResult("inquireVaulting.response.echo", FAILURE_MESSAGE, { operation: "inquireVaulting" }),
  createFailedResult(
    "inquireVaulting.response.signed",
    "Response signature is invalid.\nRequest: x\nResponse: 500 \nDocument: /info",
    {
      operation: "inquireVaulting",
    },
  ),
  createCheckResult("inquireVaulting.result.SUCCESS", {
    operation: "inquireVaulting",
    status: "skipped",
    message: "The target does not return examples from the OpenAPI document on demand.",
  }),
  createCheckResult("protocol.path.rejected"),
]);
