/** The kinds of changes that faults are made of, so that a fault is one small entry. */
import { randomUUID } from "node:crypto";
import { failureResult } from "../../src/testing/messages/client-messages.ts";
import { type Body, parseBody } from "./bodies.ts";
import {
  type Call,
  decodeBody,
  type Handler,
  type HttpResponse,
  isOperation,
  type MutationContext,
  replaceBody,
  withBody,
} from "./http-messages.ts";

/** From the right server to a faulty one. */
export type Mutation = (right: Handler, keys: MutationContext) => Handler;

/** Changes by their names, under the check that detects them. Other checks may fail too. */
export type MutationTable<Change> = Readonly<Record<string, Readonly<Record<string, Change>>>>;

/** Counts how often it was given a key, from 1. */
export const createCounter = () => {
  const counts = new Map<string, number>();
  return (key: string): number => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  };
};

/** Changes the body of answers; `undefined` leaves one as it is. */
export const changeResponse =
  (change: (body: Body, asked: Body, call: Call) => Body | undefined): Mutation =>
  (right, keys) =>
  async (call) => {
    const answer = await right(call);
    const changed = change(parseBody(answer.text), parseBody(decodeBody(call)), call);
    return changed === undefined ? answer : replaceBody(call, answer, JSON.stringify(changed), keys);
  };

/** Changes an answer without signing it anew. */
export const changeRawResponse =
  (change: (answer: HttpResponse, call: Call) => HttpResponse): Mutation =>
  (right) =>
  async (call) =>
    change(await right(call), call);

/** Takes a request for another one: the right server sees it changed, and rightly signed. */
export const changeRequest =
  (change: (asked: Body, call: Call) => Body | undefined): Mutation =>
  (right, keys) =>
  async (call) => {
    const changed = change(parseBody(decodeBody(call)), call);
    return right(changed === undefined ? call : withBody(call, JSON.stringify(changed), keys));
  };

/** Answers some requests with a refusal that is nobody's fault but the server's. */
export const rejectRequest =
  (which: (asked: Body, call: Call) => boolean, resultCode = "PARAM_ILLEGAL"): Mutation =>
  (right, keys) =>
  async (call) => {
    const asked = parseBody(decodeBody(call));
    if (!which(asked, call)) return right(call);
    // An inquiry leaves no trace, and its answer has the headers that are needed.
    const inquiry = { ...call, path: call.path.replace(/\w+$/, "inquireVaulting") };
    const answer = await right(withBody(inquiry, JSON.stringify({ vaultingRequestId: randomUUID() }), keys));
    const { vaultingRequestId } = asked;
    const echo = isOperation("createVaultingSession", call) ? {} : { vaultingRequestId };
    return replaceBody(call, answer, JSON.stringify({ result: failureResult(resultCode), ...echo }), keys);
  };

/** Responds to some requests as a server that has crashed, or a proxy before it. */
export const crash =
  (status: number, when: (call: Call) => boolean): Mutation =>
  (right) =>
  async (call) =>
    when(call) ? { status, headers: {}, text: "" } : right(call);

/** Calls the right server with a different ID, and returns its response under the ID of the call. */
export async function callWithOtherId(
  right: Handler,
  call: Call,
  keys: MutationContext,
  id: string = randomUUID(),
): Promise<HttpResponse> {
  const asked = parseBody(decodeBody(call));
  const answer = await right(withBody(call, JSON.stringify({ ...asked, vaultingRequestId: id }), keys));
  const body = parseBody(answer.text);
  if (!("vaultingRequestId" in body)) return answer;
  return replaceBody(call, answer, JSON.stringify({ ...body, vaultingRequestId: asked["vaultingRequestId"] }), keys);
}
