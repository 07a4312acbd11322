/** Texts of a body: the same JSON written in other ways, and what is none. */

import { inquiry, vault } from "./base-requests.ts";
import { accepts, rejectsWith, type SampleCase } from "./sample-case.ts";

const FUNDAMENTALS = "API fundamentals page";

const TEXT_ONLY = "It is a rule for texts: in the value that a parser makes of it nothing is left to see.";
const invisibleAfterParsing = {
  document: { verdict: { accepted: true, comes: "" }, because: TEXT_ONLY },
  prism: { verdict: { accepted: true, comes: "" }, because: TEXT_ONLY },
  client: { verdict: { accepted: true, comes: "" }, because: "An object has no name twice." },
} satisfies SampleCase["differs"];
const notInSchema = {
  document: {
    verdict: { accepted: true, comes: "" },
    because: "The document says it in words (Text), no schema does.",
  },
  prism: { verdict: { accepted: true, comes: "" }, because: "Prism knows the schemas only." },
} satisfies SampleCase["differs"];

const appendField = (id: string, more: string) => JSON.stringify(vault(id)).replace(/\}$/, `,${more}}`);

export const encodingCases: readonly SampleCase[] = [
  accepts({
    id: "text-indented",
    standsFor: "The page's example signs an indented body as it stands.",
    source: "signature page",
    body: JSON.stringify(vault("text-indented"), null, 2),
  }),
  accepts({
    id: "text-escaped",
    standsFor: "Escapes in the place of letters, in names and values: the same JSON.",
    source: "RFC 8259",
    body: JSON.stringify(vault("text-escaped")).replace(
      /[a-z]/g,
      (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
    ),
  }),
  accepts({
    id: "text-other-order",
    standsFor: "The page's order of fields is no rule.",
    source: "Vault API page, sample request",
    body: Object.fromEntries(Object.entries(vault("text-other-order")).reverse()),
  }),
  rejectsWith("PARAM_ILLEGAL", { id: "text-empty", standsFor: "No body.", source: FUNDAMENTALS, body: "" }),
  rejectsWith("PARAM_ILLEGAL", {
    id: "text-cut",
    standsFor: "A body that ends too early.",
    source: FUNDAMENTALS,
    body: JSON.stringify(vault("text-cut")).slice(0, -2),
  }),
  rejectsWith("PARAM_ILLEGAL", {
    id: "text-byte-order-mark",
    standsFor: "A byte order mark before the brace.",
    source: "RFC 7493",
    body: `\ufeff${JSON.stringify(inquiry("bom"))}`,
    operation: "inquireVaulting",
  }),
  rejectsWith("PARAM_ILLEGAL", {
    id: "text-duplicate-name",
    standsFor: "One name twice: two readers could see two requests.",
    source: "RFC 7493",
    body: '{"vaultingRequestId":"a","vaultingRequestId":"b"}',
    operation: "inquireVaulting",
    differs: invisibleAfterParsing,
  }),
  rejectsWith("PARAM_ILLEGAL", {
    id: "text-lone-surrogate",
    standsFor: "Half a character, which UTF-8 cannot write.",
    source: "RFC 7493",
    body: appendField("lone", '"metadata":"\\ud800"'),
    differs: notInSchema,
  }),
  rejectsWith("PARAM_ILLEGAL", {
    id: "text-proto",
    standsFor: "A field that would change the prototype of whoever copies it.",
    source: "this document, Text",
    body: appendField("proto", '"__proto__":{"terminalType":"WEB"}'),
    differs: notInSchema,
  }),
];
