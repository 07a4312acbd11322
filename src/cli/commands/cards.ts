import { ONE_TIME_CODE, TEST_CARDS, type TestCard } from "../../cards/test-cards.ts";
import { commandPrefix, type ExitCode, indent, type Output, writeLine } from "../console/output.ts";
import { getCardName } from "../inputs/test-cards.ts";

type Columns = Readonly<Record<string, (card: TestCard) => string>>;

const number: Columns = { Number: (card) => card.number, Name: getCardName };
const result: Columns = {
  vaultingResultCode: ({ result }) => result,
  "What it is": ({ purpose }) => purpose,
};

const GROUPS: readonly {
  readonly title: string;
  readonly holds: (card: TestCard) => boolean;
  readonly columns: Columns;
}[] = [
  {
    title: "Published by the vendor",
    holds: ({ publishedBy }) => publishedBy === "antom",
    columns: { ...number, Brand: ({ brand }) => brand, Country: ({ country }) => country ?? "any", ...result },
  },
  {
    title: "The sandbox's own: failures",
    holds: ({ publishedBy, challenge }) => publishedBy === "sandbox" && challenge === undefined,
    columns: { ...number, ...result },
  },
  {
    title: "The sandbox's own: 3-D Secure challenges, whatever is3DSAuthentication says",
    holds: ({ publishedBy, challenge }) => publishedBy === "sandbox" && challenge !== undefined,
    columns: { ...number, Challenge: ({ challenge }) => challenge ?? "", ...result },
  },
];

/** Prints the test cards. */
export function cards({ stdout, style }: Output, { json }: { readonly json?: true }): ExitCode {
  if (json) {
    writeLine(stdout, JSON.stringify(TEST_CARDS));
    return 0;
  }
  for (const { title, holds, columns } of GROUPS) {
    const [head = "", ...rows] = table(columns, TEST_CARDS.filter(holds));
    writeLine(stdout, style.bold(title));
    writeLine(stdout, indent(style.dim(head), "  "));
    writeLine(stdout, indent(rows.join("\n"), "  "));
    writeLine(stdout);
  }
  writeLine(stdout, `One-time code  ${style.bold(ONE_TIME_CODE)} passes the challenge's page; any other is wrong.`);
  writeLine(stdout, "Other numbers  One that ends in its Luhn check digit vaults; one that does not is PARAM_ILLEGAL.");
  writeLine(
    stdout,
    "3-D Secure     is3DSAuthentication true asks for the code, but of the exempt card and of those with a challenge of their own.",
  );
  writeLine(stdout, `Try one        ${commandPrefix} vault --test-card NAME`);
  writeLine(stdout, "CVV, expiry    Any of the document's form will do.");
  return 0;
}

/** The lines of a table, its head first, each column as wide as its widest cell. */
function table(columns: Columns, rows: readonly TestCard[]): readonly string[] {
  const cells = [Object.keys(columns), ...rows.map((card) => Object.values(columns).map((cell) => cell(card)))];
  const widthOf = (at: number) => Math.max(...cells.map((row) => row[at]?.length ?? 0));
  return cells.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widthOf(at)))
      .join("  ")
      .trimEnd(),
  );
}
