/** Whose answer is whose: IDs are compared exactly, and calls at once do not get into each other's way. */
import type { OperationId } from "../../../generated/operations.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import type { TargetClient } from "../conversation/target-client.ts";
import { FAILING_CARD, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectAccepted, expectEcho, expectRejected } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type CheckRow, selectStateChecks } from "./check.ts";
import {
  CONCURRENT_CALLS,
  callConcurrently,
  getCardToken,
  getVaultingStatus,
  inquire,
  requireSuccess,
  vault,
} from "./vaulting-requests.ts";

/** IDs that are easily taken for one another, or for something else. Each is put behind the run's own beginning. */
const SIMILAR_IDS = [
  "Ab",
  "ab",
  "ab ",
  " ab",
  "a\u00e9",
  "ae\u0301",
  "a\u00df",
  "ass",
  "7",
  "07",
  "7.0",
  "%",
  "_",
  "*",
  "?",
  "/",
  "..",
  "'",
  '"',
  "\\",
  "<b>",
  "\u{1f4b3}",
  "\u4e2d\u6587",
  "\u202e",
  "-",
] as const;

/** Names that every object has; alone, since behind a beginning they are none. */
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
];

const SOURCE = "/components/schemas/VaultingRequestId";

const rows: readonly CheckRow[] = [
  {
    id: "vaultPaymentMethod.id.exact",
    title: "IDs that look alike are different IDs: each is echoed as it was sent, and has a vaulting of its own",
    run: async (conversation) => {
      const beginning = conversation.createId();
      const long = "x".repeat(63 - beginning.length);
      const ids = [...SIMILAR_IDS, `${long}1`, `${long}2`].map((ending) => beginning + ending);
      const answers = await Promise.all(ids.map((id) => vault(conversation, id)));
      for (const answer of answers) expectAccepted(answer);
      await expectIsolated(conversation, answers);
    },
  },
  {
    id: "vaultPaymentMethod.id.reserved-words",
    title: "names of a language's own, and words for numbers, are IDs like any other",
    run: async (conversation) => {
      for (const id of RESERVED_WORDS) {
        // Another run may have used it, with other content.
        const answer = await vault(conversation, id);
        expectAccepted(answer, "REPEAT_REQ_INCONSISTENT");
        expectEcho(answer);
      }
    },
  },
  {
    id: "vaultPaymentMethod.id.concurrent",
    title: `${CONCURRENT_CALLS} vaultings at once, of two cards in turn: each answer is to its own request`,
    run: async (conversation) => {
      const cards = [TEST_CARDS.succeeds, TEST_CARDS.mastercard];
      const answers = await callConcurrently((at) =>
        vault(conversation, conversation.createId(), withCard({ cardNo: cards[at % 2], brand: undefined })),
      );
      for (const answer of answers) {
        requireSuccess(answer);
        expectSentDigits(answer);
      }
      await expectIsolated(conversation, answers);
    },
  },
  {
    id: "vaultPaymentMethod.id.mixed",
    title: "vaultings that succeed and that fail, at once: each has its own result",
    run: async (conversation) => {
      const answers = await callConcurrently((at) =>
        vault(conversation, conversation.createId(), at % 2 === 0 ? {} : FAILING_CARD),
      );
      const [first, second] = answers;
      if (first?.resultStatus !== "S" || second?.resultStatus !== "F") {
        for (const answer of [first, second]) if (answer) requireSuccess(answer);
        return;
      }
      for (const [at, answer] of answers.entries())
        if (answer.resultStatus !== (at % 2 === 0 ? "S" : "F")) fail(answer, "A result of another vaulting came.");
    },
  },
  {
    id: "vaultPaymentMethod.card.brand",
    title: "the vendor's test cards are told by their published brand",
    run: async (conversation) => {
      for (const [cardNo, brand] of [
        [TEST_CARDS.succeeds, "VISA"],
        [TEST_CARDS.mastercard, "MASTERCARD"],
      ] as const) {
        const answer = await vault(conversation, conversation.createId(), withCard({ cardNo, brand }));
        requireSuccess(answer);
        const told = getField(getCard(answer.body), "brand");
        if (told !== undefined && told !== brand) fail(answer, "The card is told by another brand than it is of.");
      }
    },
  },
  {
    id: "inquireVaulting.id.no-pattern",
    title: "an ID is no pattern: what begins like a known one, or stands for any, is not found",
    run: async (conversation) => {
      const id = conversation.createId();
      requireSuccess(await vault(conversation, `${id}-known`));
      for (const ending of ["-know", "-known ", "-Known", "-%", "-_nown", "-*", "-.*", "-known' OR '1'='1"])
        expectRejected(await inquire(conversation, id + ending), "VAULTING_NOT_EXIST");
    },
  },
];

function expectSentDigits(answer: Exchange): void {
  const masked = getField(getCard(answer.body), "maskedCardNo");
  const sent = getField(getCard(answer.requestBody), "cardNo");
  if (typeof masked === "string" && typeof sent === "string" && !masked.endsWith(sent.slice(-4)))
    fail(answer, "The answer tells of another card than was sent.");
}

/** Every answer has its own ID and token, and the inquiry tells the same. */
async function expectIsolated(conversation: TargetClient, answers: readonly Exchange[]): Promise<void> {
  const tokens = new Set<unknown>();
  for (const answer of answers) {
    expectEcho(answer);
    const token = getCardToken(answer);
    if (token === undefined) continue;
    if (tokens.has(token)) fail(answer, "Two IDs share a card token.");
    tokens.add(token);
  }
  const inquiries = answers.map(async (answer) => {
    const inquiry = await inquire(conversation, String(getField(answer.requestBody, "vaultingRequestId")));
    expectEcho(inquiry);
    if (
      answer.resultStatus === "S" &&
      (getVaultingStatus(inquiry) !== "SUCCESS" || getCardToken(inquiry) !== getCardToken(answer))
    )
      fail(inquiry, "The inquiry does not tell the card token that was given under this ID.");
  });
  await Promise.all(inquiries);
}

export const isolationChecks = (operation: OperationId): readonly Check[] => selectStateChecks(operation, rows, SOURCE);
