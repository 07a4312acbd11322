export { formatAnnotations } from "./annotations.ts";
export { type FailureGroup, groupFailures } from "./group-failures.ts";
export { formatHtml } from "./html.ts";
export { formatJobSummary } from "./job-summary.ts";
export { formatJunit } from "./junit.ts";
