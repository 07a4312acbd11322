/** Faults that are sown in copies of the document, each of which the checks must find. */

/** A fault to sow: in which file, what is replaced by what, and what the check must say of it. */
export interface DocumentMutation {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly expected: RegExp;
  /** Whether only Redocly's rules see it. */
  readonly lint?: true;
}

const OPENAPI = "openapi.yaml";
const CONTROL = "control/openapi.yaml";
const VAULT = "paths/vaultPaymentMethod.yaml";
const SESSION = "paths/createVaultingSession.yaml";
const INQUIRE = "paths/inquireVaulting.yaml";
const NOTIFICATIONS = "components/requestBodies.yaml";
const GATEWAY_EXAMPLES = "examples/gateway.yaml";
const schema = (name: string) => `schemas/${name}.yaml`;

/** `$ref: …` as the examples of a body stand in a path's file. */
const matchExampleReference = (name: string) => new RegExp(`^ +${name}:\\n +\\$ref: .*\\n`, "m");

export const DOCUMENT_MUTATIONS: Readonly<Record<string, DocumentMutation>> = {
  "another version of OpenAPI": {
    file: OPENAPI,
    from: "openapi: 3.1.0",
    to: "openapi: 3.2.0",
    expected: /version.*: #\/openapi: 3\.2\.0 is not 3\.1/,
  },
  "no dialect": {
    file: OPENAPI,
    from: /jsonSchemaDialect: .*\n/,
    to: "",
    expected: /#\/jsonSchemaDialect: is not https/,
  },
  "a GET": {
    file: INQUIRE,
    from: /^post:/,
    to: "get:\n  responses: {}\npost:",
    expected: /inquireVaulting: has get, post, not post alone/,
  },
  "an operationId twice": {
    file: INQUIRE,
    from: "operationId: inquireVaulting",
    to: "operationId: vaultPaymentMethod",
    expected: /operationId vaultPaymentMethod is there twice/,
  },
  "no webhook": {
    file: OPENAPI,
    from: "  notifyVaulting:",
    to: "  notifyVault:",
    expected: /no webhook notifyVaulting/,
  },
  "no callback": {
    file: SESSION,
    from: /^ +callbacks:\n(?: {4}.*\n)+/m,
    to: "",
    expected: /createVaultingSession\/post: no callback notifyVaulting/,
  },
  "another body in the callback": {
    file: "paths/notifyVaulting.callback.yaml",
    from: /requestBody:\n.*/,
    to: "requestBody:\n    content:\n      application/json:\n        schema:\n          $ref: ../schemas/VaultingNotification.yaml",
    expected: /the callback notifyVaulting has another body/,
  },
  "security schemes to choose from": {
    file: OPENAPI,
    from: "    ClientId: []",
    to: "  - ClientId: []",
    expected: /#\/security: does not demand/,
  },
  "a call without security": {
    file: INQUIRE,
    from: "post:",
    to: "post:\n  security: []",
    expected: /inquireVaulting\/post\/security: does not demand/,
  },
  "no sandbox in a region": {
    file: OPENAPI,
    from: /.*open-de-global.*sandbox.*\n(?: {4}.*\n)+/,
    to: "",
    expected: /europe has no sandbox server/,
  },
  "a server without TLS": {
    file: OPENAPI,
    from: "https://open-sea-global",
    to: "http://open-sea-global",
    expected: /#\/servers\/4: http:.* is not https/,
  },
  "the wrong base path": {
    file: OPENAPI,
    from: ".com/ams/api",
    to: ".com/api",
    expected: /production begins with \/ams\/api, not \/api/,
  },

  "a request without examples": {
    file: INQUIRE,
    from: / {8}examples:\n {10}Inquiry:\n(?: {10}.*\n)+/,
    to: "",
    expected: /bodies with an example: .*inquireVaulting\/post\/requestBody.*no example/,
  },
  "a request that is not valid": {
    file: "examples/vaultPaymentMethod.yaml",
    from: "cardNo: '4112273146798764'",
    to: "cardNo: '4112-2731-4679-8764'",
    expected: /examples\/Sample: does not fit its schema: .*card\/cardNo must match pattern/,
  },
  "an answer that is not valid": {
    file: "examples/inquireVaulting.yaml",
    from: "cardToken:",
    to: "token:",
    expected: /inquireVaulting.*examples\/SUCCESS: does not fit its schema: .*cardToken/,
  },
  "a schema's example that is not valid": {
    file: schema("CountryCode"),
    from: "examples: [BR]",
    to: "examples: [UK]",
    expected: /schemas\/CountryCode\/examples\/0: does not fit its schema/,
  },
  "a parameter's example that is not valid": {
    file: "components/parameters.yaml",
    from: "example: SANDBOX_5X00000000000000",
    to: "example: SANDBOX 5X00000000000000",
    expected: /parameters\/NotificationClientId\/example: does not fit its schema/,
  },
  "a header's example that is not valid": {
    file: "components/headers.yaml",
    from: "2026-11-22T12:01:01+08:00",
    to: "2026-11-31T12:01:01+08:00",
    expected: /headers\/ResponseTime\/schema\/examples\/0: does not fit its schema: .*date-time/,
  },
  "an answer that is no choice of branches": {
    file: schema("VaultingNotification"),
    from: "oneOf:",
    to: "anyOf:",
    expected: /VaultingNotification.*is no oneOf/,
  },
  "a branch without a fixed status": {
    file: schema("SuccessResult"),
    from: "const: S\n",
    to: "enum: [S]\n",
    expected: /schemas\/InquireVaultingVaulted: the branch does not fix result\.resultStatus/,
  },
  "a branch in which the status may be missing": {
    file: schema("VerificationInProcessResult"),
    from: "required: [resultCode, resultStatus, resultMessage]",
    to: "required: [resultCode]",
    expected: /VerificationRequired: the branch does not fix result\.resultStatus/,
  },
  "two branches for one answer": {
    file: schema("VaultPaymentMethodVerificationWithoutUrl"),
    from: / {2}- x-means: without[\s\S]*/,
    to: "",
    expected: /VERIFICATION_IN_PROCESS: fits 2 branches, not one/,
  },

  "descriptions missing": {
    file: schema("Env"),
    from: /^ {4}description: .*\n/gm,
    to: "",
    expected: /Env\/properties\/cookieId: no description/,
  },
  "strings without constraints": {
    file: schema("AcquirerInfo"),
    from: /^ {4}maxLength: .*\n/gm,
    to: "",
    expected: /acquirerName: a string with none of const/,
  },
  "a keyword without its type": {
    file: schema("MerchantAccountId"),
    from: "type: string\n",
    to: "",
    expected: /schemas\/MerchantAccountId: does not compile: .*missing type/,
  },
  "a keyword's value of the wrong type": {
    file: schema("Metadata"),
    from: "maxLength: 2048",
    to: "maxLength: '2048'",
    expected: /schemas\/Metadata: does not compile: .*maxLength must be integer/,
  },
  nullable: {
    file: schema("ResultMessage"),
    from: "type: string",
    to: "type: string\nnullable: true",
    expected: /ResultMessage: the keyword nullable is refused/,
  },
  "if, then and else": {
    file: schema("FailedCard"),
    from: "properties:",
    to: "if:\n  required: [brand]\n  properties:\n    brand:\n      const: VISA\nthen:\n  type: object\nelse:\n  type: object\nproperties:",
    expected: /FailedCard: the keyword if is refused, the keyword then is refused, the keyword else is refused/,
  },
  "a list of types": {
    file: schema("Metadata"),
    from: "type: string",
    to: "type: [string, 'null']",
    expected: /Metadata: a list of types is refused/,
  },
  "a closed object": {
    file: schema("UserName"),
    from: "type: object",
    to: "type: object\nadditionalProperties: false",
    expected: /UserName: the keyword additionalProperties is refused/,
  },
  "a required name that is not defined": {
    file: schema("UserName"),
    from: "properties:",
    to: "required: [nickName]\nproperties:",
    expected: /UserName\/required\/0: nickName is required but not defined beside/,
  },
  "card data without the mark": {
    file: schema("Card"),
    from: /(cvv:\n(?: {4}.*\n)*?) {4}x-card-data: true\n/,
    to: "$1",
    expected: /properties\/cvv: card data without x-card-data/,
  },
  "card data in an answer": {
    file: schema("VaultedCard"),
    from: "properties:",
    to: "properties:\n  card:\n    $ref: ./Card.yaml",
    expected: /inquireVaulting.*: reaches card data at #\/components\/schemas\/Card\/properties\/cardNo/,
  },

  "a pattern that is not valid with the u flag": {
    file: schema("Card"),
    from: "'^[^@\\s]+@[^@\\s]+$'",
    to: "'^[a-z\\@.]+$'",
    expected: /properties\/payerEmail: the pattern .* is not valid with the u flag/,
  },
  "a pattern of exponential time": {
    file: schema("Card"),
    from: "'^[^@\\s]+@[^@\\s]+$'",
    to: "'^(?:[a-z]+\\.?)+@[a-z.]+$'",
    expected: /properties\/payerEmail: the pattern .* is slow/,
  },
  "a pattern of quadratic time": {
    file: schema("Card"),
    from: "'^[^@\\s]+@[^@\\s]+$'",
    to: "'[a-z]+@[a-z.]+$'",
    expected: /properties\/payerEmail: the pattern .* is slow/,
  },
  "a pattern that is slow only behind a good beginning": {
    file: schema("AppUrl"),
    from: "[^\\x00-\\x20\\x7F\"<>\\\\^`{|}]+$'",
    to: "(?:[a-z]+/?)+[0-9a-f]*$'",
    expected: /AppUrl: the pattern .* is slow/,
  },
  "a pattern without words": {
    file: schema("AppUrl"),
    from: /x-means: .*\n/,
    to: "",
    expected: /AppUrl: a pattern without x-means/,
  },

  "a row without further action": {
    file: SESSION,
    from: /^ +furtherAction: "None\."\n/m,
    to: "",
    expected: /x-result-codes\/0: furtherAction is missing/,
  },
  "an action that is not known": {
    file: INQUIRE,
    from: "action: none",
    to: "action: retry",
    expected: /x-result-codes\/0: action is "retry"/,
  },
  "a code twice in a table": {
    file: OPENAPI,
    from: "code: RISK_REJECT",
    to: "code: SYSTEM_ERROR",
    expected: /SYSTEM_ERROR is in the table twice/,
  },
  "no table": {
    file: VAULT,
    from: /^ {2}x-result-codes:[\s\S]*/m,
    to: "",
    expected: /vaultPaymentMethod\/post\/x-result-codes: no table/,
  },
  "a code that no table has": {
    file: schema("VaultPaymentMethodFailedCode"),
    from: /enum:\s*\[/,
    to: "enum: [CARD_EATEN, ",
    expected: /VaultPaymentMethodFailedCode has CARD_EATEN, which the tables have not/,
  },
  "a failure that the enumeration has not": {
    file: schema("VaultingFailureCode"),
    from: /POLICY,\s*/,
    to: "",
    expected: /VaultingFailureCode lacks POLICY of the tables/,
  },
  "an unknown outcome that the enumeration has not": {
    file: schema("UnknownCode"),
    from: ", REQUEST_TRAFFIC_EXCEED_LIMIT]",
    to: "]",
    expected: /UnknownCode lacks REQUEST_TRAFFIC_EXCEED_LIMIT/,
  },
  "a notified failure that the enumeration has not": {
    file: schema("VaultingNotificationFailedCode"),
    from: /LOST_CARD,\s*/,
    to: "",
    expected: /VaultingNotificationFailedCode lacks LOST_CARD/,
  },
  "a code without an example": {
    file: SESSION,
    from: matchExampleReference("RISK_REJECT"),
    to: "",
    expected: /createVaultingSession.*: no example for RISK_REJECT/,
  },
  "a failure without an example of its inquiry": {
    file: INQUIRE,
    from: matchExampleReference("FAIL_POLICY"),
    to: "",
    expected: /inquireVaulting.*: no example for FAIL_POLICY/,
  },
  "a failure without an example of its notification": {
    file: NOTIFICATIONS,
    from: matchExampleReference("POLICY"),
    to: "",
    expected: /VaultingNotification.*: no example for POLICY/,
  },
  "an example with another code": {
    file: GATEWAY_EXAMPLES,
    from: "resultCode: RISK_REJECT",
    to: "resultCode: SYSTEM_ERROR",
    expected: /examples\/RISK_REJECT: \/result\/resultCode is SYSTEM_ERROR, not RISK_REJECT/,
  },
  "an example with another status": {
    file: GATEWAY_EXAMPLES,
    from: /(resultCode: KEY_NOT_FOUND\s+resultStatus: )F/,
    to: "$1U",
    expected: /examples\/KEY_NOT_FOUND: \/result\/resultStatus is U, not F/,
  },
  "an inquiry's example with another failure": {
    file: "examples/inquireVaulting.yaml",
    from: "vaultingResultCode: POLICY",
    to: "vaultingResultCode: LOST_CARD",
    expected: /examples\/FAIL_POLICY: \/vaultingResultCode is LOST_CARD, not POLICY/,
  },
  "an example for a code that no table has": {
    file: SESSION,
    from: " RISK_REJECT:",
    to: " RISK_REFUSED:",
    expected: /RISK_REFUSED is named for no code/,
  },

  "a reference to nothing": {
    file: schema("InquireVaultingProcessing"),
    from: "./AppUrl.yaml",
    to: "./NoUrl.yaml",
    expected: /cannot be bundled: .*InquireVaultingProcessing\.yaml.* Can't resolve \$ref/,
  },
  "a file that is no YAML": {
    file: schema("Metadata"),
    from: "type: string",
    to: "type: [string",
    expected: /cannot be bundled/,
  },

  "a component that nothing uses": {
    file: OPENAPI,
    from: "components:\n",
    to: "components:\n  schemas:\n    Unused:\n      type: string\n      maxLength: 1\n",
    expected: /Redocly's rules: .*openapi\.yaml#\/components\/schemas\/Unused: no-unused-components/,
    lint: true,
  },
  "an operation without a summary": {
    file: VAULT,
    from: /^ +summary: .*\n/m,
    to: "",
    expected: /Redocly's rules: .*vaultPaymentMethod\.yaml#\/post\/summary: operation-summary/,
    lint: true,
  },

  "an operation of the control API without a summary": {
    file: CONTROL,
    from: /^ +summary: How the sandbox is\n/m,
    to: "",
    expected: /Redocly's rules, control API: .*control\/openapi\.yaml#\/paths.*: operation-summary/,
    lint: true,
  },
  "a reference to nothing in the control API": {
    file: CONTROL,
    from: "schemas.yaml#/Health",
    to: "schemas.yaml#/Wealth",
    expected: /Redocly's rules, control API: .*: no-unresolved-refs/,
    lint: true,
  },
  "an example of the control API that is not valid": {
    file: CONTROL,
    from: "advanceMs: 130000",
    to: "advanceMs: 0",
    expected: /Redocly's rules, control API: .*: no-invalid-media-type-examples/,
    lint: true,
  },
};
