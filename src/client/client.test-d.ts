import { expectTypeOf, test } from "vitest";
import type { ResultAction } from "../../generated/result-codes.ts";
import type { components } from "../../generated/types.ts";
import {
  type CreateVaultingSessionOutcome,
  createVaultClient,
  type InquireVaultingOutcome,
  type VaultClient,
  type VaultClientOptions,
  type VaultPaymentMethodOutcome,
} from "./index.ts";

declare const vault: VaultClient;
declare const options: VaultClientOptions;
const assertNever = (value: never): never => value;

const request = {
  vaultingRequestId: "1",
  vaultingNotificationUrl: "https://merchant.example/n",
  redirectUrl: "https://merchant.example/r",
  paymentMethodDetail: { paymentMethodType: "CARD", card: { cardNo: "1", expiryYear: "30", expiryMonth: "12" } },
  env: { terminalType: "WEB" },
} as const;

test("vaultPaymentMethod returns one of four outcomes", async () => {
  const outcome = await vault.vaultPaymentMethod(request);
  expectTypeOf(outcome).toEqualTypeOf<VaultPaymentMethodOutcome>();
  expectTypeOf(outcome.vaultingRequestId).toEqualTypeOf<string>();
  // @ts-expect-error only the outcome "vaulted" has a token
  outcome.cardToken;
  switch (outcome.outcome) {
    case "vaulted":
      expectTypeOf(outcome.cardToken).toEqualTypeOf<string>();
      expectTypeOf(outcome.paymentMethodDetail.card.maskedCardNo).toEqualTypeOf<string | undefined>();
      break;
    case "verification_required":
      expectTypeOf(outcome.normalUrl).toEqualTypeOf<string | undefined>();
      // @ts-expect-error the outcome uses only the spelling applinkUrl
      outcome.appLinkUrl;
      break;
    case "failed":
      expectTypeOf(outcome.action).toEqualTypeOf<ResultAction>();
      expectTypeOf(outcome.code).toExtend<string>();
      break;
    case "unknown":
      expectTypeOf(outcome.advice).toEqualTypeOf<string>();
      break;
    default:
      assertNever(outcome);
  }
});

test("createVaultingSession returns one of three outcomes", (outcome: unknown) => {
  const session = outcome as CreateVaultingSessionOutcome;
  if (session.outcome === "created") {
    expectTypeOf(session.vaultingSessionData).toEqualTypeOf<string>();
    expectTypeOf(session.normalUrl).toEqualTypeOf<string | undefined>();
  } else if (session.outcome !== "failed" && session.outcome !== "unknown") assertNever(session);
});

test("inquireVaulting returns one of five outcomes", (outcome: unknown) => {
  const inquiry = outcome as InquireVaultingOutcome;
  expectTypeOf(inquiry.outcome).toEqualTypeOf<
    "vaulted" | "verification_required" | "failed" | "unknown" | "inquiry_failed"
  >();
  if (inquiry.outcome === "inquiry_failed" && inquiry.code === "VAULTING_NOT_EXIST") {
    expectTypeOf(inquiry.message).toEqualTypeOf<string>();
  }
});

test("a result code can be undocumented", async () => {
  const outcome = await vault.vaultPaymentMethod(request);
  if (outcome.outcome === "failed") {
    expectTypeOf(outcome.code === "FUTURE_CODE").toEqualTypeOf<boolean>();
    expectTypeOf<"FUTURE_CODE">().toExtend<typeof outcome.code>();
  }
});

