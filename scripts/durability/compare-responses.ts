/** What was answered before a crash, held against what is found after it. Pure. */

/** The cards of the load: published test numbers, and one of the sandbox's that is challenged. */
export const CARDS = {
  vaults: "4054695723100768",
  fails: "4054692760174822",
  challenged: "4000009900510002",
} as const;
export type CardKind = keyof typeof CARDS;

/** The body of a request to vault. The same ID and kind give the same bytes. */
export const vaultRequest = (vaultingRequestId: string, kind: CardKind, vaultingNotificationUrl: string): string =>
  JSON.stringify({
    vaultingRequestId,
    vaultingNotificationUrl,
    redirectUrl: "https://merchant.example/return",
    paymentMethodDetail: {
      paymentMethodType: "CARD",
      card: { cardNo: CARDS[kind], expiryYear: "30", expiryMonth: "12", cvv: "123", is3DSAuthentication: false },
    },
    env: { terminalType: "WEB" },
  });

/** An answer to vaultPaymentMethod by which the sandbox is bound. */
export interface BindingResponse {
  /** The bytes, as text. */
  readonly body: string;
  readonly final: boolean;
  /** The token, or the code of the failure, or the page of the challenge. */
  readonly result: string;
}

interface Message {
  readonly result?: { readonly resultCode?: string; readonly resultStatus?: string; readonly resultMessage?: string };
  readonly paymentMethodDetail?: { readonly card?: { readonly cardToken?: string } };
  readonly normalUrl?: string;
  readonly vaultingStatus?: string;
  readonly vaultingResultCode?: string;
}

/** Reads an answer to vaultPaymentMethod; `undefined` where it binds nobody: the result is unknown, or the request was refused. */
export function parseResponse(body: string): BindingResponse | undefined {
  const message = parse(body);
  switch (message.result?.resultStatus) {
    case "S":
      return { body, final: true, result: getToken(message) };
    case "F": {
      // A vaulting that failed says in words with which code.
      const code = /\((\w+)\)$/.exec(message.result.resultMessage ?? "")?.[1];
      return code === undefined ? undefined : { body, final: true, result: code };
    }
    default:
      return message.normalUrl === undefined
        ? undefined
        : { body, final: false, result: new URL(message.normalUrl).pathname };
  }
}

export type ViolationKind = "missing" | "changed" | "doubled" | "undelivered";

/** What an inquiry after the crash says of an answer before it. */
export function compareInquiry(answer: BindingResponse, inquiry: string): ViolationKind | undefined {
  const message = parse(inquiry);
  if (message.result?.resultStatus !== "S") return "missing";
  return getInquiryResult(message) === answer.result ? undefined : "changed";
}

function getInquiryResult(message: Message): string {
  switch (message.vaultingStatus) {
    case "SUCCESS":
      return getToken(message);
    case "FAIL":
      return message.vaultingResultCode ?? "";
    default:
      return message.normalUrl === undefined ? "" : new URL(message.normalUrl).pathname;
  }
}

/** All bodies of notifications that came for an ID must be about the vaulting of the final answer. */
export function compareNotifications(
  { final, result }: BindingResponse,
  bodies: Iterable<string>,
): ViolationKind | undefined {
  const matches = !final || [...bodies].every((body) => getNotificationResult(parse(body)) === result);
  return matches ? undefined : "doubled";
}

const getNotificationResult = (message: Message): string =>
  message.result?.resultStatus === "S" ? getToken(message) : (message.result?.resultCode ?? "");

const getToken = ({ paymentMethodDetail }: Message): string => paymentMethodDetail?.card?.cardToken ?? "";

const parse = (body: string): Message => JSON.parse(body) as Message;
