/** Checks of 3-D Secure in sessions, and of fields that a session ignores. */
import type { OperationId } from "../../../generated/operations.ts";
import { TEST_CARDS as ALL_TEST_CARDS } from "../../cards/test-cards.ts";
import { getField } from "../../protocol/json-fields.ts";
import { CANCEL_CHALLENGE, submitForm } from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { CHALLENGED_CARD, withCard } from "../document/sample-requests.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type CheckRow, selectStateChecks } from "./check.ts";
import { expectVaulted, vaultInSession } from "./session-checks.ts";
import {
  findChallenge,
  getCardToken,
  getVaultingStatus,
  inquireFinal,
  requireChallenge,
  requireSuccess,
  vault,
} from "./vaulting-requests.ts";

const EXEMPT_CARD = ALL_TEST_CARDS.find(({ exempt }) => exempt)?.number ?? "";

/** Expects the buyer who cancels 3-D Secure in a session to end the vaulting. */
async function expectCancelled(client: TargetClient): Promise<void> {
  requireChallenge(await vault(client, client.createId(), CHALLENGED_CARD));
  const id = client.createId();
  await vaultInSession(client, id, { is3DSAuthentication: true });
  await submitForm(await findChallenge(client, id), CANCEL_CHALLENGE);
  const inquiry = await inquireFinal(client, id);
  if (getVaultingStatus(inquiry) !== "FAIL" || getCardToken(inquiry) !== undefined)
    fail(inquiry, "Inquiry about a session does not return FAIL after the buyer cancelled 3-D Secure.");
}

/** Expects a card that vaultPaymentMethod exempts from 3-D Secure to be exempt in a session. */
async function expectExempt(client: TargetClient): Promise<void> {
  requireSuccess(
    await vault(
      client,
      client.createId(),
      withCard({ cardNo: EXEMPT_CARD, brand: undefined, is3DSAuthentication: true }),
    ),
  );
  const id = client.createId();
  await vaultInSession(client, id, { is3DSAuthentication: true }, EXEMPT_CARD);
  expectVaulted(await inquireFinal(client, id));
}

/** Fields that a session does not have. Each would change its result. */
const FOREIGN_FIELDS = {
  metadata: "foreign",
  merchantAccountId: "foreign",
  request3DS: true,
  Is3DSAuthentication: true,
  IS3DSAUTHENTICATION: "true",
  redirecturl: "https://merchant.example/foreign",
  paymentMethodDetail: { card: { is3DSAuthentication: true } },
};

async function expectIgnored(client: TargetClient): Promise<void> {
  const id = client.createId();
  const { session, location } = await vaultInSession(client, id, { ...FOREIGN_FIELDS, redirectUrl: undefined });
  const inquiry = await inquireFinal(client, id);
  expectVaulted(inquiry);
  for (const name of ["metadata", "merchantAccountId"])
    if (getField(inquiry.body, name) !== undefined)
      fail(inquiry, `Inquiry about a session returns its unknown field ${name}.`);
  if (location !== undefined) fail(session, "Buyer was redirected although the session has no redirectUrl.");
}

const rows: readonly CheckRow[] = [
  {
    id: "createVaultingSession.page.challenge-cancelled",
    title: "fails the vaulting when the buyer cancels 3-D Secure in a session",
    run: expectCancelled,
  },
  {
    id: "createVaultingSession.page.exempt",
    title: "exempts the same card from 3-D Secure in a session as in vaultPaymentMethod",
    run: expectExempt,
  },
  {
    id: "createVaultingSession.page.ignored-fields",
    title: "ignores the fields of vaultPaymentMethod, and names in a different case, in a session",
    run: expectIgnored,
  },
];

export const createSessionChallengeChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(operation, rows, "/components/schemas/CreateVaultingSessionRequest");
