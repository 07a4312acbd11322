import { constants, createPrivateKey, sign as nodeSign } from "node:crypto";
import { inspect } from "node:util";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { OTHER_PKCS8, OTHER_SPKI, PKCS8, SPKI } from "../../testing/messages/signature-vectors.ts";
import type { CryptoKey } from "../keys/crypto-key.ts";
import { importPrivateKey, importPublicKey } from "../keys/import-keys.ts";
import { sign } from "../sign.ts";
import { formatSignatureHeader } from "../signature-header.ts";
import { type SignedMessage, stringToSign } from "../string-to-sign.ts";
import { COMMON_PROBLEMS } from "./common-problems.ts";
import { diagnoseSignature, findSignatureProblem } from "./diagnose-signature.ts";

const PATH = "/v1/vaults/vaultPaymentMethod";
const JSON_BODY =
  '{"name":"Zoë 王","url":"https://shop.example/?a=1&b=<2>","list":[1,{"a":[]}],"text":"a, b: {1,\\n 2}"}';
const message = {
  path: `/ams/api${PATH}`,
  clientId: "SANDBOX_5Y0000000000000000",
  time: "1685599933871",
  body: JSON_BODY,
} satisfies SignedMessage;

let privateKey: CryptoKey;
let publicKey: CryptoKey;
let otherPublicKey: CryptoKey;
beforeAll(async () => {
  privateKey = await importPrivateKey(PKCS8);
  publicKey = await importPublicKey(SPKI);
  otherPublicKey = await importPublicKey(OTHER_SPKI);
});

/** Signs a message with the changes in `signed`, and diagnoses it with the changes in `received`. Returns the ID of the problem. */
async function diagnose(signed: Partial<SignedMessage>, received: Partial<SignedMessage> = {}) {
  const headerValue = formatSignatureHeader(await sign({ ...message, ...signed }, privateKey), 1);
  return (await diagnoseSignature({ message: { ...message, ...received }, headerValue, publicKey }))?.id;
}

/** Signs bytes with a scheme, and diagnoses the signature. Returns the ID of the problem. */
async function diagnoseBytes(
  signedString: Uint8Array,
  received: SignedMessage = message,
  { hash = "sha256", padding = constants.RSA_PKCS1_PADDING, saltLength = 32 } = {},
) {
  const key = createPrivateKey({ key: Buffer.from(PKCS8, "base64"), format: "der", type: "pkcs8" });
  const signature = nodeSign(hash, signedString, { key, padding, saltLength }).toString("base64");
  const evidence = { message: received, headerValue: formatSignatureHeader(signature, 1), publicKey };
  return (await diagnoseSignature(evidence))?.id;
}

const json: unknown = JSON.parse(JSON_BODY);
const escapeSlashes = (text: string) => text.replaceAll("/", "\\/");
const escapeNonAscii = (text: string, escapedE = "\\u00eb") => text.replace("ë", escapedE).replace("王", "\\u738b");
// The output of Python's json.dumps with ensure_ascii=False.
const PYTHON =
  '{"name": "Zoë 王", "url": "https://shop.example/?a=1&b=<2>", "list": [1, {"a": []}], "text": "a, b: {1,\\n 2}"}';
const GO = JSON_BODY.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");

