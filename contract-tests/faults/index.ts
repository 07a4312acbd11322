import { answerFaults } from "./answers.ts";
import type { Fault } from "./relay.ts";
import { requestFaults } from "./requests.ts";
import { stateFaults } from "./state.ts";

/** Every faulty server that there is. */
export const faults: readonly Fault[] = [...answerFaults, ...requestFaults, ...stateFaults];
