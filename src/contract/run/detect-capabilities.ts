/** Detects the base path and the capabilities of a target, and diagnoses problems that would make most checks fail. */
import { basePaths } from "../../../generated/operations.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { getField } from "../../protocol/json-fields.ts";
import { getEnvironment } from "../../protocol/operations.ts";
import { isLoopback } from "../../protocol/require-tls.ts";
import { getCardToken } from "../checks/vaulting-requests.ts";
import { hasControlApi } from "../conversation/control-api.ts";
import { TargetClient } from "../conversation/target-client.ts";
import { getResponseMessage } from "../document/openapi-document.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import type { Capability, ContractTarget } from "../model/target.ts";
import { isUnsignedError } from "../rules/assertions.ts";

/**
 * Detects the base path and the capabilities of a target. Keeps a base path and capabilities that are already set.
 *
 * @throws {AntomVaultError} `CONNECTION_FAILED` if the target does not respond; `KEY_INVALID` if a key cannot be used;
 *   `TLS_REQUIRED` if certificate checks are disabled, or if a custom card would be sent in plain text
 */
export async function detectCapabilities(target: ContractTarget): Promise<ContractTarget> {
  const basePath = await findBasePath(target);
  const detected = { ...target, basePath };
  const client = await TargetClient.open(detected);
  const capabilities = new Set<Capability>(target.capabilities);
  if (await isServedUnder(detected, getOtherBasePath(basePath))) capabilities.add("both-base-paths");
  if (await returnsExamples(client)) capabilities.add("examples").add("forced-results");
  else if (await isStateful(client)) {
    capabilities.add("state");
    // Only a target on this computer can reach the notification listener.
    if (isLoopback(new URL(target.baseUrl).hostname)) {
      capabilities.add("notifications");
      if (await hasControlApi(target, "/clock", (body) => typeof getField(body, "offsetMs") === "number"))
        capabilities.add("clock");
      if (await hasControlApi(target, "/clients", (body) => Array.isArray(getField(body, "clients"))))
        capabilities.add("multiple-merchants").add("forced-results");
    }
  }
  return { ...detected, capabilities: [...capabilities] };
}

async function findBasePath(target: ContractTarget): Promise<string> {
  if (target.basePath !== undefined) return target.basePath;
  const defaultPath = basePaths[getEnvironment(target.clientId)];
  for (const basePath of [defaultPath, getOtherBasePath(defaultPath), ""]) {
    if (await isServedUnder(target, basePath)) return basePath;
  }
  return defaultPath;
}

const getOtherBasePath = (basePath: string): string =>
  basePath === basePaths.sandbox ? basePaths.production : basePaths.sandbox;

async function isServedUnder(target: ContractTarget, basePath: string): Promise<boolean> {
  const { status, resultCode } = await inquire(await TargetClient.open({ ...target, basePath }));
  return status !== 404 && resultCode !== "NO_INTERFACE_DEF";
}

/** Sends an inquiry, by default for an unused ID. */
async function inquire(client: TargetClient, vaultingRequestId = client.createId()): Promise<Exchange> {
  try {
    return await client.send({ operation: "inquireVaulting", body: { vaultingRequestId } });
  } catch (error) {
    if (!(error instanceof ContractFailure)) throw error;
    const { baseUrl } = client.target;
    throw new AntomVaultError(
      "CONNECTION_FAILED",
      `No response from ${baseUrl}: check the URL, and make sure that the target is running.`,
    );
  }
}

/** Returns whether the target returns the example whose name the ID contains, as the mock of this package does. */
async function returnsExamples(client: TargetClient): Promise<boolean> {
  const { body } = await inquire(client, "mock:FAIL_CARD_EXPIRED");
  return getField(body, "vaultingResultCode") === "CARD_EXPIRED";
}

/**
 * Returns whether the target stores vaultings. A stateless mock returns the token of an example, and finds every ID. A target
 * that does only one of these is a faulty gateway, not a mock.
 */
async function isStateful(client: TargetClient): Promise<boolean> {
  const body = createRequestBody("vaultPaymentMethod", client.createId());
  const response = await client.send({ operation: "vaultPaymentMethod", body });
  const token = getCardToken(response);
  const examples = [...getResponseMessage("vaultPaymentMethod").examples.values()];
  if (token === undefined || !examples.some((body) => getCardToken({ body }) === token)) return true;
  return (await inquire(client)).resultCode === "VAULTING_NOT_EXIST";
}

/**
 * Sends 1 valid request. Returns advice if the response is unusable, or `undefined` if it is usable or missing. Run the checks in either
 * case, because the problem might be a violation that they report.
 */
export async function diagnoseTarget(target: ContractTarget): Promise<string | undefined> {
  const client = await TargetClient.open(target);
  const body = { vaultingRequestId: client.createId() };
  const response = await client.send({ operation: "inquireVaulting", body }).catch((error: unknown) => {
    if (error instanceof ContractFailure) return undefined;
    throw error;
  });
  if (!response) return undefined;
  const { status, resultCode, signatureError } = response;
  if (resultCode === "INVALID_SIGNATURE" || resultCode === "KEY_NOT_FOUND")
    return `Target rejected a correctly signed request (${resultCode}): check that it has the public key that matches merchantPrivateKey for this client ID.`;
  if (resultCode === undefined)
    return `Response from ${target.baseUrl} is not from the Vault API (HTTP ${status}): check the base URL and --base-path.`;
  if (signatureError !== undefined && !isUnsignedError(response))
    return `Response signature is invalid. ${signatureError} Check that antomPublicKey matches the key with which the target signs.`;
  return undefined;
}
