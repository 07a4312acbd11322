/** What all answers of a run have shown, so that a check need not look at more than its own matter. */
import type { OperationId } from "../../generated/operations.ts";
import { ANSWER_RULES } from "./answer-rules.ts";
import { ContractFailure } from "./check.ts";
import type { Exchange } from "./exchange.ts";

export class Ledger {
  readonly #broken = new Map<string, { readonly first: string; readonly count: number }>();
  #answers = 0;

  /** Holds an answer against the rules for all answers. */
  observe(exchange: Exchange): void {
    this.#answers += 1;
    for (const rule of ANSWER_RULES) {
      if (!rule.applies(exchange)) continue;
      try {
        rule.expect(exchange);
      } catch (error) {
        if (!(error instanceof ContractFailure)) throw error;
        const key = `${exchange.operation} ${rule.id}`;
        const { first = error.message, count = 0 } = this.#broken.get(key) ?? {};
        this.#broken.set(key, { first, count: count + 1 });
      }
    }
  }

  /** No answer of an operation has broken a rule for all answers so far. */
  expectNeverBroken(operation: OperationId, rule: string): void {
    const broken = this.#broken.get(`${operation} ${rule}`);
    if (!broken) return;
    const [what = "", ...rest] = broken.first.split("\n");
    const often = `So it was in ${broken.count} of ${this.#answers} answers of the run.`;
    throw new ContractFailure([what, often, ...rest].join("\n"));
  }
}
