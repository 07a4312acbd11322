import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { type Change, CLIENT_ID, createParties, type Parties, toHarEntry } from "../../testing/messages/recordings.ts";
import { createTemporaryDirectory } from "../../testing/processes/command.ts";
import type { ContractReport } from "../model/report.ts";
import type { ProxiedExchange } from "./inspect-exchange.ts";
import { readRecording } from "./read-recording.ts";
import { replayRecording } from "./replay-recording.ts";

let parties: Parties;
beforeAll(async () => {
  parties = await createParties();
});

type Body = Readonly<Record<string, unknown>>;

const replay = (archive: unknown, directory?: string) =>
  replayRecording("traffic", readRecording(JSON.stringify(archive), directory), {
    clientId: CLIENT_ID,
    merchant: parties.merchant,
    antom: parties.antom,
    lenient: false,
  });
const getFailedIds = ({ checks }: ContractReport) =>
  checks.filter(({ status }) => status === "failed").map(({ id }) => id);
const getStatus = ({ checks }: ContractReport, id: string) =>
  checks.find((check) => check.id === `replay.vaultPaymentMethod.${id}`)?.status;
const getGaps = ({ checks }: ContractReport) => checks.find(({ id }) => id === "replay.recording.complete")?.message;

const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const toHeaders = (list: readonly (readonly [string, string])[]) => list.map(([name, value]) => ({ name, value }));
const createArchive = (creator: string, ...entries: readonly unknown[]) => ({
  log: { version: "1.2", creator: { name: creator, version: "1" }, pages: [], entries },
});

/** A function that creates an archive as a tool does, with the text of the files in its directory. */
type Shape = (exchange: ProxiedExchange) => {
  readonly archive: unknown;
  readonly files?: Readonly<Record<string, string>>;
};

/** Creates an entry with the given parts. Most tools write the other parts in the same way. */
function createEntry(exchange: ProxiedExchange, parts: { readonly request: Body; readonly response: Body }): Body {
  const { startedAt, endedAt, target, request, response } = exchange;
  return {
    startedDateTime: new Date(startedAt).toISOString(),
    time: endedAt - startedAt,
    request: {
      method: request.method,
      url: target + request.path,
      httpVersion: "HTTP/1.1",
      cookies: [],
      queryString: [],
      headers: toHeaders(request.headers),
      headersSize: -1,
      ...parts.request,
    },
    response: {
      status: response?.status,
      statusText: "OK",
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: toHeaders(response?.headers ?? []),
      redirectURL: "",
      headersSize: -1,
      ...parts.response,
    },
    cache: {},
    timings: { send: 0, wait: 100, receive: 0 },
  };
}

const mimeType = "application/json";
const getTexts = ({ request, response }: ProxiedExchange) => ({
  sent: decode(request.body.bytes),
  received: decode(response?.body.bytes),
});

const chromium: Shape = (exchange) => {
  const { sent, received } = getTexts(exchange);
  const { length: size } = Buffer.from(received);
  const entry = createEntry(exchange, {
    request: {
      httpVersion: "h2",
      headers: toHeaders([[":path", exchange.request.path], ...exchange.request.headers]),
      bodySize: Buffer.byteLength(sent),
      postData: { mimeType, text: sent },
    },
    response: {
      content: { size, mimeType, compression: size - 90, text: received },
      bodySize: 90,
      _transferSize: 300,
      _error: null,
    },
  });
  return { archive: createArchive("WebInspector", { _resourceType: "fetch", ...entry }) };
};

const firefox: Shape = (exchange) => {
  const { sent, received } = getTexts(exchange);
  const entry = createEntry(exchange, {
    request: { bodySize: sent.length, postData: { mimeType, params: [], text: sent } },
    response: { content: { mimeType, size: Buffer.byteLength(received), text: received }, bodySize: 700 },
  });
  return { archive: createArchive("Firefox", { ...entry, _securityState: "secure", serverIPAddress: "127.0.0.1" }) };
};

