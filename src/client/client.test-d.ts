import { expectTypeOf, test } from "vitest";
import type { ResultAction } from "../../generated/result-codes.ts";
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
const never = (value: never): never => value;

const request = {
  vaultingRequestId: "1",
  vaultingNotificationUrl: "https://merchant.example/n",
  redirectUrl: "https://merchant.example/r",
  paymentMethodDetail: { paymentMethodType: "CARD", card: { cardNo: "1", expiryYear: "30", expiryMonth: "12" } },
  env: { terminalType: "WEB" },
} as const;

test("an outcome of vaultPaymentMethod narrows, and there are four", async () => {
  const outcome = await vault.vaultPaymentMethod(request);
  expectTypeOf(outcome).toEqualTypeOf<VaultPaymentMethodOutcome>();
  expectTypeOf(outcome.vaultingRequestId).toEqualTypeOf<string>();
  // @ts-expect-error a token is there only once the outcome is known to be "vaulted"
  outcome.cardToken;
  switch (outcome.outcome) {
    case "vaulted":
      expectTypeOf(outcome.cardToken).toEqualTypeOf<string>();
      expectTypeOf(outcome.paymentMethodDetail.card.maskedCardNo).toEqualTypeOf<string | undefined>();
      break;
    case "verification_required":
      expectTypeOf(outcome.normalUrl).toEqualTypeOf<string | undefined>();
      // @ts-expect-error the other spelling is read, not given
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
      never(outcome);
  }
});

test("an outcome of createVaultingSession narrows, and there are three", (outcome: unknown) => {
  const session = outcome as CreateVaultingSessionOutcome;
  if (session.outcome === "created") {
    expectTypeOf(session.vaultingSessionData).toEqualTypeOf<string>();
    expectTypeOf(session.normalUrl).toEqualTypeOf<string | undefined>();
  } else if (session.outcome !== "failed" && session.outcome !== "unknown") never(session);
});

test("an outcome of inquireVaulting narrows, and there are five", (outcome: unknown) => {
  const inquiry = outcome as InquireVaultingOutcome;
  expectTypeOf(inquiry.outcome).toEqualTypeOf<
    "vaulted" | "verification_required" | "failed" | "unknown" | "inquiry_failed"
  >();
  if (inquiry.outcome === "inquiry_failed" && inquiry.code === "VAULTING_NOT_EXIST") {
    expectTypeOf(inquiry.message).toEqualTypeOf<string>();
  }
});

test("a code may be one that the document does not know", async () => {
  const outcome = await vault.vaultPaymentMethod(request);
  if (outcome.outcome === "failed") {
    expectTypeOf(outcome.code === "A_CODE_OF_NEXT_YEAR").toEqualTypeOf<boolean>();
    expectTypeOf<"A_CODE_OF_NEXT_YEAR">().toExtend<typeof outcome.code>();
  }
});

test("a request has what is required, and may have what is optional", () => {
  expectTypeOf(vault.vaultPaymentMethod).toBeCallableWith(request);
  expectTypeOf(vault.vaultPaymentMethod).toBeCallableWith({ ...request, metadata: "x", merchantRegion: "SG" });
  expectTypeOf(vault.inquireVaulting).toBeCallableWith({ vaultingRequestId: "1" }, { timeoutMs: 1 });
  const { env: _, ...withoutEnv } = request;
  // @ts-expect-error env is required
  vault.vaultPaymentMethod(withoutEnv);
  const { card } = request.paymentMethodDetail;
  const wallet = { paymentMethodType: "WALLET", card } as const;
  // @ts-expect-error paymentMethodType has one value
  vault.vaultPaymentMethod({ ...request, paymentMethodDetail: wallet });
  const numeric = { paymentMethodType: "CARD", card: { ...card, cvv: 123 } } as const;
  // @ts-expect-error a CVV is text
  vault.vaultPaymentMethod({ ...request, paymentMethodDetail: numeric });
  // @ts-expect-error terminalType is one of a list
  vault.vaultPaymentMethod({ ...request, env: { terminalType: "web" } });
  // @ts-expect-error paymentMethodType is required of a session
  vault.createVaultingSession({ vaultingRequestId: "1", vaultingNotificationUrl: "x" });
  // @ts-expect-error an inquiry needs an ID
  vault.inquireVaulting({});
  // @ts-expect-error a limit is a number
  vault.inquireVaulting({ vaultingRequestId: "1" }, { timeoutMs: "1" });
});

test("there is no other operation", () => {
  // @ts-expect-error the API cannot unvault
  vault.unvault;
  // @ts-expect-error the raw client knows the document's paths only
  vault.raw.POST("/v1/vaults/unvault", { body: request });
  // @ts-expect-error nothing is asked with GET
  vault.raw.GET("/v1/vaults/inquireVaulting");
  // @ts-expect-error the raw client wants the path's own body
  vault.raw.POST("/v1/vaults/inquireVaulting", { body: {} });
});

test("the raw client gives the wire's own types", async () => {
  const { data } = await vault.raw.POST("/v1/vaults/inquireVaulting", { body: { vaultingRequestId: "1" } });
  expectTypeOf(data?.result.resultStatus).toEqualTypeOf<"S" | "F" | "U" | undefined>();
});

test("options", () => {
  expectTypeOf(createVaultClient).returns.toEqualTypeOf<VaultClient>();
  expectTypeOf(createVaultClient).toBeCallableWith({ ...options, fetch: globalThis.fetch, retry: false });
  expectTypeOf(createVaultClient).toBeCallableWith({ ...options, antomPublicKey: { 1: "x", 2: "y" } });
  // @ts-expect-error a region is one of a list
  createVaultClient({ ...options, region: "antarctica" });
  // @ts-expect-error a client ID is required
  createVaultClient({ merchantPrivateKey: "x", antomPublicKey: "y", region: "asia" });
  // @ts-expect-error retries are switched off, not on
  createVaultClient({ ...options, retry: true });
  // @ts-expect-error a client cannot be changed
  vault.raw = createVaultClient(options).raw;
});