test("a request must contain the required fields and can contain the optional fields", () => {
  expectTypeOf(vault.vaultPaymentMethod).toBeCallableWith(request);
  expectTypeOf(vault.vaultPaymentMethod).toBeCallableWith({ ...request, metadata: "x", merchantRegion: "SG" });
  expectTypeOf(vault.inquireVaulting).toBeCallableWith({ vaultingRequestId: "1" }, { timeoutMs: 1 });
  const { env: _, ...withoutEnv } = request;
  // @ts-expect-error env is required
  vault.vaultPaymentMethod(withoutEnv);
  const { card } = request.paymentMethodDetail;
  const wallet = { paymentMethodType: "WALLET", card } as const;
  // @ts-expect-error CARD is the only value of paymentMethodType
  vault.vaultPaymentMethod({ ...request, paymentMethodDetail: wallet });
  const numeric = { paymentMethodType: "CARD", card: { ...card, cvv: 123 } } as const;
  // @ts-expect-error a CVV is a string
  vault.vaultPaymentMethod({ ...request, paymentMethodDetail: numeric });
  // @ts-expect-error terminalType has a fixed list of values
  vault.vaultPaymentMethod({ ...request, env: { terminalType: "web" } });
  // @ts-expect-error a session requires paymentMethodType
  vault.createVaultingSession({ vaultingRequestId: "1", vaultingNotificationUrl: "x" });
  // @ts-expect-error an inquiry requires an ID
  vault.inquireVaulting({});
  // @ts-expect-error a timeout is a number
  vault.inquireVaulting({ vaultingRequestId: "1" }, { timeoutMs: "1" });
});

test("the types reject undocumented operations, paths, and methods, and a body for a different path", () => {
  // @ts-expect-error the API has no operation unvault
  vault.unvault;
  // @ts-expect-error the raw client accepts only documented paths
  vault.raw.POST("/v1/vaults/unvault", { body: request });
  // @ts-expect-error no operation uses GET
  vault.raw.GET("/v1/vaults/inquireVaulting");
  // @ts-expect-error the body must match the path
  vault.raw.POST("/v1/vaults/inquireVaulting", { body: {} });
});

test("the raw client returns the documented response types", async () => {
  const { data } = await vault.raw.POST("/v1/vaults/inquireVaulting", { body: { vaultingRequestId: "1" } });
  expectTypeOf(data?.result.resultStatus).toEqualTypeOf<"S" | "F" | "U" | undefined>();
});

test("createVaultClient accepts only options of the documented types", () => {
  expectTypeOf(createVaultClient).returns.toEqualTypeOf<VaultClient>();
  expectTypeOf(createVaultClient).toBeCallableWith({ ...options, fetch: globalThis.fetch, retry: false });
  expectTypeOf(createVaultClient).toBeCallableWith({ ...options, antomPublicKey: { 1: "x", 2: "y" } });
  // @ts-expect-error region has a fixed list of values
  createVaultClient({ ...options, region: "antarctica" });
  // @ts-expect-error a client ID is required
  createVaultClient({ merchantPrivateKey: "x", antomPublicKey: "y", region: "asia" });
  // @ts-expect-error retry accepts only false or an object
  createVaultClient({ ...options, retry: true });
  // @ts-expect-error a client is read-only
  vault.raw = createVaultClient(options).raw;
});

test("waitForVaulting returns the outcome of an inquiry, and accepts any promise as notified", async () => {
  const notified: Promise<{ readonly vaultingRequestId: string }> = Promise.resolve({ vaultingRequestId: "1" });
  expectTypeOf(await vault.waitForVaulting("1", { timeoutMs: 1, notified })).toEqualTypeOf<InquireVaultingOutcome>();
  // @ts-expect-error the ID is a string
  vault.waitForVaulting({ vaultingRequestId: "1" });
});

test("checking a field narrows a response to the only type that has the field or value", () => {
  type Schemas = components["schemas"];
  const readToken = (response: Schemas["VaultPaymentMethodResponse"]) => {
    if ("paymentMethodDetail" in response) {
      expectTypeOf(response).toEqualTypeOf<Schemas["VaultPaymentMethodVaulted"]>();
      return response.paymentMethodDetail.card.cardToken;
    }
    return "normalUrl" in response ? response.normalUrl : undefined;
  };
  const readStatus = (response: Schemas["InquireVaultingResponse"]) => {
    if ("vaultingStatus" in response && response.vaultingStatus === "SUCCESS")
      expectTypeOf(response).toEqualTypeOf<Schemas["InquireVaultingVaulted"]>();
  };
  expectTypeOf(readToken).returns.toEqualTypeOf<string | undefined>();
  expectTypeOf(readStatus).returns.toEqualTypeOf<void>();
});
