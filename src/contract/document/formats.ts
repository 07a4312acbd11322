/**
 * Realistic values, by format: forms to accept, and common errors to reject. Each field is tested with the values of its format.
 * The name of the format is the field's `x-rule-text` or `format`, the name of its enumeration, or `text`.
 */
import type { OperationId } from "../../../generated/operations.ts";
import { getRequestMessage, type LocatedSchema, resolveReference } from "./openapi-document.ts";

/** Pairs of a note and a value. The note completes the phrase "a request with …". */
type Rows = readonly (readonly [note: string, value: unknown])[];

export interface Format {
  /** Values that fields accept, unless the length limits of a field exclude them. */
  readonly accepted: Rows;
  /** Returns values that fields reject, given the example of the field. */
  readonly rejected: (example: string) => Rows;
}

const texts: Rows = [
  ["an apostrophe", "O'Connor"],
  ["a typographic apostrophe", "D\u2019Angelo"],
  ["a hyphen", "Jean-Luc"],
  ["a period", "J. R."],
  ["accents", "N\u00fa\u00f1ez"],
  ["a combining accent", "Rene\u0301e"],
  ["Turkish letters", "I\u015f\u0131k"],
  ["Chinese characters", "\u5317\u4eac\u5e02"],
  ["a character outside of the Basic Multilingual Plane", "\u{20bb7}\u91ce"],
  ["Korean characters", "\uae40\ubbfc\uc218"],
  ["Japanese characters", "\u3055\u304f\u3089"],
  ["Arabic letters", "\u0645\u062d\u0645\u062f"],
  ["Devanagari letters", "\u0905\u0928\u093f\u0932"],
  ["Cyrillic letters", "\u0418\u0432\u0430\u043d"],
  ["1 letter", "I"],
  ["a slash and a number sign", "12/3 #4"],
  ["an ampersand", "A & B"],
  ["parentheses and a comma", "(A, B)"],
  ["quotation marks", '"Bo"'],
  ["a backslash and a percent sign", "A\\B 5%"],
  ["a word that resembles null", "Null"],
  ["a number with a valid check digit", "4111111111111111"],
  ["surrounding spaces", " Ana "],
  ["an empty string", ""],
];

/** Separates digits into groups of 4, or into single digits if there are at most 4. */
const group = (digits: string, separator: string): string =>
  (digits.match(digits.length > 4 ? /.{1,4}/g : /./g) ?? []).join(separator);

const none: Rows = [];

