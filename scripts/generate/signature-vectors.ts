/**
 * Signs the cases in spec/signature-vectors.yaml. Uses node:crypto and none of the code in src/signature/, so that the vectors test that code
 * independently. All signatures are deterministic: PKCS#1 v1.5, and PSS without salt.
 */
import { constants, createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { OTHER_PKCS8, OTHER_SPKI, PKCS8, SPKI } from "../../src/testing/messages/signature-vectors.ts";

/** The published key pairs in DER, encoded as base64: PKCS#8 and SubjectPublicKeyInfo. */
const KEYS = {
  merchant: { privateKey: PKCS8, publicKey: SPKI },
  antom: { privateKey: OTHER_PKCS8, publicKey: OTHER_SPKI },
};
type Signer = keyof typeof KEYS;

/** The parts of a message. */
interface Parts {
  readonly method: string;
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string;
  /** Default: utf8. */
  readonly encoding?: "latin1";
}

type Kind = "request" | "response" | "notification";

/** A case in spec/signature-vectors.yaml. That file describes the fields. */
interface Case {
  readonly id: string;
  readonly reason: string;
  readonly message?: Kind;
  readonly parts?: Partial<Parts>;
  readonly signed?: Partial<Parts>;
  readonly stringToSign?: string;
  readonly signer?: Signer;
  readonly hash?: string;
  readonly padding?: keyof typeof PADDINGS;
  readonly header?: string;
}

interface Source {
  readonly messages: Readonly<Record<Kind, Parts & { readonly signer: Signer }>>;
  readonly valid: readonly Case[];
  readonly invalid: readonly Case[];
}

const STRING_TO_SIGN = "{method} {path}\n{clientId}.{time}.{body}";
const HEADER = "algorithm=RSA256,keyVersion=1,signature={urlEncoded}";
const PADDINGS = {
  pkcs1: { padding: constants.RSA_PKCS1_PADDING },
  pss: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 0 },
} as const;

/** Creates the contents of signature-vectors.json, and the same vectors as tab-separated values for languages without a JSON parser. */
export function createSignatureVectors(): { readonly json: unknown; readonly tsv: string } {
  const file = join(import.meta.dirname, "../../spec/signature-vectors.yaml");
  const { messages, valid, invalid } = parse(readFileSync(file, "utf8")) as Source;
  const vectors = [
    ...valid.map((entry) => createVector(messages, entry, "valid")),
    ...invalid.map((entry) => createVector(messages, entry, "invalid")),
  ];
  const columns = ["id", "expected", "method", "path", "clientId", "time", "bodyBase64", "header"] as const;
  const rows = vectors.map((vector) => [
    ...columns.map((column) => vector[column]),
    KEYS[vector.publicKey].publicKey,
    vector.privateKey === undefined ? "" : KEYS[vector.privateKey].privateKey,
  ]);
  const lines = [[...columns, "publicKey", "privateKey"], ...rows].map((row) => `${row.join("\t")}\n`);
  return { json: { keys: KEYS, vectors }, tsv: lines.join("") };
}

function createVector(messages: Source["messages"], entry: Case, expected: "valid" | "invalid") {
  const { id, reason, message = "request", stringToSign = STRING_TO_SIGN, hash = "sha256", padding = "pkcs1" } = entry;
  const { signer, ...parts } = { ...messages[message], ...entry.parts };
  const pkcs8 = KEYS[entry.signer ?? signer].privateKey;
  const key = createPrivateKey({ key: Buffer.from(pkcs8, "base64"), format: "der", type: "pkcs8" });
  const signed = toBytes(stringToSign, { ...parts, ...entry.signed });
  const signature = encodeSignature(sign(hash, signed, { key, ...PADDINGS[padding] }));
  const isCanonical = expected === "valid" && entry.header === undefined;
  return {
    id,
    expected,
    reason,
    message,
    method: parts.method,
    path: parts.path,
    clientId: parts.clientId,
    time: parts.time,
    ...(parts.encoding === undefined ? { body: parts.body } : {}),
    bodyBase64: toBytes("{body}", parts).toString("base64"),
    stringToSignBase64: toBytes(STRING_TO_SIGN, parts).toString("base64"),
    header: fillIn(entry.header ?? HEADER, signature),
    publicKey: signer,
    ...(isCanonical ? { privateKey: signer } : {}),
  };
}

/** Fills in a template. Handles bytes as ISO 8859-1 text, because a body need not be UTF-8. */
function toBytes(template: string, { body, encoding, ...parts }: Parts): Buffer {
  const bytes = Buffer.from(body, encoding).toString("latin1");
  return Buffer.from(fillIn(template, { ...parts, body: bytes }), "latin1");
}

function encodeSignature(signature: Buffer): Readonly<Record<string, string>> {
  const base64 = signature.toString("base64");
  const urlEncoded = encodeURIComponent(base64);
  return {
    urlEncoded,
    urlEncodedLowercase: urlEncoded.replace(/%../g, (octet) => octet.toLowerCase()),
    urlEncodedTwice: encodeURIComponent(urlEncoded),
    base64,
    base64url: signature.toString("base64url"),
    hex: signature.toString("hex"),
    plusDecoded: base64.replaceAll("+", " "),
    truncated: encodeURIComponent(base64.slice(0, -4)),
  };
}

function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`spec/signature-vectors.yaml: {${name}} is not a known placeholder.`);
    return value;
  });
}
