/** Records calls and their responses. After a crash, the sandbox must still have every recorded result. */
import type { BindingResponse, CardKind, ViolationKind } from "./compare-responses.ts";
import type { Listener } from "./notification-listener.ts";
import type { SandboxProcess } from "./sandbox-process.ts";
import type { SignedClient } from "./signed-client.ts";

export interface Entry {
  readonly id: string;
  readonly kind: CardKind;
  readonly round: number;
  readonly response: BindingResponse;
}

export interface Violation {
  readonly id: string;
  readonly kind: ViolationKind;
  /** The round in which the result was confirmed. The violation was found in round `foundIn`. */
  readonly confirmedIn: number;
  readonly foundIn: number;
}

export class CallRecord {
  readonly violations: Violation[] = [];
  confirmedCount = 0;
  retriedCount = 0;
  readonly #entries = new Map<string, Entry>();
  /** The entries with a final result, including those with violations. */
  readonly #finals: Entry[] = [];
  readonly #unconfirmed = new Map<string, CardKind>();
  readonly #prefix = `durability-${Date.now().toString(36)}`;
  #next = 0;

  /** Creates a request ID, which is unconfirmed until a response is recorded. */
  createId(kind: CardKind): string {
    const id = `${this.#prefix}-${this.#next++}`;
    this.#unconfirmed.set(id, kind);
    return id;
  }

  /** Records a response. If an ID already has a final response, a different one is a violation. */
  recordResponse(id: string, response: BindingResponse, round: number): void {
    const known = this.#entries.get(id);
    if (known) {
      this.retriedCount += 1;
      if (known.response.body !== response.body && known.response.final) this.recordViolation(known, "changed", round);
      return;
    }
    const kind = this.#unconfirmed.get(id);
    if (kind === undefined) return;
    this.#unconfirmed.delete(id);
    this.confirmedCount += 1;
    const entry = { id, kind, round, response };
    this.#entries.set(id, entry);
    if (response.final) this.#finals.push(entry);
  }

  /** Records a violation. The entry is not checked again. */
  recordViolation({ id, round: confirmedIn }: Entry, kind: ViolationKind, foundIn: number): void {
    this.violations.push({ id, kind, confirmedIn, foundIn });
    this.#entries.delete(id);
  }

  getEntries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** Returns up to `size` random entries with a final result and no violation. An entry may occur more than once. */
  sample(size: number): readonly Entry[] {
    return Array.from({ length: size }, () => this.#finals[Math.floor(Math.random() * this.#finals.length)])
      .filter((entry) => entry !== undefined)
      .filter(({ id }) => this.#entries.has(id));
  }

  getUnconfirmed(): readonly (readonly [id: string, kind: CardKind])[] {
    return [...this.#unconfirmed];
  }
}

/** The context that the load and the checks between two crashes share. Round numbers start at 1; before the first load, the number is 0. */
export interface RoundContext {
  readonly round: number;
  readonly sandbox: SandboxProcess;
  readonly client: SignedClient;
  readonly record: CallRecord;
  readonly listener: Listener;
}
