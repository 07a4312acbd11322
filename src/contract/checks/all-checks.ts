/** Every check there is, in the order in which a report lists them. */

import { challengeChecks } from "./challenge-checks.ts";
import type { Check } from "./check.ts";
import { coverageChecks } from "./coverage-checks.ts";
import { identityChecks } from "./isolation-checks.ts";
import { notificationChecks } from "./notification-checks.ts";
import { protocolChecks } from "./protocol-checks.ts";
import { requestChecks } from "./request-checks.ts";
import { resendChecks } from "./resend-checks.ts";
import { answerChecks } from "./response-checks.ts";
import { resultCodeChecks } from "./result-code-checks.ts";
import { stateChecks } from "./state-checks.ts";

export const OPERATIONS = ["vaultPaymentMethod", "createVaultingSession", "inquireVaulting"] as const;

export const allChecks = (): readonly Check[] => [
  ...OPERATIONS.flatMap((operation) => [
    ...requestChecks(operation),
    ...answerChecks(operation),
    ...resultCodeChecks(operation),
    ...stateChecks(operation),
    ...identityChecks(operation),
    ...challengeChecks(operation),
  ]),
  ...notificationChecks(),
  ...resendChecks(),
  ...protocolChecks(),
  ...coverageChecks(),
];
