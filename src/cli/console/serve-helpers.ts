/** Helpers for the commands that run a server. @module */
import { once } from "node:events";
import { join } from "node:path";
import type { RejectedSignature } from "../../gateway/index.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { diagnoseSignature } from "../../signature/index.ts";
import { commandPrefix, type Output, writeCommand, writeLine, writeText } from "./output.ts";
import { usageError } from "./usage-error.ts";

export function parsePort(port: string): number {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw usageError("--port must be a number from 0 to 65535.");
  return Number(port);
}

/** Prints the commands that send a first request, and how to stop the server. `vaultCommand` vaults a test card. */
export function printQuickStart(
  { stdout, style }: Output,
  data: string,
  credentialsFile: string,
  authorityFile?: string,
  vaultCommand?: string,
): void {
  const [sample, script, keys] = [join(data, "sample.json"), join(data, "vault.sh"), credentialsFile].map(shellQuote);
  writeLine(stdout);
  if (vaultCommand !== undefined) {
    writeText(stdout, "Try it in a second terminal. To vault a test card:");
    writeCommand(stdout, vaultCommand);
  }
  writeText(
    stdout,
    vaultCommand === undefined
      ? "To sign and send a sample request, run in a second terminal:"
      : "To sign and send a sample request:",
  );
  writeCommand(stdout, `${commandPrefix} spec --example Sample > ${sample}`);
  writeCommand(stdout, `${commandPrefix} sign --credentials ${keys} --body ${sample} --curl > ${script}`);
  writeCommand(stdout, `${authorityFile ? `CURL_CA_BUNDLE=${shellQuote(authorityFile)} ` : ""}sh ${script}`);
  writeLine(stdout);
  writeLine(stdout, style.dim("Stop with Ctrl-C."));
}

/** Returns the row of the startup output that says which certificate authority to trust. Returns no row without TLS. */
export const formatTlsHint = (authorityFile: string | undefined): readonly (readonly [string, string])[] =>
  authorityFile === undefined
    ? []
    : [
        [
          "TLS authority",
          `${authorityFile}. Trust it with NODE_EXTRA_CA_CERTS or SSL_CERT_FILE; docs/sandbox.md lists the setting for each program`,
        ],
      ];

/**
 * Resolves on SIGINT or SIGTERM. Call this function before printing that the server is running, because a script might stop the server as soon as it
 * reads that line.
 */
export async function waitForStopSignal(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}

/** Returns a function that prints the cause of an invalid signature, at most once per second because the diagnosis takes CPU time. */
export function createSignatureExplainer(
  server: string,
  print: (message: string) => void,
  getDetails = (): string => "",
): (rejected: RejectedSignature) => void {
  let nextPrintAt = 0;
  return ({ reason, merchant, path, clientId, time, body, headerValue }) => {
    if (Date.now() < nextPrintAt) return;
    nextPrintAt = Date.now() + 1000;
    const [publicKey] = merchant?.publicKeys?.keys ?? [];
    if (!publicKey) {
      print(`Request rejected: ${reason} The ${server}'s client ID is in its credentials file.${getDetails()}`);
      return;
    }
    diagnoseSignature({ message: { path, clientId, time, body }, headerValue, publicKey }).then(
      (cause) => print(`Request rejected because of its signature. ${cause?.message ?? reason}${getDetails()}`),
      () => print(`Request rejected because of its signature. ${reason}${getDetails()}`),
    );
  };
}

/** Returns a function that prints the name and code of a server's error. The message of a third-party error might quote a body, so it is omitted. */
export const createErrorLogger =
  (server: string, print: (message: string) => void) =>
  (error: unknown): void => {
    const { name = "unknown error", code } = error as { readonly name?: string; readonly code?: string };
    print(`Error in the ${server}: ${[name, code].filter((part) => typeof part === "string").join(" ")}.`);
  };
