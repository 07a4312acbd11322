/** Runs random commands on a sandbox and a reference model, restarts the sandbox at random, and compares their states. */
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
const createDirectory = () => mkdtemp(join(tmpdir(), "antom-vault-test-"));
beforeAll(async () => {
  template = await createDirectory();
  await startSandbox({ data: template }).then((sandbox) => sandbox.close());
});
afterAll(() => rm(template, { recursive: true }));

type Command =
  | { readonly name: "vault"; readonly id: number; readonly kind: CardKind; readonly threeDS: boolean }
  | { readonly name: "vaultInvalid" | "inquire" | "cancel"; readonly id: number }
  | { readonly name: "session"; readonly id: number; readonly threeDS: boolean }
  | { readonly name: "card"; readonly id: number; readonly kind: CardKind }
  | { readonly name: "code"; readonly id: number; readonly correct: boolean }
  | { readonly name: "advance"; readonly minutes: number }
  | { readonly name: "restart" };

const id = fc.nat({ max: 4 });
const kind = fc.constantFrom(...(Object.keys(CARD_KINDS) as CardKind[]));
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ name: fc.constant("vault" as const), id, kind, threeDS: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("vaultInvalid" as const), id }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("session" as const), id, threeDS: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant("card" as const), id, kind }) },
  { weight: 5, arbitrary: fc.record({ name: fc.constant("code" as const), id, correct: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant("cancel" as const), id }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("inquire" as const), id }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("advance" as const), minutes: fc.constantFrom(5, 15, 60) }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant("restart" as const) }) },
);

/** A sandbox with its own data directory, and its reference model. */
class ModelTest {
  readonly model = new ReferenceModel();
  readonly buyer = createBuyer();
  /** Final responses, which must not change. */
  readonly finalResponses = new Map<string, string>();
  /** The URL of the buyer's latest page for each vaulting. The page might have expired. */
  readonly pages = new Map<string, string>();
  readonly url: string;
  readonly reopen: (port?: number) => Promise<RunningSandbox>;
  sandbox: RunningSandbox;

  constructor(sandbox: RunningSandbox, url: string, reopen: ModelTest["reopen"]) {
    this.sandbox = sandbox;
    this.url = url;
    this.reopen = reopen;
  }

  async run(command: Command): Promise<void> {
    if (command.name === "restart") {
      const { port } = new URL(this.sandbox.credentials.baseUrl);
      await this.sandbox.close(0);
      // The same port keeps the URLs in the responses identical.
      this.sandbox = await this.reopen(Number(port));
      for (const known of this.model.vaultings.keys()) await this.check(known);
      return;
    }
    if (command.name === "advance") {
      await this.sandbox.clock.advance(command.minutes * 60_000);
      this.model.advance(command.minutes);
      return;
    }
    const name = `id-${command.id}`;
    await this.act(command, name);
    await this.check(name);
  }

  /** Runs a command on the sandbox and the model. The caller then compares their states with `check`. */
  async act(command: Exclude<Command, { readonly name: "restart" | "advance" }>, name: string): Promise<void> {
    const known = this.model.vaultings.get(name);
    switch (command.name) {
      case "vault":
        return this.vault(name, known, command);
      case "vaultInvalid": {
        const request = createVaultRequest({ id: name, cardNo: "4054695723100769" });
        const { body } = await this.call("vaultPaymentMethod", request);
        // Even an invalid request gets the current result of the vaulting if its ID is known.
        expect(body.result.resultCode).toBe(known ? getResultCode(known) : "PARAM_ILLEGAL");
        return;
      }
      case "session":
        return this.session(name, known, command.threeDS);
      case "card": {
        const submitted = await this.submitForm(name, {
          cardNo: CARD_KINDS[command.kind].cardNo,
          expiry: "12/30",
          cvv: "123",
        });
        if (submitted && known) this.model.submitCard(known, command.kind);
        return;
      }
      case "code": {
        const submitted = await this.submitForm(name, { action: "code", code: command.correct ? "123456" : "000000" });
        if (submitted && known) this.model.submitCode(known, command.correct);
        return;
      }
      case "cancel":
        if ((await this.submitForm(name, { action: "cancel" })) && known) this.model.cancel(known);
        return;
      case "inquire":
        return;
    }
  }

  call(operation: Parameters<typeof callDirectly>[1], request: object) {
    return callDirectly(this.sandbox.credentials, operation, request);
  }