export const formats: Readonly<Record<string, Format>> = {
  text: { accepted: texts, rejected: () => none },
  "text without control characters": {
    accepted: [
      ...texts,
      ["the User-Agent of a browser", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
      ["1,100 characters", "Mozilla/5.0 (Linux; Android 16) ".padEnd(1100, "App/1.2 ")],
    ],
    rejected: () => [
      ["a NUL character", "a\0b"],
      ["a tab", "a\tb"],
      ["a line feed", "a\nb"],
      ["a DEL character", "a\u007fb"],
      ["a next-line character", "a\u0085b"],
    ],
  },
  "digits only": {
    accepted: [
      ["2 zeros", "00"],
      ["leading zeros", "007"],
      ["a 10-digit number with a leading zero", "0120814752"],
      ["an 11-digit number with leading zeros", "00000000191"],
    ],
    rejected: (example) => [
      ["groups separated by spaces", group(example, " ")],
      ["groups separated by hyphens", group(example, "-")],
      [
        "groups separated by dots",
        example.replace(/^(...)(...)(...)(..)$/, "$1.$2.$3-$4").replace(/^\d+$/, (digits) => group(digits, ".")),
      ],
      ["a plus sign", `+${example.slice(1)}`],
      ["Arabic-Indic digits", example.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))],
    ],
  },
  "two digits, for example 26, not 2026": {
    accepted: [
      ["the year 2031", "31"],
      ["the year 2039", "39"],
      ["the year 2070", "70"],
      ["the year 2099", "99"],
    ],
    rejected: () => [
      ["a 4-digit year", "2030"],
      ["a 3-digit year", "030"],
      ["a year with an apostrophe", "'30"],
      ["a year with a sign", "+3"],
    ],
  },
  "two digits, 01 to 12": {
    accepted: Array.from({ length: 12 }, (_, index) => [`month ${index + 1}`, String(index + 1).padStart(2, "0")]),
    rejected: () => [
      ["month 13", "13"],
      ["month 00", "00"],
      ["a month without its leading zero", "8"],
      ["a 3-digit month", "008"],
      ["the name of a month", "Aug"],
    ],
  },
  "a whole number of at least 1, without leading zeros": {
    accepted: [
      ["the minimum", "1"],
      ["5 digits", "15360"],
    ],
    rejected: () => [
      ["zero", "0"],
      ["a leading zero", "01080"],
      ["a plus sign", "+1080"],
      ["a minus sign", "-1080"],
      ["a unit", "1080px"],
      ["a thousands separator", "1,080"],
      ["a decimal point", "1080.0"],
      ["an exponent", "1e3"],
    ],
  },
  "a whole number from -720 to 720, as a number or quoted": {
    accepted: [
      ["zero", 0],
      ["zero, as a string", "0"],
      ["a half-hour offset", -330],
      ["a quarter-hour offset, as a string", "-345"],
      ["a positive number, as a string", "60"],
      ["the minimum, as a string", "-720"],
      ["the maximum, as a string", "720"],
    ],
    rejected: () => [
      ["a fraction", 60.5],
      ["a fraction, as a string", "60.5"],
      ["a plus sign", "+120"],
      ["a leading zero", "0120"],
      ["hours and minutes", "+02:00"],
      ["a space", "120 "],
      ["an empty string", ""],
    ],
  },
  "true or false, as a Boolean or quoted": {
    // The derived probes send each valid form.
    accepted: none,
    rejected: () => [
      ["the number 0", 0],
      ["1, as a string", "1"],
      ["capitalized true", "True"],
      ["uppercase false", "FALSE"],
      ["the word yes", "yes"],
      ["true followed by a space", "true "],
      ["an empty string", ""],
    ],
  },
  date: {
    accepted: [
      ["February 29 of a leap year", "2000-02-29"],
      ["the last day of a year", "1999-12-31"],
      ["a date before 1970", "1949-01-01"],
    ],
    rejected: () => [
      ["February 30", "2024-02-30"],
      ["February 29 of a common year", "2023-02-29"],
      ["month 13", "2024-13-01"],
      ["a date without hyphens", "20240229"],
      ["a 6-digit date", "900514"],
      ["a month without its leading zero", "1990-5-14"],
      ["a date with dots", "14.05.1990"],
      ["a date with slashes", "1990/05/14"],
      ["a date with a time", "1990-05-14T00:00:00Z"],
      ["an empty string", ""],
    ],
  },
  CountryCode: {
    accepted: "NO NA AX GB HK MO SS TW BQ CW SX GG IM JE ME RS TL PS VA AQ BV UM ZW"
      .split(" ")
      .map((code) => [`the country ${code}`, code]),
    rejected: () => [
      ["the reserved code UK", "UK"],
      ["the reserved code EU", "EU"],
      ["the user-assigned code XK", "XK"],
      ["a code that is no longer used", "AN"],
      ["an alpha-3 code", "BRA"],
      ["a numeric code", "076"],
      ["a code with a lowercase letter", "Br"],
      ["a lowercase code", "br"],
      ["the name of a country", "Brazil"],
    ],
  },
  // The accepted values also produce requests in which related fields, such as brand and selectedCardBrand, have equal or different values.
  TerminalType: {
    accepted: ["WEB", "WAP", "APP", "MINI_APP"].map((value) => [`the terminal type ${value}`, value]),
    rejected: () =>
      ["Web", "wap", "App", "mini_app", "MINI-APP", "H5"].map((value) => [`the terminal type ${value}`, value]),
  },
  OsType: {
    accepted: ["IOS", "ANDROID"].map((value) => [`the type ${value}`, value]),
    rejected: () => ["iOS", "Android", "android", "LINUX"].map((value) => [`the type ${value}`, value]),
  },
  CardBrand: {
    accepted: [
      ...["VISA", "CARTES_BANCAIRES", "MASTERCARD", "AMEX", "BC", "CUP", "DINERS", "ELO", "GWANGJUBANK", "IBK_BC"],
      ...["JCB", "KDBBANK", "MAESTRO", "MIR", "POST", "TOSSBANK", "TROY", "WOORI"],
    ].map((value) => [`the brand ${value}`, value]),
    rejected: () => ["Visa", "visa", "MasterCard"].map((value) => [`the brand ${value}`, value]),
  },
  colorDepth: {
    accepted: ["0", "1", "4", "8", "15", "16", "24", "30", "32", "48"].map((value) => [
      `the color depth ${value}`,
      value,
    ]),
    rejected: () => ["2", "024", "24.0", "+24"].map((value) => [`the color depth ${value}`, value]),
  },
  "an email address": {
    accepted: [
      ["a plus sign", "ana+cards@buyer.example"],
      ["dots", "ana.maria.souza@buyer.example"],
      ["1 letter", "a@buyer.example"],
      ["an apostrophe", "o'connor@buyer.example"],
      ["a hyphen and an underscore", "ana-maria_souza@buyer.example"],
      ["digits", "2026@buyer.example"],
      ["uppercase letters", "Ana.Souza@Buyer.Example"],
      ["a subdomain and a hyphen", "ana@mail.buyer-shop.example"],
      ["accents", "jos\u00e9@correo.example"],
      ["special characters", "ana!#$%&*/=?^`{|}~@buyer.example"],
    ],
    rejected: () => [
      ["no at sign", "ana.buyer.example"],
      ["2 at signs", "ana@@buyer.example"],
      ["2 email addresses", "ana@buyer.example,bo@buyer.example"],
      ["a display name", "Ana <ana@buyer.example>"],
      ["no local part", "@buyer.example"],
      ["no domain", "ana@"],
    ],
  },
  "an IP address": {
    accepted: [
      ["an IPv4 address", "198.51.100.255"],
      ["a full IPv6 address", "2001:0db8:0000:0000:0000:ff00:0042:8329"],
      ["a compressed IPv6 address", "2001:db8::1"],
      ["an uppercase IPv6 address", "2001:DB8::A:B"],
      ["an IPv4-mapped IPv6 address", "::ffff:203.0.113.7"],
      ["the longest form of an IP address", "0000:0000:0000:0000:0000:ffff:203.000.113.007"],
    ],
    rejected: () => [
      ["2 IP addresses", "203.0.113.7, 198.51.100.1"],
      ["a network address", "203.0.113.0/24"],
      ["an IPv6 address in brackets", "[2001:db8::1]"],
      ["an IPv6 address with a zone", "fe80::1%eth0"],
      ["a host name", "localhost"],
      ["the word unknown", "unknown"],
    ],
  },
  "an http or https URL, with or without the scheme, and without a user name, space, or backslash": {
    accepted: [
      ["an http URL", "http://merchant.example/cards"],
      ["an uppercase scheme and host", "HTTPS://MERCHANT.EXAMPLE/Cards"],
      ["no scheme", "merchant.example/cards"],
      ["no path", "https://merchant.example"],
      ["a port", "https://merchant.example:8443/cards"],
      ["a query without a path", "https://merchant.example?order=7"],
      ["an encoded query", "https://merchant.example/cards?next=%2Fdone%3Fa%3D1&tag=a+b&list[]=1"],
      ["a fragment", "https://merchant.example/#/cards/done"],
      ["special characters in the path", "https://merchant.example/a;b=1/~ana/(x)/!$&'*,:@/"],
      ["accents in the path", "https://merchant.example/pagos/\u00e9xito"],
      ["an internationalized host", "https://h\u00e4ndler.example/cards"],
      ["a host in Punycode", "https://xn--hndler-bua.example/cards"],
      ["an IPv4 host", "https://203.0.113.7/cards"],
      ["an IPv6 host", "https://[2001:db8::7]:8443/cards"],
      ["an underscore in the host", "https://shop_1.merchant.example/cards"],
      ["a single-label host with an underscore", "http://my_shop:8080/cards"],
      ["a port without a scheme", "merchant.example:8443/cards"],
      ["an at sign in the query without a scheme", "merchant.example?mail=ana@buyer.example"],
    ],
    rejected: () => [
      ["a javascript: URL", "javascript:alert(1)"],
      ["a file: URL", "file:///etc/passwd"],
      ["a data: URL", "data:text/html,x"],
      ["an ftp: URL", "ftp://merchant.example/cards"],
      ["a wss: URL", "wss://merchant.example/cards"],
      ["the URL of an app", "antomwallet://vaulting/cards"],
      ["a mailto: URL", "mailto:ana@merchant.example"],
      ["a protocol-relative URL", "//merchant.example/cards"],
      ["only a path", "/cards"],
      ["no host", "https:///cards"],
      ["only a scheme", "https://"],
      ["only 1 slash", "https:/merchant.example/cards"],
      ["a port that is not a number", "https://merchant.example:port/cards"],
      ["a space in the path", "https://merchant.example/my cards"],
      ["a tab in the path", "https://merchant.example/my\tcards"],
      ["a leading space", " https://merchant.example/cards"],
      ["a backslash", "https:\\\\merchant.example\\cards"],
      ["a URL with credentials", "https://user:pw@merchant.example/"],
      ["a URL with a user name", "https://user@merchant.example/"],
      ["a user name without a scheme", "user@merchant.example/cards"],
      ["angle brackets", "<https://merchant.example/cards>"],
    ],
  },
};

export interface FormattedField {
  readonly path: readonly string[];
  readonly isRequired: boolean;
  readonly locatedSchema: LocatedSchema;
  readonly format: Format;
}

/** Returns the format of a field, or `undefined` for an object or a constant. */
export function findFormat({ schema, pointer }: LocatedSchema): Format | undefined {
  if (schema.type === "object" || schema.const !== undefined) return undefined;
  const enumName = schema.enum ? pointer.slice(pointer.lastIndexOf("/") + 1) : "text";
  return formats[String(schema["x-rule-text"] ?? schema.format ?? enumName)];
}

/** Returns the fields of a request that have a format. */
export function listFormattedFields(operation: OperationId): readonly FormattedField[] {
  const list = ({ schema, pointer }: LocatedSchema, path: readonly string[]): readonly FormattedField[] =>
    Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      const locatedSchema = resolveReference({ schema: property, pointer: `${pointer}/properties/${name}` });
      const format = findFormat(locatedSchema);
      const at = [...path, name];
      if (!format) return list(locatedSchema, at);
      return [{ path: at, isRequired: schema.required?.includes(name) ?? false, locatedSchema, format }];
    });
  return list(getRequestMessage(operation), []);
}
