export { formatAnnotations as annotations } from "./annotations.ts";
export { type FailureGroup as Failures, groupFailures } from "./group-failures.ts";
export { formatHtml as html } from "./html.ts";
export { formatJunit as junit } from "./junit.ts";
