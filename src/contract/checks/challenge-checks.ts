/** Checks of 3-D Secure challenges. */
import type { OperationId } from "../../../generated/operations.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import {
  CANCEL_CHALLENGE,
  isRedirectTo,
  openForm,
  PASS_CHALLENGE,
  REDIRECT_URLS,
  submitForm,
  visitPage,
  WRONG_CODE,
} from "../conversation/simulated-buyer.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { CHALLENGED_CARD, FAILING_CARD, type RequestBody, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { CheckSkipped, runForEach } from "../model/failure.ts";
import { expectDocumented, summarizeResponse } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import { hasUrl } from "../rules/vaulting-history.ts";
import { type Check, type CheckRow, selectStateChecks } from "./check.ts";
import {
  CONCURRENT_CALLS,
  callConcurrently,
  expectSameResponse,
  getCardToken,
  getNormalUrl,
  getVaultingStatus,
  hasSameCard,
  inquire,
  OTHER_CONTENT,
  requireChallenge,
  requireFailure,
  requireSuccess,
  reuseVaultingId,
  vault,
} from "./vaulting-requests.ts";

const startChallenge = (client: TargetClient, id: string, redirectUrl: string = REDIRECT_URLS[0]): Promise<Exchange> =>
  vault(client, id, { ...CHALLENGED_CARD, redirectUrl });

/** Expects a retry during the challenge to return the same URLs. */
function expectSameUrls(first: Exchange, other: Exchange): void {
  expectDocumented(other);
  if (other.resultCode !== "VERIFICATION_IN_PROCESS")
    fail(
      other,
      `Retry during the challenge returns ${summarizeResponse(other)}, expected U / VERIFICATION_IN_PROCESS.`,
    );
  for (const name of ["normalUrl", "schemeUrl", "applinkUrl"])
    if (getField(other.body, name) !== getField(first.body, name))
      fail(other, `Retry during the challenge returns a different ${name}.`);
}

/** Expects an inquiry during the challenge to return PROCESSING without a card token. */
function expectInProgress(inquiry: Exchange, normalUrl: string): void {
  expectDocumented(inquiry);
  if (getVaultingStatus(inquiry) !== "PROCESSING")
    fail(inquiry, "Inquiry does not return PROCESSING before the buyer passes 3-D Secure.");
  if (getCardToken(inquiry) !== undefined)
    fail(inquiry, "Inquiry returns a card token before the buyer passes 3-D Secure.");
  if (getNormalUrl(inquiry) !== normalUrl)
    fail(inquiry, "Inquiry does not return the normalUrl of the vaultPaymentMethod response during 3-D Secure.");
}

/** Expects a redirect to exactly the redirectUrl of the request. */
function expectRedirect(
  response: Exchange,
  location: string | undefined,
  redirectUrl: string = REDIRECT_URLS[0],
): void {
  if (location !== undefined && isRedirectTo(redirectUrl, location)) return;
  fail(
    response,
    `Buyer was ${location === undefined ? "not redirected to redirectUrl" : "redirected to a URL other than redirectUrl"}.`,
  );
}

/** Passes or cancels a challenge on its page, and expects a final result that does not change later. */
async function completeChallenge(
  client: TargetClient,
  formValues: Readonly<Record<string, string>>,
  action: "passes" | "cancels",
  status: "SUCCESS" | "FAIL",
  expectRetry: (retry: Exchange, inquiry: Exchange) => void,
): Promise<void> {
  const id = client.createId();
  const response = await startChallenge(client, id);
  const normalUrl = requireChallenge(response);
  // A target must not cache this result and return it later.
  expectInProgress(await inquire(client, id), normalUrl);
  // Opening the page earlier, in a link preview or a different tab, must not use up the challenge.
  const tabs = await Promise.all([PASS_CHALLENGE, CANCEL_CHALLENGE].map((values) => openForm(normalUrl, values)));
  expectRedirect(response, await submitForm(normalUrl, formValues));
  const inquiry = await inquire(client, id);
  expectDocumented(inquiry);
  if (getVaultingStatus(inquiry) !== status)
    fail(inquiry, `Inquiry does not return ${status} after the buyer ${action} 3-D Secure.`);
  const retry = await startChallenge(client, id);
  expectRetry(retry, inquiry);
  // Visiting the page, submitting it in a different tab, or retrying the request must not change the final result.
  await visitPage(normalUrl);
  for (const submit of tabs) await submit().catch(() => {});
  expectSameResponse([retry, await startChallenge(client, id)], "Retry with the same ID");
  expectSameResponse([inquiry, await inquire(client, id), await inquire(client, id)], "Repeated inquiry");
}

