/** Functions without I/O that decide the response to a request, and the vaulting to store. */
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

/** The response to a request. If the request created or changed a vaulting, also the vaulting to store. */
export interface Decision<Result> {
  readonly response: Result;
  readonly vaulting?: Vaulting;
}

/** A request to create a vaulting. */
export interface VaultingRequest {
  readonly clientId: string;
  readonly vaultingRequestId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly fingerprint: string;
}

export interface DecisionOptions {
  readonly facts: Facts;
  readonly links: Links;
  /** Whether to return REPEAT_REQ_INCONSISTENT instead of the first result if an ID is reused with different content. */
  readonly rejectIdReuse: boolean;
  /** The result code to force on new vaultings. */
  readonly scenario?: string | undefined;
}

/** Decides the response to vaultPaymentMethod. */
export function decideVaultPaymentMethod(
  request: VaultingRequest,
  stored: Vaulting | undefined,
  options: DecisionOptions,
): Decision<object> {
  const { facts, links } = options;
  if (stored) {
    if (isRejectedReuse(request, stored, options))
      return { response: createIdReusedResponse(request.vaultingRequestId) };
    const current = transition(stored, { kind: "nothing" }, facts);
    return toDecision(stored, current, toVaultPaymentMethodResponse(current, links));
  }
  const { card: fields = {} } = getObject(request.body, "paymentMethodDetail");
  const { cardNo, is3DSAuthentication, brand, selectedCardBrand = brand } = fields as Readonly<Record<string, unknown>>;
  const card = decideCard({
    cardNo: String(cardNo),
    is3DSAuthentication: is3DSAuthentication as boolean | "true" | "false" | undefined,
    ...(typeof selectedCardBrand === "string" ? { brand: selectedCardBrand } : {}),
  });
  if (!card.accepted) {
    const message = `${card.pointer} ${card.message}.`;
    return { response: createFailure("PARAM_ILLEGAL", message, request.vaultingRequestId) };
  }
  const decided = applyCard(createVaultingStart(request, null, facts), applyScenario(card, options.scenario), facts);
  const unverified = decided.status === "FAIL" && options.scenario === "VERIFICATION_FAIL";
  const vaulting = unverified ? { ...decided, verificationFailed: true } : decided;
  return { response: toVaultPaymentMethodResponse(vaulting, links), vaulting };
}

/** Decides the response to createVaultingSession. */
export function decideCreateVaultingSession(
  request: VaultingRequest,
  stored: Vaulting | undefined,
  options: DecisionOptions,
): Decision<object> {
  const { facts, links } = options;
  if (stored) {
    if (stored.session === null || isRejectedReuse(request, stored, options))
      return { response: createIdReusedResponse() };
    return toDecision(stored, transition(stored, { kind: "nothing" }, facts), toSessionResponse(stored.session, links));
  }
  const sessionId = facts.random.sessionId();
  const expiresAt = facts.now + facts.lifetimes.sessionMs;
  const session = {
    cardPageId: facts.random.linkId(),
    sessionId,
    sessionData: facts.random.sessionData(sessionId, expiresAt),
    expiresAt,
    threeDS: String(request.body["is3DSAuthentication"]) === "true",
  };
  const start = createVaultingStart(request, session, facts);
  const vaulting: WaitingForCard = { ...start, session, status: "PROCESSING", card: null, challenge: null, expiresAt };
  return { response: toSessionResponse(session, links), vaulting };
}

/** Decides the response to inquireVaulting. */
export function decideInquireVaulting(
  vaultingRequestId: string,
  stored: Vaulting | undefined,
  { facts, links }: Pick<DecisionOptions, "facts" | "links">,
): Decision<object> {
  if (!stored) return { response: createNotFoundResponse(vaultingRequestId) };
  const current = transition(stored, { kind: "nothing" }, facts);
  return toDecision(stored, current, toInquiryResponse(current, links));
}

const toDecision = (stored: Vaulting, current: Vaulting, response: object): Decision<object> =>
  current === stored ? { response } : { response, vaulting: current };

const isRejectedReuse = (request: VaultingRequest, stored: Vaulting, { rejectIdReuse }: DecisionOptions): boolean =>
  rejectIdReuse && request.fingerprint !== stored.fingerprint;

const createIdReusedResponse = (vaultingRequestId?: string): ResultBody =>
  createFailure(
    "REPEAT_REQ_INCONSISTENT",
    "A vaulting with this ID already exists for a different request. Use a new vaultingRequestId.",
    vaultingRequestId,
  );

const createNotFoundResponse = (vaultingRequestId: string) => ({
  result: {
    resultCode: "VAULTING_NOT_EXIST",
    resultStatus: "F" as const,
    resultMessage: "No vaulting exists for this vaultingRequestId.",
  },
  vaultingRequestId,
});

function createVaultingStart(
  { clientId, vaultingRequestId, body, fingerprint }: VaultingRequest,
  session: Session | null,
  { now }: Facts,
): VaultingStart {
  const getText = (name: string) => (typeof body[name] === "string" ? body[name] : null);
  return {
    clientId,
    vaultingRequestId,
    session,
    notificationUrl: String(body["vaultingNotificationUrl"]),
    redirectUrl: getText("redirectUrl"),
    metadata: session === null ? getText("metadata") : null,
    fingerprint,
    createdAt: now,
  };
}

/** Applies a scenario: adds a challenge, or replaces the card's result and removes its challenge. */
function applyScenario<Card extends { readonly result: string; readonly challenge: unknown }>(
  card: Card,
  scenario?: string,
): Card {
  switch (scenario) {
    case undefined:
      return card;
    case "VERIFICATION_IN_PROCESS":
      return { ...card, challenge: card.challenge ?? "code_required" };
    case "VERIFICATION_FAIL":
      return { ...card, result: "USER_PAYMENT_VERIFICATION_FAILED", challenge: undefined };
    default:
      return { ...card, result: scenario, challenge: undefined };
  }
}

const getObject = (value: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> => {
  const inner = value[name];
  return typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>) : {};
};
