export { fillIn } from "./buyer.ts";
export type { Ability, Check, CheckResult, ContractReport, CoverageRow } from "./check.ts";
export { allChecks, OPERATIONS } from "./checks.ts";
export type { Target } from "./conversation.ts";
export { COVERED } from "./coverage.ts";
export { notificationExamples, requestOf, responseOf } from "./document.ts";
export { meet } from "./meet.ts";
export { type RunOptions, runChecks } from "./run.ts";
