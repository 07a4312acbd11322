/** The target of an API call: the running local sandbox, a sandbox that is started for the call, or any gateway. @module */
import { type Region, servers } from "../../../generated/operations.ts";
import { type ControlClient, createControlClient } from "../../control-api/control-client.ts";
import type { Credentials } from "../../gateway/index.ts";
import { isLoopback } from "../../protocol/require-tls.ts";
import { type Output, writeText } from "../console/output.ts";
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
  /** `running`: a running sandbox. `started`: a sandbox in memory, started for this call. `given`: a target from the options or the environment. */
  readonly source: "running" | "started" | "given";
  /** Whether the target can send notifications to a loopback address of this computer. */
  readonly isLocal: boolean;
  readonly control?: ControlClient;
}

/**
 * Returns the target that the options or the environment specify; otherwise, the running sandbox or a new one.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` if a value is missing or invalid; `DEPENDENCY_MISSING` if a sandbox cannot be started
 */
export async function resolveTarget(output: Output, options: TargetOptions): Promise<CallTarget> {
  return (await resolveGivenTarget(options)) ?? (await findOrStartSandbox(output, options.data));
}

/** Like {@link resolveTarget}, but never starts a sandbox, because a new sandbox has no vaultings to inquire about. */
export async function resolveExistingTarget(options: TargetOptions): Promise<CallTarget> {
  return (await resolveGivenTarget(options)) ?? toCallTarget(await requireSandbox(options.data ?? SANDBOX_DATA));
}

/**
 * Returns the running sandbox that uses a data directory. If no directory is given and no sandbox is running, starts a sandbox in memory and prints a
 * note.
 */
export async function findOrStartSandbox(
  { stderr, style }: Output,
  data: string | undefined,
): Promise<Required<CallTarget>> {
  const found = data === undefined ? await findSandbox(SANDBOX_DATA) : await requireSandbox(data);
  if (found) return toCallTarget(found);
  const { startSandbox } = await import("../../sandbox/index.ts");
  const started = await startSandbox();
  writeText(
    stderr,
    style.dim(`No sandbox is running with the data directory ${SANDBOX_DATA}. Using a temporary in-memory sandbox.`),
  );
  return {
    credentials: started.credentials,
    source: "started",
    isLocal: true,
    control: createControlClient(started.credentials.baseUrl),
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

const toCallTarget = ({ credentials, control }: FoundSandbox): Required<CallTarget> => ({
  credentials,
  source: "running",
  isLocal: isLoopback(new URL(credentials.baseUrl).hostname),
  control,
  [Symbol.asyncDispose]: async () => {},
});

async function resolveGivenTarget({ target, credentials, data }: TargetOptions): Promise<CallTarget | undefined> {
  if (target === "sandbox") {
    if (credentials !== undefined)
      throw usageError("Use --target sandbox without --credentials: the sandbox has its own credentials.");
    return undefined;
  }
  if (data !== undefined && (target !== undefined || credentials !== undefined))
    throw usageError("--data selects a local sandbox, so it cannot be used with --target or --credentials.");
  if (data !== undefined) return undefined;
  const given = await readCredentials(credentials);
  const isGiven = target !== undefined || credentials !== undefined || given.clientId !== undefined;
  if (!isGiven) return undefined;
  const region = target === "antom" ? "north-america" : target;
  const isRegion = region !== undefined && Object.hasOwn(servers, region);
  const url = parseBaseUrl(isRegion ? servers[region as Region] : (target ?? given.baseUrl), TARGET_NAMES);
  if (url.pathname !== "/")
    throw usageError("The target must be a URL without a path, because the command adds the path of the operation.");
  return {
    credentials: { baseUrl: url.origin, ...requireCredentials(given) },
    source: "given",
    isLocal: isLoopback(url.hostname),
    [Symbol.asyncDispose]: async () => {},
  };
}

const TARGET_NAMES = `sandbox, antom, ${Object.keys(servers).join(", ")}`;
