/** The ways in which most faults are made, so that a fault is one small entry. */
import { randomUUID } from "node:crypto";
import { type Answer, answering, type Body, type Call, parsed, utf8, type Wrong, withBody } from "./http-messages.ts";

export interface Result {
  readonly resultCode?: string;
  readonly resultStatus?: string;
  readonly resultMessage?: string;
}

const objectIn = (body: Body, name: string): Body => {
  const value = body[name];
  return typeof value === "object" && value !== null ? (value as Body) : {};
};
export const resultOf = (body: Body): Result => objectIn(body, "result");
export const detailOf = (body: Body): Body => objectIn(body, "paymentMethodDetail");
export const cardOf = (body: Body): Body => objectIn(detailOf(body), "card");
export const withCard = (body: Body, change: Body): Body => ({
  ...body,
  paymentMethodDetail: { ...detailOf(body), card: { ...cardOf(body), ...change } },
});

export const operationOf = ({ path }: Call): string => /(\w+)(?:\?.*)?$/.exec(path)?.[1] ?? "";
export const isS = (body: Body): boolean => resultOf(body).resultStatus === "S";

/** Changes the body of answers; `undefined` leaves one as it is. */
export const answers =
  (change: (body: Body, asked: Body, call: Call) => Body | undefined): Wrong =>
  (right, keys) =>
  async (call) => {
    const answer = await right(call);
    const changed = change(parsed(answer.text), parsed(utf8(call)), call);
    return changed === undefined ? answer : answering(call, answer, JSON.stringify(changed), keys);
  };

/** Changes an answer without signing it anew. */
export const raw =
  (change: (answer: Answer, call: Call) => Answer): Wrong =>
  (right) =>
  async (call) =>
    change(await right(call), call);

/** Takes a request for another one: the right server sees it changed, and rightly signed. */
export const takes =
  (change: (asked: Body, call: Call) => Body | undefined): Wrong =>
  (right, keys) =>
  async (call) => {
    const changed = change(parsed(utf8(call)), call);
    return right(changed === undefined ? call : withBody(call, JSON.stringify(changed), keys));
  };

/** Answers some requests with a refusal that is nobody's fault but the server's. */
export const refuses =
  (which: (asked: Body, call: Call) => boolean, resultCode = "PARAM_ILLEGAL", resultStatus = "F"): Wrong =>
  (right, keys) =>
  async (call) => {
    const asked = parsed(utf8(call));
    if (!which(asked, call)) return right(call);
    // An inquiry leaves no trace, and its answer has the headers that are needed.
    const inquiry = { ...call, path: call.path.replace(/\w+$/, "inquireVaulting") };
    const answer = await right(withBody(inquiry, JSON.stringify({ vaultingRequestId: randomUUID() }), keys));
    const { vaultingRequestId } = asked;
    const result = { resultCode, resultStatus, resultMessage: "No." };
    const echo = operationOf(call) === "createVaultingSession" ? {} : { vaultingRequestId };
    return answering(call, answer, JSON.stringify({ result, ...echo }), keys);
  };
