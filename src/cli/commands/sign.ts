import type { OperationId } from "../../../generated/operations.ts";
import { shellQuote } from "../../machine/shell-quote.ts";
import { parseMessageTime } from "../../protocol/http.ts";
import { parseJson } from "../../protocol/json.ts";
import { formatSignatureHeader, importPrivateKey, sign } from "../../signature/index.ts";
import { formatSignedString } from "../console/format-signed-string.ts";
import { type ExitCode, indent, type Output, writeJson, writeLine, writeText } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";
import { readCredentialsFile } from "../inputs/read-credentials.ts";
import { getOperationPath, readInput, readText, requireClientId, requireValue } from "../inputs/read-input.ts";

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

/** Signs a request as the client does, and prints the signed string and the headers, or a curl command. */
export async function signCommand({ stdout, stderr, style }: Output, options: Options): Promise<ExitCode> {
  const credentials = await readCredentialsFile(options.credentials);
  const clientId = requireClientId(options, credentials);
  const keyText = options.key === undefined ? credentials.merchantPrivateKey : await readText(options.key);
  const key = await importPrivateKey(
    requireValue(keyText, "Missing --key FILE, or --credentials FILE with a merchantPrivateKey."),
    options.key ?? "merchantPrivateKey",
  );
  const path = options.path ?? getOperationPath(options.operation, clientId);
  const time = options.time ?? String(Date.now());
  if (parseMessageTime(time) === undefined) {
    throw usageError("--time must be 13 digits (milliseconds), or ISO 8601 with an offset.");
  }
  if (options.curl && options.body === "-")
    throw usageError("--curl requires --body FILE, so that curl sends the same bytes.");
  const message = { path, clientId, time, body: await readInput(options.body) };
  const parsed = parseJson(message.body);
  if (!parsed.ok)
    writeText(
      stderr,
      `The body ${parsed.message}, so the gateway rejects the request even though the signature is valid.`,
      "! ",
    );
  const headers = {
    "Content-Type": "application/json; charset=UTF-8",
    "Client-Id": clientId,
    "Request-Time": time,
    Signature: formatSignatureHeader(await sign(message, key), options.keyVersion),
  };
  const stringToSign = formatSignedString(message);
  if (options.json) {
    writeJson(stdout, { stringToSign, headers });
  } else if (options.curl) {
    const baseUrl = requireValue(
      options.baseUrl ?? credentials.baseUrl,
      "Missing --base-url URL, or --credentials FILE with a baseUrl.",
    );
    writeLine(stdout, formatCurlCommand(baseUrl + path, headers, options.body));
  } else {
    writeLine(stdout, style.bold("Signed string (card data masked)"));
    writeLine(stdout, indent(stringToSign));
    writeLine(stdout, style.bold("Headers"));
    for (const [name, value] of Object.entries(headers)) writeLine(stdout, indent(`${name}: ${value}`));
  }
  return 0;
}

function formatCurlCommand(url: string, headers: Readonly<Record<string, string>>, bodyFile: string): string {
  const parts = Object.entries(headers).map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`);
  return ["curl -sS", ...parts, `--data-binary ${shellQuote(`@${bodyFile}`)}`, shellQuote(url)].join(" \\\n  ");
}
