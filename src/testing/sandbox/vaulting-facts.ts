/** Vaultings whose random values are known, and a clock that stands. */
import { judgeCard } from "../../sandbox/vaulting/decide-card.ts";
import type { Asked, Rules } from "../../sandbox/vaulting/request-decisions.ts";
import type { Links } from "../../sandbox/vaulting/responses.ts";
import { type AcceptedCard, type Facts, LIFETIMES, type Vaulting } from "../../sandbox/vaulting/state-machine.ts";

export const NOW = Date.UTC(2026, 10, 23, 12);

/** Random values that count up. */
export function factsAt(now = NOW): Facts {
  let count = 0;
  const next = (name: string) => () => {
    count += 1;
    return `${name}-${count}`;
  };
  const fresh = {
    cardToken: next("token"),
    linkId: next("link"),
    sessionId: next("session"),
    sessionData: (sessionId: string, expiresAt: number) => `data of ${sessionId} until ${expiresAt}`,
  };
  return { now, fresh, lifetimes: LIFETIMES };
}

export const links: Links = {
  challenge: (id) => `http://127.0.0.1:4010/3ds/${id}`,
  card: (id) => `http://127.0.0.1:4010/card/${id}`,
};

export const rulesAt = (now = NOW, more: Partial<Rules> = {}): Rules => ({
  facts: factsAt(now),
  links,
  refuseDifferingRepeats: false,
  ...more,
});

export const askedFor = (cardNo: string, card: object = {}, body: object = {}): Asked => ({
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

/** The issuer's judgement of a card that it accepts. */
export function judged(cardNo: string, is3DSAuthentication = false): AcceptedCard {
  const card = judgeCard({ cardNo, is3DSAuthentication });
  if (!card.accepted) throw new Error("The test's card is none.");
  return card;
}

/** A session's vaulting that waits for its card. */
export const SESSION: Vaulting = {
  clientId: "CLIENT",
  vaultingRequestId: "id-1",
  origin: "createVaultingSession",
  status: "PROCESSING",
  resultCode: null,
  verificationFailed: 0,
  brand: null,
  maskedCardNo: null,
  cardToken: null,
  notificationUrl: "https://merchant.example/notify",
  redirectUrl: null,
  metadata: null,
  fingerprint: "f-1",
  cardPageId: "page",
  sessionId: "session",
  sessionData: "data",
  sessionExpiresAt: NOW + LIFETIMES.sessionMs,
  sessionThreeDS: 0,
  challengeId: null,
  challengeScript: null,
  pendingVerdict: null,
  endedBy: null,
  wrongCodes: 0,
  expiresAt: NOW + LIFETIMES.sessionMs,
  createdAt: NOW,
  finishedAt: null,
};

/** One that vaultPaymentMethod began and whose card is not known yet. */
export const BEGUN: Vaulting = {
  ...SESSION,
  origin: "vaultPaymentMethod",
  redirectUrl: "https://merchant.example/done",
  metadata: '{"customer":"c-17"}',
  cardPageId: null,
  sessionId: null,
  sessionData: null,
  sessionExpiresAt: null,
  expiresAt: null,
};
