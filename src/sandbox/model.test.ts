/** Random commands and crashes against the reference model; the invariants are looked at after each. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBuyer } from "../testing/browser/buyer.ts";
import {
  CARD_KINDS,
  type CardKind,
  getInquiryResult,
  getResultCode,
  type ModelVaulting,
  ReferenceModel,
} from "../testing/sandbox/reference-model.ts";
import { callDirectly, createSessionRequest, createVaultRequest, startListener } from "../testing/sandbox/sandbox.ts";
import { type RunningSandbox, startSandbox } from "./start-sandbox.ts";

let template: string;
const temporaryFolder = () => mkdtemp(join(tmpdir(), "antom-vault-test-"));
beforeAll(async () => {
  template = await temporaryFolder();
  await startSandbox({ data: template }).then((each) => each.close());
});
afterAll(() => rm(template, { recursive: true }));

type Command =
  | { readonly name: "vault"; readonly id: number; readonly kind: CardKind; readonly threeDS: boolean }
  | { readonly name: "vaultIllegally" | "inquire" | "cancel"; readonly id: number }
  | { readonly name: "session"; readonly id: number; readonly threeDS: boolean }
  | { readonly name: "card"; readonly id: number; readonly kind: CardKind }
  | { readonly name: "code"; readonly id: number; readonly right: boolean }
  | { readonly name: "advance"; readonly minutes: number }
  | { readonly name: "crash" };

const id = fc.nat({ max: 4 });
const kind = fc.constantFrom(...(Object.keys(CARD_KINDS) as CardKind[]));
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ name: fc.constant("vault" as const), id, kind, threeDS: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("vaultIllegally" as const), id }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("session" as const), id, threeDS: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant("card" as const), id, kind }) },
  { weight: 5, arbitrary: fc.record({ name: fc.constant("code" as const), id, right: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("cancel" as const), id }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("inquire" as const), id }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("advance" as const), minutes: fc.constantFrom(5, 15, 60) }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("crash" as const) }) },
);

/** A sandbox on a folder of its own, beside the model. */
class Course {
  readonly model = new ReferenceModel();
  readonly buyer = createBuyer();
  /** The bytes of what was answered and may not change any more. */
  readonly final = new Map<string, string>();
  /** The page that a buyer has seen last, which may be long over. */
  readonly pages = new Map<string, string>();
  readonly url: string;
  readonly reopen: (port?: number) => Promise<RunningSandbox>;
  sandbox: RunningSandbox;

  constructor(sandbox: RunningSandbox, url: string, reopen: Course["reopen"]) {
    this.sandbox = sandbox;
    this.url = url;
    this.reopen = reopen;
  }

  async run(each: Command): Promise<void> {
    if (each.name === "crash") {
      const { port } = new URL(this.sandbox.credentials.baseUrl);
      await this.sandbox.close(0);
      // Where it was before, so that the addresses in its answers are the same bytes.
      this.sandbox = await this.reopen(Number(port));
      for (const known of this.model.vaultings.keys()) await this.check(known);
      return;
    }
    if (each.name === "advance") {
      await this.sandbox.clock.advance(each.minutes * 60_000);
      this.model.advance(each.minutes);
      return;
    }
    const name = `id-${each.id}`;
    await this.act(each, name);
    await this.check(name);
  }

  /** Does it to both. What the sandbox does with it is seen by the inquiry that follows. */
  async act(each: Exclude<Command, { readonly name: "crash" | "advance" }>, name: string): Promise<void> {
    const known = this.model.vaultings.get(name);
    switch (each.name) {
      case "vault":
        return this.vault(name, known, each);
      case "vaultIllegally": {
        const { body } = await this.call(
          "vaultPaymentMethod",
          createVaultRequest({ id: name, cardNo: "4054695723100769" }),
        );
        // A known ID gets its first result, whatever is asked now.
        expect(body.result.resultCode).toBe(known ? getResultCode(known) : "PARAM_ILLEGAL");
        return;
      }
      case "session":
        return this.session(name, known, each.threeDS);
      case "card": {
        const sent = await this.send(name, { cardNo: CARD_KINDS[each.kind].cardNo, expiry: "12/30", cvv: "123" });
        if (sent && known) this.model.submitCard(known, each.kind);
        return;
      }
      case "code": {
        const sent = await this.send(name, { answer: "code", code: each.right ? "123456" : "000000" });
        if (sent && known) this.model.submitCode(known, each.right);
        return;
      }
      case "cancel":
        if ((await this.send(name, { answer: "cancel" })) && known) this.model.cancel(known);
        return;
      case "inquire":
        return;
    }
  }

  call(...[operation, request]: [Parameters<typeof callDirectly>[1], object]) {
    return callDirectly(this.sandbox.credentials, operation, request);
  }