const createPlaywright =
  (content: "embed" | "attach" | "omit", isMinimal = false): Shape =>
  (exchange) => {
    const { sent, received } = getTexts(exchange);
    const getSize = (text: string) => (isMinimal ? -1 : Buffer.byteLength(text));
    const embed = (text: string) => (content === "embed" ? { text } : {});
    const attach = (_file: string) => (content === "attach" ? { _file } : {});
    const entry = createEntry(exchange, {
      request: {
        bodySize: getSize(sent),
        postData: {
          mimeType,
          text: "",
          params: [],
          ...embed(sent),
          ...attach("9c1185a5c5e9fc54612808977ee8f548b2258d31.json"),
        },
      },
      response: {
        content: {
          size: getSize(received),
          mimeType,
          ...embed(received),
          ...attach("2ef7bde608ce5404e97d5f042f95f89f1c232871.json"),
        },
        bodySize: -1,
      },
    });
    const files = {
      "9c1185a5c5e9fc54612808977ee8f548b2258d31.json": sent,
      "2ef7bde608ce5404e97d5f042f95f89f1c232871.json": received,
    };
    const archive = createArchive("Playwright", isMinimal ? { ...entry, time: -1 } : entry);
    return content === "attach" ? { archive, files } : { archive };
  };

const createMitmproxy =
  (isStreamed: boolean): Shape =>
  (exchange) => {
    const { sent, received } = getTexts(exchange);
    const { length: size } = gzipSync(received);
    const content = { size, compression: Buffer.byteLength(received) - size, mimeType, text: received };
    const entry = createEntry(exchange, {
      request: { bodySize: Buffer.byteLength(sent), postData: { mimeType, text: sent, params: [] } },
      response: {
        headers: toHeaders([
          ...(exchange.response?.headers ?? []),
          ["content-encoding", "gzip"],
          ["content-length", `${size}`],
        ]),
        content: isStreamed ? { size: 0, compression: 0, mimeType, text: null } : content,
        bodySize: isStreamed ? 0 : size,
      },
    });
    return { archive: createArchive("mitmproxy", entry) };
  };

const charles: Shape = (exchange) => {
  const { sent, received } = getTexts(exchange);
  const text = Buffer.from(received).toString("base64");
  const entry = createEntry(exchange, {
    request: { bodySize: Buffer.byteLength(sent), postData: { mimeType, text: sent } },
    response: { content: { size: Buffer.byteLength(received), mimeType, text, encoding: "base64" }, bodySize: 500 },
  });
  return { archive: createArchive("Charles Proxy", { ...entry, _charlesStatus: "COMPLETE" }) };
};

const proxyman: Shape = (exchange) => {
  const { sent, received } = getTexts(exchange);
  const entry = createEntry(exchange, {
    request: { bodySize: Buffer.byteLength(sent), postData: { mimeType, params: [], text: sent } },
    response: { content: { size: Buffer.byteLength(received), mimeType, text: received }, bodySize: -1 },
  });
  return { archive: createArchive("Proxyman", { ...entry, comment: "" }) };
};

/** Insomnia exports the current request and the time of the export. */
const insomnia: Shape = (exchange) => {
  const { received } = getTexts(exchange);
  const entry = createEntry(exchange, {
    request: { bodySize: -1, postData: { mimeType, text: '{"vaultingRequestId": "edited later"}' } },
    response: { content: { size: Buffer.byteLength(received), mimeType, text: received }, bodySize: -1 },
  });
  return { archive: createArchive("Insomnia REST Client", { ...entry, startedDateTime: "2027-01-01T00:00:00.000Z" }) };
};

async function replayShape(shape: Shape, change?: Change): Promise<ContractReport> {
  const { archive, files = {} } = shape(await parties.createExchange(change));
  using directory = createTemporaryDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory.path, name), text);
  return await replay(archive, directory.path);
}

const MAIN_CHECKS = ["request.documented", "request.signed", "response.documented", "response.signed"];
const NON_ASCII: Change = { request: (body) => ({ ...body, vaultingRequestId: "id-ü" }) };

