/** The list of all checks in report order. */

import { operations } from "../../../generated/operations.ts";
import { challengeChecks } from "./challenge-checks.ts";
import type { Check } from "./check.ts";
import { coverageChecks } from "./coverage-checks.ts";
import { isolationChecks } from "./isolation-checks.ts";
import { notificationChecks } from "./notification-checks.ts";
import { protocolChecks } from "./protocol-checks.ts";
import { requestChecks } from "./request-checks.ts";
import { resendChecks } from "./resend-checks.ts";
import { responseChecks } from "./response-checks.ts";
import { resultCodeChecks } from "./result-code-checks.ts";
import { stateChecks } from "./state-checks.ts";

let checks: readonly Check[] | undefined;

/** Returns all checks. The first call derives them from the OpenAPI document, which takes about 50 ms. */
export function allChecks(): readonly Check[] {
  checks ??= [
    ...operations.flatMap((operation) => [
      ...requestChecks(operation),
      ...responseChecks(operation),
      ...resultCodeChecks(operation),
      ...stateChecks(operation),
      ...isolationChecks(operation),
      ...challengeChecks(operation),
    ]),
    ...notificationChecks(),
    ...resendChecks(),
    ...protocolChecks(),
    ...coverageChecks(),
  ];
  return checks;
}
