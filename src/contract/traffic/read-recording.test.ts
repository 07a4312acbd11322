import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createParties, type Parties, toHar, toHarEntry, toJsonLines } from "../../testing/messages/recordings.ts";
import { readRecording } from "./read-recording.ts";

let parties: Parties;
beforeAll(async () => {
  parties = await createParties();
});

describe("JSON lines", () => {
  test("are read as they were written, whatever ends the lines", async () => {
    const record = await parties.createRecord();
    const { exchanges, unreadable } = readRecording(
      `\uFEFF${toJsonLines(record, "", record).replaceAll("\n", "\r\n")}`,
    );
    expect(unreadable).toEqual([]);
    expect(exchanges.map(({ place }) => place)).toEqual(["line 1", "line 3"]);
    expect(exchanges[0]).toMatchObject({
      operation: "vaultPaymentMethod",
      startedAt: Date.parse(record.time),
      endedAt: Date.parse(record.time) + record.durationMs,
      request: { path: record.request.path, body: { raw: false }, findings: { issues: [], signature: "verified" } },
      response: { status: 200, body: { raw: true, text: record.response?.body.text }, findings: { broken: [] } },
    });
  });

  test("what cannot be read is told by its line, and keeps nothing else from being read", async () => {
    const record = await parties.createRecord();
    const { request, response, ...head } = record;
    const damaged = [
      [JSON.stringify(record).slice(0, 200), "is not JSON"],
      ["[]", "is no exchange as antom-vault record writes it"],
      [{ ...record, antomVaultRecording: 2 }, "is no exchange as antom-vault record writes it"],
      [{ ...record, request: { ...request, path: "/elsewhere" } }, "calls no operation of the API"],
      [{ ...record, request: { ...request, headers: [["a"]] } }, "has no request that can be read"],
      [{ ...record, request: { ...request, issues: [{}] } }, "has no request that can be read"],
      [{ ...record, time: "now" }, "has no time that can be read"],
      [head, "has no request that can be read"],
      [{ ...head, request }, "has no answer that can be read"],
      [{ ...record, response: { ...response, body: { text: 1 } } }, "has no answer that can be read"],
      [{ ...record, response: { ...response, status: "200" } }, "has no answer that can be read"],
    ] as const;
    const { exchanges, unreadable } = readRecording(toJsonLines(...damaged.map(([line]) => line), record));
    expect(unreadable).toEqual(damaged.map(([, why], at) => ({ place: `line ${at + 1}`, why })));
    expect(exchanges.map(({ place }) => place)).toEqual([`line ${damaged.length + 1}`]);
  });

  test("an exchange without an answer is one", async () => {
    const { response: _, ...record } = await parties.createRecord();
    const noAnswer = { by: "target", why: "It closed the connection." } as const;
    expect(readRecording(toJsonLines({ ...record, noResponse: noAnswer })).exchanges).toMatchObject([
      { noResponse: noAnswer },
    ]);
  });
});

describe("HAR", () => {
  test("is read by its entries; what calls no operation is passed over", async () => {
    const passed = await parties.createExchange();
    const entry = toHarEntry(passed);
    const elsewhere = { ...entry, request: { method: "GET", url: "https://gateway.example/", headers: [] } };
    const preflight = {
      ...entry,
      request: {
        method: "OPTIONS",
        url: passed.target + passed.request.path,
        headers: [{ name: "Access-Control-Request-Method", value: "POST" }],
      },
    };
    const broken = { ...entry, response: {} };
    const { exchanges, unreadable, otherCount } = readRecording(toHar(elsewhere, entry, preflight, null, broken));
    expect({ others: otherCount, unreadable }).toEqual({
      others: 2,
      unreadable: [
        { place: "entry 4", why: "has no request that can be read" },
        { place: "entry 5", why: "has no answer that can be read" },
      ],
    });
    expect(exchanges).toMatchObject([
      {
        place: "entry 2",
        startedAt: passed.startedAt,
        endedAt: passed.endedAt,
        request: { path: passed.request.path },
      },
    ]);
  });

  test.each([
    ["base64", (text: string) => ({ text: Buffer.from(text).toString("base64"), encoding: "base64" }), true],
    ["a length that fits", (text: string) => ({ text, size: text.length }), true],
    ["a compressed length", (text: string) => ({ text, size: text.length - 50, compression: 50 }), true],
    ["an unknown length", (text: string) => ({ text, size: -1 }), true],
    ["another length", (text: string) => ({ text, size: 7 }), false],
  ])("the answer's body: %s", async (_, content, raw) => {
    const passed = await parties.createExchange();
    const text = new TextDecoder().decode(passed.response?.body.bytes);
    const entry = toHarEntry(passed);
    const { exchanges } = readRecording(
      toHar({ ...entry, response: { status: 200, headers: [], content: content(text) } }),
    );
    expect(exchanges[0]?.response?.body).toEqual({ text, raw, masked: [] });
  });

  test("bodies that were not kept, and an exchange that was broken off", async () => {
    const entry = toHarEntry(await parties.createExchange());
    const { postData: _, ...request } = entry["request"] as Readonly<Record<string, unknown>>;
    const { exchanges } = readRecording(
      toHar(
        { ...entry, request, response: { status: 200, headers: null, content: { size: 12 } } },
        { ...entry, request: { ...request, bodySize: 0 }, response: { status: 0 } },
      ),
    );
    expect(exchanges).toMatchObject([
      { request: { body: undefined }, response: { headers: [], body: undefined } },
      { request: { body: { text: "" } }, noResponse: { by: "unknown" } },
    ]);
  });
});

describe("whatever a file holds, reading it never throws", () => {
  test("any text", () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (text) => void readRecording(text)));
  });

  test("a right file in which one value is another", async () => {
    const record = await parties.createRecord();
    const entry = toHarEntry(await parties.createExchange());
    const text = fc.constantFrom(toJsonLines(record, record), toHar(entry, entry));
    fc.assert(
      fc.property(text, fc.nat(), fc.json({ maxDepth: 2 }), (right, at, value) => {
        const values = [...right.matchAll(/"[^"\\]*"(?!:)|\d+|\[\]/g)];
        const hit = values[at % values.length];
        const start = hit?.index ?? 0;
        const damaged = right.slice(0, start) + value + right.slice(start + (hit?.[0].length ?? 0));
        const { exchanges, unreadable, otherCount } = readRecording(damaged);
        expect(exchanges.length + unreadable.length + otherCount).toBeGreaterThan(0);
      }),
    );
  });
});
