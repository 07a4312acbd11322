/** From a request and what is stored to an answer and what is to be stored. Pure. */
import { gatewayFailure, type ResultBody } from "../../gateway/index.ts";
import { judgeCard } from "./decide-card.ts";
import { inquiryAnswer, type Links, sessionAnswer, vaultPaymentMethodAnswer } from "./responses.ts";
import { after, type Facts, type Vaulting, withCard } from "./state-machine.ts";

/** What is to be done: the answer, and the vaulting as it is from now on, where that changed. */
export interface Step<Answer> {
  readonly answer: Answer;
  readonly vaulting?: Vaulting;
}

/** What an operation is asked, beside the fields that the issuer looks at. */
export interface Asked {
  readonly clientId: string;
  readonly vaultingRequestId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly fingerprint: string;
}

export interface Rules {
  readonly facts: Facts;
  readonly links: Links;
  /** Answers other content under a known ID with REPEAT_REQ_INCONSISTENT in the place of the first result. */
  readonly refuseDifferingRepeats: boolean;
  /** A result that is forced on new vaultings. */
  readonly scenario?: string | undefined;
}

/** vaultPaymentMethod. */
export function decideVaultPaymentMethod(asked: Asked, stored: Vaulting | undefined, rules: Rules): Step<object> {
  const { facts, links } = rules;
  if (stored) {
    if (differs(asked, stored, rules)) return { answer: inconsistent(asked.vaultingRequestId) };
    const current = after(stored, { kind: "nothing" }, facts);
    return step(stored, current, vaultPaymentMethodAnswer(current, links));
  }
  const { card = {} } = objectIn(asked.body, "paymentMethodDetail");
  const { cardNo, is3DSAuthentication, brand } = card as Readonly<Record<string, unknown>>;
  const judged = judgeCard({
    cardNo: String(cardNo),
    is3DSAuthentication: is3DSAuthentication as boolean | "true" | "false" | undefined,
    ...(typeof brand === "string" ? { brand } : {}),
  });
  if (!judged.accepted) {
    return { answer: gatewayFailure("PARAM_ILLEGAL", `${judged.pointer} ${judged.message}.`, asked.vaultingRequestId) };
  }
  const decided = withCard(begin(asked, "vaultPaymentMethod", facts), forced(judged, rules.scenario), facts);
  const begun: Vaulting = rules.scenario === "VERIFICATION_FAIL" ? { ...decided, verificationFailed: 1 } : decided;
  return { answer: vaultPaymentMethodAnswer(begun, links), vaulting: begun };
}

/** createVaultingSession. */
export function decideCreateVaultingSession(asked: Asked, stored: Vaulting | undefined, rules: Rules): Step<object> {
  const { facts, links } = rules;
  if (stored) {
    if (stored.origin !== "createVaultingSession" || differs(asked, stored, rules)) return { answer: inconsistent() };
    const current = after(stored, { kind: "nothing" }, facts);
    return step(stored, current, sessionAnswer(current, links));
  }
  const sessionId = facts.fresh.sessionId();
  const expiresAt = facts.now + facts.lifetimes.sessionMs;
  const begun: Vaulting = {
    ...begin(asked, "createVaultingSession", facts),
    cardPageId: facts.fresh.linkId(),
    sessionId,
    sessionData: facts.fresh.sessionData(sessionId, expiresAt),
    sessionExpiresAt: expiresAt,
    sessionThreeDS: String(asked.body["is3DSAuthentication"]) === "true" ? 1 : 0,
    expiresAt,
  };
  return { answer: sessionAnswer(begun, links), vaulting: begun };
}

/** inquireVaulting. */
export function decideInquireVaulting(
  vaultingRequestId: string,
  stored: Vaulting | undefined,
  { facts, links }: Pick<Rules, "facts" | "links">,
): Step<object> {
  if (!stored) return { answer: notExist(vaultingRequestId) };
  const current = after(stored, { kind: "nothing" }, facts);
  return step(stored, current, inquiryAnswer(current, links));
}

const step = <Answer>(stored: Vaulting, current: Vaulting, answer: Answer): Step<Answer> =>
  current === stored ? { answer } : { answer, vaulting: current };

const differs = (asked: Asked, stored: Vaulting, { refuseDifferingRepeats }: Rules): boolean =>
  refuseDifferingRepeats && asked.fingerprint !== stored.fingerprint;

const inconsistent = (echo?: string): ResultBody =>
  gatewayFailure(
    "REPEAT_REQ_INCONSISTENT",
    "The ID names a vaulting that was asked for with other content. Take a new vaultingRequestId.",
    echo,
  );

const notExist = (vaultingRequestId: string) => ({
  result: {
    resultCode: "VAULTING_NOT_EXIST",
    resultStatus: "F" as const,
    resultMessage: "There is no vaulting with this vaultingRequestId.",
  },
  vaultingRequestId,
});

function begin(
  { clientId, vaultingRequestId, body, fingerprint }: Asked,
  origin: Vaulting["origin"],
  facts: Facts,
): Vaulting {
  const text = (name: string) => (typeof body[name] === "string" ? body[name] : null);
  return {
    clientId,
    vaultingRequestId,
    origin,
    status: "PROCESSING",
    resultCode: null,
    verificationFailed: 0,
    brand: null,
    maskedCardNo: null,
    cardToken: null,
    notificationUrl: text("vaultingNotificationUrl") ?? "",
    redirectUrl: text("redirectUrl"),
    metadata: origin === "vaultPaymentMethod" ? text("metadata") : null,
    fingerprint,
    cardPageId: null,
    sessionId: null,
    sessionData: null,
    sessionExpiresAt: null,
    sessionThreeDS: 0,
    challengeId: null,
    challengeScript: null,
    pendingVerdict: null,
    endedBy: null,
    wrongCodes: 0,
    expiresAt: null,
    createdAt: facts.now,
    finishedAt: null,
  };
}

/** A scenario's result in the place of the card's own. */
function forced<Card extends { readonly verdict: string; readonly challenge: unknown }>(
  card: Card,
  scenario?: string,
): Card {
  switch (scenario) {
    case undefined:
      return card;
    case "VERIFICATION_IN_PROCESS":
      return { ...card, challenge: card.challenge ?? "asked" };
    case "VERIFICATION_FAIL":
      return { ...card, verdict: "USER_PAYMENT_VERIFICATION_FAILED", challenge: undefined };
    default:
      return { ...card, verdict: scenario, challenge: undefined };
  }
}

const objectIn = (value: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> => {
  const inner = value[name];
  return typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>) : {};
};
