/** The vaultings of the demo: one without a challenge, one with 3-D Secure, and one that the issuer declines. @module */
import type { components } from "../../../generated/types.ts";
import { maskCardData } from "../../cards/mask-card-data.ts";
import { createVaultClient, type VaultClient } from "../../client/index.ts";
import { submitForm } from "../../contract/index.ts";
import { parseGenerated } from "../../machine/generated-documents.ts";
import { ONE_TIME_CODE, type RunningSandbox } from "../../sandbox/index.ts";
import { formatSignedString } from "../console/format-signed-string.ts";
import { indent, type Styles } from "../console/output.ts";
import { type NotificationInbox, openNotificationInbox } from "../notifications/notification-listener.ts";

type Request = components["schemas"]["VaultPaymentMethodRequest"];

/** The result of a demo vaulting, as `--json` prints it. */
export interface DemoResult {
  readonly vaultingRequestId: string;
  readonly outcome: string;
  readonly passed: boolean;
  readonly cardToken?: string;
  readonly code?: string;
}

/** The output functions of the demo. `text` wraps its text after the label. `block` does not wrap. */
export interface DemoPrinter {
  readonly text: (text: string, label?: string) => void;
  readonly block: (block?: string) => void;
  readonly style: Styles;
}

interface SentCall {
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly responseHeaders: Headers;
}

interface DemoContext {
  readonly vault: VaultClient;
  readonly print: DemoPrinter;
  /** Prints whether a step passed. */
  readonly check: (passed: boolean, text: string) => void;
}

const CHALLENGE_CARD = "4054695723100768";
const EXPIRED_CARD = "4000009900050009";
const NOTIFICATION_TIMEOUT_MS = 5_000;

export async function runDemoVaultings(sandbox: RunningSandbox, print: DemoPrinter): Promise<readonly DemoResult[]> {
  const { style } = print;
  await using inbox = await openNotificationInbox(sandbox.credentials);
  let last: SentCall | undefined;
  const vault = createVaultClient({
    ...sandbox.credentials,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      last = {
        path: new URL(input).pathname,
        headers: new Headers(init.headers),
        body: new Uint8Array(init.body as Uint8Array),
        responseHeaders: response.headers,
      };
      return response;
    },
  });
  const check = (passed: boolean, text: string) =>
    print.text(text, `    ${passed ? style.green("✓") : style.red("✗")} `);
  const context: DemoContext = { vault, print, check };
  const sample = readSample();
  const createRequest = (vaultingRequestId: string, cardNo: string, is3DSAuthentication: boolean): Request => ({
    ...sample,
    vaultingRequestId,
    vaultingNotificationUrl: inbox.url,
    redirectUrl: "https://merchant.example/cards/done",
    paymentMethodDetail: {
      paymentMethodType: "CARD",
      card: { ...sample.paymentMethodDetail.card, cardNo, is3DSAuthentication },
    },
  });

  print.text(style.bold("1. Vault the card in Antom's sample request"));
  const vaulted = await vaultWithoutChallenge(context, sample, () => last);
  print.text(style.bold("2. Vault a card with 3-D Secure and receive the notification"));
  const challenged = await vaultWithChallenge(context, createRequest("demo-3ds", CHALLENGE_CARD, true), inbox);
  print.text(style.bold("3. Try to vault a card that the issuer declines"));
  const declined = await vaultDeclinedCard(context, createRequest("demo-declined", EXPIRED_CARD, false));
  return [vaulted, challenged, declined];
}

