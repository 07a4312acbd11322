/** The renderer of the API reference: Swagger UI, from its own package where that is installed. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Asset } from "../assets.ts";

export interface Renderer {
  readonly style: Asset;
  readonly script: Asset;
}

/** The renderer, or `undefined` where its package is not installed. */
export function findRenderer(resolve: (specifier: string) => string = import.meta.resolve): Renderer | undefined {
  try {
    const manifest = new URL(resolve("swagger-ui-dist/package.json"));
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string };
    const asset = (file: string, ending: string, type: string): Asset => ({
      name: `swagger-ui-${version}.${ending}`,
      type,
      content: () => readFile(new URL(file, manifest)),
    });
    return {
      style: asset("swagger-ui.css", "css", "text/css; charset=utf-8"),
      script: asset("swagger-ui-bundle.js", "js", "text/javascript; charset=utf-8"),
    };
  } catch {
    return undefined;
  }
}
