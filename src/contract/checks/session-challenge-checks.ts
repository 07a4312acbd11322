/** Checks of 3-D Secure in sessions, and of request fields that createVaultingSession must ignore. */
import type { OperationId } from "../../../generated/operations.ts";
import { TEST_CARDS as ALL_TEST_CARDS } from "../../cards/test-cards.ts";
import { getField } from "../../protocol/json-fields.ts";
import { CANCEL_CHALLENGE, REDIRECT_URLS, submitForm, WRONG_CODE } from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { CHALLENGED_CARD, withCard } from "../document/sample-requests.ts";
import { runForEach } from "../model/failure.ts";
import { expectAccepted } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type CheckRow, selectStateChecks } from "./check.ts";
import { createFieldsInOtherCases } from "./ignored-fields.ts";
import { expectAllowedRedirect, expectVaulted, vaultInSession } from "./session-checks.ts";
import {
  createSession,
  expectFirstOrRejected,
  findChallenge,
  getCardToken,
  getVaultingStatus,
  inquireFinal,
  requireChallenge,
  requireSuccess,
  vault,
} from "./vaulting-requests.ts";

const EXEMPT_CARD = ALL_TEST_CARDS.find(({ exempt }) => exempt)?.number ?? "";

/** Forms that a buyer submits to fail 3-D Secure. */
const FAILURES = [
  { action: "cancels 3-D Secure", forms: [CANCEL_CHALLENGE] },
  { action: "enters 3 wrong codes", forms: [WRONG_CODE, WRONG_CODE, WRONG_CODE] },
] as const;

/** Expects a failed challenge in a session to fail the vaulting, as it does without a session. */
async function expectFailed(client: TargetClient): Promise<void> {
  const failChallenge = async (id: string, url: string, forms: (typeof FAILURES)[number]["forms"]) => {
    let location: string | undefined;
    for (const form of forms) location = await submitForm(url, form);
    const inquiry = await inquireFinal(client, id);
    const isFailed = getVaultingStatus(inquiry) === "FAIL" && getCardToken(inquiry) === undefined;
    return { inquiry, location, isFailed };
  };
  await runForEach(FAILURES, async ({ action, forms }) => {
    const [id, sessionId] = [client.createId(), client.createId()];
    const { isFailed } = await failChallenge(id, requireChallenge(await vault(client, id, CHALLENGED_CARD)), forms);
    if (!isFailed) return;
    const [redirectUrl] = REDIRECT_URLS;
    const change = { is3DSAuthentication: true, redirectUrl };
    const { session } = await vaultInSession(client, sessionId, change);
    const url = await findChallenge(client, sessionId);
    expectFirstOrRejected(session, await createSession(client, sessionId, change));
    const { inquiry, location, isFailed: isSessionFailed } = await failChallenge(sessionId, url, forms);
    expectFirstOrRejected(session, await createSession(client, sessionId, change));
    expectAllowedRedirect(session, location);
    if (!isSessionFailed) fail(inquiry, `Inquiry about a session does not return FAIL after the buyer ${action}.`);
  });
}

/** Expects a card that vaultPaymentMethod exempts from 3-D Secure to be exempt in a session, too. */
async function expectExempt(client: TargetClient): Promise<void> {
  requireSuccess(
    await vault(
      client,
      client.createId(),
      withCard({ cardNo: EXEMPT_CARD, brand: undefined, is3DSAuthentication: true }),
    ),
  );
  const id = client.createId();
  const change = { is3DSAuthentication: true, redirectUrl: REDIRECT_URLS[0] };
  const { session, location } = await vaultInSession(client, id, change, EXEMPT_CARD);
  expectAllowedRedirect(session, location);
  expectVaulted(await inquireFinal(client, id));
}

/** Fields that a createVaultingSession request does not have. Each field would change the result if the target used it. */
const FOREIGN_FIELDS = {
  metadata: "foreign",
  merchantAccountId: "foreign",
  request3DS: true,
  ...createFieldsInOtherCases("is3DSAuthentication", true),
  ...createFieldsInOtherCases("redirectUrl", "https://merchant.example/foreign"),
  paymentMethodDetail: { card: { is3DSAuthentication: true } },
};

async function expectIgnored(client: TargetClient): Promise<void> {
  const id = client.createId();
  const change = { ...FOREIGN_FIELDS, redirectUrl: undefined };
  expectAccepted(await createSession(client, id, change));
  const { session, location } = await vaultInSession(client, id, change);
  const inquiry = await inquireFinal(client, id);
  expectVaulted(inquiry);
  for (const name of ["metadata", "merchantAccountId"])
    if (getField(inquiry.body, name) !== undefined)
      fail(inquiry, `Inquiry about a session returns the unknown field ${name} from the request.`);
  expectAllowedRedirect(session, location);
}

const rows: readonly CheckRow[] = [
  {
    id: "createVaultingSession.page.challenge-failed",
    title: "fails the vaulting when the buyer cancels 3-D Secure or enters wrong codes in a session",
    run: expectFailed,
  },
  {
    id: "createVaultingSession.page.exempt",
    title: "exempts a card from 3-D Secure in a session if vaultPaymentMethod exempts it",
    run: expectExempt,
  },
  {
    id: "createVaultingSession.page.ignored-fields",
    title:
      "ignores undocumented fields of a createVaultingSession request, such as vaultPaymentMethod fields and names that differ only in case",
    run: expectIgnored,
  },
];

export const createSessionChallengeChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(operation, rows, "/components/schemas/CreateVaultingSessionRequest");
