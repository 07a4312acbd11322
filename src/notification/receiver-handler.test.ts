import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { OTHER_PKCS8, PKCS8 } from "../testing/messages/signature-vectors.ts";
import {
  createNotification,
  createTestReceiver,
  EXAMPLES,
  expectAcknowledged,
  expectRejected,
  VAULTED_BODY,
} from "../testing/servers/notification-receiver.ts";

/** The ways in which a merchant's function can fail. */
const failing: readonly (readonly [string, () => void | Promise<void>])[] = [
  [
    "throws",
    () => {
      throw new Error("no database");
    },
  ],
  ["rejects", () => Promise.reject(new Error("no database"))],
  ["rejects with what is no error", () => Promise.reject("no database")],
];

describe("a handler that fails", () => {
  test.each(failing)("that %s: no acknowledgement, and it runs again", async (_, fail) => {
    let runs = 0;
    const onVaulting = () => (++runs < 3 ? fail() : undefined);
    const { receive, refused } = createTestReceiver({ onVaulting });
    for (const run of [1, 2]) {
      const message = await expectRejected(await receive(await createNotification()), 500, "PROCESS_FAIL");
      expect(message).toBe("The notification could not be handled.");
      expect(runs).toBe(run);
    }
    await expectAcknowledged(await receive(await createNotification()));
    await expectAcknowledged(await receive(await createNotification()));
    expect(runs).toBe(3);
    expect(refused.map(({ code }) => code)).toEqual(["NOTIFICATION_HANDLER_FAILED", "NOTIFICATION_HANDLER_FAILED"]);
  });

  test("names what failed, and quotes nothing of it", async () => {
    const secret = new TypeError("card 4112273146798764 refused");
    const { receive, refused } = createTestReceiver({ onVaulting: () => Promise.reject(secret) });
    expect(await (await receive(await createNotification())).text()).not.toContain("4112");
    expect(refused[0]?.cause).toEqual({ name: "TypeError" });
    expect(inspect(refused, { depth: 10 })).not.toContain("4112");
  });
});

describe("the same notification again and again", () => {
  test("five at once: the handler runs once, five acknowledgements when it is done", async () => {
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    const { receive } = createTestReceiver({
      onVaulting: () => {
        runs++;
        return gate.promise;
      },
    });
    let answered = 0;
    const answers = Array.from({ length: 5 }, async (_, at) => {
      const response = await receive(await createNotification({ time: `2026-11-23T20:00:0${at}+08:00` }));
      answered++;
      return response;
    });
    await expect.poll(() => runs).toBe(1);
    await setTimeout(20);
    expect(answered).toBe(0);
    gate.resolve();
    for (const answer of answers) await expectAcknowledged(await answer);
    expect(runs).toBe(1);
  });

  test("five at once of which the handler fails: none is acknowledged, and it runs again", async () => {
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    const { receive, refused } = createTestReceiver({ onVaulting: () => (++runs === 1 ? gate.promise : undefined) });
    const answers = Array.from({ length: 5 }, async () => (await receive(await createNotification())).status);
    await setTimeout(50);
    gate.reject(new Error("no database"));
    expect(await Promise.all(answers)).toEqual([500, 500, 500, 500, 500]);
    expect([runs, refused.length]).toEqual([1, 5]);
    await expectAcknowledged(await receive(await createNotification()));
    expect(runs).toBe(2);
  });

  test("another outcome, or another ID, is another result", async () => {
    const { receive, events } = createTestReceiver();
    await receive(await createNotification());
    await receive(await createNotification({ body: JSON.stringify(EXAMPLES.get("POLICY")) }));
    await receive(await createNotification({ body: VAULTED_BODY.replace("123456789206", "another") }));
    expect(events.map(({ outcome, vaultingRequestId }) => `${outcome} ${vaultingRequestId}`)).toEqual([
      "vaulted 123456789206",
      "failed 123456789206",
      "vaulted another",
    ]);
  });
});

describe("onRejected", () => {
  test.each(failing)("that %s harms nothing", async (_, fail) => {
    const { receive } = createTestReceiver({ onRejected: fail });
    await expectRejected(await receive(await createNotification({ key: OTHER_PKCS8 })), 401, "INVALID_SIGNATURE");
    await expectAcknowledged(await receive(await createNotification()));
  });

  test("may be left out", async () => {
    const { receive } = createTestReceiver();
    await expectRejected(await receive(await createNotification({ key: OTHER_PKCS8 })), 401, "INVALID_SIGNATURE");
  });
});

describe("a key that cannot be used is told with the first notification, never as a rejection", () => {
  test.each([
    ["a private key", PKCS8],
    ["an empty text", ""],
    ["no key at all", "hello"],
    ["one of several", { 1: "hello" }],
  ])("%s", async (_, antomPublicKey) => {
    const { receive, refused } = createTestReceiver({ antomPublicKey });
    for (let at = 0; at < 2; at++) await expectRejected(await receive(await createNotification()), 500, "PROCESS_FAIL");
    expect(refused.map(({ code }) => code)).toEqual(["KEY_INVALID", "KEY_INVALID"]);
    expect(refused[0]?.message).toContain("antomPublicKey");
    expect(inspect(refused, { depth: 10 })).not.toContain(PKCS8.slice(40, 60));
  });
});

describe("card data in a notification appear in no refusal and no error", () => {
  const NUMBER = "4112273146798764";
  test.each([
    ["where the number is masked else", VAULTED_BODY.replace("************8764", NUMBER)],
    ["in the place of the ID", VAULTED_BODY.replace('"123456789206"', NUMBER)],
    ["in the code", VAULTED_BODY.replace('"SUCCESS"', `"${NUMBER}"`)],
    ["in the status", VAULTED_BODY.replace('"S"', `"${NUMBER}"`)],
    ["as a name that comes twice", `{"${NUMBER}":1,"${NUMBER}":2}`],
    ["as a name in an object that breaks the document", `{"${NUMBER}":{"result":{"${NUMBER}":1}}}`],
    ["in what is no JSON", `{"cardNo":"${NUMBER}"`],
    ["in what is no object", `"${NUMBER}"`],
  ])("%s", async (_, body) => {
    for (const key of [PKCS8, OTHER_PKCS8]) {
      const { receive, refused } = createTestReceiver();
      const response = await receive(await createNotification({ body, key }));
      expect(response.status).toBeGreaterThanOrEqual(400);
      const told = `${await response.text()} ${inspect(refused, { depth: 10, showHidden: true })}`;
      expect(told).not.toContain(NUMBER);
    }
  });
});
