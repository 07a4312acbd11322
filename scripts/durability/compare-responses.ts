/** Compares responses before a crash with those after it. */

/** The cards that the load uses: published test numbers, and a test card of the sandbox that requires a challenge. */
export const CARDS = {
  vaulted: "4054695723100768",
  declined: "4054692760174822",
  challenged: "4000009900510002",
} as const;
export type CardKind = keyof typeof CARDS;

/** Creates the body of a vaulting request. The same arguments always result in the same bytes. */
export const createBody = (vaultingRequestId: string, kind: CardKind, vaultingNotificationUrl: string): string =>
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

/** A vaultPaymentMethod response that the sandbox must not change later. */
export interface BindingResponse {
  /** The exact body. */
  readonly body: string;
  readonly final: boolean;
  /** The card token, the failure code, or the path of the challenge page. */
  readonly result: string;
}

interface Message {
  readonly result?: { readonly resultCode?: string; readonly resultStatus?: string; readonly resultMessage?: string };
  readonly paymentMethodDetail?: { readonly card?: { readonly cardToken?: string } };
  readonly normalUrl?: string;
  readonly vaultingStatus?: string;
  readonly vaultingResultCode?: string;
}

/**
 * Parses a vaultPaymentMethod response. Returns `undefined` if the result is unknown or the request was rejected, because such a response can change.
 */
export function parseResponse(body: string): BindingResponse | undefined {
  const message = parse(body);
  switch (message.result?.resultStatus) {
    case "S":
      return { body, final: true, result: getToken(message) };
    case "F": {
      // The message of a failed vaulting ends with the failure code.
      const code = /\((\w+)\)$/.exec(message.result.resultMessage ?? "")?.[1];
      return code === undefined ? undefined : { body, final: true, result: code };
    }
    default:
      return message.normalUrl === undefined
        ? undefined
        : { body, final: false, result: new URL(message.normalUrl).pathname };
  }
}

export type ViolationKind = "missing" | "changed" | "duplicated" | "undelivered";

/** Compares the inquiry response after a crash with the vaulting response before the crash. Returns the kind of violation, if there is one. */
export function compareInquiry(response: BindingResponse, inquiry: string): ViolationKind | undefined {
  const message = parse(inquiry);
  if (message.result?.resultStatus !== "S") return "missing";
  return getInquiryResult(message) === response.result ? undefined : "changed";
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

/** Returns `duplicated` if a notification for an ID contradicts the final response. */
export function compareNotifications(
  { final, result }: BindingResponse,
  bodies: Iterable<string>,
): ViolationKind | undefined {
  const matches = !final || [...bodies].every((body) => getNotificationResult(parse(body)) === result);
  return matches ? undefined : "duplicated";
}

const getNotificationResult = (message: Message): string =>
  message.result?.resultStatus === "S" ? getToken(message) : (message.result?.resultCode ?? "");

const getToken = ({ paymentMethodDetail }: Message): string => paymentMethodDetail?.card?.cardToken ?? "";

const parse = (body: string): Message => JSON.parse(body) as Message;
