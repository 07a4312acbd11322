/** Names and number ranges of card brands. @module */
import type { CardBrand } from "./test-cards.ts";

/**
 * The display name of each brand, followed by the prefixes or prefix ranges of its card numbers (ISO/IEC 7812 issuer identification numbers).
 * Card numbers of a brand without prefixes start with the prefixes of a card scheme, so the merchant must specify the brand.
 */
const BRANDS: Readonly<Record<CardBrand, readonly [name: string, ...prefixes: string[]]>> = {
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

/** A range of card number prefixes of equal length. */
export interface CardRange {
  readonly brand: CardBrand;
  readonly first: string;
  readonly last: string;
}

const isBrand = (text: string): text is CardBrand => Object.hasOwn(BRANDS, text);

/** Returns the display name of a brand, or `undefined` if the brand is `null` or the OpenAPI document does not list it. */
export const getBrandName = (brand: string | null): string | undefined =>
  brand !== null && isBrand(brand) ? BRANDS[brand][0] : undefined;

/** All ranges, with the longest prefixes first, because the ranges of some brands contain narrower ranges of other brands. */
export const CARD_RANGES: readonly CardRange[] = Object.keys(BRANDS)
  .filter(isBrand)
  .flatMap((brand) => {
    const [, ...prefixes] = BRANDS[brand];
    return prefixes.map((range): CardRange => {
      const [first = "", last = first] = range.split("-");
      return { brand, first, last };
    });
  })
  .sort((a, b) => b.first.length - a.first.length);

/**
 * Returns the brand whose number range contains the card number. If no range does, returns the merchant's brand, or `undefined` if the OpenAPI
 * document does not list that brand. The API also gives the number precedence over the merchant's brand.
 *
 * @example
 * ```ts
 * detectBrand("5162774114974622", "VISA"); // "MASTERCARD"
 * ```
 */
export function detectBrand(cardNo: string, merchantBrand?: string): CardBrand | undefined {
  const found = CARD_RANGES.find(({ first, last }) => {
    const prefix = cardNo.slice(0, first.length);
    return prefix.length === first.length && first <= prefix && prefix <= last;
  });
  if (found) return found.brand;
  return merchantBrand !== undefined && isBrand(merchantBrand) ? merchantBrand : undefined;
}
