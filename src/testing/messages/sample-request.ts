import type { components } from "../../../generated/types.ts";
import { parseGenerated } from "../../machine/generated-documents.ts";

interface Document {
  readonly components: {
    readonly examples: { readonly Sample: { readonly value: components["schemas"]["VaultPaymentMethodRequest"] } };
  };
}

/** Antom's sample request from the OpenAPI document. */
export const SAMPLE_REQUEST = parseGenerated<Document>("openapi.json").components.examples.Sample.value;