describe.each<[string, Shape]>([
  ["Chromium", chromium],
  ["Firefox", firefox],
  ["Playwright with embedded bodies", createPlaywright("embed")],
  ["Playwright in minimal mode", createPlaywright("embed", true)],
  ["Playwright with attached bodies", createPlaywright("attach")],
  ["Playwright with attached bodies in minimal mode", createPlaywright("attach", true)],
  ["mitmproxy", createMitmproxy(false)],
  ["Charles", charles],
  ["Proxyman", proxyman],
])("replayRecording for an archive from %s", (_, shape) => {
  test("reports no failures for a valid exchange", async () => {
    const report = await replayShape(shape);
    expect(getFailedIds(report)).toEqual([]);
    expect(MAIN_CHECKS.map((id) => getStatus(report, id))).toEqual(MAIN_CHECKS.map(() => "passed"));
    expect(getGaps(report)).toBe("");
  });

  test("verifies the signature of a request with non-ASCII characters", async () => {
    const report = await replayShape(shape, NON_ASCII);
    expect(getStatus(report, "request.signed")).toBe("passed");
  });

  test("reports an invalid response", async () => {
    const report = await replayShape(shape, { response: (body) => ({ ...body, more: 1 }) });
    expect(getFailedIds(report)).toEqual(["replay.vaultPaymentMethod.response.documented"]);
  });
});

test.each<[string, Shape, string]>([
  [
    "Playwright without bodies",
    createPlaywright("omit"),
    "entry 1: The recording does not contain the body of the request.\nentry 1: The recording does not contain the body of the response.",
  ],
  [
    "Playwright without bodies in minimal mode",
    createPlaywright("omit", true),
    "entry 1: The recording does not contain the body of the request.\nentry 1: The recording does not contain the body of the response.",
  ],
  [
    "mitmproxy with a streamed body",
    createMitmproxy(true),
    "entry 1: The recording does not contain the body of the response.",
  ],
  [
    "Insomnia",
    insomnia,
    "entry 1: Insomnia exports the current request, which might differ from the request that was sent.",
  ],
])("replayRecording skips the parts that an archive from %s does not contain", async (_, shape, message) => {
  for (const change of [{}, { response: (body: Body) => ({ ...body, vaultingRequestId: "id-x" }) }]) {
    const report = await replayShape(shape, change);
    expect(getFailedIds(report)).toEqual([]);
    expect(getGaps(report)).toBe(message);
  }
});

test("replayRecording checks the response in an archive from Insomnia", async () => {
  const report = await replayShape(insomnia);
  expect(["response.documented", "response.signed"].map((id) => getStatus(report, id))).toEqual(["passed", "passed"]);
});

/** A function that changes an entry like a tool that redacts or truncates data. */
type Edit = (entry: ReturnType<typeof readEntry>) => void;
interface HarMessage {
  headers: { name: string; value: string }[];
  bodySize?: number;
  postData?: { text?: string };
  content?: { text?: string; size?: number };
}
const readEntry = (entry: unknown) =>
  JSON.parse(JSON.stringify(entry)) as { readonly request: HarMessage; readonly response: HarMessage };
const setHeader = (message: HarMessage, name: string, value: string) => {
  for (const header of message.headers) if (header.name.toLowerCase() === name) header.value = value;
};
const removeHeader = (message: HarMessage, name: string) => {
  message.headers = message.headers.filter((header) => header.name.toLowerCase() !== name);
};

