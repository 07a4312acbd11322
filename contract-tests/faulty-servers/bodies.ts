/** The bodies of requests and responses: how to read them, and how to change them. */
import { success } from "../../src/testing/messages/client-messages.ts";

export type Body = Readonly<Record<string, unknown>>;

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

export const withResult = (body: Body, change: Body): Body => ({ ...body, result: { ...resultOf(body), ...change } });

/** The inquiry's response about a vaulting that is not finished. */
export const processing = ({ vaultingRequestId }: Body): Body => ({
  result: success,
  vaultingRequestId,
  vaultingStatus: "PROCESSING",
});

export const isS = (body: Body): boolean => resultOf(body).resultStatus === "S";

export const idOf = (body: Body): string => String(body["vaultingRequestId"]);

/** What a text holds, where that is an object; else an empty one. */
export function parsed(source: string): Body {
  try {
    const value: unknown = JSON.parse(source);
    return typeof value === "object" && value !== null ? (value as Body) : {};
  } catch {
    return {};
  }
}
