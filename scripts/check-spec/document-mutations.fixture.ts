/** Mutations of the OpenAPI documents. A check must report each of them. */

/** A replacement in a file of a document, and the violation that a check must report. */
export interface DocumentMutation {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly expected: RegExp;
  /** Whether only Redocly's rules report the violation. */
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

/** Matches the reference to an example. */
const matchExampleReference = (name: string) => new RegExp(`^ +${name}:\\n +\\$ref: .*\\n`, "m");

export const DOCUMENT_MUTATIONS: Readonly<Record<string, DocumentMutation>> = {
  "a different version of OpenAPI": {
    file: OPENAPI,
    from: "openapi: 3.1.0",
    to: "openapi: 3.2.0",
    expected: /version.*: #\/openapi: 3\.2\.0 is not 3\.1/,
  },
  "a missing dialect": {
    file: OPENAPI,
    from: /jsonSchemaDialect: .*\n/,
    to: "",
    expected: /#\/jsonSchemaDialect: is not https/,
  },
  "a version that differs from the package version": {
    file: OPENAPI,
    from: /^ {2}version: .*$/m,
    to: "  version: 9.9.9",
    expected: /#\/info\/version: is not \d+\.\d+\.\d+.*, the version in package\.json/,
  },
  "a GET operation": {
    file: INQUIRE,
    from: /^post:/,
    to: "get:\n  responses: {}\npost:",
    expected: /inquireVaulting: has get, post instead of only post/,
  },
  "a duplicate operationId": {
    file: INQUIRE,
    from: "operationId: inquireVaulting",
    to: "operationId: vaultPaymentMethod",
    expected: /duplicate operationId vaultPaymentMethod/,
  },
  "a missing webhook": {
    file: OPENAPI,
    from: "  notifyVaulting:",
    to: "  notifyVault:",
    expected: /no webhook notifyVaulting/,
  },
  "a missing callback": {
    file: SESSION,
    from: /^ +callbacks:\n(?: {4}.*\n)+/m,
    to: "",
    expected: /createVaultingSession\/post: no callback notifyVaulting/,
  },
  "a different body in the callback": {
    file: "paths/notifyVaulting.afterVaultPaymentMethod.yaml",
    from: /requestBody:\n.*/,
    to: "requestBody:\n    content:\n      application/json:\n        schema:\n          $ref: ../schemas/VaultingNotification.yaml",
    expected: /the callback notifyVaulting has a different body/,
  },
  "alternative security schemes": {
    file: OPENAPI,
    from: "    ClientId: []",
    to: "  - ClientId: []",
    expected: /#\/security: does not require/,
  },
  "an operation without security": {
    file: INQUIRE,
    from: "post:",
    to: "post:\n  security: []",
    expected: /inquireVaulting\/post\/security: does not require/,
  },
  "a region without a sandbox server": {
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
  "an incorrect base path": {
    file: OPENAPI,
    from: ".com/ams/api",
    to: ".com/api",
    expected: /the path of production is \/api, not \/ams\/api/,
  },

  "a request without examples": {
    file: INQUIRE,
    from: / {8}examples:\n {10}Inquiry:\n(?: {10}.*\n)+/,
    to: "",
    expected: /bodies with an example: .*inquireVaulting\/post\/requestBody.*no example/,
  },
  "an invalid request example": {
    file: "examples/vaultPaymentMethod.yaml",
    from: "cardNo: '4112273146798764'",
    to: "cardNo: '4112-2731-4679-8764'",
    expected: /examples\/Card: does not match its schema: .*card\/cardNo must match pattern/,
  },
  "an invalid response example": {
    file: "examples/inquireVaulting.yaml",
    from: "cardToken:",
    to: "token:",
    expected: /inquireVaulting.*examples\/SUCCESS: does not match its schema: .*cardToken/,
  },
  "an invalid example in a schema": {
    file: schema("CountryCode"),
    from: "examples: [BR]",
    to: "examples: [UK]",
    expected: /schemas\/CountryCode\/examples\/0: does not match its schema/,
  },
  "an invalid example of a parameter": {
    file: "components/parameters.yaml",
    from: "example: SANDBOX_5X00000000000000",
    to: "example: SANDBOX 5X00000000000000",
    expected: /parameters\/NotificationClientId\/example: does not match its schema/,
  },
  "an invalid example of a header": {
    file: "components/headers.yaml",
    from: "2026-11-22T12:01:01+08:00",
    to: "2026-11-31T12:01:01+08:00",
    expected: /headers\/ResponseTime\/schema\/examples\/0: does not match its schema: .*date-time/,
  },
  "a notification that is not a oneOf": {
    file: schema("VaultingNotification"),
    from: "oneOf:",
    to: "anyOf:",
    expected: /NotifyVaulting.*is not a oneOf/,
  },
  "a branch without a fixed status": {
    file: schema("SuccessResult"),
    from: "const: S\n",
    to: "enum: [S]\n",
    expected: /schemas\/InquireVaultingVaulted: the branch does not set a constant result\.resultStatus/,
  },
  "a branch with an optional status": {
    file: schema("VerificationInProcessResult"),
    from: "required: [resultCode, resultStatus, resultMessage]",
    to: "required: [resultCode]",
    expected: /VerificationRequired: the branch does not set a constant result\.resultStatus/,
  },
  "two branches that match one response": {
    file: schema("VaultPaymentMethodVerificationWithoutUrl"),
    from: /x-rule-text: an object without[\s\S]*/,
    to: "",
    expected: /VERIFICATION_IN_PROCESS: matches 2 branches instead of one/,
  },

  "missing descriptions": {
    file: schema("Env"),
    from: /^ {4}description: .*\n/gm,
    to: "",
    expected: /Env\/properties\/cookieId: no description/,
  },
  "strings without constraints": {
    file: schema("AcquirerInfo"),
    from: /^ {4}(?:maxLength|pattern): .*\n/gm,
    to: "",
    expected: /acquirerName: a string without any of const/,
  },
  "a keyword without its type": {
    file: schema("MerchantAccountId"),
    from: "type: string\n",
    to: "",
    expected: /schemas\/MerchantAccountId: does not compile: .*missing type/,
  },
  "a keyword with a value of the wrong type": {
    file: schema("Metadata"),
    from: "maxLength: 2048",
    to: "maxLength: '2048'",
    expected: /schemas\/Metadata: does not compile: .*maxLength must be integer/,
  },
  "the keyword allOf": {
    file: schema("FailedCard"),
    from: "properties:",
    to: "allOf:\n  - type: object\nproperties:",
    expected: /FailedCard: the keyword allOf is not allowed/,
  },
  "the keyword nullable": {
    file: schema("ResultMessage"),
    from: "type: string",
    to: "type: string\nnullable: true",
    expected: /ResultMessage: the keyword nullable is not allowed/,
  },
  "the keywords if, then, and else": {
    file: schema("FailedCard"),
    from: "properties:",
    to: "if:\n  required: [brand]\n  properties:\n    brand:\n      const: VISA\nthen:\n  type: object\nelse:\n  type: object\nproperties:",
    expected:
      /FailedCard: the keyword if is not allowed, the keyword then is not allowed, the keyword else is not allowed/,
  },
  "a list of types": {
    file: schema("Metadata"),
    from: "type: string",
    to: "type: [string, 'null']",
    expected: /Metadata: a list of types is not allowed/,
  },
  "a closed object": {
    file: schema("UserName"),
    from: "type: object",
    to: "type: object\nadditionalProperties: false",
    expected: /UserName: the keyword additionalProperties is not allowed/,
  },
  "a required property that is not defined": {
    file: schema("BrowserInfo"),
    from: "properties:",
    to: "required: [nickName]\nproperties:",
    expected: /BrowserInfo\/required\/0: nickName is required but not defined/,
  },
  "card data without x-card-data": {
    file: schema("Card"),
    from: /(cvv:\n(?: {4}.*\n)*?) {4}x-card-data: true\n/,
    to: "$1",
    expected: /properties\/cvv: card data without x-card-data/,
  },
  "card data in a response": {
    file: schema("VaultedCard"),
    from: "properties:",
    to: "properties:\n  card:\n    $ref: ./Card.yaml",
    expected:
      /inquireVaulting.*: contains card data, which is defined at #\/components\/schemas\/Card\/properties\/cardNo/,
  },
  "a CVV in a response": {
    file: schema("VaultedCard"),
    from: "properties:",
    to: "properties:\n  cvv:\n    type: string\n    maxLength: 4\n    x-card-data: true",
    expected:
      /inquireVaulting.*: contains card data, which is defined at #\/components\/schemas\/VaultedCard\/properties\/cvv/,
  },
  "an expiry year in a response without x-card-data": {
    file: schema("VaultedCard"),
    from: /(expiryYear:\n(?: {4}.*\n)*?) {4}x-card-data: true\n/,
    to: "$1",
    expected: /VaultedCard\/properties\/expiryYear: card data without x-card-data/,
  },

  "a pattern that is invalid with the u flag": {
    file: schema("Card"),
    from: "'^[^@\\s]+@[^@\\s]+$'",
    to: "'^[a-z\\@.]+$'",
    expected: /properties\/payerEmail: the pattern .* is invalid with the u flag/,
  },
  "a pattern that takes exponential time": {
    file: schema("Card"),
    from: "'^[^@\\s]+@[^@\\s]+$'",
    to: "'^(?:[a-z]+\\.?)+@[a-z.]+$'",
    expected: /properties\/payerEmail: the pattern .* is slow/,
  },
  "a pattern that takes quadratic time": {
    file: schema("Card"),
    from: "'^[^@\\s]+@[^@\\s]+$'",
    to: "'[a-z]+@[a-z.]+$'",
    expected: /properties\/payerEmail: the pattern .* is slow/,
  },
  "a pattern that is slow only after a valid start": {
    file: schema("AppUrl"),
    from: "[^\\x00-\\x20\\x7F-\\x9F\"<>\\\\^`{|}]+$'",
    to: "(?:[a-z]+/?)+[0-9a-f]*$'",
    expected: /AppUrl: the pattern .* is slow/,
  },
  "a pattern without a rule text": {
    file: schema("AppUrl"),
    from: /x-rule-text: .*\n/,
    to: "",
    expected: /AppUrl: a pattern without x-rule-text/,
  },

  "a row without a further action": {
    file: SESSION,
    from: /^ +furtherAction: "None\."\n/m,
    to: "",
    expected: /x-result-codes\/0: furtherAction is missing/,
  },
  "an unknown action": {
    file: INQUIRE,
    from: "action: none",
    to: "action: retry",
    expected: /x-result-codes\/0: action is "retry"/,
  },
  "a duplicate code in a table": {
    file: OPENAPI,
    from: "code: RISK_REJECT",
    to: "code: SYSTEM_ERROR",
    expected: /duplicate code SYSTEM_ERROR/,
  },
  "a missing table": {
    file: VAULT,
    from: /^ {2}x-result-codes:[\s\S]*/m,
    to: "",
    expected: /vaultPaymentMethod\/post\/x-result-codes: no table/,
  },
  "a code that is missing from the tables": {
    file: schema("VaultPaymentMethodFailedCode"),
    from: /enum:\s*\[/,
    to: "enum: [CARD_EATEN, ",
    expected: /VaultPaymentMethodFailedCode has CARD_EATEN, which is missing from the tables/,
  },
  "a failure that is missing from the enumeration": {
    file: schema("VaultingFailureCode"),
    from: /POLICY,\s*/,
    to: "",
    expected: /VaultingFailureCode lacks POLICY, which is in a table/,
  },
  "an unknown outcome that is missing from the enumeration": {
    file: schema("UnknownCode"),
    from: ", REQUEST_TRAFFIC_EXCEED_LIMIT]",
    to: "]",
    expected: /UnknownCode lacks REQUEST_TRAFFIC_EXCEED_LIMIT, which is in a table/,
  },
  "a notified failure that is missing from the enumeration": {
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
  "a failure without an inquiry example": {
    file: INQUIRE,
    from: matchExampleReference("FAIL_POLICY"),
    to: "",
    expected: /inquireVaulting.*: no example for FAIL_POLICY/,
  },
  "a failure without a notification example": {
    file: NOTIFICATIONS,
    from: matchExampleReference("POLICY"),
    to: "",
    expected: /NotifyVaulting.*: no example for POLICY/,
  },
  "an example with a different code": {
    file: GATEWAY_EXAMPLES,
    from: "resultCode: RISK_REJECT",
    to: "resultCode: SYSTEM_ERROR",
    expected: /examples\/RISK_REJECT: \/result\/resultCode is SYSTEM_ERROR, not RISK_REJECT/,
  },
  "an example with a different status": {
    file: GATEWAY_EXAMPLES,
    from: /(resultCode: KEY_NOT_FOUND\s+resultStatus: )F/,
    to: "$1U",
    expected: /examples\/KEY_NOT_FOUND: \/result\/resultStatus is U, not F/,
  },
  "an inquiry example with a different failure": {
    file: "examples/inquireVaulting.yaml",
    from: "vaultingResultCode: POLICY",
    to: "vaultingResultCode: LOST_CARD",
    expected: /examples\/FAIL_POLICY: \/vaultingResultCode is LOST_CARD, not POLICY/,
  },
  "an example for a code that is missing from the tables": {
    file: SESSION,
    from: " RISK_REJECT:",
    to: " RISK_DENIED:",
    expected: /RISK_DENIED matches no code in the tables/,
  },

  "a field with a type that differs from the source": {
    file: schema("Env"),
    from: /(deviceId:\n +type: )string/,
    to: "$1integer",
    expected:
      /vaultPaymentMethod\.request \/env\/deviceId: type: string in the source, but integer in the document \(openapi, /,
  },
  "a length that differs from the source": {
    file: schema("MerchantAccountId"),
    from: "maxLength: 64",
    to: "maxLength: 32",
    expected: /inquireVaulting\.request \/merchantAccountId: maxLength: 64 in the source, but 32 in the document/,
  },
  "an enumeration that is longer than the source's": {
    file: schema("OsType"),
    from: "[IOS, ANDROID]",
    to: "[IOS, ANDROID, WINDOWS]",
    expected: /\/env\/osType: enum: no additional values in the source, but also WINDOWS in the document/,
  },
  "an enumeration that is shorter than the source's": {
    file: schema("VaultedCard"),
    from: "PREPAID, CHARGE",
    to: "CHARGE",
    expected: /vaultPaymentMethod\.response \/paymentMethodDetail\/card\/funding: enum: also PREPAID in the source/,
  },
  "a field that the source requires and the document does not": {
    file: schema("VaultPaymentMethodRequest"),
    from: "redirectUrl, paymentMethodDetail",
    to: "paymentMethodDetail",
    expected: /vaultPaymentMethod\.request \/redirectUrl: required: true in the source, but false in the document/,
  },
  "a field that only one branch of a response does not require": {
    file: schema("InquireVaultingProcessing"),
    from: "required: [result, vaultingRequestId",
    to: "required: [vaultingRequestId",
    expected: /inquireVaulting\.response \/result: required: true in the source, but false in the document/,
  },
  "a deprecated field that the source does not deprecate": {
    file: schema("Metadata"),
    from: "type: string",
    to: "type: string\ndeprecated: true",
    expected: /notifyVaulting\.request \/metadata: deprecated: false in the source, but true in the document/,
  },
  "a field of the source that the document lacks": {
    file: schema("CreateVaultingSessionCreated"),
    from: /^ {2}normalUrl:\n(?: {4}.*\n)+/m,
    to: "",
    expected:
      /createVaultingSession\.response \/normalUrl: presence: a field of type string in the source, but absent in the document/,
  },
  "a field that no source has": {
    file: schema("UserName"),
    from: "properties:",
    to: "properties:\n  nickName:\n    type: string",
    expected: /cardholderName\/nickName: presence: absent in the source, but a field of type string in the document/,
  },
  "an agreed difference with a different value": {
    file: schema("Card"),
    from: "maxLength: 4\n",
    to: "maxLength: 5\n",
    expected: /card\/cvv: maxLength: 3 in the source, but 5 in the document/,
  },
  "an agreed difference that no longer exists": {
    file: schema("Card"),
    from: "maxLength: 4\n",
    to: "maxLength: 3\n",
    expected: /card\/cvv: maxLength: "4" is no longer a difference; delete it/,
  },

  "a broken reference": {
    file: schema("InquireVaultingProcessing"),
    from: "./AppUrl.yaml",
    to: "./NoUrl.yaml",
    expected: /cannot be bundled: .*InquireVaultingProcessing\.yaml.* Can't resolve \$ref/,
  },
  "a file that is not valid YAML": {
    file: schema("Metadata"),
    from: "type: string",
    to: "type: [string",
    expected: /cannot be bundled/,
  },

  "an unused component": {
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
    from: /^ +summary: Get the health of the sandbox\n/m,
    to: "",
    expected: /Redocly's rules, control API: .*control\/openapi\.yaml#\/paths.*: operation-summary/,
    lint: true,
  },
  "a broken reference in the control API": {
    file: CONTROL,
    from: "schemas.yaml#/Health",
    to: "schemas.yaml#/Wealth",
    expected: /Redocly's rules, control API: .*: no-unresolved-refs/,
    lint: true,
  },
  "an invalid example in the control API": {
    file: CONTROL,
    from: "advanceMs: 130000",
    to: "advanceMs: 0",
    expected: /Redocly's rules, control API: .*: no-invalid-media-type-examples/,
    lint: true,
  },
};
