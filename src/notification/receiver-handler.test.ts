import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { OTHER_PKCS8, PKCS8, SPKI } from "../testing/messages/signature-vectors.ts";
import {
  CLIENT_ID,
  createNotification,
  createTestReceiver,
  EXAMPLES,
  expectAcknowledged,
  expectRejected,
  VAULTED_BODY,
} from "../testing/servers/notification-receiver.ts";
import { createNotificationReceiver, type VaultingEvent } from "./index.ts";

/** The ways in which a callback can fail. */
const FAILURES: readonly (readonly [string, () => void | Promise<void>])[] = [
  [
    "throws",
    () => {
      throw new Error("no database");
    },
  ],
  ["rejects", () => Promise.reject(new Error("no database"))],
  ["rejects with a value that is not an Error", () => Promise.reject("no database")],
];

describe("a failing handler", () => {
  test.each(
    FAILURES,
  )("that %s runs again when the notification is resent, and the notification is not acknowledged until the handler succeeds", async (_, fail) => {
    let runs = 0;
    const onVaulting = () => (++runs < 3 ? fail() : undefined);
    const { receive, rejections } = createTestReceiver({ onVaulting });
    for (const run of [1, 2]) {
      const message = await expectRejected(await receive(await createNotification()), 500, "PROCESS_FAIL");
      expect(message).toBe("The notification could not be handled.");
      expect(runs).toBe(run);
    }
    await expectAcknowledged(await receive(await createNotification()));
    await expectAcknowledged(await receive(await createNotification()));
    expect(runs).toBe(3);
    expect(rejections.map(({ code }) => code)).toEqual(["NOTIFICATION_HANDLER_FAILED", "NOTIFICATION_HANDLER_FAILED"]);
  });

  test("is reported to onRejected without the message of its error", async () => {
    const secret = new TypeError("card 4112273146798764 declined");
    const { receive, rejections } = createTestReceiver({ onVaulting: () => Promise.reject(secret) });
    expect(await (await receive(await createNotification())).text()).not.toContain("4112");
    expect(rejections[0]?.cause).toEqual({ name: "TypeError" });
    expect(inspect(rejections, { depth: 10 })).not.toContain("4112");
  });
});

describe("duplicate notifications", () => {
  test("run the handler once and are acknowledged after the handler resolves", async () => {
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    const { receive } = createTestReceiver({
      onVaulting: () => {
        runs++;
        return gate.promise;
      },
    });
    let responded = 0;
    const responses = Array.from({ length: 5 }, async (_, index) => {
      const response = await receive(await createNotification({ time: `2026-11-23T20:00:0${index}+08:00` }));
      responded++;
      return response;
    });
    await expect.poll(() => runs).toBe(1);
    await setTimeout(20);
    expect(responded).toBe(0);
    gate.resolve();
    for (const response of responses) await expectAcknowledged(await response);
    expect(runs).toBe(1);
  });

  test("are not acknowledged if the handler fails, and the handler runs again", async () => {
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    let verified = 0;
    const { receive, rejections } = createTestReceiver({
      onVaulting: () => (++runs === 1 ? gate.promise : undefined),
      rememberResult: () => void verified++,
    });
    const responses = Array.from({ length: 5 }, async () => (await receive(await createNotification())).status);
    await expect.poll(() => verified).toBe(5);
    await setTimeout();
    gate.reject(new Error("no database"));
    expect(await Promise.all(responses)).toEqual([500, 500, 500, 500, 500]);
    expect([runs, rejections.length]).toEqual([1, 5]);
    await expectAcknowledged(await receive(await createNotification()));
    expect(runs).toBe(2);
  });

  test("are detected only if they have the same ID", async () => {
    const { receive, events } = createTestReceiver();
    await receive(await createNotification());
    await receive(await createNotification({ body: VAULTED_BODY.replace("123456789206", "different") }));
    expect(events.map(({ vaultingRequestId }) => vaultingRequestId)).toEqual(["123456789206", "different"]);
  });
});

