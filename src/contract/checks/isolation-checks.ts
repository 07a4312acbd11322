/** Checks that the target compares IDs exactly and does not mix up concurrent calls. */
import type { OperationId } from "../../../generated/operations.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { FAILING_CARD, type RequestBody, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectAccepted, expectEcho, expectRejected } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type CheckRow, selectStateChecks } from "./check.ts";
import {
  callConcurrently,
  createSession,
  getCardToken,
  getVaultingStatus,
  inquire,
  requireSuccess,
  vault,
} from "./vaulting-requests.ts";

/** Suffixes of IDs that a target could confuse with each other or misinterpret, grouped by the likely cause. */
const SIMILAR_SUFFIXES = {
  case: ["Ab", "ab", "\u00df", "ss", "I", "\u0131"],
  spaces: ["ab ", " ab", "a b", "a  b", "a\u00a0b", "ab\u3000"],
  "invisible characters": ["a\u200bb", "\ufeffab", "a\u00adb", "\u202e"],
  "Unicode normalization": ["a\u00e9", "ae\u0301", "ae", "\uff41\uff42", "\ufb01", "fi", "x\u00b2", "x2"],
  "characters outside of a charset": ["\u{1f4b3}", "\u{1f4b0}", "\u4e2d\u6587", "\u65e5\u672c"],
  numbers: ["7", "07", "7.0", "+7", "7e0", "\uff17"],
  punctuation: ["a-b", "a_b", "a.b", "a:b", "-", "%", "_", "*", "?", "/", "..", "'", '"', "\\"],
  encodings: ["a%62", "a+b", "a%20b", "a&b", "a&amp;b", "a\\u0062", "<b>"],
} as const;

/**
 * Returns groups of IDs that a target could confuse with each other: IDs with similar suffixes, long IDs that differ only in the last character, and
 * numbers.
 *
 * @param count the maximum number of IDs in each group with similar suffixes
 */
function createSimilarIds(client: TargetClient, count: number): readonly (readonly string[])[] {
  const prefix = client.createId();
  const similar = Object.values(SIMILAR_SUFFIXES).map((suffixes) =>
    suffixes.slice(0, count).map((suffix) => prefix + suffix),
  );
  const long = ["x", "\u4e2d", "\u{1f4b3}"].flatMap((letter) => {
    const start = prefix + letter.repeat(63 - prefix.length);
    return [`${start}1`, `${start}2`];
  });
  // As floating-point numbers, the first 2 IDs in `numbers` are equal.
  const digits = `9${Array.from(crypto.getRandomValues(new Uint8Array(18)), (byte) => byte % 10).join("")}`;
  // A target might parse an ID as a number only if the number fits in 32 or 64 bits.
  const short = digits.slice(1, 10).replace(/^0/, "1");
  const numbers = [`${digits}1`, `${digits}2`, `0${digits}1`, short, `0${short}`, `${short}.0`, `${short}e0`];
  return [...similar, long, numbers];
}

/**
 * Sends a request for each similar ID. Sends the requests of a group one after another, because a target can confuse an ID only with an ID
 * that it has already stored.
 */
async function sendToSimilarIds(
  client: TargetClient,
  send: (id: string, index: number) => Promise<Exchange>,
  count = Number.POSITIVE_INFINITY,
): Promise<readonly Exchange[]> {
  const groups = createSimilarIds(client, count).map(async (ids) => {
    const responses: Exchange[] = [];
    for (const [index, id] of ids.entries()) responses.push(await send(id, index));
    return responses;
  });
  return (await Promise.all(groups)).flat();
}

const CARDS = [TEST_CARDS.visa, TEST_CARDS.mastercard];

/** Fields that must not affect where a target stores a vaulting, or whether it finds the vaulting. */
const CONTENTS: readonly RequestBody[] = [
  { merchantRegion: "DE", env: { terminalType: "WEB", browserInfo: { language: "th-TH" } } },
  { merchantRegion: "US", env: { terminalType: "APP", osType: "IOS", deviceLanguage: "ar_EG" } },
  { merchantRegion: "BR", metadata: undefined },
  { merchantRegion: "JP", env: { terminalType: "WAP", browserInfo: { language: "fa-IR" } } },
  { merchantRegion: "NO", merchantAccountId: "shop-2" },
  { merchantRegion: undefined, env: { terminalType: "MINI_APP" } },
  { merchantRegion: "SG", merchantAccountId: undefined },
];

/** Names of built-in properties and special values, used as complete IDs. */
const RESERVED_WORDS = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "null",
  "undefined",
  "NaN",
  "0",
  "-1",
  " ",
  ".",
  "\u{1f4b3}",
];

const SOURCE = "/components/schemas/VaultingRequestId";

