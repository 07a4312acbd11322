export { allChecks } from "./checks/all-checks.ts";
export type { Check } from "./checks/check.ts";
export { fillIn } from "./conversation/simulated-buyer.ts";
export { notificationExamples, requestOf, responseOf } from "./document/openapi-document.ts";
export { bodyOf, withCard } from "./document/sample-requests.ts";
export { type CheckResult, COVERED, type ContractReport, type CoverageRow, totalsOf } from "./model/report.ts";
export type { Ability, OwnCard, Target } from "./model/target.ts";
export { doubtOf, meet } from "./run/detect-capabilities.ts";
export { type RunOptions, runChecks } from "./run/run-checks.ts";
