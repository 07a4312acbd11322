import { challengeFaults } from "./challenges.ts";
import type { Fault } from "./fault.ts";
import { identityFaults } from "./isolation.ts";
import { notificationFaults } from "./notifications.ts";
import { requestFaults } from "./requests.ts";
import { answerFaults } from "./responses.ts";
import { stateFaults } from "./state.ts";

/** Every faulty server that there is. */
export const faults: readonly Fault[] = [
  ...answerFaults,
  ...requestFaults,
  ...stateFaults,
  ...challengeFaults,
  ...identityFaults,
  ...notificationFaults,
];
