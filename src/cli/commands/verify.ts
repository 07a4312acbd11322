import type { OperationId } from "../../../generated/operations.ts";
import {
  type CryptoKey,
  derivePublicKey,
  diagnoseSignature,
  findSignatureError,
  importKeyring,
  importPublicKey,
  isSameKey,
  SIGNATURE_MISMATCH,
  type SignatureProblem,
  type SignedMessage,
} from "../../signature/index.ts";
import { formatSignedString } from "../console/format-signed-string.ts";
import { type ExitCode, indent, type Output, writeJson, writeLine, writeText } from "../console/output.ts";
import { type PartialCredentials, readCredentialsFile } from "../inputs/read-credentials.ts";
import { getOperationPath, readInput, readText, requireClientId, requireValue } from "../inputs/read-input.ts";

interface Options {
  readonly signature?: string;
  readonly time?: string;
  readonly headers?: string;
  readonly credentials?: string;
  readonly signedBy: "antom" | "merchant";
  readonly key?: string;
  readonly ownKey?: string;
  readonly clientId?: string;
  readonly operation: OperationId;
  readonly path?: string;
  readonly body: string;
  readonly json?: true;
}

/** Verifies the signature of a message and diagnoses a mismatch. Returns exit code 1 if the signature is invalid. */
export async function verifyCommand({ stdout, style }: Output, options: Options): Promise<ExitCode> {
  const credentials = await readCredentialsFile(options.credentials);
  const clientId = requireClientId(options, credentials);
  const keys = await readKeyOptions(options, credentials);
  const path = options.path ?? getOperationPath(options.operation, clientId);
  const { signature, time, isRequest } = await readSignature(options);
  const message = { path, clientId, time, body: await readInput(options.body) };
  const error = await findSignatureError(await importKeyring(keys.publicKey, "the public key"), message, signature);
  const cause = error === undefined ? undefined : await explainMismatch(error, message, signature, keys);
  const hint = error !== undefined && isRequest && options.signedBy === "antom" ? REQUEST_HINT : undefined;
  const stringToSign = formatSignedString(message);
  if (options.json) writeJson(stdout, { verified: error === undefined, stringToSign, error, cause, hint });
  else {
    writeLine(stdout, style.bold("Expected string to sign (card data masked)"));
    writeLine(stdout, indent(stringToSign));
    if (error === undefined) writeLine(stdout, style.green("✓ Signature is valid."));
    else writeText(stdout, style.red(error), style.red("✗ "));
    if (cause) writeText(stdout, `${cause.message} (${cause.id})`, `${style.bold("Cause:")} `);
    else if (error === SIGNATURE_MISMATCH) writeText(stdout, NO_CAUSE_FOUND);
    if (hint !== undefined) writeText(stdout, hint);
  }
  return error === undefined ? 0 : 1;
}

const REQUEST_HINT = "These are the headers of a request, which the merchant signs: use --signed-by merchant.";

const NO_CAUSE_FOUND =
  "Cause not found. The cause is not one of these: different line endings, a reserialized body, the path of a different operation " +
  "or environment, a different format of the time or the client ID, your own key, or a different encoding. " +
  "Check that the key belongs to this environment, that the time and the client ID are correct, and that the body was not changed.";

interface VerificationKeys {
  readonly publicKey: CryptoKey;
  readonly ownPublicKey: CryptoKey | undefined;
}

async function explainMismatch(
  error: string,
  message: SignedMessage,
  headerValue: string,
  { publicKey, ownPublicKey }: VerificationKeys,
): Promise<SignatureProblem | undefined> {
  if (error === SIGNATURE_MISMATCH && ownPublicKey && (await isSameKey(publicKey, ownPublicKey))) {
    return { id: "own-key", message: "The public key is your own. Copy Antom's public key from the Antom dashboard." };
  }
  return diagnoseSignature({ message, headerValue, publicKey, ...(ownPublicKey ? { ownPublicKey } : {}) });
}

/** Returns the signature and the time from the options, or from a file of headers (`curl -D`). */
async function readSignature({ signature, time, headers: file }: Options) {
  const headers = new Headers();
  if (file !== undefined) {
    const lines = (await readText(file)).split(/\r?\n/).map((line) => /^([\w-]+):\s*(.*?)\s*$/.exec(line));
    for (const found of lines) if (found) headers.append(found[1] ?? "", found[2] ?? "");
  }
  const headerValue = signature ?? headers.get("signature") ?? undefined;
  const messageTime = time ?? headers.get("response-time") ?? headers.get("request-time") ?? undefined;
  return {
    // The user may have copied the header name or a line ending too.
    signature: requireValue(headerValue, "Missing --signature VALUE, or --headers FILE with a Signature header.")
      .trim()
      .replace(/^signature:\s*/i, ""),
    isRequest: headers.has("request-time") && !headers.has("response-time"),
    time: requireValue(
      messageTime,
      "Missing --time TIME, or --headers FILE with a response-time or Request-Time header.",
    ).trim(),
  };
}

async function readKeyOptions(options: Options, credentials: PartialCredentials): Promise<VerificationKeys> {
  const given = options.key === undefined ? undefined : await importPublicKey(await readText(options.key), "--key");
  const { merchantPrivateKey, antomPublicKey } = credentials;
  const merchant =
    merchantPrivateKey === undefined ? undefined : await derivePublicKey(merchantPrivateKey, "merchantPrivateKey");
  const antom = antomPublicKey === undefined ? undefined : await importPublicKey(antomPublicKey, "antomPublicKey");
  const own = options.ownKey === undefined ? undefined : await importOwnKey(await readText(options.ownKey));
  const [signer, other] = options.signedBy === "antom" ? [antom, merchant] : [merchant, antom];
  return {
    publicKey: requireValue(given ?? signer, "Missing --key FILE, or --credentials FILE with the key."),
    ownPublicKey: own ?? other,
  };
}

/** Accepts the public or the private key of the pair. */
const importOwnKey = (text: string): Promise<CryptoKey> =>
  importPublicKey(text, "--own-key").catch(() => derivePublicKey(text, "--own-key"));
