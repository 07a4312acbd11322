/** Whose answer is whose: IDs are compared exactly, and calls at once do not get into each other's way. */
import type { OperationId } from "../../../generated/operations.ts";
import { cardOf, field } from "../../protocol/json-fields.ts";
import type { Conversation } from "../conversation/target-client.ts";
import { FAILING, TEST_CARDS, withCard } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { expectAccepted, expectEcho, expectRefused } from "../rules/assertions.ts";
import { fail } from "../rules/fail.ts";
import { type Check, type Row, stateful } from "./check.ts";
import { AT_ONCE, atOnce, inquire, needsSuccess, statusOf, tokenOf, vault } from "./vaulting-requests.ts";

/** IDs that are easily taken for one another, or for something else. Each is put behind the run's own beginning. */
const ALIKE = [
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
const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "null", "undefined", "NaN", "0", "-1"];

const SOURCE = "/components/schemas/VaultingRequestId";

const rows: readonly Row[] = [
  {
    id: "vaultPaymentMethod.id.exact",
    title: "IDs that look alike are different IDs: each is echoed as it was sent, and has a vaulting of its own",
    run: async (conversation) => {
      const beginning = conversation.freshId();
      const long = "x".repeat(63 - beginning.length);
      const ids = [...ALIKE, `${long}1`, `${long}2`].map((ending) => beginning + ending);
      const answers = await Promise.all(ids.map((id) => vault(conversation, id)));
      for (const answer of answers) expectAccepted(answer);
      await expectApart(conversation, answers);
    },
  },
  {
    id: "vaultPaymentMethod.id.names",
    title: "names of a language's own, and words for numbers, are IDs like any other",
    run: async (conversation) => {
      for (const id of NAMES) {
        // Another run may have used it, with other content.
        const answer = await vault(conversation, id);
        expectAccepted(answer, "REPEAT_REQ_INCONSISTENT");
        expectEcho(answer);
      }
    },
  },
  {
    id: "vaultPaymentMethod.id.at-once",
    title: `${AT_ONCE} vaultings at once, of two cards in turn: each answer is to its own request`,
    run: async (conversation) => {
      const cards = [TEST_CARDS.succeeds, TEST_CARDS.mastercard];
      const answers = await atOnce((at) =>
        vault(conversation, conversation.freshId(), withCard({ cardNo: cards[at % 2], brand: undefined })),
      );
      for (const answer of answers) {
        needsSuccess(answer);
        expectOwnDigits(answer);
      }
      await expectApart(conversation, answers);
    },
  },
  {
    id: "vaultPaymentMethod.id.mixed",
    title: "vaultings that succeed and that fail, at once: each has its own result",
    run: async (conversation) => {
      const answers = await atOnce((at) => vault(conversation, conversation.freshId(), at % 2 === 0 ? {} : FAILING));
      const [first, second] = answers;
      if (first?.resultStatus !== "S" || second?.resultStatus !== "F") {
        for (const answer of [first, second]) if (answer) needsSuccess(answer);
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
        const answer = await vault(conversation, conversation.freshId(), withCard({ cardNo, brand }));
        needsSuccess(answer);
        const told = field(cardOf(answer.body), "brand");
        if (told !== undefined && told !== brand) fail(answer, "The card is told by another brand than it is of.");
      }
    },
  },
  {
    id: "inquireVaulting.id.no-pattern",
    title: "an ID is no pattern: what begins like a known one, or stands for any, is not found",
    run: async (conversation) => {
      const id = conversation.freshId();
      needsSuccess(await vault(conversation, `${id}-known`));
      for (const ending of ["-know", "-known ", "-Known", "-%", "-_nown", "-*", "-.*", "-known' OR '1'='1"])
        expectRefused(await inquire(conversation, id + ending), "VAULTING_NOT_EXIST");
    },
  },
];

function expectOwnDigits(answer: Exchange): void {
  const masked = field(cardOf(answer.body), "maskedCardNo");
  const sent = field(cardOf(answer.asked), "cardNo");
  if (typeof masked === "string" && typeof sent === "string" && !masked.endsWith(sent.slice(-4)))
    fail(answer, "The answer tells of another card than was sent.");
}

/** Every answer has its own ID and token, and the inquiry tells the same. */
async function expectApart(conversation: Conversation, answers: readonly Exchange[]): Promise<void> {
  const tokens = new Set<unknown>();
  for (const answer of answers) {
    expectEcho(answer);
    const token = tokenOf(answer);
    if (token === undefined) continue;
    if (tokens.has(token)) fail(answer, "Two IDs share a card token.");
    tokens.add(token);
  }
  const inquiries = answers.map(async (answer) => {
    const inquiry = await inquire(conversation, String(field(answer.asked, "vaultingRequestId")));
    expectEcho(inquiry);
    if (answer.resultStatus === "S" && (statusOf(inquiry) !== "SUCCESS" || tokenOf(inquiry) !== tokenOf(answer)))
      fail(inquiry, "The inquiry does not tell the card token that was given under this ID.");
  });
  await Promise.all(inquiries);
}

export const identityChecks = (operation: OperationId): readonly Check[] => stateful(operation, rows, SOURCE);
