import { ONE_TIME_CODE, TEST_CARDS, type TestCard } from "../../cards/test-cards.ts";
import { type ExitCode, indent, line, type Output } from "../console/output.ts";
import { self } from "../console/own-command.ts";
import { nameOf } from "../inputs/test-cards.ts";

interface Options {
  readonly json?: true;
}

type Columns = Readonly<Record<string, (card: TestCard) => string>>;

const number: Columns = { Number: (card) => card.number, Name: nameOf };
const result: Columns = {
  vaultingResultCode: ({ verdict }) => verdict,
  "What it is": ({ purpose }) => purpose,
};

interface Group {
  readonly title: string;
  readonly holds: (card: TestCard) => boolean;
  readonly columns: Columns;
}

const GROUPS: readonly Group[] = [
  {
    title: "Published by the vendor",
    holds: ({ publishedBy }) => publishedBy === "vendor",
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
export function cards({ stdout, style }: Output, { json }: Options): ExitCode {
  if (json) {
    line(stdout, JSON.stringify(TEST_CARDS));
    return 0;
  }
  for (const { title, holds, columns } of GROUPS) {
    const [head = "", ...rows] = table(columns, TEST_CARDS.filter(holds));
    line(stdout, style.bold(title));
    line(stdout, indent(style.dim(head), "  "));
    line(stdout, indent(rows.join("\n"), "  "));
    line(stdout);
  }
  line(stdout, `One-time code  ${style.bold(ONE_TIME_CODE)} passes the challenge's page; any other is wrong.`);
  line(stdout, "Other numbers  One that ends in its Luhn check digit vaults; one that does not is PARAM_ILLEGAL.");
  line(
    stdout,
    "3-D Secure     is3DSAuthentication true asks for the code, but of the exempt card and of those with a challenge of their own.",
  );
  line(stdout, `Try one        ${self} vault --test-card NAME`);
  line(stdout, "CVV, expiry    Any of the document's form will do.");
  return 0;
}

/** The lines of a table, its head first, each column as wide as its widest cell. */
function table(columns: Columns, rows: readonly TestCard[]): readonly string[] {
  const cells = Object.entries(columns).map(([head, cell]) => [head, ...rows.map(cell)]);
  const padded = cells.map((column) => {
    const width = Math.max(...column.map(({ length }) => length));
    return column.map((cell) => cell.padEnd(width));
  });
  return [undefined, ...rows].map((_, at) =>
    padded
      .map((column) => column[at])
      .join("  ")
      .trimEnd(),
  );
}
