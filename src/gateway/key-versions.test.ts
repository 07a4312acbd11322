import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { derivePublicKey, exportPublicPem } from "../signature/index.ts";
import {
  CERTIFICATE,
  OTHER_PKCS8,
  OTHER_SPKI,
  PKCS1,
  PKCS8,
  SHORT_PKCS8,
  SPKI,
} from "../testing/messages/signature-vectors.ts";
import { formatKeyVersions, parseKeyVersions } from "./key-versions.ts";

const formatPem = (base64: string, label = "PRIVATE KEY", end = "\n") =>
  [`-----BEGIN ${label}-----`, ...(base64.match(/.{1,64}/g) ?? []), `-----END ${label}-----`, ""].join(end);

const DEFAULT_CREATED_AT = Date.UTC(2026, 2, 1);
const parse = (text: string) => parseKeyVersions(text, "keys.pem", DEFAULT_CREATED_AT);
const parseError = (text: string) =>
  parse(text).then(
    () => expect.fail("The key was not rejected."),
    (error: Error & { readonly code: string }) => error,
  );

describe("parseKeyVersions", () => {
  const KEY_PEM = formatPem(PKCS8);
  test.each<readonly [string, string]>([
    ["PEM", KEY_PEM],
    ["PEM without the last line break", KEY_PEM.trimEnd()],
    ["PEM with CRLF", formatPem(PKCS8, "PRIVATE KEY", "\r\n")],
    ["PEM from an environment variable", KEY_PEM.replaceAll("\n", "\\n")],
    ["PEM on one line", KEY_PEM.replaceAll("\n", "")],
    ["PEM after other text", `Bag Attributes\n  friendlyName: gateway\n${KEY_PEM}`],
    ["PKCS#8 with the label of PKCS#1", formatPem(PKCS8, "RSA PRIVATE KEY")],
    ["PKCS#1", formatPem(PKCS1, "RSA PRIVATE KEY")],
    ["bare base64", PKCS8],
    ["bare base64 of PKCS#1 on several lines", `${PKCS1.replace(/.{64}/g, "$&\n")}\n`],
  ])("normalizes %s", async (_, text) => {
    expect(await parse(text)).toEqual([{ privateKey: KEY_PEM, createdAt: DEFAULT_CREATED_AT }]);
  });

  test("keeps the format of Node's own export, so that values derived from the key do not change", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const text = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect((await parse(text))[0].privateKey).toBe(text);
  });
});

test("formatKeyVersions and parseKeyVersions keep the order and the creation times of keys", async () => {
  const versions = [
    { privateKey: formatPem(PKCS8), createdAt: Date.UTC(2025, 0, 1) },
    { privateKey: formatPem(OTHER_PKCS8), createdAt: Date.UTC(2026, 0, 1, 0, 0, 0, 123) },
    { privateKey: formatPem(PKCS8), createdAt: Date.UTC(2027, 0, 1) },
  ] as const;
  const text = formatKeyVersions(versions);
  expect(await parse(text)).toEqual(versions);
  const parseTimes = async (changed: string) => (await parse(changed)).map(({ createdAt }) => createdAt);
  const missing = await parseTimes(text.replaceAll(/^since .*\n/gm, ""));
  expect(missing).toEqual([DEFAULT_CREATED_AT, DEFAULT_CREATED_AT, DEFAULT_CREATED_AT]);
  for (const line of ["since some day 2026-01-01", "not since 2026-01-01"]) {
    const invalid = await parseTimes(text.replace("since 2026-01-01", line));
    expect(invalid).toEqual([versions[0].createdAt, DEFAULT_CREATED_AT, versions[2].createdAt]);
  }
});

test("formatKeyVersions writes a single key in a format that other programs can read", async () => {
  const text = formatKeyVersions([{ privateKey: formatPem(OTHER_PKCS8), createdAt: 0 }]);
  expect(await exportPublicPem(await derivePublicKey(text))).toBe(formatPem(OTHER_SPKI, "PUBLIC KEY"));
});

describe("parseKeyVersions, without revealing key material,", () => {
  const KEY_PEM = formatPem(PKCS8);
  test.each<readonly [string, string, RegExp]>([
    ["an empty file", "", /^keys\.pem is empty/],
    ["a public key", formatPem(SPKI, "PUBLIC KEY"), /^keys\.pem is a public key/],
    ["a certificate after the key", KEY_PEM + formatPem(CERTIFICATE, "CERTIFICATE"), /^key 2 in keys\.pem /],
    ["a truncated second key", KEY_PEM + formatPem(OTHER_PKCS8).slice(0, 700), /^key 2 in keys\.pem is truncated/],
    ["a second key of 1024 bits", KEY_PEM + formatPem(SHORT_PKCS8), /^key 2 in keys\.pem .*1024 bits/],
    ["a damaged first key", `${formatPem(PKCS8.slice(0, 800))}${KEY_PEM}`, /^key 1 in keys\.pem /],
    ["an incomplete label", `${KEY_PEM}-----BEGIN `, /^key 2 in keys\.pem is not base64/],
  ])("rejects %s", async (_, text, message) => {
    const error = await parseError(text);
    expect(error).toMatchObject({ code: "KEY_INVALID", message: expect.stringMatching(message) });
    expect(error.message).not.toMatch(/MII|BEGIN/);
  });
});
