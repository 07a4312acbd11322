/** What the API reference is made with: large, and so opened with the first page that shows it. */
import { type Asset, named } from "../frame/assets.ts";
import { REFERENCE_SCRIPT } from "./browser-script.ts";
import { createSignCall, type SignCall, type SigningMerchant } from "./signed-call.ts";
import { REFERENCE_STYLE } from "./style.ts";
import { findRenderer, type Renderer } from "./swagger-ui.ts";

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
