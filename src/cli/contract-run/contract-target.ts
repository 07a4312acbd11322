/** The target of the contract tests: a server that is started for the run, Antom's sandbox, or any base URL. @module */
import { servers } from "../../../generated/operations.ts";
import { type ContractTarget, type CustomCard, withCard } from "../../contract/index.ts";
import { startMock } from "../../mock/index.ts";
import { getCard } from "../../protocol/json-fields.ts";
import { isLoopback } from "../../protocol/require-tls.ts";
import { findSandbox, readSandboxCredentials, SANDBOX_DATA } from "../calling/find-sandbox.ts";
import { usageError } from "../console/usage-error.ts";
import { readCard } from "../inputs/card-file.ts";
import { parseBaseUrl, readCredentials, requireCredentials } from "../inputs/read-credentials.ts";
import { startSandboxThread } from "./sandbox-thread.ts";

export interface ContractTargetOptions {
  readonly credentials?: string;
  readonly basePath?: string;
  readonly card?: string;
  readonly rate?: string;
  readonly seed?: string;
  readonly lenient?: true;
}

export interface RunningTarget extends AsyncDisposable {
  readonly target: ContractTarget;
}

const SERVER_STARTERS = { mock: startMock, sandbox: startSandboxThread } as const;

/** The default rate limit for a remote gateway, in calls per second. */
const REMOTE_RATE = 10;

/**
 * Returns the target for a name or base URL, or the reason to skip the run if there are no credentials for Antom's sandbox.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if a value is missing or invalid
 */
export async function resolveContractTarget(
  name: string | undefined,
  options: ContractTargetOptions,
): Promise<RunningTarget | string> {
  const givenRate = parseRate(options.rate);
  const settings = {
    ...(await readCustomCard(options.card)),
    ...(options.lenient ? { lenient: true } : {}),
    ...parseSeed(options.seed),
  };
  if (name === "mock" || name === "sandbox") {
    const running = await SERVER_STARTERS[name]();
    return {
      target: { name, ...running.credentials, ...toPathAndRate(options.basePath, givenRate), ...settings },
      [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
    };
  }
  const given = await readCredentials(options.credentials);
  const isAntomSandbox = name === "antom";
  if (isAntomSandbox && Object.values(given).every((value) => value === undefined))
    return "no credentials for Antom's sandbox. Use --credentials FILE, or set ANTOM_CLIENT_ID, ANTOM_PRIVATE_KEY, and ANTOM_PUBLIC_KEY.";
  const url = parseBaseUrl(
    isAntomSandbox ? (given.baseUrl ?? servers["north-america"]) : (name ?? given.baseUrl),
    "mock, sandbox, antom",
  );
  if (isAntomSandbox && !Object.values<string>(servers).includes(url.origin))
    throw usageError(
      "The target antom is Antom's sandbox, but the credentials file or ANTOM_BASE_URL names a different server. Remove that base URL, or use it as the target.",
    );
  const rate = givenRate ?? (isLoopback(url.hostname) ? undefined : REMOTE_RATE);
  const { baseUrl: _, ...fields } = given;
  const isGiven = options.credentials !== undefined || Object.values(fields).some((value) => value !== undefined);
  const credentials = requireCredentials(isGiven ? given : ((await findLocalCredentials(url)) ?? given));
  if (isAntomSandbox && !credentials.clientId.startsWith("SANDBOX_"))
    throw usageError(
      "The target antom is Antom's sandbox, but the client ID is for production. Use a client ID that starts with SANDBOX_.",
    );
  const basePath = options.basePath ?? (url.pathname === "/" ? undefined : url.pathname);
  return {
    target: {
      name: isAntomSandbox ? name : url.origin,
      baseUrl: url.origin,
      ...credentials,
      ...toPathAndRate(basePath, rate),
      ...settings,
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** The default data directory of `antom-vault mock`. */
const MOCK_DATA = ".antom-vault/mock";

/** Returns the credentials of the running local sandbox, or those that the mock stored, if their base URL matches. */
async function findLocalCredentials({ origin, protocol, hostname, port }: URL) {
  const found = [(await findSandbox(SANDBOX_DATA))?.credentials, await readSandboxCredentials(MOCK_DATA)];
  return found.find((credentials) => {
    const served = new URL(credentials?.baseUrl ?? "about:blank");
    const isSameLocal =
      [hostname, served.hostname].every(isLoopback) && served.port === port && served.protocol === protocol;
    return served.origin === origin || isSameLocal;
  });
}

const toPathAndRate = (basePath: string | undefined, rate: number | undefined) => ({
  ...(basePath === undefined ? {} : { basePath: basePath.replace(/\/+$/, "") }),
  ...(rate === undefined ? {} : { rate }),
});

function parseRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (!(rate > 0 && rate <= 10_000))
    throw usageError("--rate must be a number of calls per second, greater than 0 and at most 10000.");
  return rate;
}

function parseSeed(text: string | undefined): { readonly seed?: number } {
  if (text === undefined) return {};
  const seed = Number(text);
  if (text.trim() === "" || (seed | 0) !== seed)
    throw usageError("--seed must be a whole number between -2147483648 and 2147483647.");
  return { seed };
}

/** Reads a card from a file. Fields that are missing from the file get their values from the card in the sample request. */
async function readCustomCard(file: string | undefined): Promise<{ readonly card?: CustomCard }> {
  if (file === undefined) return {};
  const { cardNo, expiryYear, expiryMonth, cvv } = await readCard(file, getCard(withCard({})));
  return { card: { cardNo, expiryYear, expiryMonth, ...(cvv === undefined ? {} : { cvv }) } };
}
