/** Whom a call goes to: the sandbox that runs here, one that is started for the call, or any gateway by credentials. */
import { type Region, servers } from "../../../generated/operations.ts";
import { type ControlClient, createControlClient } from "../../control-api/control-client.ts";
import type { Credentials } from "../../gateway/index.ts";
import { isLoopback } from "../../protocol/require-tls.ts";
import { type Output, writeLine } from "../console/output.ts";
import { usageError } from "../console/usage-error.ts";
import { parseBaseUrl, readCredentials, requireCredentials } from "../inputs/read-credentials.ts";
import { type FoundSandbox, findSandbox, requireSandbox, SANDBOX_DATA } from "./find-sandbox.ts";

export interface TargetOptions {
  readonly target?: string;
  readonly credentials?: string;
  readonly data?: string;
}

export interface CallTarget extends AsyncDisposable {
  readonly credentials: Credentials;
  /** `started`: for this call alone, in memory. `told`: by credentials. */
  readonly source: "running" | "started" | "told";
  /** Whether it can reach a listener on this machine's loopback. */
  readonly isLocal: boolean;
  readonly control?: ControlClient;
}

/**
 * Finds the target. Whoever names a target, credentials or, in the environment, a client is asked nothing of a sandbox.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where something is missing; `DEPENDENCY_MISSING` where a sandbox would have to be started
 */
export async function resolveTarget(output: Output, options: TargetOptions): Promise<CallTarget> {
  return (await resolveGivenTarget(options)) ?? (await findOrStartSandbox(output, options.data));
}

/** As {@link resolveTarget}, but nothing is started: a sandbox that has only just been made knows nothing that could be asked for. */
export async function resolveExistingTarget(options: TargetOptions): Promise<CallTarget> {
  return (await resolveGivenTarget(options)) ?? toCallTarget(await requireSandbox(options.data ?? SANDBOX_DATA));
}

/** The sandbox on the folder, or a new one in memory, of which a line on standard error tells. */
export async function findOrStartSandbox({ stderr, style }: Output, data: string | undefined): Promise<CallTarget> {
  const found = data === undefined ? await findSandbox(SANDBOX_DATA) : await requireSandbox(data);
  if (found) return toCallTarget(found);
  const { startSandbox } = await import("../../sandbox/index.ts");
  const started = await startSandbox();
  writeLine(stderr, style.dim(`No sandbox runs on ${SANDBOX_DATA}, so one was started for this call, in memory.`));
  return {
    credentials: started.credentials,
    source: "started",
    isLocal: true,
    control: createControlClient(started.credentials.baseUrl),
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

const toCallTarget = ({ credentials, control }: FoundSandbox): CallTarget => ({
  credentials,
  source: "running",
  isLocal: isLoopback(new URL(credentials.baseUrl).hostname),
  control,
  [Symbol.asyncDispose]: async () => {},
});

async function resolveGivenTarget({ target, credentials, data }: TargetOptions): Promise<CallTarget | undefined> {
  if (target === "sandbox") {
    if (credentials !== undefined)
      throw usageError("--target sandbox has credentials of its own: leave --credentials out.");
    return undefined;
  }
  if (data !== undefined && (target !== undefined || credentials !== undefined))
    throw usageError("--data names a sandbox of this machine: give it alone, without --target and --credentials.");
  if (data !== undefined) return undefined;
  const told = await readCredentials(credentials);
  const isTold = target !== undefined || credentials !== undefined || told.clientId !== undefined;
  if (!isTold) return undefined;
  const region = target === "antom" ? "north-america" : target;
  const isRegion = region !== undefined && Object.hasOwn(servers, region);
  const address = parseBaseUrl(isRegion ? servers[region as Region] : (target ?? told.baseUrl), TARGET_NAMES);
  if (address.pathname !== "/") throw usageError("The target must end after host and port: the API's path is added.");
  return {
    credentials: { baseUrl: address.origin, ...requireCredentials(told) },
    source: "told",
    isLocal: isLoopback(address.hostname),
    [Symbol.asyncDispose]: async () => {},
  };
}

const TARGET_NAMES = `sandbox, antom, ${Object.keys(servers).join(", ")}`;
