/** Whom the contract tests ask: a server that is started for the run, the vendor's own sandbox, or any base URL. */
import { servers } from "../../../generated/operations.ts";
import { type ContractTarget, type CustomCard, withCard } from "../../contract/index.ts";
import { startMock } from "../../mock/index.ts";
import { getCard } from "../../protocol/json-fields.ts";
import { isLoopback } from "../../protocol/require-tls.ts";
import { usageError } from "../console/usage-error.ts";
import { readCard } from "../inputs/card-file.ts";
import { parseBaseUrl, readCredentials, requireCredentials } from "../inputs/read-credentials.ts";
import { startSandboxThread } from "./sandbox-thread.ts";

export interface ContractTargetOptions {
  readonly credentials?: string;
  readonly basePath?: string;
  readonly card?: string;
  readonly rate?: string;
  readonly lenient?: true;
}

export interface RunningTarget extends AsyncDisposable {
  readonly target: ContractTarget;
}

const SERVERS = { mock: startMock, sandbox: startSandboxThread } as const;

/** Calls a second to a gateway that is not on this machine. */
const RATE = 10;

/**
 * The target of a name or base URL, or why there is none to be asked: nobody has given credentials for the vendor's sandbox.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` for whatever else is missing or wrong
 */
export async function resolveContractTarget(
  name: string | undefined,
  options: ContractTargetOptions,
): Promise<RunningTarget | string> {
  const more = { ...(await readCustomCard(options.card)), ...(options.lenient ? { lenient: true } : {}) };
  if (name === "mock" || name === "sandbox") {
    const running = await SERVERS[name]();
    return {
      target: { name, ...running.credentials, ...more },
      [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
    };
  }
  const told = await readCredentials(options.credentials);
  const isVendors = name === "antom";
  if (isVendors && Object.values(told).every((value) => value === undefined))
    return "no credentials: give --credentials FILE, or ANTOM_CLIENT_ID, ANTOM_PRIVATE_KEY and ANTOM_PUBLIC_KEY.";
  const address = parseBaseUrl(
    isVendors ? (told.baseUrl ?? servers["north-america"]) : (name ?? told.baseUrl),
    "mock, sandbox, antom",
  );
  const rate = parseRate(options.rate) ?? (isLoopback(address.hostname) ? undefined : RATE);
  const credentials = requireCredentials(told);
  if (isVendors && !credentials.clientId.startsWith("SANDBOX_"))
    throw usageError(
      "The contract tests ask the vendor's sandbox, not production: the client ID must begin with SANDBOX_.",
    );
  const basePath = options.basePath ?? (address.pathname === "/" ? undefined : address.pathname);
  return {
    target: {
      name: isVendors ? name : address.origin,
      baseUrl: address.origin,
      ...credentials,
      ...(basePath === undefined ? {} : { basePath: basePath.replace(/\/+$/, "") }),
      ...(rate === undefined ? {} : { rate }),
      ...more,
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

function parseRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (!(rate > 0 && rate <= 10_000))
    throw usageError("--rate must be a number of calls a second above 0, at most 10000.");
  return rate;
}

/** A card from a file; what it does not say is the document's. */
async function readCustomCard(file: string | undefined): Promise<{ readonly card?: CustomCard }> {
  if (file === undefined) return {};
  const { cardNo, expiryYear, expiryMonth, cvv } = await readCard(file, getCard(withCard({})));
  return { card: { cardNo, expiryYear, expiryMonth, ...(cvv === undefined ? {} : { cvv }) } };
}
