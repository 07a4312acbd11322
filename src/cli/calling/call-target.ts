/** Whom a call goes to: the sandbox that runs here, one that is started for the call, or any gateway by credentials. */
import { type Region, servers } from "../../../generated/operations.ts";
import { type ControlClient, createControlClient } from "../../control-api/control-client.ts";
import type { Credentials } from "../../gateway/index.ts";
import { isLoopback } from "../../protocol/require-tls.ts";
import { line, type Output } from "../console/output.ts";
import { wrongUsage } from "../console/usage-error.ts";
import { addressOf, completeCredentials, readCredentials } from "../inputs/read-credentials.ts";
import { type FoundSandbox, findSandbox, needSandbox, SANDBOX_DATA } from "./find-sandbox.ts";

export interface TargetOptions {
  readonly target?: string;
  readonly credentials?: string;
  readonly data?: string;
}

export interface CallTarget extends AsyncDisposable {
  readonly credentials: Credentials;
  /** `started`: for this call alone, in memory. `told`: by credentials. */
  readonly from: "running" | "started" | "told";
  /** Whether it can reach a listener on this machine's loopback. */
  readonly isHere: boolean;
  readonly control?: ControlClient;
}

/**
 * Finds the target. Whoever names a target, credentials or, in the environment, a client is asked nothing of a sandbox.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` where something is missing; `DEPENDENCY_MISSING` where a sandbox would have to be started
 */
export async function callTarget(output: Output, options: TargetOptions): Promise<CallTarget> {
  return (await toldTarget(options)) ?? (await sandboxOf(output, options.data));
}

/** As {@link callTarget}, but nothing is started: a sandbox that has only just been made knows nothing that could be asked for. */
export async function knownTarget(options: TargetOptions): Promise<CallTarget> {
  return (await toldTarget(options)) ?? running(await needSandbox(options.data ?? SANDBOX_DATA));
}

/** The sandbox on the folder, or a new one in memory, of which a line on standard error tells. */
export async function sandboxOf({ stderr, style }: Output, data: string | undefined): Promise<CallTarget> {
  const found = data === undefined ? await findSandbox(SANDBOX_DATA) : await needSandbox(data);
  if (found) return running(found);
  const { startSandbox } = await import("../../sandbox/index.ts");
  const started = await startSandbox();
  line(stderr, style.dim(`No sandbox runs on ${SANDBOX_DATA}, so one was started for this call, in memory.`));
  return {
    credentials: started.credentials,
    from: "started",
    isHere: true,
    control: createControlClient(started.credentials.baseUrl),
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

const running = ({ credentials, control }: FoundSandbox): CallTarget => ({
  credentials,
  from: "running",
  isHere: isLoopback(new URL(credentials.baseUrl).hostname),
  control,
  [Symbol.asyncDispose]: async () => {},
});

async function toldTarget({ target, credentials, data }: TargetOptions): Promise<CallTarget | undefined> {
  if (target === "sandbox") {
    if (credentials !== undefined)
      throw wrongUsage("--target sandbox has credentials of its own: leave --credentials out.");
    return undefined;
  }
  if (data !== undefined && (target !== undefined || credentials !== undefined))
    throw wrongUsage("--data names a sandbox of this machine: give it alone, without --target and --credentials.");
  if (data !== undefined) return undefined;
  const told = await readCredentials(credentials);
  const isTold = target !== undefined || credentials !== undefined || told.clientId !== undefined;
  if (!isTold) return undefined;
  const region = target === "antom" ? "north-america" : target;
  const isRegion = region !== undefined && Object.hasOwn(servers, region);
  const address = addressOf(isRegion ? servers[region as Region] : (target ?? told.baseUrl), NAMES);
  if (address.pathname !== "/") throw wrongUsage("The target must end after host and port: the API's path is added.");
  return {
    credentials: { baseUrl: address.origin, ...completeCredentials(told) },
    from: "told",
    isHere: isLoopback(address.hostname),
    [Symbol.asyncDispose]: async () => {},
  };
}

const NAMES = `sandbox, antom, ${Object.keys(servers).join(", ")}`;
