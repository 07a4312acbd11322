/** Reads and changes the bodies of requests and responses. */
import { successResult } from "../../src/testing/messages/client-messages.ts";

export type Body = Readonly<Record<string, unknown>>;

export interface Result {
  readonly resultCode?: string;
  readonly resultStatus?: string;
  readonly resultMessage?: string;
}

const getObject = (body: Body, name: string): Body => {
  const value = body[name];
  return typeof value === "object" && value !== null ? (value as Body) : {};
};

export const getResult = (body: Body): Result => getObject(body, "result");

export const getDetail = (body: Body): Body => getObject(body, "paymentMethodDetail");

export const getCard = (body: Body): Body => getObject(getDetail(body), "card");

export const withCard = (body: Body, change: Body): Body => ({
  ...body,
  paymentMethodDetail: { ...getDetail(body), card: { ...getCard(body), ...change } },
});

export const withResult = (body: Body, change: Body): Body => ({ ...body, result: { ...getResult(body), ...change } });

/** Returns the inquiry response for an unfinished vaulting. */
export const toProcessing = ({ vaultingRequestId }: Body): Body => ({
  result: successResult,
  vaultingRequestId,
  vaultingStatus: "PROCESSING",
});

export const isSuccess = (body: Body): boolean => getResult(body).resultStatus === "S";

export const getId = (body: Body): string => String(body["vaultingRequestId"]);

/** Parses a JSON object or array. Returns an empty object for any other text. */
export function parseBody(source: string): Body {
  try {
    const value: unknown = JSON.parse(source);
    return typeof value === "object" && value !== null ? (value as Body) : {};
  } catch {
    return {};
  }
}
