/** Records the rule violations in all responses and notifications of a run. The check of each rule reports only violations of that rule. */
import { validateVaultingNotification } from "../../../generated/validators.js";
import type { Constraint } from "../document/list-constraints.ts";
import type { RequestBody } from "../document/sample-requests.ts";
import type { Exchange, Notification, ResponseContext } from "../model/exchange.ts";
import { ContractFailure, captureFailure } from "../model/failure.ts";
import type { CheckSubject } from "../model/report.ts";
import { isCountedUnsigned, validateResponseBody } from "../rules/assertions.ts";
import { ChallengeDecisions } from "../rules/challenge-decisions.ts";
import { NOTIFICATION_RULES } from "../rules/notification-rules.ts";
import { RESPONSE_RULES } from "../rules/response-rules.ts";
import { SentCards } from "../rules/sent-cards.ts";
import { VaultingHistory } from "../rules/vaulting-history.ts";

export class RunRecord {
  readonly #violations = new Map<string, { readonly first: string; readonly count: number }>();
  readonly #tested = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #cards = new SentCards();
  readonly history = new VaultingHistory();
  readonly challenges = new ChallengeDecisions();
  /** Whether the run includes all checks. */
  isComplete = false;
  #responseCount = 0;
  #notificationCount = 0;
  #unsignedErrors = 0;

  /**
   * Checks a response against all response rules.
   *
   * @param sentAt the value of `history.count` when the request was sent; default: 0, as if it had been sent before all other requests
   */
  observe(exchange: Exchange, sentAt = 0): void {
    this.#responseCount += 1;
    this.#cards.add(exchange.requestBody);
    if (isCountedUnsigned(exchange)) this.#unsignedErrors += 1;
    this.#markSeen(exchange.operation, validateResponseBody(exchange), exchange.resultCode);
    for (const { id, applies, expect } of RESPONSE_RULES) {
      if (!applies(exchange)) continue;
      this.#seen.add(`${exchange.operation} ${id}`);
      this.#check(`${exchange.operation} ${id}`, () => expect(exchange, this.#cards));
    }
    if (!exchange.request.reusesId && !this.history.isKnown(exchange)) this.challenges.add(exchange);
    if (exchange.context.isStateful) this.#check("protocol consistent", () => this.history.add(exchange, sentAt));
  }

  /** Adds the card that a buyer enters on the page of a session. Later messages about the session must not reveal it. */
  addEnteredCard({ requestBody }: Exchange, card: RequestBody): void {
    this.#cards.add({ ...(requestBody as RequestBody), paymentMethodDetail: { card } });
  }

  /** Checks a notification against all notification rules. */
  observeNotification(notification: Notification, context: ResponseContext): void {
    this.#notificationCount += 1;
    this.#markSeen("notifyVaulting", validateVaultingNotification(notification.body));
    for (const { id, expect } of NOTIFICATION_RULES)
      this.#check(`notifyVaulting ${id}`, () => expect(notification, context, this.#cards));
    this.#check("protocol consistent", () => this.history.addNotification(notification, context.clientId));
  }

  get unsignedErrors(): number {
    return this.#unsignedErrors;
  }

  get notificationCount(): number {
    return this.#notificationCount;
  }

  /** Records that a request with a valid (`accepted`) or invalid (`rejected`) value for a constraint was sent. */
  markTested({ operation, pointer, keyword }: Constraint, side: "accepted" | "rejected"): void {
    this.#tested.add(`${operation} ${pointer} ${keyword} ${side}`);
  }

  wasTested({ operation, pointer, keyword }: Constraint, side: "accepted" | "rejected"): boolean {
    return this.#tested.has(`${operation} ${pointer} ${keyword} ${side}`);
  }

  /** Returns whether a message of a kind was received. A kind is the schema or result code of a valid message, or the ID of a rule that applied to it. */
  hasSeen(subject: CheckSubject, kind: string): boolean {
    return this.#seen.has(`${subject} ${kind}`);
  }

  #markSeen(
    subject: CheckSubject,
    { valid, branch }: { readonly valid: boolean; readonly branch?: string },
    resultCode?: string,
  ): void {
    if (!valid) return;
    for (const kind of [branch, resultCode]) this.#seen.add(`${subject} ${kind ?? ""}`);
  }

  #check(key: string, expect: () => void): void {
    const failure = captureFailure(expect);
    if (failure === undefined) return;
    const { first = failure, count = 0 } = this.#violations.get(key) ?? {};
    this.#violations.set(key, { first, count: count + 1 });
  }

  /** @throws {ContractFailure} if a message violated the rule, with the first violation and the number of violations */
  expectNoViolation(subject: CheckSubject, rule: string): void {
    const violation = this.#violations.get(`${subject} ${rule}`);
    if (!violation) return;
    const [summary = "", ...rest] = violation.first.split("\n");
    const [total, noun] =
      subject === "notifyVaulting" ? [this.#notificationCount, "notification"] : [this.#responseCount, "response"];
    const count = `Affects ${violation.count} of ${total} ${noun}${total === 1 ? "" : "s"} in this run.`;
    throw new ContractFailure([summary, count, ...rest].join("\n"));
  }
}
