/** Reports for the tests of the HTML report. @module */
import { type CheckResult, type ContractReport, totalsOf } from "../../contract/model/report.ts";

export const check = (id: string, more: Partial<CheckResult> = {}): CheckResult => ({
  id,
  operation: "protocol",
  title: `${id} is kept`,
  status: "passed",
  detail: "",
  ...more,
});

export const failed = (id: string, detail: string, more: Partial<CheckResult> = {}): CheckResult =>
  check(id, { status: "failed", detail, ...more });

export const reportOf = (checks: readonly CheckResult[], target = "sandbox"): ContractReport => ({
  target,
  checks,
  totals: totalsOf(checks),
});

export const options = { version: "1.2.3", date: new Date("2026-11-25T08:52:00Z"), seconds: 3.98 };

/** What a failure looks like, line by line. */
export const DETAIL = [
  "vaultingRequestId is not the request's.",
  "So it was in 5 of 9 answers of the run.",
  'Sent: {"vaultingRequestId":"a"}',
  'Came: 200 {"result":{"resultCode":"SUCCESS"}}',
  `Again: curl -sS -i http://127.0.0.1:1/v1 -H 'client-id: SANDBOX_1' --data-binary '{"vaultingRequestId":"it'\\''s"}'`,
  "Document: /components/schemas/VaultPaymentMethodResponse",
].join("\n");

/** Two kinds of failure, checks that held and checks that were not asked, in three operations. */
export const mixed: ContractReport = reportOf([
  failed("vaultPaymentMethod.answer.echo", DETAIL, { operation: "vaultPaymentMethod" }),
  check("vaultPaymentMethod.answer.masked", { operation: "vaultPaymentMethod" }),
  failed("inquireVaulting.answer.echo", DETAIL, { operation: "inquireVaulting" }),
  failed("inquireVaulting.answer.signed", "The answer's signature is refused.\nSent: x\nCame: 500 \nDocument: /info", {
    operation: "inquireVaulting",
  }),
  check("inquireVaulting.result.SUCCESS", {
    operation: "inquireVaulting",
    status: "not-applicable",
    detail: "The target does not offer: examples.",
  }),
  check("protocol.path.refused"),
]);
