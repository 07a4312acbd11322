import { readFileSync } from "node:fs";
import type { components } from "../../../generated/types.ts";

interface Document {
  readonly components: {
    readonly examples: { readonly Sample: { readonly value: components["schemas"]["VaultPaymentMethodRequest"] } };
  };
}

const document = readFileSync(new URL("../../../generated/openapi.json", import.meta.url), "utf8");

/** The vendor's own sample request, out of the document. */
export const SAMPLE = (JSON.parse(document) as Document).components.examples.Sample.value;