async function vaultWithoutChallenge(
  { vault, print, check }: DemoContext,
  sample: Request,
  getLastCall: () => SentCall | undefined,
): Promise<DemoResult> {
  print.block(indent(JSON.stringify(maskCardData(sample), null, 2)));
  const outcome = await vault.vaultPaymentMethod(sample);
  const { vaultingRequestId } = sample;
  const call = getLastCall();
  if (call) {
    const { path, headers, body, responseHeaders } = call;
    const clientId = headers.get("client-id") ?? "";
    const time = headers.get("request-time") ?? "";
    print.text("The client signed this string with RSA-2048 and SHA-256 (card data masked):", "    ");
    print.block(indent(formatSignedString({ path, clientId, time, body }), "      "));
    check(
      true,
      `response with response-time ${responseHeaders.get("response-time") ?? ""} received; signature verified over the raw body`,
    );
  }
  const passed = outcome.outcome === "vaulted";
  check(passed, `${outcome.outcome} ${passed ? (outcome.paymentMethodDetail.card.maskedCardNo ?? "") : ""}`);
  const token = passed ? { cardToken: outcome.cardToken } : {};
  printToken(print, token);
  return { vaultingRequestId, outcome: outcome.outcome, passed, ...token };
}

async function vaultWithChallenge(
  { vault, print, check }: DemoContext,
  request: Request,
  inbox: NotificationInbox,
): Promise<DemoResult> {
  const { vaultingRequestId } = request;
  const first = await vault.vaultPaymentMethod(request);
  const page = first.outcome === "verification_required" ? first.normalUrl : undefined;
  check(page !== undefined, `${first.outcome}${page === undefined ? "" : `: the buyer is redirected to ${page}`}`);
  if (page === undefined) return { vaultingRequestId, outcome: first.outcome, passed: false };

  const finalUrl = await submitForm(page, { code: ONE_TIME_CODE, action: "code" });
  const hasReturned = finalUrl === request.redirectUrl;
  check(hasReturned, `one-time code entered: the buyer is redirected to ${finalUrl ?? "no page"}`);

  await inbox.waitFor((received) => received.length > 0, NOTIFICATION_TIMEOUT_MS, new AbortController().signal);
  const event = inbox.received.find((notification) => notification.vaultingRequestId === vaultingRequestId);
  const isNotified = event?.outcome === "vaulted";
  const receivedOutcome = event?.outcome ?? inbox.received.at(-1)?.reason ?? "not received";
  check(isNotified, `notifyVaulting received, signature verified, acknowledged: ${receivedOutcome}`);

  const outcome = await vault.inquireVaulting({ vaultingRequestId });
  const isSame = outcome.outcome === "vaulted" && isNotified && outcome.cardToken === event.cardToken;
  check(isSame, `the inquiry returns the same result: ${outcome.outcome}`);
  const token = isSame ? { cardToken: outcome.cardToken } : {};
  printToken(print, token);
  return { vaultingRequestId, outcome: outcome.outcome, passed: hasReturned && isSame, ...token };
}

function printToken(print: DemoPrinter, { cardToken }: { readonly cardToken?: string }): void {
  if (cardToken !== undefined) print.block(`      cardToken ${print.style.bold(cardToken)}`);
  print.block();
}

async function vaultDeclinedCard({ vault, print, check }: DemoContext, request: Request): Promise<DemoResult> {
  const { vaultingRequestId } = request;
  const first = await vault.vaultPaymentMethod(request);
  const failed = first.outcome === "failed" && first.code === "PROCESS_FAIL";
  check(failed, `${first.outcome}${"code" in first ? `, ${first.code}: ${first.message}` : ""}`);
  const inquiry = await vault.inquireVaulting({ vaultingRequestId });
  const hasReason = inquiry.outcome === "failed" && inquiry.code === "CARD_EXPIRED";
  check(hasReason, `the inquiry returns the issuer's reason: ${"code" in inquiry ? inquiry.code : inquiry.outcome}`);
  print.block();
  const code = "code" in inquiry ? { code: inquiry.code } : {};
  return { vaultingRequestId, outcome: inquiry.outcome, passed: failed && hasReason, ...code };
}

const readSample = () =>
  parseGenerated<{
    readonly components: { readonly examples: { readonly Sample: { readonly value: Request } } };
  }>("openapi.json").components.examples.Sample.value;
