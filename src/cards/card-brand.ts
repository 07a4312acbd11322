/** The brand of a card by its number. @module */
import type { CardBrand } from "./test-cards.ts";

/**
 * What the numbers of each of the document's brands begin with (ISO/IEC 7812 issuer identification numbers): one or a range.
 * Issuers without numbers here share those of a scheme, so that only the merchant can know them.
 */
const BEGINNINGS: Readonly<Record<CardBrand, readonly string[]>> = {
  AMEX: ["34", "37"],
  BC: [],
  CARNET: [],
  CARTES_BANCAIRES: [],
  CITI: [],
  CUP: ["62"],
  DINERS: ["300-305", "36", "38-39"],
  DISCOVER: ["6011", "644-649", "65"],
  ELO: [
    "401178-401179",
    "438935",
    "451416",
    "457631-457632",
    "504175",
    "506699-506778",
    "509000-509999",
    "627780",
    "636297",
    "636368",
    "650485-650538",
    "650541-650598",
    "655000-655019",
    "655021-655058",
  ],
  GWANGJUBANK: [],
  HIPERCARD: ["606282", "637095"],
  HYUNDAI: ["949022"],
  IBK_BC: [],
  JCB: ["3528-3589"],
  JEJUBANK: [],
  JEONBUKBANK: [],
  KAKAOBANK: [],
  KBANK: [],
  KDBBANK: [],
  KEBHANA: [],
  KOOKMIN: [],
  LOTTE: [],
  MAESTRO: ["50", "56-58", "6"],
  MASTERCARD: ["51-55", "2221-2720"],
  MIR: ["2200-2204"],
  NONGHYUP: [],
  POST: [],
  SAEMAUL: [],
  SAMSUNG: [],
  SAVINGBANK: [],
  SHINHAN: [],
  SHINHYEOP: [],
  SUHYEOP: [],
  TOSSBANK: [],
  TROY: ["9792"],
  VISA: ["4"],
  WOORI: [],
};

/** What the numbers of a brand begin with: from one beginning to another of the same length. */
export interface Range {
  readonly brand: CardBrand;
  readonly first: string;
  readonly last: string;
}

const isBrand = (text: string): text is CardBrand => Object.hasOwn(BEGINNINGS, text);

/** All of them. The longest beginning comes first, because a scheme's range has other schemes' ranges inside it. */
export const RANGES: readonly Range[] = Object.keys(BEGINNINGS)
  .filter(isBrand)
  .flatMap((brand) =>
    BEGINNINGS[brand].map((range): Range => {
      const [first = "", last = first] = range.split("-");
      return { brand, first, last };
    }),
  )
  .sort((one, other) => other.first.length - one.first.length);

/**
 * The brand of a card: by its number where that is known, else the merchant's word if it is one of the document's brands.
 * The number wins over the merchant's word, as the document says of the gateway.
 *
 * @example
 * ```ts
 * brandOf("5162774114974622", "VISA"); // "MASTERCARD"
 * ```
 */
export function brandOf(cardNo: string, merchantsWord?: string): CardBrand | undefined {
  const found = RANGES.find(({ first, last }) => {
    const beginning = cardNo.slice(0, first.length);
    return beginning.length === first.length && first <= beginning && beginning <= last;
  });
  if (found) return found.brand;
  return merchantsWord !== undefined && isBrand(merchantsWord) ? merchantsWord : undefined;
}
