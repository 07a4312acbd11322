/** What the API reference is made with: large, and so opened with the first page that shows it. */
import { readFileSync } from "node:fs";
import { importSigningKey, signSync } from "../../../gateway/index.ts";
import { findRoute } from "../../../protocol/operations.ts";
import { formatSignatureHeader, stringToSignPrefix } from "../../../signature/index.ts";
import { type Asset, createAsset } from "../frame/assets.ts";
import { REFERENCE_SCRIPT } from "./browser-script.ts";
import { REFERENCE_STYLE } from "./style.ts";

export interface Reference {
  readonly swaggerUi: SwaggerUi | undefined;
  readonly sign: CallSigner;
  readonly styles: readonly Asset[];
  readonly scripts: readonly Asset[];
}

const STYLE_ASSET = createAsset("reference", "css", "text/css; charset=utf-8", REFERENCE_STYLE);
const SCRIPT_ASSET = createAsset("reference", "js", "text/javascript; charset=utf-8", REFERENCE_SCRIPT);

export async function loadReference(merchant: SigningMerchant): Promise<Reference> {
  const renderer = findSwaggerUi();
  return {
    swaggerUi: renderer,
    sign: await createCallSigner(merchant),
    styles: renderer ? [renderer.style, STYLE_ASSET] : [STYLE_ASSET],
    scripts: renderer ? [renderer.script, SCRIPT_ASSET] : [],
  };
}

/** Swagger UI, from its own package where that is installed. */
export interface SwaggerUi {
  readonly style: Asset;
  readonly script: Asset;
}

/** Older ones have no dark scheme, and a later major one may be called in another way. */
const SUPPORTED_VERSIONS = /^5\.(?:3[5-9]|[4-9]\d|\d{3,})\./;

/** The renderer, or `undefined` where its package is not installed, or is one that does not fit. */
export function findSwaggerUi(resolve: (specifier: string) => string = import.meta.resolve): SwaggerUi | undefined {
  try {
    const manifest = new URL(resolve("swagger-ui-dist/package.json"));
    const file = (name: string) => readFileSync(new URL(name, manifest), "utf8");
    const { version } = JSON.parse(file("package.json")) as { readonly version: string };
    if (!SUPPORTED_VERSIONS.test(version)) return undefined;
    return {
      style: createAsset("swagger-ui", "css", "text/css; charset=utf-8", file("swagger-ui.css")),
      script: createAsset("swagger-ui", "js", "text/javascript; charset=utf-8", file("swagger-ui-bundle.js")),
    };
  } catch {
    return undefined;
  }
}

export interface SignedCall {
  /** What was signed, as text. */
  readonly stringToSign: string;
  /** In base64. */
  readonly signature: string;
  readonly headers: Readonly<Record<"Client-Id" | "Request-Time" | "Signature", string>>;
}

export interface SigningMerchant {
  readonly clientId: string;
  readonly merchantPrivateKey: string;
}

/** Whether a path is that of an operation of the sandbox, as its gateway sees it. */
export const isApiPath = (path: string): boolean => findRoute(path)?.environment === "sandbox";

export type CallSigner = (path: string, body: string) => SignedCall;

/** Signs a call of the first merchant for whoever tries the API, with the key of the credentials file, at the machine's time, as every client does. */
export async function createCallSigner({ clientId, merchantPrivateKey }: SigningMerchant): Promise<CallSigner> {
  const key = await importSigningKey(merchantPrivateKey, "merchantPrivateKey");
  return (path, body) => {
    const message = { path, clientId, time: String(Date.now()), body };
    const signature = signSync(message, key);
    return {
      stringToSign: stringToSignPrefix(message) + body,
      signature,
      headers: {
        "Client-Id": clientId,
        "Request-Time": message.time,
        Signature: formatSignatureHeader(signature, 1),
      },
    };
  };
}
