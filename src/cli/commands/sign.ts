import type { OperationId } from "../../../generated/operations.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { parseMessageTime } from "../../protocol/http.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../signature/index.ts";
import { type ExitCode, indent, line, type Output } from "../console/output.ts";
import { signedText } from "../console/signed-text.ts";
import { wrongUsage } from "../console/usage-error.ts";
import { readCredentialsFile } from "../inputs/read-credentials.ts";
import { clientIdOf, needed, pathOf, readInput, readText } from "../inputs/read-input.ts";

interface Options {
  readonly credentials?: string;
  readonly key?: string;
  readonly clientId?: string;
  readonly operation: OperationId;
  readonly path?: string;
  readonly time?: string;
  readonly keyVersion: string;
  readonly body: string;
  readonly curl?: true;
  readonly baseUrl?: string;
  readonly json?: true;
}

/** Signs a request as the client would, and shows what was signed. */
export async function signCommand({ stdout, style }: Output, options: Options): Promise<ExitCode> {
  const credentials = await readCredentialsFile(options.credentials);
  const clientId = clientIdOf(options, credentials);
  const keyText = options.key === undefined ? credentials.merchantPrivateKey : await readText(options.key);
  const key = await importPrivateKey(
    needed(keyText, "--key, or a credentials file that holds merchantPrivateKey,"),
    options.key ?? "merchantPrivateKey",
  );
  const path = options.path ?? pathOf(options.operation, clientId);
  const time = options.time ?? String(Date.now());
  if (parseMessageTime(time) === undefined) {
    throw wrongUsage("--time must be 13 digits of milliseconds, or ISO 8601 with an offset.");
  }
  if (options.curl && options.body === "-")
    throw wrongUsage("--curl needs --body FILE, so that curl can send the same bytes.");
  const message = { path, clientId, time, body: await readInput(options.body) };
  const headers = {
    "Content-Type": "application/json; charset=UTF-8",
    "Client-Id": clientId,
    "Request-Time": time,
    Signature: formatSignatureHeader(await sign(message, key), options.keyVersion),
  };
  const text = signedText(message);
  if (options.json) {
    line(stdout, JSON.stringify({ text, headers }));
  } else if (options.curl) {
    const baseUrl = needed(
      options.baseUrl ?? credentials.baseUrl,
      "--base-url, or a credentials file that holds a baseUrl,",
    );
    line(stdout, curl(baseUrl + path, headers, options.body));
  } else {
    line(stdout, style.bold("Text that was signed (card data masked; nothing follows the body)"));
    line(stdout, indent(text));
    line(stdout, style.bold("Headers to send"));
    for (const [name, value] of Object.entries(headers)) line(stdout, indent(`${name}: ${value}`));
  }
  return 0;
}

function curl(url: string, headers: Readonly<Record<string, string>>, bodyFile: string): string {
  const parts = Object.entries(headers).map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`);
  return ["curl -sS", ...parts, `--data-binary ${shellQuote(`@${bodyFile}`)}`, shellQuote(url)].join(" \\\n  ");
}
