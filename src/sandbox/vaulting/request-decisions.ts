/** From a request and what is stored to an answer and what is to be stored. Pure. */
import { createFailure, type ResultBody } from "../../gateway/index.ts";
import { decideCard } from "./decide-card.ts";
import { type Links, toInquiryResponse, toSessionResponse, toVaultPaymentMethodResponse } from "./responses.ts";
import {
  applyCard,
  type Facts,
  type Session,
  transition,
  type Vaulting,
  type VaultingStart,
  type WaitingForCard,
} from "./state-machine.ts";

/** What is to be done: the answer, and the vaulting as it is from now on, where that changed. */
export interface RequestDecision<Answer> {
  readonly response: Answer;
  readonly vaulting?: Vaulting;
}

/** What an operation is asked, beside the fields that the issuer looks at. */
export interface VaultingRequest {
  readonly clientId: string;
  readonly vaultingRequestId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly fingerprint: string;
}

export interface DecisionOptions {
  readonly facts: Facts;
  readonly links: Links;
  /** Answers other content under a known ID with REPEAT_REQ_INCONSISTENT in the place of the first result. */
  readonly rejectIdReuse: boolean;
  /** A result that is forced on new vaultings. */
  readonly scenario?: string | undefined;
}

/** vaultPaymentMethod. */
export function decideVaultPaymentMethod(
  asked: VaultingRequest,
  stored: Vaulting | undefined,
  rules: DecisionOptions,
): RequestDecision<object> {
  const { facts, links } = rules;
  if (stored) {
    if (isRejectedReuse(asked, stored, rules)) return { response: idReusedResult(asked.vaultingRequestId) };
    const current = transition(stored, { kind: "nothing" }, facts);
    return toDecision(stored, current, toVaultPaymentMethodResponse(current, links));
  }
  const { card = {} } = getObject(asked.body, "paymentMethodDetail");
  const { cardNo, is3DSAuthentication, brand } = card as Readonly<Record<string, unknown>>;
  const judged = decideCard({
    cardNo: String(cardNo),
    is3DSAuthentication: is3DSAuthentication as boolean | "true" | "false" | undefined,
    ...(typeof brand === "string" ? { brand } : {}),
  });
  if (!judged.accepted) {
    return {
      response: createFailure("PARAM_ILLEGAL", `${judged.pointer} ${judged.message}.`, asked.vaultingRequestId),
    };
  }
  const decided = applyCard(createVaultingStart(asked, null, facts), applyScenario(judged, rules.scenario), facts);
  const unverified = decided.status === "FAIL" && rules.scenario === "VERIFICATION_FAIL";
  const begun = unverified ? { ...decided, verificationFailed: true } : decided;
  return { response: toVaultPaymentMethodResponse(begun, links), vaulting: begun };
}

/** createVaultingSession. */
export function decideCreateVaultingSession(
  asked: VaultingRequest,
  stored: Vaulting | undefined,
  rules: DecisionOptions,
): RequestDecision<object> {
  const { facts, links } = rules;
  if (stored) {
    if (stored.session === null || isRejectedReuse(asked, stored, rules)) return { response: idReusedResult() };
    return toDecision(stored, transition(stored, { kind: "nothing" }, facts), toSessionResponse(stored.session, links));
  }
  const sessionId = facts.random.sessionId();
  const expiresAt = facts.now + facts.lifetimes.sessionMs;
  const session = {
    cardPageId: facts.random.linkId(),
    sessionId,
    sessionData: facts.random.sessionData(sessionId, expiresAt),
    expiresAt,
    threeDS: String(asked.body["is3DSAuthentication"]) === "true",
  };
  const start = createVaultingStart(asked, session, facts);
  const begun: WaitingForCard = { ...start, session, status: "PROCESSING", card: null, challenge: null, expiresAt };
  return { response: toSessionResponse(session, links), vaulting: begun };
}

/** inquireVaulting. */
export function decideInquireVaulting(
  vaultingRequestId: string,
  stored: Vaulting | undefined,
  { facts, links }: Pick<DecisionOptions, "facts" | "links">,
): RequestDecision<object> {
  if (!stored) return { response: notFoundResponse(vaultingRequestId) };
  const current = transition(stored, { kind: "nothing" }, facts);
  return toDecision(stored, current, toInquiryResponse(current, links));
}

const toDecision = <Answer>(stored: Vaulting, current: Vaulting, answer: Answer): RequestDecision<Answer> =>
  current === stored ? { response: answer } : { response: answer, vaulting: current };

const isRejectedReuse = (asked: VaultingRequest, stored: Vaulting, { rejectIdReuse }: DecisionOptions): boolean =>
  rejectIdReuse && asked.fingerprint !== stored.fingerprint;

const idReusedResult = (echo?: string): ResultBody =>
  createFailure(
    "REPEAT_REQ_INCONSISTENT",
    "The ID names a vaulting that was asked for with other content. Take a new vaultingRequestId.",
    echo,
  );

const notFoundResponse = (vaultingRequestId: string) => ({
  result: {
    resultCode: "VAULTING_NOT_EXIST",
    resultStatus: "F" as const,
    resultMessage: "There is no vaulting with this vaultingRequestId.",
  },
  vaultingRequestId,
});

function createVaultingStart(
  { clientId, vaultingRequestId, body, fingerprint }: VaultingRequest,
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
function applyScenario<Card extends { readonly verdict: string; readonly challenge: unknown }>(
  card: Card,
  scenario?: string,
): Card {
  switch (scenario) {
    case undefined:
      return card;
    case "VERIFICATION_IN_PROCESS":
      return { ...card, challenge: card.challenge ?? "code_required" };
    case "VERIFICATION_FAIL":
      return { ...card, verdict: "USER_PAYMENT_VERIFICATION_FAILED", challenge: undefined };
    default:
      return { ...card, verdict: scenario, challenge: undefined };
  }
}

const getObject = (value: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> => {
  const inner = value[name];
  return typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>) : {};
};
