/** From a request and what is stored to an answer and what is to be stored. Pure. */
import { gatewayFailure, type ResultBody } from "../../gateway/index.ts";
import { judgeCard } from "./decide-card.ts";
import { inquiryAnswer, type Links, sessionAnswer, vaultPaymentMethodAnswer } from "./responses.ts";
import {
  after,
  type Facts,
  type Session,
  type Vaulting,
  type VaultingStart,
  type WaitingForCard,
  withCard,
} from "./state-machine.ts";

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
  const decided = withCard(begin(asked, null, facts), forced(judged, rules.scenario), facts);
  const unverified = decided.status === "FAIL" && rules.scenario === "VERIFICATION_FAIL";
  const begun = unverified ? { ...decided, verificationFailed: true } : decided;
  return { answer: vaultPaymentMethodAnswer(begun, links), vaulting: begun };
}

/** createVaultingSession. */
export function decideCreateVaultingSession(asked: Asked, stored: Vaulting | undefined, rules: Rules): Step<object> {
  const { facts, links } = rules;
  if (stored) {
    if (stored.session === null || differs(asked, stored, rules)) return { answer: inconsistent() };
    return step(stored, after(stored, { kind: "nothing" }, facts), sessionAnswer(stored.session, links));
  }
  const sessionId = facts.fresh.sessionId();
  const expiresAt = facts.now + facts.lifetimes.sessionMs;
  const session = {
    cardPageId: facts.fresh.linkId(),
    sessionId,
    sessionData: facts.fresh.sessionData(sessionId, expiresAt),
    expiresAt,
    threeDS: String(asked.body["is3DSAuthentication"]) === "true",
  };
  const start = begin(asked, session, facts);
  const begun: WaitingForCard = { ...start, session, status: "PROCESSING", card: null, challenge: null, expiresAt };
  return { answer: sessionAnswer(session, links), vaulting: begun };
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
  session: Session | null,
  { now }: Facts,
): VaultingStart {
  const text = (name: string) => (typeof body[name] === "string" ? body[name] : null);
  return {
    clientId,
    vaultingRequestId,
    session,
    notificationUrl: String(body["vaultingNotificationUrl"]),
    redirectUrl: text("redirectUrl"),
    metadata: session === null ? text("metadata") : null,
    fingerprint,
    createdAt: now,
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