  async vault(
    name: string,
    known: ModelVaulting | undefined,
    asked: { readonly kind: CardKind; readonly threeDS: boolean },
  ) {
    const { cardNo } = CARD_KINDS[asked.kind];
    const { threeDS } = asked;
    const { text, body } = await this.call(
      "vaultPaymentMethod",
      createVaultRequest({ id: name, cardNo, threeDS, url: this.url }),
    );
    const now = known ?? this.model.create(name, "vaultPaymentMethod", threeDS);
    if (!known) this.model.submitCard(now, asked.kind);
    expect(body.result.resultCode).toBe(getResultCode(now));
    if (now.state === "final") this.unchanged(`${name} vault`, text);
    else if (body.normalUrl !== undefined) this.pages.set(name, body.normalUrl);
  }

  async session(name: string, known: ModelVaulting | undefined, threeDS: boolean): Promise<void> {
    const { text, body } = await this.call(
      "createVaultingSession",
      createSessionRequest({ id: name, threeDS, url: this.url }),
    );
    const mine = known?.origin !== "vaultPaymentMethod";
    expect(body.result.resultCode).toBe(mine ? "SUCCESS" : "REPEAT_REQ_INCONSISTENT");
    if (!known) this.model.create(name, "createVaultingSession", threeDS);
    // A session's answer is the same for ever, whatever becomes of it.
    if (mine) this.unchanged(`${name} session`, text);
    if (body.normalUrl !== undefined) this.pages.set(name, body.normalUrl);
  }

  /** Sends a form by the page that the buyer has seen last. False where it is no form of that page. */
  async send(name: string, fields: Readonly<Record<string, string>>): Promise<boolean> {
    const page = this.pages.get(name);
    if (page === undefined || page.includes("/card/") !== "cardNo" in fields) return false;
    await this.buyer.get(page);
    const { location } = await this.buyer.post(page, fields);
    if (location?.includes("/3ds/")) this.pages.set(name, new URL(location, page).href);
    return true;
  }

  unchanged(what: string, text: string): void {
    const before = this.final.get(what);
    if (before === undefined) this.final.set(what, text);
    else expect(text, what).toBe(before);
  }

  /** What an inquiry shows is what the model says. */
  async check(name: string): Promise<void> {
    const { text, body } = await this.call("inquireVaulting", { vaultingRequestId: name });
    const known = this.model.vaultings.get(name);
    if (!known) {
      expect(body.result.resultCode).toBe("VAULTING_NOT_EXIST");
      return;
    }
    expect([body.vaultingStatus, body.vaultingResultCode]).toEqual(getInquiryResult(known));
    if (known.state === "final") this.unchanged(`${name} inquiry`, text);
    else if (body.normalUrl !== undefined && !this.pages.has(name)) this.pages.set(name, body.normalUrl);
  }

  /** Checks that exactly the known vaultings are stored, and that each final one has one notification. */
  async checkAll(): Promise<void> {
    const stored = await this.sandbox.vaultings.list({ limit: 1000 });
    expect(stored.map(({ vaultingRequestId }) => vaultingRequestId).sort()).toEqual(
      [...this.model.vaultings.keys()].sort(),
    );
    for (const [name, known] of this.model.vaultings) {
      await this.check(name);
      if (known.state === "final") {
        // A delivery that a crash cut off, or that failed, is due again by then.
        await this.sandbox.notifications.waitFor(name, { state: "ACKNOWLEDGED" });
      }
      const notifications = await this.sandbox.notifications.list({ vaultingRequestId: name });
      expect(notifications, name).toHaveLength(known.state === "final" ? 1 : 0);
    }
  }
}

async function course(commands: readonly Command[]): Promise<void> {
  const data = await temporaryFolder();
  await cp(template, data, { recursive: true });
  const reopen = (port = 0) => startSandbox({ data, port });
  const sandbox = await reopen();
  await using listener = await startListener(sandbox.credentials);
  const it = new Course(sandbox, listener.url, reopen);
  try {
    for (const each of commands) await it.run(each);
    await it.checkAll();
    const told = new Map(listener.events.map((event) => [event.vaultingRequestId, event]));
    const finals = [...it.model.vaultings].filter(([, { state }]) => state === "final");
    expect(listener.events).toHaveLength(finals.length);
    for (const [name, known] of finals) {
      expect(told.get(name)?.outcome).toBe(known.resultCode === "SUCCESS" ? "vaulted" : "failed");
    }
    expect(listener.rejections).toEqual([]);
  } finally {
    await it.sandbox.close(0);
    await rm(data, { recursive: true });
  }
}

test("any course of commands and crashes ends as the reference model predicts", async () => {
  // A failure is reported with its seed; shrinking it may take no longer than the time that is left.
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 40, size: "max" }), course), {
    numRuns: 20,
    interruptAfterTimeLimit: 40_000,
  });
});
