import { getCardName } from "../../cards/card-names.ts";
import { ONE_TIME_CODE, TEST_CARDS, type TestCard, VAULTED_CARD_FIELDS } from "../../cards/test-cards.ts";
import {
  commandPrefix,
  type ExitCode,
  type Output,
  writeJson,
  writeLine,
  writePairs,
  writeRow,
} from "../console/output.ts";

type Columns = Readonly<Record<string, (card: TestCard) => string>>;

const numberColumns: Columns = { Number: (card) => card.number, Name: getCardName };
const resultColumns: Columns = {
  vaultingResultCode: ({ result }) => result,
  Purpose: ({ purpose }) => purpose,
};

const GROUPS: readonly {
  readonly title: string;
  readonly contains: (card: TestCard) => boolean;
  readonly columns: Columns;
}[] = [
  {
    title: "Test cards published by Antom",
    contains: ({ publishedBy }) => publishedBy === "antom",
    columns: {
      ...numberColumns,
      Brand: ({ brand }) => brand,
      Country: ({ country }) => country ?? "any",
      ...resultColumns,
    },
  },
  {
    title: "Sandbox cards that fail",
    contains: ({ publishedBy, challenge }) => publishedBy === "sandbox" && challenge === undefined,
    columns: { ...numberColumns, ...resultColumns },
  },
  {
    title: "Sandbox cards that always require a 3-D Secure challenge",
    contains: ({ publishedBy, challenge }) => publishedBy === "sandbox" && challenge !== undefined,
    columns: { ...numberColumns, Challenge: ({ challenge }) => challenge ?? "", ...resultColumns },
  },
];

/** Prints the test cards. */
export function cards({ stdout, style }: Output, { json }: { readonly json?: true }): ExitCode {
  if (json) {
    writeJson(stdout, TEST_CARDS);
    return 0;
  }
  for (const { title, contains, columns } of GROUPS) {
    const [head, ...rows] = formatTable(columns, TEST_CARDS.filter(contains));
    writeLine(stdout, style.bold(title));
    if (head) writeRow(stdout, style.dim(head.rest), `  ${style.dim(head.first)}`);
    for (const { first, rest } of rows) writeRow(stdout, rest, `  ${first}`);
    writeLine(stdout);
  }
  writePairs(stdout, [
    [
      "One-time code",
      `${style.bold(ONE_TIME_CODE)} passes the challenge, and any other code is incorrect, unless the Purpose column says otherwise.`,
    ],
    [
      "Other numbers",
      "A card with any other number is vaulted if the Luhn check digit is valid. Otherwise, the result is PARAM_ILLEGAL.",
    ],
    [
      "Card details",
      `The response for a test card contains ${VAULTED_CARD_FIELDS.join(", ")}. The response for any other number contains only the first 4 fields, without brand if the brand is unknown.`,
    ],
    [
      "3-D Secure",
      "Set is3DSAuthentication to true to request the one-time code. This has no effect on the exempt card and the cards that are always challenged.",
    ],
    ["Try it", `${commandPrefix} vault --test-card NAME`],
    ["CVV and expiry", "Use any CVV and any valid expiry date."],
  ]);
  return 0;
}

/** Returns the header and the rows of a table. Each row is split after its first column, which labels the row if the row wraps. */
function formatTable(columns: Columns, cards: readonly TestCard[]) {
  const rows = [Object.keys(columns), ...cards.map((card) => Object.values(columns).map((format) => format(card)))];
  const getWidth = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) => {
    const [first = "", ...rest] = row.map((cell, column) => cell.padEnd(getWidth(column)));
    return { first: `${first}  `, rest: rest.join("  ").trimEnd() };
  });
}