describe("diagnoseSignature for a changed body", () => {
  test.each([
    ["crlf-body", "CRLF was replaced with LF", '{\r\n"a":1\r\n}', '{\n"a":1\n}'],
    ["lf-body", "LF was replaced with CRLF", '{\n"a":1\n}', '{\r\n"a":1\r\n}'],
    ["trailing-newline", "the trailing LF was removed", "{}\n", "{}"],
    ["trailing-newline", "the trailing CRLF was removed", "{}\r\n", "{}"],
    ["trailing-newline", "a trailing LF was added", "{}", "{}\n"],
    ["byte-order-mark", "the byte order mark was removed", "\uFEFF{}", "{}"],
    ["byte-order-mark", "a byte order mark was added", "{}", "\uFEFF{}"],
  ])("returns %s if %s", async (id, _name, signed, received) => {
    expect(signed).not.toBe(received);
    expect(await diagnose({ body: signed }, { body: received })).toBe(id);
    expect(await diagnose({ body: signed }, { body: new TextEncoder().encode(received) })).toBe(id);
  });

  describe.each([
    ["is indented by 2 spaces", JSON.stringify(json, null, 2)],
    ["is indented by 3 spaces", JSON.stringify(json, null, 3)],
    ["is indented by 4 spaces", JSON.stringify(json, null, 4)],
    ["is indented by 3 spaces and has Unicode escapes", escapeNonAscii(JSON.stringify(json, null, 3))],
    ["is indented by 4 spaces and has escaped slashes", escapeSlashes(JSON.stringify(json, null, 4))],
    ["has Python's format", escapeNonAscii(PYTHON)],
    ["has Python's format without Unicode escapes", PYTHON],
    ["has Unicode escapes", escapeNonAscii(JSON_BODY)],
    ["has Unicode escapes in uppercase", escapeNonAscii(JSON_BODY, "\\u00EB").replace("738b", "738B")],
    ["has PHP's escaped slashes", escapeSlashes(JSON_BODY)],
    ["has PHP's escaped slashes and Unicode escapes", escapeSlashes(escapeNonAscii(JSON_BODY))],
    ["has Go's escapes", GO],
  ])("returns reserialized-body", (format, reserialized) => {
    test(`if the signed JSON ${format}`, async () => {
      expect(reserialized).not.toBe(JSON_BODY);
      expect(await diagnose({ body: reserialized })).toBe("reserialized-body");
      const bytes = new TextEncoder().encode(JSON_BODY);
      expect(await diagnose({ body: reserialized }, { body: bytes })).toBe("reserialized-body");
    });

    test(`if the received JSON ${format}`, async () => {
      expect(await diagnose({}, { body: reserialized })).toBe("reserialized-body");
    });
  });

  test("returns undefined for a body that is too large, too deep, not JSON, or not UTF-8", async () => {
    const long = JSON.stringify({ a: "x".repeat(65_536) });
    const deep = "[".repeat(17) + "]".repeat(17);
    for (const body of [long, deep])
      expect(await diagnose({ body: JSON.stringify(JSON.parse(body), null, 2) }, { body })).toBeUndefined();
    expect(await diagnose({ body: '{"a": 1,}' }, { body: '{"a":1,}' })).toBeUndefined();
    expect(await diagnose({ body: "{}" }, { body: Uint8Array.of(0xff) })).toBeUndefined();
    // A body that is not UTF-8 has no text variants.
    expect(await diagnose({ body: "\uFFFD\n" }, { body: Uint8Array.of(0xff) })).toBeUndefined();
  });

  test("returns undefined for a deeply nested body within 3 seconds", async () => {
    const start = performance.now();
    expect(await diagnose({ body: "[]" }, { body: "[".repeat(32_768) + "]".repeat(32_768) })).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe("diagnoseSignature for a change to the signed string outside the body", () => {
  const HOST = "https://open-na-global.alipay.com";
  const PRODUCTION = `/ams/api${PATH}`;
  const SANDBOX = `/ams/sandbox/api${PATH}`;

  test.each([
    ["the sandbox path was signed", SANDBOX, PRODUCTION],
    ["the production path was signed", PRODUCTION, SANDBOX],
    ["the signed path contains the host", HOST + PRODUCTION, PRODUCTION],
    ["the production path was signed with the host", HOST + PRODUCTION, SANDBOX],
    ["the received path is a URL", PRODUCTION, HOST + PRODUCTION],
    ["the signed path has no base path", PATH, PRODUCTION],
    ["the received path has no base path", PRODUCTION, PATH],
    ["the signed path has no leading slash", PRODUCTION.slice(1), PRODUCTION],
    ["the signed path has no query", PRODUCTION, `${PRODUCTION}?a=1`],
    ["the signed path has a trailing slash", `${PRODUCTION}/`, PRODUCTION],
    ["the signed path has a slash before the query", "/payNotify/?a=1", "/payNotify?a=1"],
    ["the signed path has no trailing slash", "/payNotify", "/payNotify/"],
  ])("returns different-path if %s", async (_name, signed, received) => {
    expect(await diagnose({ path: signed }, { path: received })).toBe("different-path");
  });

  test.each([
    ["is in seconds instead of milliseconds", "1685599933", "1685599933871"],
    ["is in ISO 8601 instead of milliseconds", "2023-06-01T06:12:13.871Z", "1685599933871"],
    ["is in ISO 8601 to the second", "2023-06-01T14:12:13+08:00", "1685599933871"],
    ["is in milliseconds instead of ISO 8601", "1562913236000", "2019-07-12T12:03:56+05:30"],
    ["has a different time zone", "2019-07-12T06:33:56Z", "2019-07-12T12:03:56+05:30"],
    ["has a zero offset instead of Z", "2019-01-01T01:01:01+00:00", "2019-01-01T01:01:01Z"],
    ["has a negative UTC offset", "2018-12-31T15:31:01-09:30", "2019-01-01T01:01:01Z"],
    ["is in milliseconds instead of seconds", "1685599933000", "1685599933"],
    ["has no spaces around it", "1685599933871", " 1685599933871 "],
  ])("returns different-time if the signed time %s", async (_name, signed, received) => {
    expect(await diagnose({ time: signed }, { time: received })).toBe("different-time");
  });

  test.each([
    ["is empty", "", message.clientId],
    ["has no trailing space", message.clientId, `${message.clientId} `],
    ["is in lowercase", message.clientId.toLowerCase(), message.clientId],
    ["has no prefix", "5Y0000000000000000", message.clientId],
    ["has an additional prefix", message.clientId, "5Y0000000000000000"],
  ])("returns different-client if the signed client ID %s", async (_name, signed, received) => {
    expect(await diagnose({ clientId: signed }, { clientId: received })).toBe("different-client");
  });

  test.each([
    ["1 ms before", "1685599933870", "1685599933871"],
    ["50 ms after", "1685599933921", "1685599933871"],
    ["1 second before", "2023-06-01T14:12:12+08:00", "2023-06-01T14:12:13+08:00"],
    ["2 seconds after", "2023-06-01T06:12:15.871Z", "2023-06-01T06:12:13.871Z"],
  ])("returns nearby-time if the signed time is %s the time in the header", async (_name, signed, received) => {
    expect(await diagnose({ time: signed }, { time: received })).toBe("nearby-time");
  });

  test("returns different-client if one of the other client IDs was signed", async () => {
    const headerValue = formatSignatureHeader(await sign({ ...message, clientId: "OTHER" }, privateKey), 1);
    const evidence = { message, headerValue, publicKey };
    expect(await diagnoseSignature(evidence)).toBeUndefined();
    expect((await diagnoseSignature({ ...evidence, otherClientIds: ["A", "OTHER"] }))?.id).toBe("different-client");
  });

  test("returns crlf-separator if the signed string has CRLF between its lines", async () => {
    expect(await diagnose({ path: `${message.path}\r` })).toBe("crlf-separator");
  });

  test("returns lowercase-method if the signed or the received method is in lowercase", async () => {
    expect(await diagnose({ method: "post" })).toBe("lowercase-method");
    expect(await diagnose({}, { method: "post" })).toBe("lowercase-method");
  });

  test("returns missing-space if the signed string has no space after the method", async () => {
    const text = new TextDecoder().decode(stringToSign(message)).replace("POST ", "POST");
    expect(await diagnoseBytes(new TextEncoder().encode(text))).toBe("missing-space");
  });

  test("returns body-only if only the body was signed", async () => {
    expect(await diagnoseBytes(new TextEncoder().encode(JSON_BODY))).toBe("body-only");
    const bytes = Uint8Array.of(0xff, 0, 0x7b);
    expect(await diagnoseBytes(bytes, { ...message, body: bytes })).toBe("body-only");
  });
});

describe("diagnoseSignature for a different key or scheme", () => {
  const createOtherHeader = async () =>
    formatSignatureHeader(await sign(message, await importPrivateKey(OTHER_PKCS8)), 1);

  test("returns own-key if the signature is valid for the recipient's key", async () => {
    const evidence = { message, headerValue: await createOtherHeader(), publicKey, ownPublicKey: otherPublicKey };
    expect((await diagnoseSignature(evidence))?.id).toBe("own-key");
  });

  test("returns different-key if the signature is valid for one of the other keys", async () => {
    const evidence = {
      message,
      headerValue: await createOtherHeader(),
      publicKey,
      otherPublicKeys: [publicKey, otherPublicKey],
    };
    expect((await diagnoseSignature(evidence))?.id).toBe("different-key");
  });

  const { RSA_PKCS1_PADDING: pkcs1, RSA_PKCS1_PSS_PADDING: pss, RSA_PSS_SALTLEN_MAX_SIGN: longest } = constants;
  test.each([
    ["SHA-1", "sha1", pkcs1, 0],
    ["SHA-384", "sha384", pkcs1, 0],
    ["SHA-512", "sha512", pkcs1, 0],
    ["RSA-PSS", "sha256", pss, 32],
    ["RSA-PSS with a 20-byte salt", "sha256", pss, 20],
    ["RSA-PSS with the longest salt", "sha256", pss, longest],
  ])("returns different-algorithm for a signature with %s", async (_name, hash, padding, saltLength) => {
    const scheme = { hash, padding, saltLength };
    expect(await diagnoseBytes(stringToSign(message), message, scheme)).toBe("different-algorithm");
  });

  test("returns undefined if the platform does not support the other algorithms", async () => {
    const importKey = vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new Error("unknown"));
    try {
      expect(await diagnoseBytes(stringToSign(message), message, { hash: "sha512" })).toBeUndefined();
      expect(importKey).toHaveBeenCalledTimes(6);
    } finally {
      importKey.mockRestore();
    }
  });
});

describe("diagnoseSignature for an incorrectly encoded signature", () => {
  // Tries different times until the signature contains a plus sign.
  const signWithPlus = async () => {
    for (let time = 1685599933871; ; time += 1) {
      const signature = await sign({ ...message, time: String(time) }, privateKey);
      if (signature.includes("+")) return { signature, message: { ...message, time: String(time) } };
    }
  };

  test.each([
    [
      "not-url-encoded",
      "a raw signature contains spaces instead of plus signs",
      (value: string) => value.replaceAll("+", " "),
    ],
    [
      "not-url-encoded",
      "only slashes and equals signs were encoded and plus signs became spaces",
      (value: string) => encodeURIComponent(value).replaceAll("%2B", " "),
    ],
    [
      "not-url-encoded",
      "only slashes and equals signs were encoded, in lowercase, and plus signs became spaces",
      (value: string) =>
        encodeURIComponent(value)
          .replaceAll("%2B", " ")
          .replace(/%../g, (octet) => octet.toLowerCase()),
    ],
    [
      "double-encoded",
      "the signature was encoded twice",
      (value: string) => encodeURIComponent(encodeURIComponent(value)),
    ],
  ])("returns %s if %s", async (id, _name, corrupt) => {
    const signed = await signWithPlus();
    for (const separator of [",", ", ", " , "]) {
      const pairs = [`signature=${corrupt(signed.signature)}`, "algorithm=RSA256", "keyVersion=1"];
      const headerValue = (separator === " , " ? pairs : pairs.reverse()).join(separator);
      expect((await diagnoseSignature({ message: signed.message, headerValue, publicKey }))?.id).toBe(id);
    }
  });
});

test("findSignatureProblem returns the changes that make the signature valid", async () => {
  const headerValue = formatSignatureHeader(await sign({ ...message, path: PATH }, privateKey), 1);
  expect(await findSignatureProblem({ message, headerValue, publicKey })).toMatchObject({
    id: "different-path",
    variant: { message: { path: PATH } },
  });
});

describe("diagnoseSignature returns undefined", () => {
  test("for a valid signature", async () => {
    expect(await diagnose({})).toBeUndefined();
  });

  test("for a signature of different content and for random bytes", async () => {
    expect(await diagnose({ body: '{"other":true}' })).toBeUndefined();
    expect(await diagnose({ body: "" })).toBeUndefined();
    const random = crypto.getRandomValues(new Uint8Array(256));
    const headerValue = formatSignatureHeader(Buffer.from(random).toString("base64"), 1);
    expect(
      await diagnoseSignature({ message, headerValue, publicKey, otherPublicKeys: [otherPublicKey] }),
    ).toBeUndefined();
  });

  test.each([
    ["an empty value", ""],
    ["an unknown word", "nonsense"],
    ["a different algorithm", "algorithm=none,signature=AAAA"],
    ["an empty signature", "signature="],
    ["100,000 commas", ",".repeat(100_000)],
  ])("for a header with %s", async (_name, headerValue) => {
    expect(await diagnoseSignature({ message, headerValue, publicKey })).toBeUndefined();
  });

  test("for an invalid time", async () => {
    for (const time of ["", "soon", "9".repeat(300), "+275760-09-13T00:00:00Z", "-000001-01-01T00:00:00Z"])
      expect(await diagnose({ body: "" }, { time })).toBeUndefined();
  });
});

describe("diagnoseSignature", () => {
  test("returns only an ID and a message, and quotes nothing", async () => {
    const headerValue = formatSignatureHeader(await sign({ ...message, body: `${JSON_BODY}\n` }, privateKey), 1);
    const problem = await diagnoseSignature({ message, headerValue, publicKey });
    expect(Object.keys(problem ?? {})).toEqual(["id", "message"]);
    expect(COMMON_PROBLEMS.map(({ message }) => message)).toContain(problem?.message);
    for (const secret of ["Zo", "shop.example", headerValue.slice(50, 70), message.clientId])
      expect(inspect(problem)).not.toContain(secret);
  });

  test("rejects a private key", async () => {
    const headerValue = formatSignatureHeader(await sign(message, privateKey), 1);
    await expect(diagnoseSignature({ message, headerValue, publicKey: privateKey })).rejects.toMatchObject({
      code: "KEY_INVALID",
      message: expect.stringMatching(/^The public key is a private key/),
    });
  });

  test("returns messages that are complete sentences", () => {
    for (const { message } of COMMON_PROBLEMS) expect(message).toMatch(/^(?:The|A|Only) .*[a-z)DLT]\.$/);
    const findMessage = (id: string) => COMMON_PROBLEMS.find((problem) => problem.id === id)?.message;
    expect(findMessage("different-path")).toMatch(/: sign the path .* scheme and host\.$/);
    expect(findMessage("reserialized-body")).toMatch(/: sign exactly the bytes .* parse them\.$/);
    expect(findMessage("own-key")).toMatch(/: either .*, or .*\.$/);
  });

  test("returns unique IDs", () => {
    expect(new Set(COMMON_PROBLEMS.map(({ id }) => id)).size).toBe(COMMON_PROBLEMS.length);
  });
});