  async vault(
    name: string,
    known: ModelVaulting | undefined,
    { kind, threeDS }: { readonly kind: CardKind; readonly threeDS: boolean },
  ) {
    const { cardNo } = CARD_KINDS[kind];
    const request = createVaultRequest({ id: name, cardNo, threeDS, url: this.url });
    const { text, body } = await this.call("vaultPaymentMethod", request);
    const current = known ?? this.model.create(name, "vaultPaymentMethod", threeDS);
    if (!known) this.model.submitCard(current, kind);
    expect(body.result.resultCode).toBe(getResultCode(current));
    if (current.state === "final") this.expectUnchanged(`${name} vault`, text);
    else if (body.normalUrl !== undefined) this.pages.set(name, body.normalUrl);
  }

  async session(name: string, known: ModelVaulting | undefined, threeDS: boolean): Promise<void> {
    const request = createSessionRequest({ id: name, threeDS, url: this.url });
    const { text, body } = await this.call("createVaultingSession", request);
    const isSession = known?.origin !== "vaultPaymentMethod";
    expect(body.result.resultCode).toBe(isSession ? "SUCCESS" : "REPEAT_REQ_INCONSISTENT");
    if (!known) this.model.create(name, "createVaultingSession", threeDS);
    // The response to createVaultingSession never changes.
    if (isSession) this.expectUnchanged(`${name} session`, text);
    if (body.normalUrl !== undefined) this.pages.set(name, body.normalUrl);
  }

  /** Submits a form on the buyer's latest page for a vaulting. Returns false if there is no page with such a form. */
  async submitForm(name: string, fields: Readonly<Record<string, string>>): Promise<boolean> {
    const page = this.pages.get(name);
    if (page === undefined || page.includes("/card/") !== "cardNo" in fields) return false;
    await this.buyer.get(page);
    const { location } = await this.buyer.post(page, fields);
    if (location?.includes("/3ds/")) this.pages.set(name, new URL(location, page).href);
    return true;
  }

  expectUnchanged(label: string, text: string): void {
    const before = this.finalResponses.get(label);
    if (before === undefined) this.finalResponses.set(label, text);
    else expect(text, label).toBe(before);
  }

  /** Checks that an inquiry returns the result that the model predicts. */
  async check(name: string): Promise<void> {
    const { text, body } = await this.call("inquireVaulting", { vaultingRequestId: name });
    const known = this.model.vaultings.get(name);
    if (!known) {
      expect(body.result.resultCode).toBe("VAULTING_NOT_EXIST");
      return;
    }
    expect([body.vaultingStatus, body.vaultingResultCode]).toEqual(getInquiryResult(known));
    if (known.state === "final") this.expectUnchanged(`${name} inquiry`, text);
    else if (body.normalUrl !== undefined && !this.pages.has(name)) this.pages.set(name, body.normalUrl);
  }

  /** Checks that exactly the known vaultings are stored, that each final vaulting has one notification, and that the others have none. */
  async checkAll(): Promise<void> {
    const stored = await this.sandbox.vaultings.list({ limit: 1000 });
    expect(stored.map(({ vaultingRequestId }) => vaultingRequestId).sort()).toEqual(
      [...this.model.vaultings.keys()].sort(),
    );
    for (const [name, known] of this.model.vaultings) {
      await this.check(name);
      if (known.state === "final") {
        // A restart might have interrupted the delivery, so wait for the acknowledgement.
        await this.sandbox.notifications.waitFor(name, { state: "ACKNOWLEDGED" });
      }
      const notifications = await this.sandbox.notifications.list({ vaultingRequestId: name });
      expect(notifications, name).toHaveLength(known.state === "final" ? 1 : 0);
    }
  }
}

async function runModelTest(commands: readonly Command[]): Promise<void> {
  const data = await createDirectory();
  await cp(template, data, { recursive: true });
  const reopen = (port = 0) => startSandbox({ data, port });
  const sandbox = await reopen();
  await using listener = await startListener(sandbox.credentials);
  const modelTest = new ModelTest(sandbox, listener.url, reopen);
  try {
    for (const command of commands) await modelTest.run(command);
    await modelTest.checkAll();
    const notified = new Map(listener.events.map((event) => [event.vaultingRequestId, event]));
    const finals = [...modelTest.model.vaultings].filter(([, { state }]) => state === "final");
    expect(listener.events).toHaveLength(finals.length);
    for (const [name, known] of finals) {
      expect(notified.get(name)?.outcome).toBe(known.resultCode === "SUCCESS" ? "vaulted" : "failed");
    }
    expect(listener.rejections).toEqual([]);
  } finally {
    await modelTest.sandbox.close(0);
    await rm(data, { recursive: true });
  }
}

test("random commands and restarts produce the states that the reference model predicts", async () => {
  // The time limit includes the time to shrink a failing case.
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 40, size: "max" }), runModelTest), {
    numRuns: 20,
    interruptAfterTimeLimit: 40_000,
  });
});
