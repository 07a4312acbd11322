/** What the commands that serve something have in common. */
import { once } from "node:events";
import { join } from "node:path";
import type { RejectedSignature } from "../../gateway/index.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { diagnoseSignature } from "../../signature/index.ts";
import { commandPrefix, indent, type Output, writeLine } from "./output.ts";
import { usageError } from "./usage-error.ts";

export function parsePort(port: string): number {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw usageError("--port must be a number from 0 to 65535.");
  return Number(port);
}

/** The three lines by which the first request is sent, and how it all ends. */
export function printQuickStart({ stdout, style }: Output, data: string, credentialsFile: string): void {
  const [sample, script, keys] = [join(data, "sample.json"), join(data, "vault.sh"), credentialsFile].map(shellQuote);
  writeLine(stdout);
  writeLine(stdout, "Try it in another terminal:");
  writeLine(stdout, indent(`${commandPrefix} spec --example Sample > ${sample}`, "  "));
  writeLine(stdout, indent(`${commandPrefix} sign --credentials ${keys} --body ${sample} --curl > ${script}`, "  "));
  writeLine(stdout, indent(`sh ${script}`, "  "));
  writeLine(stdout);
  writeLine(stdout, style.dim("Stop with Ctrl-C."));
}

/** Resolves when somebody stops the program. To be called before it is told to anybody that it runs: who reads that may stop it at once. */
export async function waitForStopSignal(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}

/** Says which of the usual mistakes was made, once a second at the most: looking for it costs time. */
export function createSignatureExplainer(
  what: string,
  say: (message: string) => void,
  more = (): string => "",
): (refused: RejectedSignature) => void {
  let next = 0;
  return ({ reason, merchant, path, clientId, time, body, headerValue }) => {
    if (Date.now() < next) return;
    next = Date.now() + 1000;
    const [publicKey] = merchant?.publicKeys?.keys ?? [];
    if (!publicKey) {
      say(`A request was refused: ${reason} The ${what}'s client ID stands in its credentials file.${more()}`);
      return;
    }
    diagnoseSignature({ message: { path, clientId, time, body }, headerValue, publicKey }).then(
      (mistake) => say(`A request's signature was refused. ${mistake?.message ?? reason}${more()}`),
      () => say(`A request's signature was refused. ${reason}${more()}`),
    );
  };
}

/** A sentence for what a server could not answer. Of a foreign error only its kind is told. */
export const createErrorLogger =
  (what: string, say: (message: string) => void) =>
  (error: unknown): void => {
    const { name = "unknown error", code } = error as { readonly name?: string; readonly code?: string };
    say(`The ${what} met an error: ${[name, code].filter((each) => typeof each === "string").join(" ")}.`);
  };
