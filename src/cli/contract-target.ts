/** Whom the contract tests ask: a server that is started for the run, the vendor's own sandbox, or any base URL. */
import { servers } from "../../generated/operations.ts";
import { validateVaultPaymentMethodRequest } from "../../generated/validators.js";
import { bodyOf, type OwnCard, type Target, withCard } from "../contract/index.ts";
import { describeIssues } from "../errors.ts";
import { isLoopback } from "../loopback.ts";
import { startMock } from "../mock/start-mock.ts";
import { startSandbox } from "../sandbox/index.ts";
import { needed, readCredentialsFile, readText, wrongUsage } from "./input.ts";

export interface TargetOptions {
  readonly credentials?: string;
  readonly basePath?: string;
  readonly card?: string;
  readonly rate?: string;
  readonly lenient?: true;
}

export interface Serving extends AsyncDisposable {
  readonly target: Target;
}

const SERVERS = { mock: startMock, sandbox: startSandbox } as const;

/** Calls a second to a gateway that is not on this machine. */
const RATE = 10;

/**
 * The target of a name or base URL, or why there is none to be asked: nobody has given credentials for the vendor's sandbox.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` for whatever else is missing or wrong
 */
export async function targetOf(name: string | undefined, options: TargetOptions): Promise<Serving | string> {
  const more = { ...(await cardFrom(options.card)), ...(options.lenient ? { lenient: true } : {}) };
  if (name === "mock" || name === "sandbox") {
    const running = await SERVERS[name]();
    return {
      target: { name, ...running.credentials, ...more },
      [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
    };
  }
  const told = await credentialsFrom(options.credentials);
  const isVendors = name === "antom";
  if (isVendors && Object.values(told).every((value) => value === undefined))
    return "no credentials: give --credentials FILE, or ANTOM_CLIENT_ID, ANTOM_PRIVATE_KEY and ANTOM_PUBLIC_KEY.";
  const address = addressOf(isVendors ? (told.baseUrl ?? servers["north-america"]) : (name ?? told.baseUrl));
  const rate = rateOf(options.rate) ?? (isLoopback(address.hostname) ? undefined : RATE);
  const clientId = needed(told.clientId, how("clientId", "ANTOM_CLIENT_ID"));
  if (isVendors && !clientId.startsWith("SANDBOX_"))
    throw wrongUsage(
      "The contract tests ask the vendor's sandbox, not production: the client ID must begin with SANDBOX_.",
    );
  const basePath = options.basePath ?? (address.pathname === "/" ? undefined : address.pathname);
  return {
    target: {
      name: isVendors ? name : address.origin,
      baseUrl: address.origin,
      clientId,
      merchantPrivateKey: needed(told.merchantPrivateKey, how("merchantPrivateKey", "ANTOM_PRIVATE_KEY")),
      antomPublicKey: needed(told.antomPublicKey, how("antomPublicKey", "ANTOM_PUBLIC_KEY")),
      ...(basePath === undefined ? {} : { basePath: basePath.replace(/\/+$/, "") }),
      ...(rate === undefined ? {} : { rate }),
      ...more,
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

const how = (field: string, variable: string) =>
  `${field}, by --credentials FILE (as the sandbox writes it) or ${variable} in the environment,`;

/** From a file, and what that does not say from the environment. */
async function credentialsFrom(file: string | undefined) {
  const { env } = process;
  const told = await readCredentialsFile(file);
  return {
    baseUrl: told.baseUrl ?? env["ANTOM_BASE_URL"],
    clientId: told.clientId ?? env["ANTOM_CLIENT_ID"],
    merchantPrivateKey: told.merchantPrivateKey ?? env["ANTOM_PRIVATE_KEY"],
    antomPublicKey: told.antomPublicKey ?? env["ANTOM_PUBLIC_KEY"],
  };
}

function addressOf(name: string | undefined): URL {
  const baseUrl = needed(name, "A target: mock, sandbox, antom or a base URL,");
  const address = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!address || !/^https?:$/.test(address.protocol))
    throw wrongUsage("The target must be mock, sandbox, antom, or a base URL such as https://gateway.example.");
  return address;
}

function rateOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (!(rate > 0 && rate <= 10_000))
    throw wrongUsage("--rate must be a number of calls a second above 0, at most 10000.");
  return rate;
}

/** A card from a file, judged as the document judges one. */
async function cardFrom(file: string | undefined): Promise<{ readonly card?: OwnCard }> {
  if (file === undefined) return {};
  const text = await readText(file);
  let card: unknown;
  try {
    card = JSON.parse(text);
  } catch {
    throw wrongUsage(`${file} is not JSON.`);
  }
  const checked = validateVaultPaymentMethodRequest(
    bodyOf("vaultPaymentMethod", "card", withCard(typeof card === "object" ? { ...card } : {})),
  );
  if (!checked.valid) throw wrongUsage(`The card in ${file} breaks the document: ${describeIssues(checked.issues)}.`);
  const { cardNo, expiryYear, expiryMonth, cvv } = checked.value.paymentMethodDetail.card;
  return { card: { cardNo, expiryYear, expiryMonth, ...(cvv === undefined ? {} : { cvv }) } };
}
