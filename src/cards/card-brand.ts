/** The brands of cards: their names, and which card numbers are theirs. @module */
import type { CardBrand } from "./test-cards.ts";

/**
 * Each brand's name as people write it, then what its card numbers start with (ISO/IEC 7812 issuer identification numbers): one or a range.
 * Issuers without numbers here share those of a scheme, so that only the merchant can know them.
 */
const BRANDS: Readonly<Record<CardBrand, readonly [name: string, ...beginnings: string[]]>> = {
  AMEX: ["American Express", "34", "37"],
  BC: ["BC Card"],
  CARNET: ["Carnet"],
  CARTES_BANCAIRES: ["Cartes Bancaires"],
  CITI: ["Citi"],
  CUP: ["UnionPay", "62"],
  DINERS: ["Diners Club", "300-305", "36", "38-39"],
  DISCOVER: ["Discover", "6011", "644-649", "65"],
  ELO: [
    "Elo",
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
  GWANGJUBANK: ["Kwangju Bank"],
  HIPERCARD: ["Hipercard", "606282", "637095"],
  HYUNDAI: ["Hyundai Card", "949022"],
  IBK_BC: ["IBK BC Card"],
  JCB: ["JCB", "3528-3589"],
  JEJUBANK: ["Jeju Bank"],
  JEONBUKBANK: ["Jeonbuk Bank"],
  KAKAOBANK: ["KakaoBank"],
  KBANK: ["K bank"],
  KDBBANK: ["KDB"],
  KEBHANA: ["Hana Card"],
  KOOKMIN: ["KB Kookmin Card"],
  LOTTE: ["Lotte Card"],
  MAESTRO: ["Maestro", "50", "56-58", "6"],
  MASTERCARD: ["Mastercard", "51-55", "2221-2720"],
  MIR: ["Mir", "2200-2204"],
  NONGHYUP: ["NH NongHyup Card"],
  POST: ["Korea Post"],
  SAEMAUL: ["MG Saemaul"],
  SAMSUNG: ["Samsung Card"],
  SAVINGBANK: ["Savings Bank"],
  SHINHAN: ["Shinhan Card"],
  SHINHYEOP: ["Shinhyup"],
  SUHYEOP: ["Suhyup Bank"],
  TOSSBANK: ["Toss Bank"],
  TROY: ["Troy", "9792"],
  VISA: ["Visa", "4"],
  WOORI: ["Woori Card"],
};

/** What the numbers of a brand begin with: from one beginning to another of the same length. */
export interface CardRange {
  readonly brand: CardBrand;
  readonly first: string;
  readonly last: string;
}

const isBrand = (text: string): text is CardBrand => Object.hasOwn(BRANDS, text);

/** Returns the name of a brand, or `undefined` if the document does not know the brand. */
export const getBrandName = (brand: string | null): string | undefined =>
  brand !== null && isBrand(brand) ? BRANDS[brand][0] : undefined;

/** All of them. The longest beginning comes first, because a scheme's range has other schemes' ranges inside it. */
export const CARD_RANGES: readonly CardRange[] = Object.keys(BRANDS)
  .filter(isBrand)
  .flatMap((brand) => {
    const [, ...beginnings] = BRANDS[brand];
    return beginnings.map((range): CardRange => {
      const [first = "", last = first] = range.split("-");
      return { brand, first, last };
    });
  })
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
export function detectBrand(cardNo: string, merchantsWord?: string): CardBrand | undefined {
  const found = CARD_RANGES.find(({ first, last }) => {
    const beginning = cardNo.slice(0, first.length);
    return beginning.length === first.length && first <= beginning && beginning <= last;
  });
  if (found) return found.brand;
  return merchantsWord !== undefined && isBrand(merchantsWord) ? merchantsWord : undefined;
}
