/** What a page says after a form was sent. */
export const DONE = {
  clock: "The clock was moved.",
  scenario: "The scenario is on.",
  "scenario-over": "The scenario is over.",
  fault: "The fault is injected.",
  "faults-over": "No fault is left.",
  reset: "Everything is forgotten.",
  rotated: "The next key signs from now on.",
  resent: "The notification is sent again.",
  challenge: "The challenge has ended.",
  late: "The challenge had ended before.",
  "not-due": "Nothing is due any more.",
} as const;

export type Done = keyof typeof DONE;
