import type { OperationId } from "../../../generated/operations.ts";
import {
  type CryptoKey,
  type DiagnosedSignature,
  derivePublicKey,
  findSignatureError,
  findSignatureProblem,
  importKeyring,
  importPublicKey,
  isSameKey,
  SIGNATURE_MISMATCH,
  type SignatureEvidence,
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
  const received = await readSignature(options);
  const { signature, time, sentClientId } = received;
  // The gateway uses the Client-Id header, which can differ from the client ID in the credentials.
  const clientId = options.clientId ?? sentClientId ?? requireClientId(options, credentials);
  const keys = await readKeyOptions(options, credentials);
  const path = options.path ?? getOperationPath(options.operation, clientId);
  const message = { path, clientId, time, body: await readInput(options.body) };
  const error = await findSignatureError(await importKeyring(keys.publicKey, "the public key"), message, signature);
  const otherClientIds = [credentials.clientId, sentClientId].filter((id) => id !== undefined);
  const found =
    error === undefined
      ? undefined
      : await explainMismatch(error, { message, headerValue: signature, otherClientIds }, keys);
  const cause = found && { id: found.id, message: found.message };
  const hint = findHint(options, credentials, received, error !== undefined);
  const stringToSign = formatSignedString(message);
  const signedString = found?.variant.message && formatSignedString({ ...message, ...found.variant.message });
  if (options.json)
    writeJson(stdout, { verified: error === undefined, stringToSign, signedString, error, cause, hint });
  else {
    writeLine(stdout, style.bold("Expected string to sign (card data masked)"));
    writeLine(stdout, indent(stringToSign));
    if (error === undefined) writeLine(stdout, style.green("✓ Signature is valid."));
    else writeText(stdout, style.red(error), style.red("✗ "));
    if (cause) writeText(stdout, `${cause.message} (${cause.id})`, `${style.bold("Cause:")} `);
    else if (error === SIGNATURE_MISMATCH) writeText(stdout, NO_CAUSE_FOUND);
    if (signedString !== undefined) {
      writeLine(stdout, style.bold("Signed string (card data masked)"));
      writeLine(stdout, indent(signedString));
    }
    if (hint !== undefined) writeText(stdout, hint);
  }
  return error === undefined ? 0 : 1;
}

function findHint(
  { clientId, signedBy }: Options,
  credentials: PartialCredentials,
  { isRequest, sentClientId }: Awaited<ReturnType<typeof readSignature>>,
  isRejected: boolean,
): string | undefined {
  if (isRejected && isRequest && signedBy === "antom") return REQUEST_HINT;
  const expected = clientId ?? credentials.clientId;
  return sentClientId === undefined || expected === undefined || sentClientId === expected ? undefined : CLIENT_HINT;
}

const CLIENT_HINT =
  "The Client-Id header does not contain your client ID. The gateway uses this header to find the key, so send the client ID that belongs to the key.";

const REQUEST_HINT =
  "These are the headers of a request or a notification. For a request, which the merchant signs, use --signed-by merchant. " +
  "For a notification, set --path to the path and query of vaultingNotificationUrl.";

const NO_CAUSE_FOUND =
  "Cause not found. The cause is not one of these: different line endings, a reserialized body, the path of a different operation " +
  "or environment, a different format of the time or the client ID, your own key, or a different encoding. " +
  "Check that --path contains the query, that the key belongs to this client ID and environment, and that the file contains the exact bytes of the body.";

interface VerificationKeys {
  readonly publicKey: CryptoKey;
  readonly ownPublicKey: CryptoKey | undefined;
}

async function explainMismatch(
  error: string,
  received: Pick<SignatureEvidence, "message" | "headerValue" | "otherClientIds">,
  { publicKey, ownPublicKey }: VerificationKeys,
): Promise<DiagnosedSignature | undefined> {
  if (error === SIGNATURE_MISMATCH && ownPublicKey && (await isSameKey(publicKey, ownPublicKey))) {
    const message = "The public key is your own. Copy Antom's public key from the Antom dashboard.";
    return { id: "own-key", message, variant: {} };
  }
  return findSignatureProblem({ ...received, publicKey, ...(ownPublicKey ? { ownPublicKey } : {}) });
}

/** Returns the signature and the time from the options or from a file of headers (`curl -D`), and the client ID from that file. */
async function readSignature({ signature, time, headers: file }: Options) {
  const headers = new Headers();
  if (file !== undefined) {
    const lines = (await readText(file)).split(/\r?\n/).map((line) => /^([\w-]+):\s*(.*?)\s*$/.exec(line));
    for (const found of lines) if (found) headers.append(found[1] ?? "", found[2] ?? "");
  }
  const headerValue = signature ?? headers.get("signature") ?? undefined;
  const messageTime = time ?? headers.get("response-time") ?? headers.get("request-time") ?? undefined;
  return {
    // The user might have copied the header name or a line ending, too.
    signature: requireValue(headerValue, "Missing --signature VALUE, or --headers FILE with a Signature header.")
      .trim()
      .replace(/^signature:\s*/i, ""),
    sentClientId: headers.get("client-id") ?? undefined,
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
    publicKey: requireValue(given ?? signer, "Missing --key FILE, or --credentials FILE with the key of the signer."),
    ownPublicKey: own ?? other,
  };
}

/** Imports the public key of the user's own key pair from the text of the public or private key. */
const importOwnKey = (text: string): Promise<CryptoKey> =>
  importPublicKey(text, "--own-key").catch(() => derivePublicKey(text, "--own-key"));
