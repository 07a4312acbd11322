/** Calls each operation with a generated client, and prints a line for each call. */
import { requireValidSignature } from "./signing-fetch.mts";

const {
  NOTIFICATION_PATH = "",
  NOTIFICATION_TIME = "",
  NOTIFICATION_SIGNATURE = "",
  NOTIFICATION_BODY = "",
} = process.env;

/** The fields that the program reads. */
interface Fields {
  readonly result: { readonly resultCode: string; readonly resultStatus: string; readonly resultMessage?: string };
  readonly vaultingStatus?: string;
  readonly vaultingResultCode?: string;
  readonly paymentMethodDetail?: { readonly card?: { readonly cardToken?: string; readonly brand?: string } };
}

const session = {
  paymentMethodType: "CARD",
  vaultingNotificationUrl: "https://merchant.example/antom/notifications",
  redirectUrl: "https://merchant.example/cards/done",
} as const;

/** Creates a request with nested objects and with values that are not strings. */
export const createRequest = (vaultingRequestId: string, cardNo: string) =>
  ({
    vaultingRequestId,
    vaultingNotificationUrl: session.vaultingNotificationUrl,
    redirectUrl: session.redirectUrl,
    merchantRegion: "SG",
    paymentMethodDetail: {
      paymentMethodType: "CARD",
      card: {
        cardNo,
        cvv: "123",
        expiryYear: "30",
        expiryMonth: "12",
        is3DSAuthentication: false,
        cardholderName: { firstName: "Ana", lastName: "Souza" },
        billingAddress: { region: "BR", city: "São Paulo", address1: "Rua Augusta 1200", zipCode: "01304001" },
      },
    },
    env: {
      terminalType: "WEB",
      clientIp: "203.0.113.7",
      timeZoneOffset: -120,
      browserInfo: {
        acceptHeader: "text/html",
        javaEnabled: false,
        javaScriptEnabled: true,
        language: "en-US",
        userAgent: "Mozilla/5.0",
      },
    },
  }) as const;

export interface Client {
  vault(request: ReturnType<typeof createRequest>): Promise<Fields>;
  createSession(request: typeof session & { readonly vaultingRequestId: string }): Promise<{
    readonly result: Fields["result"];
    readonly normalUrl?: string;
  }>;
  inquire(request: { readonly vaultingRequestId: string }): Promise<Fields>;
  parseNotification(body: string): Fields;
}

/** Replaces each function whose response has the type `any` with `never`, so that a client without response types does not compile. */
type Typed<C> = {
  [K in keyof C]: C[K] extends (...parameters: never[]) => infer R ? (0 extends 1 & Awaited<R> ? never : C[K]) : never;
};

export async function run<C extends Client>(client: C & Typed<C>): Promise<void> {
  const print = (...words: readonly (string | undefined)[]) => console.log(words.join(" "));
  const getCard = (fields: Fields) => fields.paymentMethodDetail?.card;
  const vault = async (name: string, cardNo: string) => {
    const response = await client.vault(createRequest(name, cardNo));
    print(
      name,
      response.result.resultStatus,
      response.result.resultCode,
      getCard(response)?.brand,
      getCard(response)?.cardToken,
      response.result.resultMessage,
    );
  };
  await vault("vaulted", "4054695723100768");
  await vault("declined", "4000009900070007");
  const { vaultingStatus, vaultingResultCode } = await client.inquire({ vaultingRequestId: "declined" });
  print("inquired", vaultingStatus, vaultingResultCode);
  const { result, normalUrl } = await client.createSession({ vaultingRequestId: "session", ...session });
  print("session", result.resultStatus, normalUrl);
  if (NOTIFICATION_BODY === "") return;
  requireValidSignature(NOTIFICATION_PATH, NOTIFICATION_TIME, NOTIFICATION_SIGNATURE, NOTIFICATION_BODY);
  const notification = client.parseNotification(NOTIFICATION_BODY);
  print("notification", notification.result.resultStatus, getCard(notification)?.cardToken);
  await vault("unknown", "4054695723100768");
}
