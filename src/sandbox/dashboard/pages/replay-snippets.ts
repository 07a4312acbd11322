/** Creates code that replays an API call. The code contains placeholders for card data, but no key or signature. */
import { isCardField } from "../../../cards/mask-card-data.ts";
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { escapeInvisibleJson } from "../../../html/html-template.ts";
import { shellQuote } from "../../../machine/shell-quote.ts";

type ReplayableCall = Pick<ControlSchemas["ApiCall"], "request" | "operation" | "clientId" | "path">;

export interface ReplayTarget {
  readonly baseUrl: string;
  /** The path of the credentials file, if there is one. */
  readonly credentialsFile?: string | undefined;
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  cardNo: "<card number>",
  cvv: "<CVV>",
  expiryYear: "<YY>",
  expiryMonth: "<MM>",
};

/** Returns the body as JSON with placeholders for card data, or `undefined` if the body, the operation, or the client is unknown. */
function formatBodyWithPlaceholders(
  { request, operation, clientId }: ReplayableCall,
  indent?: number,
): string | undefined {
  if (request === "" || operation === undefined || clientId === undefined) return undefined;
  const replaceCardData = (name: string, value: unknown) =>
    isCardField(name) ? (PLACEHOLDERS[name] ?? `<${name}>`) : value;
  return escapeInvisibleJson(JSON.stringify(JSON.parse(request), replaceCardData, indent));
}

/** Creates a shell script that signs the call with openssl and sends it with curl. Returns `undefined` if the call cannot be replayed. */
export function createCurlScript(
  call: ReplayableCall,
  { baseUrl, credentialsFile = "credentials.json" }: ReplayTarget,
): string | undefined {
  const body = formatBodyWithPlaceholders(call);
  const { path, clientId = "" } = call;
  if (body === undefined) return undefined;
  return `# Run this command once. It extracts the private key from the credentials file.
node -p ${shellQuote(`JSON.parse(fs.readFileSync(${JSON.stringify(credentialsFile)})).merchantPrivateKey`)} > merchant-private-key.pem

body=${shellQuote(body)}
time=$(date +%s)000
signature=$(printf 'POST %s\\n%s.%s.%s' ${shellQuote(path)} ${shellQuote(clientId)} "$time" "$body" |
  openssl dgst -sha256 -sign merchant-private-key.pem | base64 | tr -d '\\n' |
  sed 's/+/%2B/g; s/\\//%2F/g; s/=/%3D/g')
curl ${shellQuote(baseUrl + path)} \\
  -H 'Content-Type: application/json; charset=UTF-8' \\
  -H ${shellQuote(`Client-Id: ${clientId}`)} \\
  -H "Request-Time: $time" \\
  -H "Signature: algorithm=RSA256,keyVersion=1,signature=$signature" \\
  --data-binary "$body"
`;
}

/** Creates a program that makes the same call with the client of this package. Returns `undefined` if the call cannot be replayed. */
export function createClientCode(
  call: ReplayableCall,
  { credentialsFile = "credentials.json" }: ReplayTarget,
): string | undefined {
  const body = formatBodyWithPlaceholders(call, 2);
  if (body === undefined) return undefined;
  return `import { readFileSync } from "node:fs";
import { createVaultClient } from "antom-vault";

const credentials = JSON.parse(readFileSync(${JSON.stringify(credentialsFile)}, "utf8"));
const vault = createVaultClient(credentials);
const outcome = await vault.${call.operation}(${body});
console.log(outcome);
`;
}
