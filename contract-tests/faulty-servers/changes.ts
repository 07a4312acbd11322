/** The kinds of changes that faults are made of, so that a fault is one small entry. */
import { randomUUID } from "node:crypto";
import { failure } from "../../src/testing/messages/client-messages.ts";
import { type Body, parsed } from "./bodies.ts";
import { type Answer, answering, type Call, type Handler, is, type Keys, utf8, withBody } from "./http-messages.ts";

/** From the right server to a faulty one. */
export type Wrong = (right: Handler, keys: Keys) => Handler;

/** Changes by their names, under the check that detects them. Other checks may fail too. */
export type Faults<Change> = Readonly<Record<string, Readonly<Record<string, Change>>>>;

/** Counts how often it was given a key, from 1. */
export const counter = () => {
  const counts = new Map<string, number>();
  return (key: string): number => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  };
};

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
  (which: (asked: Body, call: Call) => boolean, resultCode = "PARAM_ILLEGAL"): Wrong =>
  (right, keys) =>
  async (call) => {
    const asked = parsed(utf8(call));
    if (!which(asked, call)) return right(call);
    // An inquiry leaves no trace, and its answer has the headers that are needed.
    const inquiry = { ...call, path: call.path.replace(/\w+$/, "inquireVaulting") };
    const answer = await right(withBody(inquiry, JSON.stringify({ vaultingRequestId: randomUUID() }), keys));
    const { vaultingRequestId } = asked;
    const echo = is("createVaultingSession", call) ? {} : { vaultingRequestId };
    return answering(call, answer, JSON.stringify({ result: failure(resultCode), ...echo }), keys);
  };

/** Responds to some requests as a server that has crashed, or a proxy before it. */
export const crashes =
  (status: number, when: (call: Call) => boolean): Wrong =>
  (right) =>
  async (call) =>
    when(call) ? { status, headers: {}, text: "" } : right(call);

/** Calls the right server with a different ID, and returns its response under the ID of the call. */
export async function underOtherId(right: Handler, call: Call, keys: Keys, id: string = randomUUID()): Promise<Answer> {
  const asked = parsed(utf8(call));
  const answer = await right(withBody(call, JSON.stringify({ ...asked, vaultingRequestId: id }), keys));
  const body = parsed(answer.text);
  if (!("vaultingRequestId" in body)) return answer;
  return answering(call, answer, JSON.stringify({ ...body, vaultingRequestId: asked["vaultingRequestId"] }), keys);
}
