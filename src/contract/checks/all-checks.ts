import { operations } from "../../../generated/operations.ts";
import { createChallengeChecks } from "./challenge-checks.ts";
import type { Check } from "./check.ts";
import { createCardDataChecks, createNotifiedCardDataCheck } from "./content/card-data-checks.ts";
import { createCardFactChecks } from "./content/card-fact-checks.ts";
import { createCardNumberChecks } from "./content/card-number-checks.ts";
import { createHttpHeaderChecks } from "./content/http-header-checks.ts";
import { createMetadataChecks, createNotifiedMetadataCheck } from "./content/metadata-checks.ts";
import { createCoverageChecks } from "./coverage-checks.ts";
import { createIsolationChecks } from "./isolation-checks.ts";
import { createNotificationChecks } from "./notifications/notification-checks.ts";
import { createResendChecks } from "./notifications/resend-checks.ts";
import { createProtocolChecks } from "./protocol-checks.ts";
import { createRequestChecks } from "./request-checks.ts";
import { createResponseChecks } from "./response-checks.ts";
import { createResultCodeChecks } from "./result-code-checks.ts";
import { createLaterChecks, waitingChecks } from "./sequences/later-checks.ts";
import { createSequenceChecks } from "./sequences/sequence-checks.ts";
import { createSessionChallengeChecks } from "./session-challenge-checks.ts";
import { createSessionChecks } from "./session-checks.ts";
import { createStateChecks } from "./state-checks.ts";

let checks: readonly Check[] | undefined;

/** Returns all checks in report order. The first call derives them from the OpenAPI document, which takes about 50 ms. */
export function allChecks(): readonly Check[] {
  checks ??= [
    ...waitingChecks,
    ...operations.flatMap((operation) => [
      ...createRequestChecks(operation),
      ...createResponseChecks(operation),
      ...createResultCodeChecks(operation),
      ...createStateChecks(operation),
      ...createIsolationChecks(operation),
      ...createChallengeChecks(operation),
      ...createSessionChecks(operation),
      ...createSessionChallengeChecks(operation),
      ...createCardDataChecks(operation),
      ...createCardFactChecks(operation),
      ...createCardNumberChecks(operation),
      ...createMetadataChecks(operation),
    ]),
    ...createNotificationChecks(),
    createNotifiedCardDataCheck(),
    createNotifiedMetadataCheck(),
    ...createResendChecks(),
    ...createSequenceChecks(),
    ...createLaterChecks(),
    ...createProtocolChecks(),
    ...createHttpHeaderChecks(),
    ...createCoverageChecks(),
  ];
  return checks;
}
