export { allChecks } from "./checks/all-checks.ts";
export type { Check } from "./checks/check.ts";
export { submitForm } from "./conversation/simulated-buyer.ts";
export {
  getNotificationExamples,
  getRequestMessage,
  getResponseMessage,
} from "./document/openapi-document.ts";
export { createRequestBody, withCard } from "./document/sample-requests.ts";
export {
  type CheckResult,
  COVERAGE_LABELS,
  type ContractReport,
  type CoverageRow,
  countByStatus,
  formatUnsignedErrors,
} from "./model/report.ts";
export type { Capability, ContractTarget, CustomCard } from "./model/target.ts";
export { detectCapabilities, diagnoseTarget } from "./run/detect-capabilities.ts";
export { type RunOptions, runChecks } from "./run/run-checks.ts";
