/** The ways in which a vaulting becomes final. @module */
import { TEST_CARDS as ALL_TEST_CARDS, type ChallengeScript } from "../../../cards/test-cards.ts";
import {
  CANCEL_CHALLENGE,
  openForm,
  PASS_CHALLENGE,
  submitForm,
  WRONG_CODE,
} from "../../conversation/simulated-buyer.ts";
import type { TargetClient } from "../../conversation/target-client.ts";
import { type RequestBody, TEST_CARDS, withCard } from "../../document/sample-requests.ts";
import type { Exchange } from "../../model/exchange.ts";
import { CheckSkipped } from "../../model/failure.ts";
import {
  createSession,
  getNormalUrl,
  inquire,
  openCardForm,
  requireChallenge,
  requireFailure,
  requireSuccess,
  vault,
} from "../vaulting-requests.ts";

const VAULTED = "/components/schemas/VaultingNotificationVaulted";
const FAILED = "/components/schemas/VaultingNotificationFailed";

/** A way in which a vaulting becomes final. */
export interface VaultingKind {
  readonly id: string;
  /** Completes "a notification about …". */
  readonly label: string;
  readonly source: string;
  /** Sends the request, and acts as the buyer. Returns the response to the request. */
  readonly start: (client: TargetClient, id: string, change: RequestBody) => Promise<Exchange>;
}

/** Vaults a card whose brand and country differ from those in the request. */
const startWithCard =
  (card: RequestBody, next: (response: Exchange) => unknown): VaultingKind["start"] =>
  async (client, id, change) => {
    const stated = {
      brand: "MASTERCARD",
      selectedCardBrand: "MASTERCARD",
      billingAddress: { region: "DE" },
      networkTransactionId: "483297487231504",
    };
    const response = await vault(client, id, { merchantRegion: "JP", ...withCard({ ...stated, ...card }), ...change });
    await next(response);
    return response;
  };
const startInSession =
  (cardNo: string, next: (inquiry: () => Promise<Exchange>) => unknown = () => {}): VaultingKind["start"] =>
  async (client, id, change) => {
    const session = await createSession(client, id, change);
    const submit = await openCardForm(client, session, cardNo);
    // The buyer clicks twice. The target may respond to the second click in any way.
    const clicks = await Promise.allSettled([submit(), submit()]);
    if (clicks.every(({ status }) => status === "rejected")) await submit();
    await next(() => inquire(client, id));
    return session;
  };
/** Submits the form of the challenge `times` times. If `times` is 1, also submits a different action in a second tab, which must not change the result. */
const submitChallenge =
  (form: typeof PASS_CHALLENGE, times = 1) =>
  async (response: Exchange) => {
    const url = requireChallenge(response);
    const submitInOtherTab = await openForm(url, form === CANCEL_CHALLENGE ? PASS_CHALLENGE : CANCEL_CHALLENGE);
    await submitForm(url, form);
    // The challenge might end before the last submission.
    for (let count = 1; count < times; count++) await submitForm(url, form).catch(() => {});
    if (times === 1) await submitInOtherTab().catch(() => {});
  };
const getChallengedCard = (script: ChallengeScript): string =>
  ALL_TEST_CARDS.find(({ challenge }) => challenge === script)?.number ?? "";
/** The number of wrong codes that a buyer enters. If the target allows more, the checks are skipped. */
const TRIES = 3;

/** A card from Brazil, because the request contains other countries. */
const CHALLENGED = { cardNo: "4294097400915107", is3DSAuthentication: true };
export const SUCCESSFUL_VAULTING: VaultingKind = {
  id: "vaulted",
  label: "a successful vaulting",
  source: VAULTED,
  start: startWithCard({ cardNo: TEST_CARDS.visa }, requireSuccess),
};
export const VAULTING_KINDS: readonly VaultingKind[] = [
  SUCCESSFUL_VAULTING,
  {
    id: "failed",
    label: "a failed vaulting",
    source: FAILED,
    start: startWithCard({ cardNo: TEST_CARDS.declined }, requireFailure),
  },
  {
    id: "challenged",
    label: "a vaulting whose buyer passes 3-D Secure",
    source: VAULTED,
    start: startWithCard(CHALLENGED, submitChallenge(PASS_CHALLENGE)),
  },
  {
    id: "cancelled",
    label: "a vaulting whose buyer cancels 3-D Secure",
    source: FAILED,
    start: startWithCard(CHALLENGED, submitChallenge(CANCEL_CHALLENGE)),
  },
  {
    id: "wrong-codes",
    label: "a vaulting whose buyer enters wrong codes",
    source: FAILED,
    start: startWithCard(CHALLENGED, submitChallenge(WRONG_CODE, TRIES)),
  },
  {
    id: "challenged-failed",
    label: "a declined card whose buyer passes 3-D Secure",
    source: FAILED,
    start: startWithCard({ cardNo: TEST_CARDS.declined, is3DSAuthentication: true }, submitChallenge(PASS_CHALLENGE)),
  },
  ...(["failed", "rejected", "unavailable"] as const).map(
    (script): VaultingKind => ({
      id: `issuer-${script}`,
      label: `a vaulting whose 3-D Secure result is ${script}`,
      source: FAILED,
      start: startWithCard({ cardNo: getChallengedCard(script) }, submitChallenge(PASS_CHALLENGE)),
    }),
  ),
  {
    id: "session",
    label: "a session whose buyer enters a card",
    source: VAULTED,
    start: startInSession(TEST_CARDS.visa),
  },
  {
    id: "session-failed",
    label: "a session whose buyer enters a declined card",
    source: FAILED,
    start: startInSession(TEST_CARDS.declined),
  },
  {
    id: "session-challenged",
    label: "a session whose buyer passes 3-D Secure",
    source: VAULTED,
    start: (client, id, change) =>
      startInSession(TEST_CARDS.visa, async (getInquiry) => {
        const url = getNormalUrl(await getInquiry());
        if (typeof url !== "string") throw new CheckSkipped("The inquiry has no normalUrl during 3-D Secure.");
        await submitForm(url, PASS_CHALLENGE);
      })(client, id, { is3DSAuthentication: true, ...change }),
  },
];
