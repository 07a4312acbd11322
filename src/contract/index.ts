export { allChecks } from "./checks/all-checks.ts";
export type { Check } from "./checks/check.ts";
export { submitForm as fillIn } from "./conversation/simulated-buyer.ts";
export {
  getNotificationExamples as notificationExamples,
  getRequestMessage as requestOf,
  getResponseMessage as responseOf,
} from "./document/openapi-document.ts";
export { createRequestBody as bodyOf, withCard } from "./document/sample-requests.ts";
export {
  type CheckResult,
  COVERAGE_LABELS as COVERED,
  type ContractReport,
  type CoverageRow,
  countByStatus as totalsOf,
} from "./model/report.ts";
export type { Capability as Ability, ContractTarget as Target, CustomCard as OwnCard } from "./model/target.ts";
export { detectCapabilities as meet, diagnoseTarget as doubtOf } from "./run/detect-capabilities.ts";
export { type RunOptions, runChecks } from "./run/run-checks.ts";