/** Expects that a declined card is not vaulted, even if the buyer passes 3-D Secure. */
async function expectDeclined(client: TargetClient): Promise<void> {
  requireFailure(await vault(client, client.createId(), FAILING_CARD));
  const id = client.createId();
  const change = withCard({ cardNo: TEST_CARDS.declined, is3DSAuthentication: true });
  const url = getNormalUrl(await vault(client, id, change));
  if (typeof url === "string") await submitForm(url, PASS_CHALLENGE);
  for (const exchange of [await inquire(client, id), await vault(client, id, change)]) {
    expectDocumented(exchange);
    if (getVaultingStatus(exchange) === "SUCCESS" || getCardToken(exchange) !== undefined)
      fail(exchange, "Declined card was vaulted after the buyer passed 3-D Secure.");
  }
}

/** Vaults a card, passes 3-D Secure if it is required, and vaults the card again. The run compares the responses to all requests with the same flag. */
async function vaultAgain(client: TargetClient, flag: unknown): Promise<void> {
  const card = withCard({ cardNo: TEST_CARDS.mastercard, is3DSAuthentication: flag });
  const url = getNormalUrl(await vault(client, client.createId(), card));
  if (typeof url === "string") await submitForm(url, PASS_CHALLENGE).catch(() => {});
  await vault(client, client.createId(), card);
}

const SOURCE = "/components/schemas/VaultPaymentMethodVerificationRequired";

/** Forms of is3DSAuthentication. Each must have the same effect as true or as an absent field. */
const FLAGS: readonly (readonly [form: string, flag: unknown, requestsChallenge: boolean])[] = [
  ["true as a string", "true", true],
  ["false", false, false],
  ["false as a string", "false", false],
  ["null", null, false],
];

/**
 * Values of env with each terminal type except WEB, each operating system, and a lowercase terminal type. Each form of the flag is sent with the
 * first value.
 */
const ENVIRONMENTS = [
  { terminalType: "APP" },
  { terminalType: "APP", osType: "ANDROID", deviceLanguage: "ar_EG" },
  { terminalType: "APP", osType: "IOS", deviceLanguage: "th_TH" },
  { terminalType: "WAP", osType: "IOS" },
  { terminalType: "MINI_APP", osType: "ANDROID" },
  { terminalType: "app" },
] as const;

