/** Texts of a body: the same JSON written in other ways, and what is none. */

import { inquiry, vault } from "./base-requests.ts";
import { type Row, refusesWith, takes } from "./sample-case.ts";

const FUNDAMENTALS = "API fundamentals page";

const AS_A_VALUE = "It is a rule for texts: in the value that a parser makes of it nothing is left to see.";
const seenByNobody = {
  document: { verdict: { accepted: true, comes: "" }, because: AS_A_VALUE },
  prism: { verdict: { accepted: true, comes: "" }, because: AS_A_VALUE },
  client: { verdict: { accepted: true, comes: "" }, because: "An object has no name twice." },
} satisfies Row["differs"];
const notInSchemas = {
  document: {
    verdict: { accepted: true, comes: "" },
    because: "The document says it in words (Text), no schema does.",
  },
  prism: { verdict: { accepted: true, comes: "" }, because: "Prism knows the schemas only." },
} satisfies Row["differs"];

const withMore = (id: string, more: string) => JSON.stringify(vault(id)).replace(/\}$/, `,${more}}`);

export const textRows: readonly Row[] = [
  takes({
    id: "text-indented",
    standsFor: "The page's example signs an indented body as it stands.",
    source: "signature page",
    body: JSON.stringify(vault("text-indented"), null, 2),
  }),
  takes({
    id: "text-escaped",
    standsFor: "Escapes in the place of letters, in names and values: the same JSON.",
    source: "RFC 8259",
    body: JSON.stringify(vault("text-escaped")).replace(
      /[a-z]/g,
      (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
    ),
  }),
  takes({
    id: "text-other-order",
    standsFor: "The page's order of fields is no rule.",
    source: "Vault API page, sample request",
    body: Object.fromEntries(Object.entries(vault("text-other-order")).reverse()),
  }),
  refusesWith("PARAM_ILLEGAL", { id: "text-empty", standsFor: "No body.", source: FUNDAMENTALS, body: "" }),
  refusesWith("PARAM_ILLEGAL", {
    id: "text-cut",
    standsFor: "A body that ends too early.",
    source: FUNDAMENTALS,
    body: JSON.stringify(vault("text-cut")).slice(0, -2),
  }),
  refusesWith("PARAM_ILLEGAL", {
    id: "text-byte-order-mark",
    standsFor: "A byte order mark before the brace.",
    source: "RFC 7493",
    body: `\ufeff${JSON.stringify(inquiry("bom"))}`,
    operation: "inquireVaulting",
  }),
  refusesWith("PARAM_ILLEGAL", {
    id: "text-name-twice",
    standsFor: "One name twice: two readers could see two requests.",
    source: "RFC 7493",
    body: '{"vaultingRequestId":"a","vaultingRequestId":"b"}',
    operation: "inquireVaulting",
    differs: seenByNobody,
  }),
  refusesWith("PARAM_ILLEGAL", {
    id: "text-lone-surrogate",
    standsFor: "Half a character, which UTF-8 cannot write.",
    source: "RFC 7493",
    body: withMore("lone", '"metadata":"\\ud800"'),
    differs: notInSchemas,
  }),
  refusesWith("PARAM_ILLEGAL", {
    id: "text-proto",
    standsFor: "A field that would change the prototype of whoever copies it.",
    source: "this document, Text",
    body: withMore("proto", '"__proto__":{"terminalType":"WEB"}'),
    differs: notInSchemas,
  }),
];
