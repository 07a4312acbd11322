import type { OperationId } from "../../../generated/operations.ts";
import {
  type CryptoKey,
  findMistake,
  importKeyring,
  importPublicKey,
  MISFIT,
  type Mistake,
  publicKeyOf,
  type SignedMessage,
  sameKey,
  verifyHeader,
} from "../../signature/index.ts";
import { type ExitCode, indent, line, type Output, type Sink, type Styles } from "../console/output.ts";
import { signedText } from "../console/signed-text.ts";
import {
  type CredentialsInput,
  needed,
  pathOf,
  readCredentialsFile,
  readInput,
  readText,
} from "../inputs/read-input.ts";

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

/** Verifies a message of either side, and explains a signature that does not fit. Exit code 1 where it does not. */
export async function verifyCommand({ stdout, style }: Output, options: Options): Promise<ExitCode> {
  const credentials = await readCredentialsFile(options.credentials);
  const clientId = needed(
    options.clientId ?? credentials.clientId,
    "--client-id, or a credentials file that holds a clientId,",
  );
  const { publicKey, ownPublicKey } = await keysOf(options, credentials);
  const path = options.path ?? pathOf(options.operation, clientId);
  const { signature, time, isRequest } = await signatureOf(options);
  const message = { path, clientId, time, body: await readInput(options.body) };
  const fault = await verifyHeader(await importKeyring(publicKey, "the public key"), message, signature);
  const told: Told = {
    text: signedText(message),
    fault,
    ...(await explain({ message, signature, publicKey, ownPublicKey, fault })),
  };
  const hint = fault !== undefined && isRequest && options.signedBy === "antom" ? { hint: REQUEST_HINT } : {};
  if (options.json) line(stdout, JSON.stringify({ verified: fault === undefined, ...told, ...hint }));
  else say(stdout, style, { ...told, ...hint });
  return fault === undefined ? 0 : 1;
}

interface Told {
  readonly text: string;
  readonly fault: string | undefined;
  readonly mistake?: Mistake;
  readonly hint?: string;
}

const REQUEST_HINT = "The headers are those of a request, which the merchant signs: --signed-by merchant verifies it.";

function say(stdout: Sink, style: Styles, { text, fault, mistake, hint }: Told): void {
  line(stdout, style.bold("Text that must have been signed (card data masked; nothing follows the body)"));
  line(stdout, indent(text));
  line(stdout, fault === undefined ? style.green("✓ The signature fits.") : style.red(`✗ ${fault}`));
  if (mistake) line(stdout, `${style.bold("The mistake:")} ${mistake.sentence} (${mistake.id})`);
  else if (fault === MISFIT) line(stdout, NOTHING_FITS);
  if (hint !== undefined) line(stdout, hint);
}

const NOTHING_FITS =
  "Tried without success: other line ends, a body written anew by the usual JSON writers, the paths of the other operations and of the other environment, " +
  "other forms of the time and of the client ID, one's own key, other encodings. What is left cannot be told apart: a key of another environment, " +
  "another time or client ID, or a body that was changed.";

async function explain({
  message,
  signature,
  publicKey,
  ownPublicKey,
  fault,
}: {
  readonly message: SignedMessage;
  readonly signature: string;
  readonly publicKey: CryptoKey;
  readonly ownPublicKey: CryptoKey | undefined;
  readonly fault: string | undefined;
}): Promise<{ readonly mistake?: Mistake }> {
  if (fault === undefined) return {};
  if (fault === MISFIT && ownPublicKey && (await sameKey(publicKey, ownPublicKey))) {
    const sentence = "The public key is your own: take the other side's. Antom's is shown in the dashboard.";
    return { mistake: { id: "own-key", sentence } };
  }
  const own = ownPublicKey ? { ownPublicKey } : {};
  const mistake = await findMistake({ message, headerValue: signature, publicKey, ...own });
  return mistake ? { mistake } : {};
}

/** The header's value and the time, as options or out of a file of headers (`curl -D`). */
async function signatureOf({
  signature,
  time,
  headers: file,
}: Options): Promise<{ readonly signature: string; readonly time: string; readonly isRequest: boolean }> {
  const headers = new Headers();
  if (file !== undefined) {
    const lines = (await readText(file)).split(/\r?\n/).map((each) => /^([\w-]+):\s*(.*?)\s*$/.exec(each));
    for (const found of lines) if (found) headers.append(found[1] ?? "", found[2] ?? "");
  }
  const value = signature ?? headers.get("signature") ?? undefined;
  const sent = time ?? headers.get("response-time") ?? headers.get("request-time") ?? undefined;
  return {
    // A header's name or line end may have been copied along.
    signature: needed(value, "--signature, or --headers with a Signature header,")
      .trim()
      .replace(/^signature:\s*/i, ""),
    isRequest: headers.has("request-time") && !headers.has("response-time"),
    time: needed(sent, "--time, or --headers with a response-time or Request-Time header,").trim(),
  };
}

async function keysOf(
  options: Options,
  credentials: CredentialsInput,
): Promise<{ publicKey: CryptoKey; ownPublicKey: CryptoKey | undefined }> {
  const given = options.key === undefined ? undefined : await importPublicKey(await readText(options.key), "--key");
  const { merchantPrivateKey, antomPublicKey } = credentials;
  const merchant =
    merchantPrivateKey === undefined ? undefined : await publicKeyOf(merchantPrivateKey, "merchantPrivateKey");
  const antom = antomPublicKey === undefined ? undefined : await importPublicKey(antomPublicKey, "antomPublicKey");
  const own = options.ownKey === undefined ? undefined : await ownKey(await readText(options.ownKey));
  const [theirs, ours] = options.signedBy === "antom" ? [antom, merchant] : [merchant, antom];
  return {
    publicKey: needed(given ?? theirs, "--key, or a credentials file that holds the key,"),
    ownPublicKey: own ?? ours,
  };
}

/** One's own key may be given as either half. */
const ownKey = (text: string): Promise<CryptoKey> =>
  importPublicKey(text, "--own-key").catch(() => publicKeyOf(text, "--own-key"));
