/** What people call a brand. @module */
import type { CardBrand } from "../../cards/test-cards.ts";

/** A record, so that a brand that is new in the document does not compile before it has a name. */
const NAMES: Readonly<Record<CardBrand, string>> = {
  AMEX: "American Express",
  BC: "BC Card",
  CARNET: "Carnet",
  CARTES_BANCAIRES: "Cartes Bancaires",
  CITI: "Citi",
  CUP: "UnionPay",
  DINERS: "Diners Club",
  DISCOVER: "Discover",
  ELO: "Elo",
  GWANGJUBANK: "Kwangju Bank",
  HIPERCARD: "Hipercard",
  HYUNDAI: "Hyundai Card",
  IBK_BC: "IBK BC Card",
  JCB: "JCB",
  JEJUBANK: "Jeju Bank",
  JEONBUKBANK: "Jeonbuk Bank",
  KAKAOBANK: "KakaoBank",
  KBANK: "K bank",
  KDBBANK: "KDB",
  KEBHANA: "Hana Card",
  KOOKMIN: "KB Kookmin Card",
  LOTTE: "Lotte Card",
  MAESTRO: "Maestro",
  MASTERCARD: "Mastercard",
  MIR: "Mir",
  NONGHYUP: "NH NongHyup Card",
  POST: "Korea Post",
  SAEMAUL: "MG Saemaul",
  SAMSUNG: "Samsung Card",
  SAVINGBANK: "Savings Bank",
  SHINHAN: "Shinhan Card",
  SHINHYEOP: "Shinhyup",
  SUHYEOP: "Suhyup Bank",
  TOSSBANK: "Toss Bank",
  TROY: "Troy",
  VISA: "Visa",
  WOORI: "Woori Card",
};

const isBrand = (text: string): text is CardBrand => Object.hasOwn(NAMES, text);

/** The name of one of the document's brands; `undefined` for whatever else a store may hold. */
export const brandName = (brand: string | null): string | undefined =>
  brand !== null && isBrand(brand) ? NAMES[brand] : undefined;
