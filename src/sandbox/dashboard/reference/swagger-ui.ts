/** The renderer of the API reference: Swagger UI, from its own package where that is installed. */
import { readFileSync } from "node:fs";
import { type Asset, named } from "../frame/assets.ts";

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
