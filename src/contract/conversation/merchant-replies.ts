/** Merchants' replies to notifications: acknowledgements, and replies after which the gateway must resend the notification. */
import { JSON_MEDIA_TYPE } from "../../protocol/http.ts";
import { createAcknowledgement, type Reply } from "./notification-listener.ts";

export interface LabeledReply {
  readonly label: string;
  readonly reply: Reply;
}

export const REPLY_GROUPS = {
  status: "an HTTP status other than 200",
  redirect: "a redirect",
  "other-result": "a result that differs from the acknowledgement",
  "other-body": "a body that does not match the acknowledgement",
  "no-response": "a missing or incomplete response",
} as const;

export interface InvalidReply extends LabeledReply {
  readonly group: keyof typeof REPLY_GROUPS;
}

const RESULT = { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success" };
const BODY = JSON.stringify({ result: RESULT });
const REJECTION = { resultCode: "INVALID_SIGNATURE", resultStatus: "F", resultMessage: "The signature is invalid." };

export const createJsonReply = (body: string, status = 200): Reply => ({
  status,
  headers: { "content-type": JSON_MEDIA_TYPE },
  body,
});

/** Changes to the documented result. A reply with any of them does not acknowledge a notification. */
const OTHER_RESULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "resultStatus F": { resultCode: "PROCESS_FAIL", resultStatus: "F", resultMessage: "failure" },
  "resultStatus U": { resultCode: "UNKNOWN_EXCEPTION", resultStatus: "U", resultMessage: "unknown" },
  "resultCode SUCCESS with resultStatus F": { resultStatus: "F" },
  "resultCode SUCCESS with resultStatus U": { resultStatus: "U" },
  "resultStatus S with a different resultCode": { resultCode: "PROCESS_FAIL" },
  "a lowercase resultStatus": { resultStatus: "s" },
  "a lowercase resultCode": { resultCode: "success" },
  "an uppercase resultMessage": { resultMessage: "SUCCESS" },
  "a different resultMessage": { resultMessage: "failure" },
  "no resultCode": { resultCode: undefined },
  "no resultStatus": { resultStatus: undefined },
  "no resultMessage": { resultMessage: undefined },
  "null as resultCode": { resultCode: null },
  "true as resultStatus": { resultStatus: true },
};

/** Bodies that do not have the form of the acknowledgement. Most of them contain its values. */
const OTHER_BODIES: Readonly<Record<string, string>> = {
  "an empty body": "",
  "{}": "{}",
  "[]": "[]",
  null: "null",
  true: "true",
  "a JSON string": '"success"',
  "plain text": "success",
  "an HTML page": "<!doctype html><title>OK</title><p>success</p>",
  "the acknowledgement in an array": `[${BODY}]`,
  "the acknowledgement in a JSON string": JSON.stringify(BODY),
  "the acknowledgement inside a different object": `{"data":${BODY}}`,
  "the acknowledgement without its last character": BODY.slice(0, -1),
  "the acknowledgement twice": BODY + BODY,
  "the acknowledgement with single quotes instead of double quotes": BODY.replaceAll('"', "'"),
  "the fields of result at the top level": JSON.stringify(RESULT),
  "a string as result": '{"result":"success"}',
  "an array as result": `{"result":[${JSON.stringify(RESULT)}]}`,
  "null as result": '{"result":null}',
  "field names in a different case": BODY.replaceAll("result", "Result"),
  "the acknowledgement with a trailing comma": BODY.replace("}}", "},}"),
  "the acknowledgement followed by text": `${BODY}ok`,
  "the acknowledgement followed by a rejection": `${BODY}${JSON.stringify({ result: REJECTION })}`,
};

/** After each of these replies, the gateway must resend the notification. Only HTTP 200 with the documented result acknowledges it. */
export const INVALID_REPLIES: readonly InvalidReply[] = [
  ...[201, 202, 203, 204, 206, 400, 401, 403, 404, 409, 410, 422, 429, 500, 502, 503].map(
    (status): InvalidReply => ({
      group: "status",
      label: `HTTP ${status}`,
      reply: status === 204 ? { status } : createJsonReply(BODY, status),
    }),
  ),
  ...[400, 401, 500].map(
    (status): InvalidReply => ({
      group: "status",
      label: `HTTP ${status} with a rejection`,
      reply: createJsonReply(JSON.stringify({ result: REJECTION }), status),
    }),
  ),
  ...[301, 302, 303, 307, 308].map(
    (status): InvalidReply => ({
      group: "redirect",
      label: `a redirect with HTTP ${status}`,
      reply: createJsonReply(BODY, status),
    }),
  ),
  ...Object.entries(OTHER_RESULTS).map(
    ([label, change]): InvalidReply => ({
      group: "other-result",
      label: `HTTP 200 with ${label}`,
      reply: createJsonReply(JSON.stringify({ result: { ...RESULT, ...change } })),
    }),
  ),
  ...Object.entries(OTHER_BODIES).map(
    ([label, body]): InvalidReply => ({
      group: "other-body",
      label: `HTTP 200 with ${label}`,
      reply: createJsonReply(body),
    }),
  ),
  { group: "no-response", label: "a connection closed without a response", reply: { status: 0 } },
  {
    group: "no-response",
    label: "a connection closed during the response",
    reply: { ...createJsonReply(BODY), isCutOff: true },
  },
];

/** The documented acknowledgement, in the forms that different merchants send. */
export const listAcknowledgements = (clientId: string): readonly LabeledReply[] => [
  { label: "the documented acknowledgement", reply: createAcknowledgement(clientId) },
  {
    label: "an acknowledgement with reordered fields and extra whitespace",
    reply: createJsonReply(
      '{\r\n  "result" : { "resultMessage":"success","resultStatus":"S" ,"resultCode":"SUCCESS" }\r\n}\n',
    ),
  },
  { label: "an acknowledgement with escaped characters", reply: createJsonReply(BODY.replaceAll("u", "\\u0075")) },
  {
    label: "an acknowledgement with unknown fields",
    reply: createJsonReply(JSON.stringify({ extra: [null], result: { ...RESULT, extra: { value: 1 } } })),
  },
  {
    label: "an acknowledgement whose Content-Type has no charset",
    reply: { ...createJsonReply(BODY), headers: { "content-type": "application/json" } },
  },
  {
    label: "an acknowledgement whose Content-Type has a lowercase charset",
    reply: { ...createJsonReply(BODY), headers: { "content-type": "application/json; charset=utf-8" } },
  },
];