const rows: readonly CheckRow[] = [
  {
    id: "vaultPaymentMethod.challenge.flag",
    title: "requires 3-D Secure for each form of true in is3DSAuthentication, and for no form of false",
    run: async (client) => {
      const send = (flag: unknown, env: RequestBody = { terminalType: "WEB" }) => {
        const change = withCard({ cardNo: TEST_CARDS.visa, is3DSAuthentication: flag });
        return vault(client, client.createId(), { ...change, env });
      };
      // Sends the requests one after another, to detect a target that keeps the value of the previous request.
      const requested = await send(true);
      const absent = await send(undefined);
      await send(false);
      const absentAgain = await send(undefined);
      if (absent.resultCode !== absentAgain.resultCode)
        fail(absent, "Target returns different results for 2 requests without is3DSAuthentication.");
      requireChallenge(requested);
      requireSuccess(absent);
      const forms = [
        ...FLAGS.map((row) => [...row, ENVIRONMENTS[0]] as const),
        ...ENVIRONMENTS.map((env) => [`true with the env ${Object.values(env).join(" ")}`, true, true, env] as const),
      ];
      await Promise.all(
        forms.map(async ([form, flag, requestsChallenge, env]) => {
          const response = await send(flag, env);
          const expected = requestsChallenge ? requested : absent;
          if (response.resultCode !== expected.resultCode)
            fail(
              response,
              `Target returned ${summarizeResponse(response)} for is3DSAuthentication ${form}, expected ${summarizeResponse(expected)}.`,
            );
          if (!requestsChallenge) return;
          expectDocumented(response);
          if (!hasUrl(response.body))
            fail(response, `Response to is3DSAuthentication ${form} has no URL for the buyer.`);
          // The run compares the URLs in the inquiry with those in the response.
          await inquire(client, String(getField(response.body, "vaultingRequestId")));
        }),
      );
    },
  },
  {
    id: "vaultPaymentMethod.challenge.consistent",
    title: "decides, based only on is3DSAuthentication, whether a test card requires 3-D Secure",
    after: "everything",
    run: async (client) => {
      // If no other checks run, only the responses to these requests are compared.
      for (const flag of [true, undefined]) await vaultAgain(client, flag);
      client.record.challenges.expectConsistent();
    },
  },
  {
    id: "vaultPaymentMethod.challenge.repeated",
    title: `returns the same URLs when a request is retried during the challenge, even in ${CONCURRENT_CALLS} concurrent calls`,
    run: async (client) => {
      const id = client.createId();
      const first = await startChallenge(client, id);
      requireChallenge(first);
      expectSameUrls(first, await startChallenge(client, id));
      for (const other of await callConcurrently(() => startChallenge(client, id))) expectSameUrls(first, other);
    },
  },
  {
    id: "vaultPaymentMethod.challenge.parallel",
    title: `creates 1 challenge for ${CONCURRENT_CALLS} concurrent calls with the same ID`,
    run: async (client) => {
      const id = client.createId();
      const [first, ...others] = await callConcurrently(() => startChallenge(client, id));
      if (!first) return;
      requireChallenge(first);
      for (const other of others) expectSameUrls(first, other);
    },
  },
  {
    id: "vaultPaymentMethod.challenge.reused",
    title: "vaults the card of the first request if the ID is reused with a different card during the challenge",
    run: async (client) => {
      const id = client.createId();
      const first = await startChallenge(client, id);
      const normalUrl = requireChallenge(first);
      const change = withCard({ cardNo: TEST_CARDS.mastercard, is3DSAuthentication: true });
      await reuseVaultingId(client, id, { ...change, ...OTHER_CONTENT });
      expectRedirect(first, await submitForm(normalUrl, PASS_CHALLENGE));
      const inquiry = await inquire(client, id);
      const masked = getField(getCard(inquiry.body), "maskedCardNo");
      if (typeof masked === "string" && !masked.endsWith(TEST_CARDS.visa.slice(-4)))
        fail(inquiry, "Inquiry returns the card of a later request with the same ID.");
      if (getField(inquiry.body, "metadata") === OTHER_CONTENT.metadata)
        fail(inquiry, "Inquiry returns the metadata of a later request with the same ID.");
    },
  },
  {
    id: "vaultPaymentMethod.challenge.unique",
    title: "creates a unique URL for each challenge",
    run: async (client) => {
      const first = await startChallenge(client, client.createId());
      const second = await startChallenge(client, client.createId());
      if (requireChallenge(first) === requireChallenge(second))
        fail(second, "Two challenges share the same normalUrl.");
    },
  },
  {
    id: "inquireVaulting.state.in-process",
    title: "returns PROCESSING without a card token while the buyer is on the 3-D Secure page",
    source: "/components/schemas/InquireVaultingProcessing",
    run: async (client) => {
      const id = client.createId();
      const normalUrl = requireChallenge(await startChallenge(client, id));
      expectInProgress(await inquire(client, id), normalUrl);
      // Visiting the page must not complete the challenge.
      await visitPage(normalUrl);
      expectInProgress(await inquire(client, id), normalUrl);
    },
  },
  {
    id: "vaultPaymentMethod.challenge.passed",
    title: "vaults the card and redirects the buyer to redirectUrl after the buyer passes 3-D Secure",
    run: (client) =>
      completeChallenge(client, PASS_CHALLENGE, "passes", "SUCCESS", (retry, inquiry) => {
        if (retry.resultStatus !== "S" || !hasSameCard(retry, inquiry))
          fail(retry, "Retry after the buyer passed 3-D Secure does not return the result of the inquiry.");
      }),
  },
  {
    id: "vaultPaymentMethod.challenge.redirect",
    title: "redirects the buyer to each form of redirectUrl unchanged: with a port, a query, a fragment, or no scheme",
    source: "/components/schemas/VaultPaymentMethodRequest/properties/redirectUrl",
    run: async (client) => {
      await runForEach(REDIRECT_URLS.slice(1), async (redirectUrl) => {
        const response = await startChallenge(client, client.createId(), redirectUrl);
        expectDocumented(response);
        expectRedirect(response, await submitForm(requireChallenge(response), CANCEL_CHALLENGE), redirectUrl);
      });
    },
  },
  {
    id: "vaultPaymentMethod.challenge.declined",
    title: "does not vault a declined card after the buyer passes 3-D Secure",
    run: expectDeclined,
  },
  {
    id: "vaultPaymentMethod.challenge.cancelled",
    title: "fails the vaulting and redirects the buyer to redirectUrl after the buyer cancels 3-D Secure",
    run: (client) =>
      completeChallenge(client, CANCEL_CHALLENGE, "cancels", "FAIL", (retry) => {
        if (retry.resultStatus !== "F")
          fail(retry, `Retry after the buyer cancelled 3-D Secure returns ${summarizeResponse(retry)}, expected F.`);
      }),
  },
  {
    id: "vaultPaymentMethod.challenge.wrong-code",
    title:
      "keeps the URLs after a wrong code that does not end the challenge, and vaults the card after the correct code",
    run: async (client) => {
      const id = client.createId();
      const first = await startChallenge(client, id);
      const normalUrl = requireChallenge(first);
      await submitForm(normalUrl, WRONG_CODE);
      const open = await inquire(client, id);
      if (getVaultingStatus(open) === "FAIL") throw new CheckSkipped("The target ends a challenge after 1 wrong code.");
      expectInProgress(open, normalUrl);
      expectSameUrls(first, await startChallenge(client, id));
      await submitForm(normalUrl, PASS_CHALLENGE);
      const inquiry = await inquire(client, id);
      if (getVaultingStatus(inquiry) !== "SUCCESS")
        fail(inquiry, "Inquiry does not return SUCCESS after the buyer enters a wrong code and then the correct one.");
    },
  },
];

export const createChallengeChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(operation, rows, SOURCE);