describe("a notification that contradicts an earlier one for the same ID", () => {
  const FAILED_BODY = JSON.stringify(EXAMPLES.get("POLICY"));
  test.each([
    ["a failure after a success", VAULTED_BODY, FAILED_BODY],
    ["a success after a failure", FAILED_BODY, VAULTED_BODY],
    ["a different failure", FAILED_BODY, JSON.stringify(EXAMPLES.get("VERIFICATION_FAIL"))],
    ["a different card token", VAULTED_BODY, VAULTED_BODY.replace("ALIPAY", "OTHER")],
  ])("is acknowledged and reported, but not passed to onVaulting: %s", async (_, first, second) => {
    const conflicts: VaultingEvent[] = [];
    const { receive, events, rejections } = createTestReceiver({ onConflict: (event) => void conflicts.push(event) });
    for (const body of [first, second, first, second])
      await expectAcknowledged(await receive(await createNotification({ body })));
    expect(events.map(({ notification }) => notification)).toEqual([JSON.parse(first)]);
    expect(conflicts.map(({ notification }) => notification)).toEqual([JSON.parse(second), JSON.parse(second)]);
    expect(rejections.map(({ code }) => code)).toEqual(["NOTIFICATION_CONFLICT", "NOTIFICATION_CONFLICT"]);
    expect(rejections[0]?.message).toMatch(/inquireVaulting/);
  });

  test("is detected while the handler of the earlier notification runs, and after that handler fails", async () => {
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    const onVaulting = () => {
      runs++;
      return gate.promise;
    };
    const { receive, rejections } = createTestReceiver({ onVaulting });
    const first = createNotification().then(receive);
    await expect.poll(() => runs).toBe(1);
    await expectAcknowledged(await receive(await createNotification({ body: FAILED_BODY })));
    gate.reject(new Error("no database"));
    expect((await first).status).toBe(500);
    await expectAcknowledged(await receive(await createNotification({ body: FAILED_BODY })));
    expect(rejections.map(({ code }) => code)).toEqual([
      "NOTIFICATION_CONFLICT",
      "NOTIFICATION_HANDLER_FAILED",
      "NOTIFICATION_CONFLICT",
    ]);
  });

  test.each(FAILURES)("is not acknowledged if onConflict %s", async (_, onConflict) => {
    const { receive, rejections } = createTestReceiver({ onConflict });
    await receive(await createNotification());
    const message = await expectRejected(
      await receive(await createNotification({ body: FAILED_BODY })),
      500,
      "PROCESS_FAIL",
    );
    expect(message).toBe("The notification could not be handled.");
    expect(rejections.at(-1)).toMatchObject({
      code: "NOTIFICATION_HANDLER_FAILED",
      message: expect.stringContaining("onConflict"),
    });
  });
});

describe("rememberResult", () => {
  /** Creates a store that two processes share. Like Redis's `SET key value NX GET`, `rememberResult` returns null if no value was stored. */
  const createSharedStore = () => {
    const stored = new Map<string, string>();
    const rememberResult = async (id: string, result: string) => {
      await setTimeout(1);
      const earlier = stored.get(id) ?? null;
      if (earlier === null) stored.set(id, result);
      return earlier;
    };
    return { stored, rememberResult };
  };

  test("detects a conflict between two processes that receive the notifications at the same time", async () => {
    const { rememberResult } = createSharedStore();
    const processes = [createTestReceiver({ rememberResult }), createTestReceiver({ rememberResult })];
    const bodies = [VAULTED_BODY, JSON.stringify(EXAMPLES.get("POLICY"))];
    await Promise.all(
      processes.map(async ({ receive }, index) => {
        const notification = await createNotification({ body: bodies[index] ?? "" });
        await expectAcknowledged(await receive(notification));
      }),
    );
    expect(processes.flatMap(({ events }) => events)).toHaveLength(1);
    expect(processes.flatMap(({ rejections }) => rejections)).toMatchObject([{ code: "NOTIFICATION_CONFLICT" }]);
  });

  test("does not prevent a call to onVaulting for a stored result, because a process can end before onVaulting resolves", async () => {
    const { stored, rememberResult } = createSharedStore();
    const crashed = createTestReceiver({ rememberResult, onVaulting: () => new Promise(() => {}) });
    void crashed.receive(await createNotification());
    await expect.poll(() => stored.size).toBe(1);
    const { receive, events } = createTestReceiver({ rememberResult });
    await expectAcknowledged(await receive(await createNotification()));
    expect(events).toHaveLength(1);
  });

  test("receives no card token", async () => {
    const { stored, rememberResult } = createSharedStore();
    const { receive, events } = createTestReceiver({ rememberResult });
    await receive(await createNotification());
    expect([...stored]).toEqual([["123456789206", expect.stringMatching(/^vaulted .{44}$/)]]);
    expect([...stored.values()][0]).not.toContain(Object(events[0]).cardToken.slice(0, 12));
  });

  test.each(FAILURES)("that %s prevents the acknowledgement and the call to onVaulting", async (_, fail) => {
    const rememberResult = async () => {
      await fail();
      return undefined;
    };
    const { receive, events, rejections } = createTestReceiver({ rememberResult });
    await expectRejected(await receive(await createNotification()), 500, "PROCESS_FAIL");
    expect(events).toEqual([]);
    expect(rejections).toMatchObject([
      { code: "NOTIFICATION_HANDLER_FAILED", message: expect.stringContaining("rememberResult") },
    ]);
  });
});

