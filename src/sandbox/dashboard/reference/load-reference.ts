/** Loads the files of the API reference. They are large, so they are loaded only when a user first opens the page. */
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
  const swaggerUi = findSwaggerUi();
  return {
    swaggerUi,
    sign: await createCallSigner(merchant),
    styles: swaggerUi ? [swaggerUi.style, STYLE_ASSET] : [STYLE_ASSET],
    scripts: swaggerUi ? [swaggerUi.script, SCRIPT_ASSET] : [],
  };
}

/** The files of the optional package swagger-ui-dist. */
export interface SwaggerUi {
  readonly style: Asset;
  readonly script: Asset;
}

/** The supported versions of Swagger UI. Earlier versions have no dark mode, and a new major version might change the API. */
const SUPPORTED_VERSIONS = /^5\.(?:3[5-9]|[4-9]\d|\d{3,})\./;

/** Returns the files of Swagger UI, or `undefined` if the package is not installed or its version is not supported. */
export function findSwaggerUi(resolve: (specifier: string) => string = import.meta.resolve): SwaggerUi | undefined {
  try {
    const manifest = new URL(resolve("swagger-ui-dist/package.json"));
    const readFile = (name: string) => readFileSync(new URL(name, manifest), "utf8");
    const { version } = JSON.parse(readFile("package.json")) as { readonly version: string };
    if (!SUPPORTED_VERSIONS.test(version)) return undefined;
    return {
      style: createAsset("swagger-ui", "css", "text/css; charset=utf-8", readFile("swagger-ui.css")),
      script: createAsset("swagger-ui", "js", "text/javascript; charset=utf-8", readFile("swagger-ui-bundle.js")),
    };
  } catch {
    return undefined;
  }
}

export interface SignedCall {
  readonly stringToSign: string;
  /** The signature in Base64. */
  readonly signature: string;
  readonly headers: Readonly<Record<"Client-Id" | "Request-Time" | "Signature", string>>;
}

export interface SigningMerchant {
  readonly clientId: string;
  readonly merchantPrivateKey: string;
}

/** Returns whether `path` is the path of an operation in Antom's sandbox, including the base path. */
export const isApiPath = (path: string): boolean => findRoute(path)?.environment === "sandbox";

export type CallSigner = (path: string, body: string) => SignedCall;

/** Creates a function that signs calls with a client's private key and the current system time. */
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