/** Creates sessions under similar IDs. Expects a different session for each ID. */
async function expectSeparateSessions(client: TargetClient): Promise<void> {
  const sessions = await sendToSimilarIds(client, (id) => createSession(client, id), 2);
  const sessionIds = new Set<unknown>();
  for (const session of sessions) {
    requireSuccess(session);
    const sessionId = getField(session.body, "vaultingSessionId");
    if (sessionIds.has(sessionId)) fail(session, "Two similar IDs share a vaultingSessionId.");
    sessionIds.add(sessionId);
  }
}

const rows: readonly CheckRow[] = [
  {
    id: "vaultPaymentMethod.id.exact",
    title: "treats similar IDs as different: echoes each one and stores a separate vaulting for it",
    run: async (client) => {
      let count = 0;
      // The check notifyVaulting.all.delivered expects a notification about each vaulting with this URL, and so tests each entry of CONTENTS.
      const inbox = client.target.capabilities?.includes("notifications")
        ? (await client.getListener()).createInbox()
        : undefined;
      const responses = await sendToSimilarIds(client, (id, index) => {
        const card = withCard({ cardNo: CARDS[index % 2], brand: undefined });
        const url = inbox && count < CONTENTS.length ? { vaultingNotificationUrl: inbox.url } : {};
        return vault(client, id, { ...card, ...url, ...CONTENTS[count++ % CONTENTS.length] });
      });
      for (const response of responses) expectAccepted(response);
      await expectIsolated(client, responses);
    },
  },
  {
    id: "createVaultingSession.id.exact",
    title: "treats similar IDs as different: creates a separate session for each one",
    run: expectSeparateSessions,
  },
  {
    id: "vaultPaymentMethod.id.reserved-words",
    title: "accepts names of built-in properties and special values as IDs",
    run: async (client) => {
      for (const id of RESERVED_WORDS)
        for (const response of [await vault(client, id), await inquire(client, id)]) {
          // An earlier run might have used the ID with different content.
          expectAccepted(response, "REPEAT_REQ_INCONSISTENT");
          expectEcho(response);
        }
    },
  },
  {
    id: "vaultPaymentMethod.id.concurrent",
    title: "does not mix up the results of concurrent vaultings of 2 cards",
    run: async (client) => {
      const responses = await callConcurrently((index) =>
        vault(client, client.createId(), withCard({ cardNo: CARDS[index % 2], brand: undefined })),
      );
      for (const response of responses) {
        requireSuccess(response);
        expectSentDigits(response);
      }
    },
  },
  {
    id: "vaultPaymentMethod.id.mixed",
    title: "does not mix up the results of concurrent successes and failures",
    run: async (client) => {
      const responses = await callConcurrently((index) =>
        vault(client, client.createId(), index % 2 === 0 ? {} : FAILING_CARD),
      );
      const [first, second] = responses;
      if (first?.resultStatus !== "S" || second?.resultStatus !== "F") {
        for (const response of [first, second]) if (response) requireSuccess(response);
        return;
      }
      for (const [index, response] of responses.entries())
        if (response.resultStatus !== (index % 2 === 0 ? "S" : "F"))
          fail(response, "Response has the result of a different vaulting.");
    },
  },
  {
    id: "inquireVaulting.id.no-pattern",
    title: "does not treat an ID as a pattern or a prefix",
    run: async (client) => {
      const id = client.createId();
      requireSuccess(await vault(client, `${id}-known`));
      for (const suffix of [
        "-know",
        "-known ",
        "-Known",
        "-%",
        "-_nown",
        "-kno?n",
        "-kno[w]n",
        "-*",
        "-.*",
        "-known' OR '1'='1",
      ])
        expectRejected(await inquire(client, id + suffix), "VAULTING_NOT_EXIST");
    },
  },
];

function expectSentDigits(response: Exchange): void {
  const masked = getField(getCard(response.body), "maskedCardNo");
  const sent = getField(getCard(response.requestBody), "cardNo");
  if (typeof masked === "string" && typeof sent === "string" && !masked.endsWith(sent.slice(-4)))
    fail(response, "Response describes a different card than the request.");
}

/** Expects each response to echo the ID of its request and to have a unique card token, and an inquiry about the ID to return that token. */
async function expectIsolated(client: TargetClient, responses: readonly Exchange[]): Promise<void> {
  const tokens = new Set<unknown>();
  for (const response of responses) {
    expectEcho(response);
    const token = getCardToken(response);
    if (token === undefined) continue;
    if (tokens.has(token)) fail(response, "Two IDs share a card token.");
    tokens.add(token);
  }
  const inquiries = responses.map(async (response) => {
    const inquiry = await inquire(client, String(getField(response.requestBody, "vaultingRequestId")));
    expectEcho(inquiry);
    if (
      response.resultStatus === "S" &&
      (getVaultingStatus(inquiry) !== "SUCCESS" || getCardToken(inquiry) !== getCardToken(response))
    )
      fail(inquiry, "Inquiry does not return the card token that was issued for this ID.");
  });
  await Promise.all(inquiries);
}

export const createIsolationChecks = (operation: OperationId): readonly Check[] =>
  selectStateChecks(operation, rows, SOURCE);
