/** What the API reference is made with: large, and so opened with the first page that shows it. */
import { readFileSync } from "node:fs";
import { importSigningKey, signNow } from "../../../gateway/index.ts";
import { routeOf } from "../../../protocol/operations.ts";
import { formatSignatureHeader, headOfText } from "../../../signature/index.ts";
import { type Asset, named } from "../frame/assets.ts";
import { REFERENCE_SCRIPT } from "./browser-script.ts";
import { REFERENCE_STYLE } from "./style.ts";

export interface Reference {
  readonly renderer: Renderer | undefined;
  readonly sign: SignCall;
  readonly styles: readonly Asset[];
  readonly scripts: readonly Asset[];
}

const STYLE_ASSET = named("reference", "css", "text/css; charset=utf-8", REFERENCE_STYLE);
const SCRIPT_ASSET = named("reference", "js", "text/javascript; charset=utf-8", REFERENCE_SCRIPT);

export async function openReference(merchant: SigningMerchant): Promise<Reference> {
  const renderer = findRenderer();
  return {
    renderer,
    sign: await createSignCall(merchant),
    styles: renderer ? [renderer.style, STYLE_ASSET] : [STYLE_ASSET],
    scripts: renderer ? [renderer.script, SCRIPT_ASSET] : [],
  };
}

/** Swagger UI, from its own package where that is installed. */
export interface Renderer {
  readonly style: Asset;
  readonly script: Asset;
}

/** Older ones have no dark scheme, and a later major one may be called in another way. */
const FITS = /^5\.(?:3[5-9]|[4-9]\d|\d{3,})\./;

/** The renderer, or `undefined` where its package is not installed, or is one that does not fit. */
export function findRenderer(resolve: (specifier: string) => string = import.meta.resolve): Renderer | undefined {
  try {
    const manifest = new URL(resolve("swagger-ui-dist/package.json"));
    const file = (name: string) => readFileSync(new URL(name, manifest), "utf8");
    const { version } = JSON.parse(file("package.json")) as { readonly version: string };
    if (!FITS.test(version)) return undefined;
    return {
      style: named("swagger-ui", "css", "text/css; charset=utf-8", file("swagger-ui.css")),
      script: named("swagger-ui", "js", "text/javascript; charset=utf-8", file("swagger-ui-bundle.js")),
    };
  } catch {
    return undefined;
  }
}

export interface SignedCall {
  /** What was signed, as text. */
  readonly text: string;
  /** In base64. */
  readonly signature: string;
  readonly headers: Readonly<Record<"Client-Id" | "Request-Time" | "Signature", string>>;
}

export interface SigningMerchant {
  readonly clientId: string;
  readonly merchantPrivateKey: string;
}

/** Whether a path is that of an operation of the sandbox, as its gateway sees it. */
export const isCallOfApi = (path: string): boolean => routeOf(path)?.environment === "sandbox";

export type SignCall = (path: string, body: string) => SignedCall;

/** Signs a call of the first merchant for whoever tries the API, with the key of the credentials file, at the machine's time, as every client does. */
export async function createSignCall({ clientId, merchantPrivateKey }: SigningMerchant): Promise<SignCall> {
  const key = await importSigningKey(merchantPrivateKey, "merchantPrivateKey");
  return (path, body) => {
    const message = { path, clientId, time: String(Date.now()), body };
    const signature = signNow(message, key);
    return {
      text: headOfText(message) + body,
      signature,
      headers: {
        "Client-Id": clientId,
        "Request-Time": message.time,
        Signature: formatSignatureHeader(signature, 1),
      },
    };
  };
}
