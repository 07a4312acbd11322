/** Vaultings with predictable IDs and tokens, and a fixed time. */
import type { TestCard } from "../../cards/test-cards.ts";
import { decideCard } from "../../sandbox/vaulting/decide-card.ts";
import type { DecisionOptions, VaultingRequest } from "../../sandbox/vaulting/request-decisions.ts";
import type { Links } from "../../sandbox/vaulting/responses.ts";
import {
  type AcceptedCard,
  applyCard,
  type Facts,
  LIFETIMES,
  type VaultingStart,
  type WaitingForCard,
  type WaitingForChallenge,
} from "../../sandbox/vaulting/state-machine.ts";

export const NOW = Date.UTC(2026, 10, 23, 12);

/** Creates facts with predictable values. Tokens and IDs are numbered consecutively, such as `token-1` and `link-2`. */
export function createFacts(now = NOW): Facts {
  let count = 0;
  const next = (name: string) => () => {
    count += 1;
    return `${name}-${count}`;
  };
  const random = {
    cardToken: next("token"),
    linkId: next("link"),
    sessionId: next("session"),
    sessionData: (sessionId: string, expiresAt: number) => `data of ${sessionId} until ${expiresAt}`,
    networkTransactionId: () => "012345678901234",
    fingerprint: (clientId: string, { number }: TestCard) => `fingerprint of ${clientId} ${number.slice(-8, -4)}`,
  };
  return { now, random, lifetimes: LIFETIMES };
}

export const links: Links = {
  challenge: (id) => `http://127.0.0.1:4010/3ds/${id}`,
  card: (id) => `http://127.0.0.1:4010/card/${id}`,
};

export const createDecisionOptions = (now = NOW, options: Partial<DecisionOptions> = {}): DecisionOptions => ({
  facts: createFacts(now),
  links,
  rejectIdReuse: false,
  ...options,
});

export const createRequest = (cardNo: string, card: object = {}, body: object = {}): VaultingRequest => ({
  clientId: "CLIENT",
  vaultingRequestId: "id-1",
  fingerprint: "f-1",
  body: {
    vaultingNotificationUrl: "https://merchant.example/notify",
    redirectUrl: "https://merchant.example/done",
    paymentMethodDetail: { paymentMethodType: "CARD", card: { cardNo, ...card } },
    ...body,
  },
});

/** Returns the issuer's decision about a card that it accepts. */
export function acceptCard(cardNo: string, is3DSAuthentication = false): AcceptedCard {
  const card = decideCard({ cardNo, is3DSAuthentication });
  if (!card.accepted) throw new Error("The issuer declined the test's card.");
  return card;
}

/** A vaulting that vaultPaymentMethod creates, before its card is applied. */
export const VAULTING_START: VaultingStart = {
  clientId: "CLIENT",
  vaultingRequestId: "id-1",
  session: null,
  notificationUrl: "https://merchant.example/notify",
  redirectUrl: "https://merchant.example/done",
  metadata: '{"customer":"c-17"}',
  fingerprint: "f-1",
  createdAt: NOW,
};

/** A vaulting whose buyer has not yet entered a card on the session's page. */
export const SESSION: WaitingForCard = {
  ...VAULTING_START,
  session: {
    cardPageId: "page",
    sessionId: "session",
    sessionData: "data",
    expiresAt: NOW + LIFETIMES.sessionMs,
    threeDS: false,
  },
  redirectUrl: null,
  metadata: null,
  status: "PROCESSING",
  card: null,
  challenge: null,
  expiresAt: NOW + LIFETIMES.sessionMs,
};

/** Creates a vaulting that waits for its card's challenge. */
export function createChallenged(cardNo: string, start: VaultingStart = VAULTING_START): WaitingForChallenge {
  const vaulting = applyCard(start, acceptCard(cardNo), createFacts());
  if (vaulting.status !== "PROCESSING") throw new Error("The test's card requires no challenge.");
  return vaulting;
}
