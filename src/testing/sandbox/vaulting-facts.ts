/** Vaultings whose random values are known, and a clock that stands. */
import { judgeCard } from "../../sandbox/vaulting/decide-card.ts";
import type { Asked, Rules } from "../../sandbox/vaulting/request-decisions.ts";
import type { Links } from "../../sandbox/vaulting/responses.ts";
import {
  type AcceptedCard,
  type Facts,
  LIFETIMES,
  type VaultingStart,
  type WaitingForCard,
  type WaitingForChallenge,
  withCard,
} from "../../sandbox/vaulting/state-machine.ts";

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

/** What vaultPaymentMethod starts with, before the card is known. */
export const BEGUN: VaultingStart = {
  clientId: "CLIENT",
  vaultingRequestId: "id-1",
  session: null,
  notificationUrl: "https://merchant.example/notify",
  redirectUrl: "https://merchant.example/done",
  metadata: '{"customer":"c-17"}',
  fingerprint: "f-1",
  createdAt: NOW,
};

/** A session that waits for its card. */
export const SESSION: WaitingForCard = {
  ...BEGUN,
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

/** A vaulting that waits for the challenge of a card. */
export function challenged(cardNo: string, from: VaultingStart = BEGUN): WaitingForChallenge {
  const vaulting = withCard(from, judged(cardNo), factsAt());
  if (vaulting.status !== "PROCESSING") throw new Error("The test's card has no challenge.");
  return vaulting;
}
