/** The static files of the dashboard. */
import { createHash } from "node:crypto";
import { SCRIPT } from "./browser-script.ts";
import { FORM_SCRIPT } from "./form-script.ts";
import { LIST_SCRIPT } from "./list-script.ts";

export interface Asset {
  /** The file name. All names except the icon's contain a hash of the content, so that browsers can cache these files for a year. */
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Creates an asset with a hash of its content in its name. */
export const createAsset = (stem: string, extension: string, type: string, text: string): Asset => ({
  name: `${stem}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}.${extension}`,
  type,
  text,
});

export const SCRIPT_ASSET = createAsset(
  "dashboard",
  "js",
  "text/javascript; charset=utf-8",
  SCRIPT + LIST_SCRIPT + FORM_SCRIPT,
);

/** An icon of a card with a keyhole. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="6" width="28" height="20" rx="4" fill="#1b6642"/><circle cx="16" cy="14" r="3.5" fill="#fcfbf8"/><path d="M14.5 15h3l1.25 6h-5.5z" fill="#fcfbf8"/></svg>`;

export const ICON_ASSET: Asset = { name: "icon.svg", type: "image/svg+xml", text: ICON };

const ASSETS: readonly Asset[] = [SCRIPT_ASSET, ICON_ASSET];

export const findAsset = (name: string): Asset | undefined => ASSETS.find((asset) => asset.name === name);
