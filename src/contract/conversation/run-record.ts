/** What all answers and notifications of a run have shown, so that a check need not look at more than its own matter. */
import { validateVaultingNotification } from "../../../generated/validators.js";
import type { Constraint } from "../document/list-constraints.ts";
import type { Exchange, Notification, ResponseContext } from "../model/exchange.ts";
import { ContractFailure, captureFailure } from "../model/failure.ts";
import type { CheckSubject } from "../model/report.ts";
import { validateResponseBody } from "../rules/assertions.ts";
import { NOTIFICATION_RULES } from "../rules/notification-rules.ts";
import { RESPONSE_RULES } from "../rules/response-rules.ts";

export class RunRecord {
  readonly #broken = new Map<string, { readonly first: string; readonly count: number }>();
  readonly #put = new Set<string>();
  readonly #seen = new Set<string>();
  /** Whether every check there is belongs to the run. */
  isComplete = false;
  #answers = 0;
  #notifications = 0;

  /** Holds an answer against the rules for all answers. */
  observe(exchange: Exchange): void {
    this.#answers += 1;
    this.#see(exchange.operation, validateResponseBody(exchange), exchange.resultCode);
    for (const { id, applies, expect } of RESPONSE_RULES)
      if (applies(exchange)) this.#note(`${exchange.operation} ${id}`, () => expect(exchange));
  }

  /** Holds an attempt to deliver a notification against the rules for all of them. */
  observeNotification(notification: Notification, reading: ResponseContext): void {
    this.#notifications += 1;
    this.#see("notifyVaulting", validateVaultingNotification(notification.body));
    for (const { id, expect } of NOTIFICATION_RULES)
      this.#note(`notifyVaulting ${id}`, () => expect(notification, reading));
  }

  get notificationCount(): number {
    return this.#notifications;
  }

  /** A request that puts a constraint was sent: one that is to be accepted, or one that breaks it. */
  markTested({ operation, pointer, keyword }: Constraint, side: "accepted" | "rejected"): void {
    this.#put.add(`${operation} ${pointer} ${keyword} ${side}`);
  }

  wasTested({ operation, pointer, keyword }: Constraint, side: "accepted" | "rejected"): boolean {
    return this.#put.has(`${operation} ${pointer} ${keyword} ${side}`);
  }

  /** Whether a message of a kind (a schema of the document, or a result code) came. */
  hasSeen(subject: CheckSubject, kind: string): boolean {
    return this.#seen.has(`${subject} ${kind}`);
  }

  #see(
    subject: CheckSubject,
    checked: { readonly valid: boolean; readonly branch?: string },
    resultCode?: string,
  ): void {
    if (!checked.valid) return;
    for (const kind of [checked.branch, resultCode]) this.#seen.add(`${subject} ${kind ?? ""}`);
  }

  #note(key: string, expect: () => void): void {
    const failure = captureFailure(expect);
    if (failure === undefined) return;
    const { first = failure, count = 0 } = this.#broken.get(key) ?? {};
    this.#broken.set(key, { first, count: count + 1 });
  }

  /** No message of a subject has broken a rule for all of them so far. */
  expectNoViolation(subject: CheckSubject, rule: string): void {
    const broken = this.#broken.get(`${subject} ${rule}`);
    if (!broken) return;
    const [what = "", ...rest] = broken.first.split("\n");
    const all = subject === "notifyVaulting" ? `${this.#notifications} notifications` : `${this.#answers} answers`;
    throw new ContractFailure([what, `So it was in ${broken.count} of ${all} of the run.`, ...rest].join("\n"));
  }
}
