import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { derivePublicKey, toPem } from "../signature/index.ts";
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

const pem = (base64: string, label = "PRIVATE KEY", end = "\n") =>
  [`-----BEGIN ${label}-----`, ...(base64.match(/.{1,64}/g) ?? []), `-----END ${label}-----`, ""].join(end);

const CHANGED_AT = Date.UTC(2026, 2, 1);
const read = (text: string) => parseKeyVersions(text, "keys.pem", CHANGED_AT);
const refusal = (text: string) =>
  read(text).then(
    () => expect.fail("It was to be refused."),
    (error: Error & { readonly code: string }) => error,
  );

describe("a key comes out in one form, whatever form it was given", () => {
  const ONE = pem(PKCS8);
  test.each<readonly [string, string]>([
    ["PEM", ONE],
    ["PEM without its last line break", ONE.trimEnd()],
    ["PEM with Windows' line breaks", pem(PKCS8, "PRIVATE KEY", "\r\n")],
    ["PEM out of an environment variable", ONE.replaceAll("\n", "\\n")],
    ["PEM in one line", ONE.replaceAll("\n", "")],
    ["PEM after a text", `Bag Attributes\n  friendlyName: gateway\n${ONE}`],
    ["PKCS#8 under the label of PKCS#1", pem(PKCS8, "RSA PRIVATE KEY")],
    ["PKCS#1", pem(PKCS1, "RSA PRIVATE KEY")],
    ["bare base64", PKCS8],
    ["bare base64 of PKCS#1, in lines", `${PKCS1.replace(/.{64}/g, "$&\n")}\n`],
  ])("%s", async (_, text) => {
    expect(await read(text)).toEqual([{ privateKey: ONE, since: CHANGED_AT }]);
  });

  test("the form in which Node writes a key too, so that a file that is not touched derives what it derived", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const text = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect((await read(text))[0].privateKey).toBe(text);
  });
});

test("several keys keep their order and since when they are there", async () => {
  const versions = [
    { privateKey: pem(PKCS8), since: Date.UTC(2025, 0, 1) },
    { privateKey: pem(OTHER_PKCS8), since: Date.UTC(2026, 0, 1, 0, 0, 0, 123) },
    { privateKey: pem(PKCS8), since: Date.UTC(2027, 0, 1) },
  ] as const;
  const text = formatKeyVersions(versions);
  expect(await read(text)).toEqual(versions);
  const untold = (await read(text.replaceAll(/^since .*\n/gm, ""))).map(({ since }) => since);
  expect(untold).toEqual([CHANGED_AT, CHANGED_AT, CHANGED_AT]);
  const mixed = (await read(text.replace("since 2026-01-01", "since some day 2026-01-01"))).map(({ since }) => since);
  expect(mixed).toEqual([versions[0].since, CHANGED_AT, versions[2].since]);
  const elsewhere = (await read(text.replace("since 2026-01-01", "not since 2026-01-01"))).map(({ since }) => since);
  expect(elsewhere).toEqual([versions[0].since, CHANGED_AT, versions[2].since]);
});

test("what is written is read by other programs as the first key", async () => {
  const text = formatKeyVersions([{ privateKey: pem(OTHER_PKCS8), since: 0 }]);
  expect(await toPem(await derivePublicKey(text))).toBe(pem(OTHER_SPKI, "PUBLIC KEY"));
});

describe("a key that is none is refused by its place, and nothing of it is shown", () => {
  const ONE = pem(PKCS8);
  test.each<readonly [string, string, RegExp]>([
    ["nothing", "", /^keys\.pem is empty/],
    ["a public key", pem(SPKI, "PUBLIC KEY"), /^keys\.pem is a public key/],
    ["a certificate behind the key", ONE + pem(CERTIFICATE, "CERTIFICATE"), /^key 2 in keys\.pem /],
    ["a second key cut off", ONE + pem(OTHER_PKCS8).slice(0, 700), /^key 2 in keys\.pem was cut off/],
    ["a second key of 1024 bits", ONE + pem(SHORT_PKCS8), /^key 2 in keys\.pem .*1024 bits/],
    ["a damaged first key", `${pem(PKCS8.slice(0, 800))}${ONE}`, /^key 1 in keys\.pem /],
    ["half a label", `${ONE}-----BEGIN `, /^key 2 in keys\.pem is not base64/],
  ])("%s", async (_, text, sentence) => {
    const error = await refusal(text);
    expect(error).toMatchObject({ code: "KEY_INVALID", message: expect.stringMatching(sentence) });
    expect(error.message).not.toMatch(/MII|BEGIN/);
  });
});