describe("replayRecording skips", () => {
  const SIGNATURE = "algorithm=RSA256,keyVersion=1,signature=";
  test.each<[string, Edit, readonly string[]]>([
    [
      "a response that is cut off",
      ({ response: { content = {} } }) => {
        content.text = content.text?.slice(0, 50) ?? "";
      },
      ["The recorded body of the response has 50 bytes, but 326 bytes were sent: it is cut off or changed."],
    ],
    [
      "a response that is cut off, according to its Content-Length",
      ({ response }) => {
        response.headers.push({ name: "content-length", value: "326" });
        response.content = { size: 50, text: response.content?.text?.slice(0, 50) ?? "" };
      },
      ["The recorded body of the response has 50 bytes, but 326 bytes were sent: it is cut off or changed."],
    ],
    [
      "a response of unknown size that is cut off",
      ({ response }) => {
        response.content = { size: -1, text: response.content?.text?.slice(0, 50) ?? "" };
      },
      ["The recorded body of the response is cut off."],
    ],
    [
      "a response of unknown size with replacement characters",
      ({ response }) => {
        response.content = { text: response.content?.text?.replace("success.", "\uFFFD") ?? "" };
      },
      ["The recorded body of the response contains replacement characters instead of its original bytes."],
    ],
    [
      "an empty response of unknown size",
      ({ response }) => {
        response.content = { size: -1, text: "" };
      },
      ["The recording does not contain the body of the response."],
    ],
    [
      "a response that is a placeholder",
      ({ response }) => {
        response.content = { text: "[application/json redacted]" };
      },
      ["The body of the response is redacted in the recording."],
    ],
    [
      "a response with a redacted card token",
      ({ response }) => {
        response.content = { text: response.content?.text?.replace(/ALIPAY[^"]+/, "[cardToken redacted]") ?? "" };
      },
      ["The body of the response is redacted in the recording."],
    ],
    [
      "a request that is cut off",
      ({ request }) => {
        request.bodySize = 500;
      },
      [expect.stringMatching(/^The recorded body of the request has \d+ bytes, but 500 bytes were sent/)],
    ],
    ...["************0768", "REDACTED", "<hidden>", "4054..."].map((shown): [string, Edit, readonly string[]] => [
      `a request with the card number ${shown}`,
      ({ request: { postData = {} } }) => {
        postData.text = postData.text?.replace("4054695723100768", shown) ?? "";
      },
      ["The body of the request is redacted in the recording."],
    ]),
    ...["[redacted]", "***", `${SIGNATURE}REDACTED`, `${SIGNATURE}xxxxx`, `${SIGNATURE}abc...`].flatMap((value) =>
      (["request", "response"] as const).map((side): [string, Edit, readonly string[]] => [
        `the signature ${value} of a ${side}`,
        (entry) => setHeader(entry[side], "signature", value),
        [`The recording does not contain the Signature header of the ${side}.`],
      ]),
    ),
    [
      "a request without a Signature header",
      ({ request }) => removeHeader(request, "signature"),
      ["The recording does not contain the Signature header of the request."],
    ],
    [
      "an exchange without Signature headers",
      ({ request, response }) => {
        removeHeader(request, "signature");
        removeHeader(response, "signature");
      },
      ["The recording does not contain the Signature header of the request."],
    ],
    [
      "an exchange with redacted headers",
      ({ request, response }) => {
        for (const name of ["signature", "client-id", "request-time", "response-time", "content-type"]) {
          setHeader(request, name, "[redacted]");
          setHeader(response, name, "[redacted]");
        }
      },
      [
        "The recording does not contain the Signature header of the request.",
        "The recording does not contain the Signature header of the response.",
      ],
    ],
    [
      "an exchange without headers",
      ({ request, response }) => {
        request.headers = [];
        response.headers = [];
      },
      [
        "The recording does not contain the Signature header of the request.",
        "The recording does not contain the Signature header of the response.",
      ],
    ],
  ])("%s", async (_, edit, reasons) => {
    const entry = readEntry(toHarEntry(await parties.createExchange()));
    edit(entry);
    const report = await replay(createArchive("test", entry));
    expect(getFailedIds(report)).toEqual([]);
    expect(report.unsignedErrors).toBe(0);
    expect(getGaps(report)?.split("\n")).toEqual(
      reasons.map((reason) =>
        typeof reason === "string"
          ? `entry 1: ${reason}`
          : expect.stringContaining("The recorded body of the request has"),
      ),
    );
  });
});

test("replayRecording reports an unsigned success if the archive contains the Signature header of the request", async () => {
  const entry = readEntry(toHarEntry(await parties.createExchange()));
  removeHeader(entry.response, "signature");
  expect(getFailedIds(await replay(createArchive("test", entry)))).toEqual([
    "replay.vaultPaymentMethod.response.signed",
  ]);
});

test("replayRecording skips response.rejected if the archive does not contain the body of the response", async () => {
  const entry = readEntry(toHarEntry(await parties.createExchange({ card: { cvv: "x" } })));
  entry.response.content = { size: 300 };
  const report = await replay(createArchive("test", entry));
  expect(getFailedIds(report)).toEqual(["replay.vaultPaymentMethod.request.documented"]);
  expect(getStatus(report, "response.rejected")).toBe("skipped");
});

test("replayRecording accepts a repeated header whose lines Chromium joined", async () => {
  const entry = readEntry(toHarEntry(await parties.createExchange()));
  setHeader(entry.request, "content-type", "application/json\napplication/json; charset=UTF-8");
  expect(getFailedIds(await replay(createArchive("WebInspector", entry)))).toEqual([]);
});

describe("a file with a body", () => {
  test.each<[string, string, string]>([
    ["is missing", "missing.json", "is not in the same directory as the archive, or cannot be read"],
    ["has an absolute path", "/etc/hostname", "is outside the directory that contains the archive"],
    ["has a path with ..", "../outside.json", "is outside the directory that contains the archive"],
    ["has a Windows path with ..", "..\\outside.json", "is outside the directory that contains the archive"],
    ["is a symbolic link", "link.json", "is a symbolic link"],
    ["is in a directory that is a symbolic link", "linked/outside.json", "is a symbolic link"],
    ["is a directory", "directory", "is not a regular file"],
    ["is too large", "large.json", "is larger than 65536 bytes"],
    ["has an invalid name", "a\0b", "is not in the same directory as the archive, or cannot be read"],
  ])("is not read if it %s", async (_, _file, reason) => {
    using directory = createTemporaryDirectory();
    const inside = join(directory.path, "archive");
    mkdirSync(join(inside, "directory"), { recursive: true });
    writeFileSync(join(directory.path, "outside.json"), "{}");
    writeFileSync(join(inside, "large.json"), " ".repeat(2 ** 16 + 1));
    symlinkSync(join(directory.path, "outside.json"), join(inside, "link.json"));
    symlinkSync(directory.path, join(inside, "linked"));
    const entry = readEntry(toHarEntry(await parties.createExchange()));
    const report = await replay(
      createArchive("Playwright", { ...entry, response: { ...entry.response, content: { size: -1, _file } } }),
      inside,
    );
    expect(getFailedIds(report)).toEqual([]);
    expect(getGaps(report)).toBe(`entry 1: The file with the body of the response ${reason}.`);
  });

  test("is not read if the archive was read from standard input", async () => {
    const { archive } = createPlaywright("attach")(await parties.createExchange());
    expect(getGaps(await replay(archive))).toContain("because the archive was read from standard input");
  });
});

describe("readRecording reports", () => {
  const archive = JSON.stringify(createArchive("test", { request: { url: 'https://x.example/{"' } }), null, 2);
  const readReasons = (bytes: Uint8Array) => readRecording(decode(bytes)).unreadable;
  test.each<[string, Uint8Array, string]>([
    [
      "a zip archive",
      Buffer.from("PK\u0003\u0004\u0014\0"),
      "is a zip archive. Extract it, and use the .har file in it",
    ],
    ["a gzip archive", gzipSync(archive), "is compressed. Decompress it first"],
    ["UTF-16", Buffer.from(archive, "utf16le"), "is not in UTF-8, but probably in UTF-16. Convert it to UTF-8"],
    [
      "UTF-16 with a byte order mark",
      Buffer.from(`\uFEFF${archive}`, "utf16le"),
      "is not in UTF-8, but probably in UTF-16. Convert it to UTF-8",
    ],
    [
      "big-endian UTF-16",
      Buffer.from(`\uFEFF${archive}`, "utf16le").swap16(),
      "is not in UTF-8, but probably in UTF-16. Convert it to UTF-8",
    ],
    ["invalid JSON", Buffer.from(`${archive}}`), "is a HAR file that is not valid JSON. Export it again"],
  ])("%s", (_, bytes, reason) => {
    expect(readReasons(bytes)).toEqual([{ place: "it", reason }]);
  });

  test("a HAR file that is cut off at any position", () => {
    for (let length = 12; length < archive.length - 1; length += 1)
      expect(readReasons(Buffer.from(archive.slice(0, length)))).toEqual([
        { place: "it", reason: "is a HAR file that is cut off. Export it again" },
      ]);
  });
});
