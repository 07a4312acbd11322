import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../machine/create-private-directory.ts";
import { generateKeyPair } from "../../signature/index.ts";
import { type ExitCode, line, type Output } from "../console/output.ts";
import { fileFailure, wrongUsage } from "../console/usage-error.ts";

interface Options {
  readonly out?: string;
  readonly json?: true;
}

/** Makes a key pair for a merchant. */
export async function keygen({ stdout, style }: Output, { out, json }: Options): Promise<ExitCode> {
  const pair = await generateKeyPair();
  if (out !== undefined) {
    await makeFolder(out).catch(fileFailure(out, "made"));
    await writeNew(join(out, "merchant-private-key.pem"), pair.privateKey, 0o600);
    await writeNew(join(out, "merchant-public-key.pem"), pair.publicKey, 0o644);
  }
  if (json) {
    const { privateKey, privateKeyBase64, ...rest } = pair;
    line(stdout, JSON.stringify(out === undefined ? { privateKey, privateKeyBase64, ...rest } : rest));
    return 0;
  }
  if (out === undefined) {
    line(stdout, style.bold("Private key (PEM): keep it secret"));
    line(stdout, pair.privateKey.trim());
    line(stdout, style.bold("Public key (PEM)"));
    line(stdout, pair.publicKey.trim());
  } else {
    line(
      stdout,
      `Written to ${join(out, "merchant-private-key.pem")} (readable by you only) and ${join(out, "merchant-public-key.pem")}.`,
    );
  }
  line(stdout, style.bold("Public key as the dashboard takes it"));
  line(stdout, pair.publicKeyBase64);
  return 0;
}

/** A key that is there already is never written over. */
const writeNew = (file: string, text: string, mode: number): Promise<void> =>
  writeFile(file, text, { mode, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") throw wrongUsage(`${file} is there already and is not written over.`);
    fileFailure(file, "written")(error);
  });
