import {
  type CryptoKey,
  findMistake,
  importKeyring,
  importPublicKey,
  publicKeyOf,
  verifyHeader,
} from "../signature/index.ts";
import {
  type CredentialsInput,
  needed,
  pathOf,
  readCredentialsFile,
  readInput,
  readText,
  wrongUsage,
} from "./input.ts";
import { indent, line, type Output } from "./output.ts";
import type { ExitCode } from "./program.ts";
import { signedText } from "./sign.ts";

interface Options {
  readonly signature: string;
  readonly time: string;
  readonly credentials?: string;
  readonly signedBy: string;
  readonly key?: string;
  readonly ownKey?: string;
  readonly clientId?: string;
  readonly operation: string;
  readonly path?: string;
  readonly body: string;
  readonly json?: true;
}

/** Verifies a message of either side, and explains a signature that does not fit. Exit code 1 where it does not. */
export async function verifyCommand({ stdout, style }: Output, options: Options): Promise<ExitCode> {
  const credentials = await readCredentialsFile(options.credentials);
  const clientId = needed(options.clientId ?? credentials.clientId, "--client-id (or --credentials)");
  const { publicKey, ownPublicKey } = await keysOf(options, credentials);
  const path = options.path ?? pathOf(options.operation, clientId);
  const message = { path, clientId, time: options.time, body: await readInput(options.body) };
  const keyring = await importKeyring(publicKey, "the public key");
  const fault = await verifyHeader(keyring, message, options.signature);
  const text = signedText(message);
  const own = ownPublicKey ? { ownPublicKey } : {};
  const mistake =
    fault === undefined ? undefined : await findMistake({ message, headerValue: options.signature, publicKey, ...own });
  if (options.json) {
    line(
      stdout,
      JSON.stringify({
        verified: fault === undefined,
        text,
        ...(fault === undefined ? {} : { fault }),
        ...(mistake ? { mistake } : {}),
      }),
    );
  } else {
    line(stdout, style.bold("Text that must have been signed (card data masked; no line feed at its end)"));
    line(stdout, indent(text));
    line(stdout, fault === undefined ? style.green("✓ The signature fits.") : style.red(`✗ ${fault}`));
    if (mistake) line(stdout, `${style.bold("The mistake:")} ${mistake.sentence} (${mistake.id})`);
    else if (fault !== undefined) {
      line(
        stdout,
        "None of the usual mistakes explains it: line ends, a body written anew, another path, time or client ID, one's own key, the URL encoding. Most likely the key belongs to another environment, or the body is not the one that was signed.",
      );
    }
  }
  return fault === undefined ? 0 : 1;
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
  if (options.signedBy === "antom")
    return { publicKey: needed(given ?? antom, "--key (or --credentials)"), ownPublicKey: own ?? merchant };
  if (options.signedBy === "merchant")
    return { publicKey: needed(given ?? merchant, "--key (or --credentials)"), ownPublicKey: own ?? antom };
  throw wrongUsage("--signed-by must be antom or merchant.");
}

/** One's own key may be given as either half. */
const ownKey = (text: string): Promise<CryptoKey> =>
  importPublicKey(text, "--own-key").catch(() => publicKeyOf(text, "--own-key"));