describe("onRejected", () => {
  test.each(FAILURES)("that %s does not change the response", async (_, fail) => {
    const { receive } = createTestReceiver({ onRejected: fail });
    await expectRejected(await receive(await createNotification({ key: OTHER_PKCS8 })), 401, "INVALID_SIGNATURE");
    await expectAcknowledged(await receive(await createNotification()));
  });

  test("by default writes one line to the console", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    try {
      const receive = createNotificationReceiver({ clientId: CLIENT_ID, antomPublicKey: SPKI, onVaulting: () => {} });
      await receive(await createNotification({ key: OTHER_PKCS8 }));
      expect(warn.mock.calls).toEqual([
        [expect.stringMatching(/^antom-vault: NOTIFICATION_REJECTED: The signature does not match[^\n]*$/)],
      ]);
    } finally {
      warn.mockRestore();
    }
  });

  test("replaces the default, which writes to the console", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    try {
      const { receive, rejections } = createTestReceiver();
      await receive(await createNotification({ key: OTHER_PKCS8 }));
      expect(rejections).toHaveLength(1);
      expect(warn).not.toHaveBeenCalled();
    } finally {
      warn.mockRestore();
    }
  });
});

describe("an invalid key is reported with every notification:", () => {
  test.each([
    ["a private key", PKCS8],
    ["text that is not a key", "hello"],
    ["one of several keys", { 1: "hello" }],
  ])("%s", async (_, antomPublicKey) => {
    const { receive, rejections } = createTestReceiver({ antomPublicKey });
    for (let index = 0; index < 2; index++)
      await expectRejected(await receive(await createNotification()), 500, "PROCESS_FAIL");
    expect(rejections.map(({ code }) => code)).toEqual(["KEY_INVALID", "KEY_INVALID"]);
    expect(rejections[0]?.message).toContain("antomPublicKey");
    expect(inspect(rejections, { depth: 10 })).not.toContain(PKCS8.slice(40, 60));
  });
});

describe("ready()", () => {
  test("resolves if the keys are valid", async () => {
    await expect(createTestReceiver().receive.ready()).resolves.toBeUndefined();
  });

  test("rejects with KEY_INVALID if a key is invalid", async () => {
    const { receive } = createTestReceiver({ antomPublicKey: { 1: SPKI, 2: "hello" } });
    await expect(receive.ready()).rejects.toMatchObject({
      code: "KEY_INVALID",
      message: expect.stringContaining("antomPublicKey[2]"),
    });
  });
});

describe("responses and errors never contain card data that a notification contains", () => {
  const NUMBER = "4112273146798764";
  test.each([
    ["as an unmasked card number", VAULTED_BODY.replace("************8764", NUMBER)],
    ["as the ID", VAULTED_BODY.replace('"123456789206"', NUMBER)],
    ["as the result code", VAULTED_BODY.replace('"SUCCESS"', `"${NUMBER}"`)],
    ["as the result status", VAULTED_BODY.replace('"S"', `"${NUMBER}"`)],
    ["as a duplicate name", `{"${NUMBER}":1,"${NUMBER}":2}`],
    ["as a name in an invalid notification", `{"${NUMBER}":{"result":{"${NUMBER}":1}}}`],
    ["in invalid JSON", `{"cardNo":"${NUMBER}"`],
    ["as a string", `"${NUMBER}"`],
  ])("%s", async (_, body) => {
    for (const key of [PKCS8, OTHER_PKCS8]) {
      const { receive, rejections } = createTestReceiver();
      const response = await receive(await createNotification({ body, key }));
      expect(response.status).toBeGreaterThanOrEqual(400);
      const output = `${await response.text()} ${inspect(rejections, { depth: 10, showHidden: true })}`;
      expect(output).not.toContain(NUMBER);
    }
  });
});
