/** Bodies that encode the same JSON value in different ways, and bodies that are invalid JSON or that parsers read in different ways. */
import { createInquiryRequest, createVaultRequest } from "./base-requests.ts";
import { createAcceptedCase, createRejectedCase, type SampleCase } from "./sample-case.ts";

const FUNDAMENTALS = "API fundamentals page";

const TEXT_ONLY = "The rule applies to the JSON text. The parsed value does not show the difference.";
const invisibleAfterParsing = {
  document: { expected: { accepted: true, resultCode: "" }, reason: TEXT_ONLY },
  prism: { expected: { accepted: true, resultCode: "" }, reason: TEXT_ONLY },
  client: { expected: { accepted: true, resultCode: "" }, reason: "An object cannot have duplicate names." },
} satisfies SampleCase["differences"];
const notInSchema = {
  document: {
    expected: { accepted: true, resultCode: "" },
    reason: "The Text section of the document requires this, but no schema does.",
  },
  prism: { expected: { accepted: true, resultCode: "" }, reason: "Prism checks only the schemas." },
} satisfies SampleCase["differences"];

const appendField = (id: string, field: string) => JSON.stringify(createVaultRequest(id)).replace(/\}$/, `,${field}}`);

export const encodingCases: readonly SampleCase[] = [
  createAcceptedCase({
    id: "text-indented",
    description: "The page's example signs an indented body without reformatting it.",
    source: "signature page",
    body: JSON.stringify(createVaultRequest("text-indented"), null, 2),
  }),
  createAcceptedCase({
    id: "text-escaped",
    description: "Escape sequences replace letters in names and values.",
    source: "RFC 8259",
    body: JSON.stringify(createVaultRequest("text-escaped")).replace(
      /[a-z]/g,
      (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
    ),
  }),
  createAcceptedCase({
    id: "text-reordered",
    description: "The order of fields is not significant.",
    source: "Vault API page, sample request",
    body: Object.fromEntries(Object.entries(createVaultRequest("text-reordered")).reverse()),
  }),
  createRejectedCase("PARAM_ILLEGAL", {
    id: "text-empty",
    description: "The body is empty.",
    source: FUNDAMENTALS,
    body: "",
  }),
  createRejectedCase("PARAM_ILLEGAL", {
    id: "text-truncated",
    description: "The body is truncated.",
    source: FUNDAMENTALS,
    body: JSON.stringify(createVaultRequest("text-truncated")).slice(0, -2),
  }),
  createRejectedCase("PARAM_ILLEGAL", {
    id: "text-byte-order-mark",
    description: "The body starts with a byte order mark.",
    source: "RFC 7493",
    body: `\ufeff${JSON.stringify(createInquiryRequest("bom"))}`,
    operation: "inquireVaulting",
  }),
  createRejectedCase("PARAM_ILLEGAL", {
    id: "text-duplicate-name",
    description: "The body has a duplicate name, which parsers handle in different ways.",
    source: "RFC 7493",
    body: '{"vaultingRequestId":"a","vaultingRequestId":"b"}',
    operation: "inquireVaulting",
    differences: invisibleAfterParsing,
  }),
  createRejectedCase("PARAM_ILLEGAL", {
    id: "text-lone-surrogate",
    description: "A value has a lone surrogate, which UTF-8 cannot encode.",
    source: "RFC 7493",
    body: appendField("lone", '"metadata":"\\ud800"'),
    differences: notInSchema,
  }),
  createRejectedCase("PARAM_ILLEGAL", {
    id: "text-proto",
    description: "A field named __proto__ can change the prototype of the parsed object.",
    source: "OpenAPI document, Text",
    body: appendField("proto", '"__proto__":{"terminalType":"WEB"}'),
    differences: notInSchema,
  }),
];
