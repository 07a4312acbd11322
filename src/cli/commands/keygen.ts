import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPrivateDirectory } from "../../machine/create-private-directory.ts";
import { generateKeyPair } from "../../signature/index.ts";
import { type ExitCode, type Output, writeJson, writeLine, writeText } from "../console/output.ts";
import { rethrowFileError, usageError } from "../console/usage-error.ts";

interface Options {
  readonly out?: string;
  readonly json?: true;
}

/** Generates a key pair for a merchant. */
export async function keygen({ stdout, style }: Output, { out, json }: Options): Promise<ExitCode> {
  const pair = await generateKeyPair();
  if (out !== undefined) {
    await createPrivateDirectory(out).catch(rethrowFileError(out, "create"));
    await writeNewFile(join(out, "merchant-private-key.pem"), pair.privateKey, 0o600);
    await writeNewFile(join(out, "merchant-public-key.pem"), pair.publicKey, 0o644);
  }
  if (json) {
    const { privateKey, privateKeyBase64, ...rest } = pair;
    writeJson(stdout, out === undefined ? { privateKey, privateKeyBase64, ...rest } : rest);
    return 0;
  }
  if (out === undefined) {
    writeLine(stdout, style.bold("Private key (PEM): keep it secret"));
    writeLine(stdout, pair.privateKey.trim());
    writeLine(stdout, style.bold("Public key (PEM)"));
    writeLine(stdout, pair.publicKey.trim());
  } else {
    writeText(
      stdout,
      `Keys written to ${join(out, "merchant-private-key.pem")} (readable only by you) and ${join(out, "merchant-public-key.pem")}.`,
    );
  }
  writeLine(stdout, style.bold("Public key for the Antom dashboard"));
  writeLine(stdout, pair.publicKeyBase64);
  return 0;
}

/** Writes a new file. Never overwrites an existing one. */
const writeNewFile = (file: string, text: string, mode: number): Promise<void> =>
  writeFile(file, text, { mode, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST")
      throw usageError(
        `Cannot write ${file}: the file already exists, and keygen never overwrites files. Delete it, or use a different directory.`,
      );
    rethrowFileError(file, "write")(error);
  });
