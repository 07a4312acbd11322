import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createParties, type Parties, toHar, toHarEntry, toJsonLines } from "../../testing/messages/recordings.ts";
import { readRecording } from "./read-recording.ts";

let parties: Parties;
beforeAll(async () => {
  parties = await createParties();
});

describe("readRecording for JSON lines", () => {
  test("reads lines with CRLF endings, and skips a byte order mark and empty lines", async () => {
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

  test("reports unreadable lines and reads the other lines", async () => {
    const record = await parties.createRecord();
    const { request, response, ...head } = record;
    const damaged = [
      [JSON.stringify(record).slice(0, 200), "is cut off"],
      ["nonsense", "is not JSON"],
      ["[]", "is not an exchange in the format of antom-vault record"],
      [{ ...record, antomVaultRecording: 2 }, "is not an exchange in the format of antom-vault record"],
      [{ ...record, request: { ...request, path: "/elsewhere" } }, "does not call an operation of the API"],
      [{ ...record, request: { ...request, headers: [["a"]] } }, "has no readable request"],
      [{ ...record, request: { ...request, issues: [{}] } }, "has no readable request"],
      [{ ...record, time: "now" }, "has no readable time"],
      [head, "has no readable request"],
      [{ ...head, request }, "has no readable response"],
      [{ ...record, response: { ...response, body: { text: 1 } } }, "has no readable response"],
      [{ ...record, response: { ...response, status: "200" } }, "has no readable response"],
    ] as const;
    const { exchanges, unreadable } = readRecording(toJsonLines(...damaged.map(([line]) => line), record));
    expect(unreadable).toEqual(damaged.map(([, reason], index) => ({ place: `line ${index + 1}`, reason })));
    expect(exchanges.map(({ place }) => place)).toEqual([`line ${damaged.length + 1}`]);
  });

  test("reads an exchange without a response", async () => {
    const { response: _, ...record } = await parties.createRecord();
    const noResponse = { by: "target", why: "It closed the connection." } as const;
    expect(readRecording(toJsonLines({ ...record, noResponse })).exchanges).toMatchObject([{ noResponse }]);
  });
});

describe("readRecording for HAR", () => {
  test("counts entries that do not call an operation, and reports unreadable entries", async () => {
    const proxied = await parties.createExchange();
    const entry = toHarEntry(proxied);
    const elsewhere = { ...entry, request: { method: "GET", url: "https://gateway.example/", headers: [] } };
    const preflight = {
      ...entry,
      request: {
        method: "OPTIONS",
        url: proxied.target + proxied.request.path,
        headers: [{ name: "Access-Control-Request-Method", value: "POST" }],
      },
    };
    const broken = { ...entry, response: {} };
    const { exchanges, unreadable, otherCount } = readRecording(toHar(elsewhere, entry, preflight, null, broken));
    expect({ others: otherCount, unreadable }).toEqual({
      others: 2,
      unreadable: [
        { place: "entry 4", reason: "has no readable request" },
        { place: "entry 5", reason: "has no readable response" },
      ],
    });
    expect(exchanges).toMatchObject([
      {
        place: "entry 2",
        startedAt: proxied.startedAt,
        endedAt: proxied.endedAt,
        request: { path: proxied.request.path },
      },
    ]);
  });

  test.each([
    ["base64 encoding", (text: string) => ({ text: Buffer.from(text).toString("base64"), encoding: "base64" })],
    ["a matching length", (text: string) => ({ text, size: text.length })],
    ["a compressed length", (text: string) => ({ text, size: text.length - 50, compression: 50 })],
    ["an unknown length", (text: string) => ({ text, size: -1 })],
  ])("reads a response body with %s", async (_, content) => {
    const proxied = await parties.createExchange();
    const text = new TextDecoder().decode(proxied.response?.body.bytes);
    const entry = toHarEntry(proxied);
    const response = { status: 200, headers: [{ name: "client-id", value: "x" }], content: content(text) };
    const { exchanges } = readRecording(toHar({ ...entry, response }));
    expect(exchanges[0]?.response?.body).toEqual({ text, raw: true, masked: [] });
  });

  test("reads aborted exchanges, and exchanges without bodies", async () => {
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

describe("readRecording never throws", () => {
  const VALUES = /(?<=[:,[])(?:"[^"\\]*"(?!:)|\d+|\[\])/g;

  test("for any text", () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (text) => void readRecording(text)));
  });

  test("for a valid file in which an object whose toString is not a function replaces a value", async () => {
    const record = await parties.createRecord();
    const entry = toHarEntry(await parties.createExchange());
    for (const text of [toJsonLines(record), toHar(entry)])
      for (const { index, 0: value } of text.matchAll(VALUES))
        readRecording(`${text.slice(0, index)}{"toString":1}${text.slice(index + value.length)}`);
  });

  test("for a valid file with 1 changed value", async () => {
    const record = await parties.createRecord();
    const entry = toHarEntry(await parties.createExchange());
    const text = fc.constantFrom(toJsonLines(record, record), toHar(entry, entry));
    fc.assert(
      fc.property(text, fc.nat(), fc.json({ maxDepth: 2 }), (valid, at, value) => {
        const values = [...valid.matchAll(VALUES)];
        const hit = values[at % values.length];
        const start = hit?.index ?? 0;
        const damaged = valid.slice(0, start) + value + valid.slice(start + (hit?.[0].length ?? 0));
        const { exchanges, unreadable, otherCount } = readRecording(damaged);
        expect(exchanges.length + unreadable.length + otherCount).toBeGreaterThan(0);
      }),
    );
  });
});
