/** Three cards, each on another way: to a token, through a challenge, to a refusal. */
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

/** What came of a card, for `--json`. */
export interface DemoResult {
  readonly vaultingRequestId: string;
  readonly outcome: string;
  readonly passed: boolean;
  readonly cardToken?: string;
  readonly code?: string;
}

interface SentCall {
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly responseHeaders: Headers;
}

interface DemoContext {
  readonly vault: VaultClient;
  readonly print: (text?: string) => void;
  /** Prints whether a step held. */
  readonly check: (held: boolean, text: string) => void;
  readonly style: Styles;
}

const CHALLENGED = "4054695723100768";
const EXPIRED = "4000009900050009";
/** How long the notification is waited for. */
const NOTIFICATION_TIMEOUT_MS = 5_000;

export async function runDemoVaultings(
  sandbox: RunningSandbox,
  say: DemoContext["print"],
  style: Styles,
): Promise<readonly DemoResult[]> {
  await using arrivals = await openNotificationInbox(sandbox.credentials);
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
  const check = (held: boolean, text: string) => say(indent(`${held ? style.green("✓") : style.red("✗")} ${text}`));
  const stage: DemoContext = { vault, print: say, check, style };
  const sample = readSample();
  const card = (vaultingRequestId: string, cardNo: string, is3DSAuthentication: boolean): Request => ({
    ...sample,
    vaultingRequestId,
    vaultingNotificationUrl: arrivals.url,
    redirectUrl: "https://merchant.example/cards/done",
    paymentMethodDetail: {
      paymentMethodType: "CARD",
      card: { ...sample.paymentMethodDetail.card, cardNo, is3DSAuthentication },
    },
  });

  say(style.bold("1. The vendor's own sample, verbatim, straight to a card token"));
  const straight = await vaultWithoutChallenge(stage, sample, () => last);
  say(style.bold("2. A card with 3-D Secure: the page, the signed notification"));
  const challenged = await vaultWithChallenge(stage, card("demo-3ds", CHALLENGED, true), arrivals);
  say(style.bold("3. A card that the issuer refuses"));
  const refused = await vaultDeclinedCard(stage, card("demo-refused", EXPIRED, false));
  return [straight, challenged, refused];
}

async function vaultWithoutChallenge(
  { vault, print, check, style }: DemoContext,
  sample: Request,
  last: () => SentCall | undefined,
): Promise<DemoResult> {
  print(indent(JSON.stringify(maskCardData(sample), null, 2)));
  const outcome = await vault.vaultPaymentMethod(sample);
  const { vaultingRequestId } = sample;
  const exchange = last();
  if (exchange) {
    const { path, headers, body, responseHeaders } = exchange;
    const clientId = headers.get("client-id") ?? "";
    const time = headers.get("request-time") ?? "";
    print(indent("Signed and sent: RSA-2048 with SHA-256 over this text (card data masked)"));
    print(indent(formatSignedString({ path, clientId, time, body }), "      "));
    check(true, `answered, signature verified over ${responseHeaders.get("response-time") ?? ""} and the raw body`);
  }
  const held = outcome.outcome === "vaulted";
  check(held, `${outcome.outcome} ${held ? (outcome.paymentMethodDetail.card.maskedCardNo ?? "") : ""}`);
  if (held) print(indent(`  cardToken ${style.bold(outcome.cardToken)}`));
  print();
  return {
    vaultingRequestId,
    outcome: outcome.outcome,
    passed: held,
    ...(held ? { cardToken: outcome.cardToken } : {}),
  };
}

async function vaultWithChallenge(
  { vault, print, check, style }: DemoContext,
  request: Request,
  arrivals: NotificationInbox,
): Promise<DemoResult> {
  const { vaultingRequestId } = request;
  const first = await vault.vaultPaymentMethod(request);
  const page = first.outcome === "verification_required" ? first.normalUrl : undefined;
  check(page !== undefined, `${first.outcome}${page === undefined ? "" : `: the buyer is sent to ${page}`}`);
  if (page === undefined) return { vaultingRequestId, outcome: first.outcome, passed: false };

  const led = await submitForm(page, { code: ONE_TIME_CODE, answer: "code" });
  const back = led === request.redirectUrl;
  check(back, `one-time code typed, the buyer is back at ${led ?? "nowhere"}`);

  await arrivals.waitFor((heard) => heard.length > 0, NOTIFICATION_TIMEOUT_MS, new AbortController().signal);
  const event = arrivals.received.find((each) => each.vaultingRequestId === vaultingRequestId);
  const told = event?.outcome === "vaulted";
  const came = event?.outcome ?? arrivals.received.at(-1)?.reason ?? "nothing came";
  check(told, `notifyVaulting received, signature verified, acknowledged: ${came}`);

  const outcome = await vault.inquireVaulting({ vaultingRequestId });
  const same = outcome.outcome === "vaulted" && told && outcome.cardToken === event.cardToken;
  check(same, `the inquiry says the same: ${outcome.outcome}`);
  if (same) print(indent(`  cardToken ${style.bold(outcome.cardToken)}`));
  print();
  const held = back && same;
  return {
    vaultingRequestId,
    outcome: outcome.outcome,
    passed: held,
    ...(same ? { cardToken: outcome.cardToken } : {}),
  };
}

async function vaultDeclinedCard({ vault, print, check }: DemoContext, request: Request): Promise<DemoResult> {
  const { vaultingRequestId } = request;
  const answer = await vault.vaultPaymentMethod(request);
  const failed = answer.outcome === "failed" && answer.code === "PROCESS_FAIL";
  check(failed, `${answer.outcome}${"code" in answer ? `, ${answer.code}: ${answer.message}` : ""}`);
  const inquiry = await vault.inquireVaulting({ vaultingRequestId });
  const known = inquiry.outcome === "failed" && inquiry.code === "CARD_EXPIRED";
  check(known, `the inquiry names the issuer's reason: ${"code" in inquiry ? inquiry.code : inquiry.outcome}`);
  print();
  const code = "code" in inquiry ? { code: inquiry.code } : {};
  return { vaultingRequestId, outcome: inquiry.outcome, passed: failed && known, ...code };
}

const readSample = () =>
  parseGenerated<{
    readonly components: { readonly examples: { readonly Sample: { readonly value: Request } } };
  }>("openapi.json").components.examples.Sample.value;
