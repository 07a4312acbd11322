export { annotations } from "./annotations.ts";
export { type Failures, groupFailures } from "./group-failures.ts";
export { html } from "./html.ts";
export { junit } from "./junit.ts";
