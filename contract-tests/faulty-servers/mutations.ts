/** Building blocks for the definitions of faulty servers. */
import { randomUUID } from "node:crypto";
import { createFailureResult } from "../../src/testing/messages/client-messages.ts";
import { type Body, parseBody } from "./bodies.ts";
import {
  type Call,
  type Context,
  decodeBody,
  type Handler,
  type HttpResponse,
  isCall,
  replaceBody,
  withBody,
} from "./http-messages.ts";
import type { DeliveryMutation } from "./notification-relay.ts";

/** A function that wraps the handler of a server to change the server's behavior. */
export type Mutation = (next: Handler, context: Context) => Handler;

/** The mutations of a server. */
export interface Mutations {
  readonly handler?: Mutation;
  readonly delivery?: DeliveryMutation;
  /** Changes the buyer pages. */
  readonly page?: Mutation;
}

/** Mutations by the ID of the check that detects them, and then by name. Other checks might also fail. */
export type Table<Change> = Readonly<Record<string, Readonly<Record<string, Change>>>>;

/** Creates a function that returns how many times it has been called with a key. */
export const createCounter = () => {
  const counts = new Map<string, number>();
  return (key: string): number => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  };
};

/** Changes response bodies and signs them again. `undefined` leaves a response unchanged. */
export const changeResponse =
  (change: (body: Body, request: Body, call: Call) => Body | undefined): Mutation =>
  (next, context) =>
  async (call) => {
    const response = await next(call);
    const changed = change(parseBody(response.text), parseBody(decodeBody(call)), call);
    return changed === undefined ? response : replaceBody(call, response, JSON.stringify(changed), context);
  };

/** Replaces the value of a field in responses that have the field. */
export const replaceField = (name: string, value: unknown): Mutation =>
  changeResponse((body) => (name in body ? { ...body, [name]: value } : undefined));

/** Changes responses without signing them again. */
export const changeRaw =
  (change: (response: HttpResponse, call: Call) => HttpResponse): Mutation =>
  (next) =>
  async (call) =>
    change(await next(call), call);

/** Changes requests and signs them again. `undefined` leaves a request unchanged. */
export const changeRequest =
  (change: (request: Body, call: Call) => Body | undefined): Mutation =>
  (next, context) =>
  async (call) => {
    const changed = change(parseBody(decodeBody(call)), call);
    return next(changed === undefined ? call : withBody(call, JSON.stringify(changed), context));
  };

/** Rejects requests, even valid ones, if `when` returns true. */
export const reject =
  (when: (request: Body, call: Call) => boolean, resultCode = "PARAM_ILLEGAL"): Mutation =>
  (next, context) =>
  async (call) => {
    const request = parseBody(decodeBody(call));
    if (!when(request, call)) return next(call);
    // An inquiry changes nothing, and its response has the required headers.
    const inquiry = { ...call, path: call.path.replace(/\w+$/, "inquireVaulting") };
    const response = await next(withBody(inquiry, JSON.stringify({ vaultingRequestId: randomUUID() }), context));
    const { vaultingRequestId } = request;
    const echo = isCall("createVaultingSession", call) ? {} : { vaultingRequestId };
    return replaceBody(call, response, JSON.stringify({ result: createFailureResult(resultCode), ...echo }), context);
  };

/** Returns an HTTP status with an empty body if `when` returns true, as a crashed server or the proxy in front of it does. */
export const crash =
  (status: number, when: (call: Call) => boolean): Mutation =>
  (next) =>
  async (call) =>
    when(call) ? { status, headers: {}, text: "" } : next(call);

/** Calls the server with a different ID, and restores the original ID in the response. */
export async function callWithDifferentId(
  next: Handler,
  call: Call,
  context: Context,
  id: string = randomUUID(),
): Promise<HttpResponse> {
  const request = parseBody(decodeBody(call));
  const response = await next(withBody(call, JSON.stringify({ ...request, vaultingRequestId: id }), context));
  const body = parseBody(response.text);
  if (!("vaultingRequestId" in body)) return response;
  return replaceBody(
    call,
    response,
    JSON.stringify({ ...body, vaultingRequestId: request["vaultingRequestId"] }),
    context,
  );
}
