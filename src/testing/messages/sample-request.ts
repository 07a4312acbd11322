import type { components } from "../../../generated/types.ts";
import { parseGenerated } from "../../machine/generated-documents.ts";

interface Document {
  readonly components: {
    readonly examples: { readonly Sample: { readonly value: components["schemas"]["VaultPaymentMethodRequest"] } };
  };
}

/** The vendor's own sample request, out of the document. */
export const SAMPLE = parseGenerated<Document>("openapi.json").components.examples.Sample.value;
