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
import { type ExitCode, indent, type Output, writeLine } from "../console/output.ts";
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

/** Verifies a message of either side, and explains a signature that does not match. Exit code 1 where it does not. */
export async function verifyCommand({ stdout, style }: Output, options: Options): Promise<ExitCode> {
  const credentials = await readCredentialsFile(options.credentials);
  const clientId = requireClientId(options, credentials);
  const keys = await readKeyOptions(options, credentials);
  const path = options.path ?? getOperationPath(options.operation, clientId);
  const { signature, time, isRequest } = await readSignature(options);
  const message = { path, clientId, time, body: await readInput(options.body) };
  const fault = await findSignatureError(await importKeyring(keys.publicKey, "the public key"), message, signature);
  const mistake = fault === undefined ? undefined : await explainMismatch(fault, message, signature, keys);
  const hint = fault !== undefined && isRequest && options.signedBy === "antom" ? REQUEST_HINT : undefined;
  const text = formatSignedString(message);
  if (options.json)
    writeLine(
      stdout,
      JSON.stringify({ verified: fault === undefined, stringToSign: text, error: fault, cause: mistake, hint }),
    );
  else {
    writeLine(stdout, style.bold("Text that must have been signed (card data masked; nothing follows the body)"));
    writeLine(stdout, indent(text));
    writeLine(stdout, fault === undefined ? style.green("✓ The signature fits.") : style.red(`✗ ${fault}`));
    if (mistake) writeLine(stdout, `${style.bold("The mistake:")} ${mistake.message} (${mistake.id})`);
    else if (fault === SIGNATURE_MISMATCH) writeLine(stdout, NO_CAUSE_FOUND);
    if (hint !== undefined) writeLine(stdout, hint);
  }
  return fault === undefined ? 0 : 1;
}

const REQUEST_HINT = "The headers are those of a request, which the merchant signs: --signed-by merchant verifies it.";

const NO_CAUSE_FOUND =
  "Tried without success: other line ends, a body written anew by the usual JSON writers, the paths of the other operations and of the other environment, " +
  "other forms of the time and of the client ID, one's own key, other encodings. What is left cannot be told apart: a key of another environment, " +
  "another time or client ID, or a body that was changed.";

interface VerificationKeys {
  readonly publicKey: CryptoKey;
  readonly ownPublicKey: CryptoKey | undefined;
}

async function explainMismatch(
  fault: string,
  message: SignedMessage,
  headerValue: string,
  { publicKey, ownPublicKey }: VerificationKeys,
): Promise<SignatureProblem | undefined> {
  if (fault === SIGNATURE_MISMATCH && ownPublicKey && (await isSameKey(publicKey, ownPublicKey))) {
    const sentence = "The public key is your own: take the other side's. Antom's is shown in the dashboard.";
    return { id: "own-key", message: sentence };
  }
  return diagnoseSignature({ message, headerValue, publicKey, ...(ownPublicKey ? { ownPublicKey } : {}) });
}

/** The header's value and the time, as options or out of a file of headers (`curl -D`). */
async function readSignature({ signature, time, headers: file }: Options) {
  const headers = new Headers();
  if (file !== undefined) {
    const lines = (await readText(file)).split(/\r?\n/).map((each) => /^([\w-]+):\s*(.*?)\s*$/.exec(each));
    for (const found of lines) if (found) headers.append(found[1] ?? "", found[2] ?? "");
  }
  const value = signature ?? headers.get("signature") ?? undefined;
  const sent = time ?? headers.get("response-time") ?? headers.get("request-time") ?? undefined;
  return {
    // A header's name or line end may have been copied along.
    signature: requireValue(value, "--signature, or --headers with a Signature header,")
      .trim()
      .replace(/^signature:\s*/i, ""),
    isRequest: headers.has("request-time") && !headers.has("response-time"),
    time: requireValue(sent, "--time, or --headers with a response-time or Request-Time header,").trim(),
  };
}

async function readKeyOptions(options: Options, credentials: PartialCredentials): Promise<VerificationKeys> {
  const given = options.key === undefined ? undefined : await importPublicKey(await readText(options.key), "--key");
  const { merchantPrivateKey, antomPublicKey } = credentials;
  const merchant =
    merchantPrivateKey === undefined ? undefined : await derivePublicKey(merchantPrivateKey, "merchantPrivateKey");
  const antom = antomPublicKey === undefined ? undefined : await importPublicKey(antomPublicKey, "antomPublicKey");
  const own = options.ownKey === undefined ? undefined : await importOwnKey(await readText(options.ownKey));
  const [theirs, ours] = options.signedBy === "antom" ? [antom, merchant] : [merchant, antom];
  return {
    publicKey: requireValue(given ?? theirs, "--key, or a credentials file that holds the key,"),
    ownPublicKey: own ?? ours,
  };
}

/** One's own key may be given as either half. */
const importOwnKey = (text: string): Promise<CryptoKey> =>
  importPublicKey(text, "--own-key").catch(() => derivePublicKey(text, "--own-key"));
