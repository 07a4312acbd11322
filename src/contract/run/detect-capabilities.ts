/** What a target turns out to be: under which path it serves the API, what it can be asked, and what stands in the run's way. */
import { basePaths } from "../../../generated/operations.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { getCard, getField } from "../../protocol/json-fields.ts";
import { getEnvironment } from "../../protocol/operations.ts";
import { isLoopback } from "../../protocol/require-tls.ts";
import { hasControlApi } from "../conversation/control-api.ts";
import { TargetClient } from "../conversation/target-client.ts";
import { getResponseMessage } from "../document/openapi-document.ts";
import { createRequestBody } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import type { Capability, ContractTarget } from "../model/target.ts";

/**
 * Asks a target some questions before the checks do: which base path it serves, and which abilities it has. Abilities that are given already
 * stay.
 *
 * @throws AntomVaultError `CONNECTION_FAILED` where nothing answers there; `KEY_INVALID`
 */
export async function detectCapabilities(target: ContractTarget): Promise<ContractTarget> {
  const basePath = await findBasePath(target);
  const found = { ...target, basePath };
  const conversation = await TargetClient.open(found);
  const abilities = new Set<Capability>(target.capabilities);
  if (await isServedUnder(found, getOtherBasePath(basePath))) abilities.add("both-base-paths");
  if (await returnsExamples(conversation)) abilities.add("examples").add("forced-results");
  else if (await isStateful(conversation)) {
    abilities.add("state");
    // A listener of ours can be reached from this machine alone.
    if (isLoopback(new URL(target.baseUrl).hostname)) {
      abilities.add("notifications");
      if (await hasControlApi(target, "/clock", (body) => typeof getField(body, "offsetMs") === "number"))
        abilities.add("clock");
      if (await hasControlApi(target, "/clients", (body) => Array.isArray(getField(body, "clients"))))
        abilities.add("multiple-merchants").add("forced-results");
    }
  }
  return { ...found, capabilities: [...abilities] };
}

async function findBasePath(target: ContractTarget): Promise<string> {
  if (target.basePath !== undefined) return target.basePath;
  const own = basePaths[getEnvironment(target.clientId)];
  for (const basePath of [own, getOtherBasePath(own), ""]) {
    if (await isServedUnder(target, basePath)) return basePath;
  }
  return own;
}

const getOtherBasePath = (basePath: string): string =>
  basePath === basePaths.sandbox ? basePaths.production : basePaths.sandbox;

async function isServedUnder(target: ContractTarget, basePath: string): Promise<boolean> {
  const { status, resultCode } = await inquire(await TargetClient.open({ ...target, basePath }));
  return status !== 404 && resultCode !== "NO_INTERFACE_DEF";
}

/** An inquiry for an ID; without one, for an ID that nobody has used. */
async function inquire(conversation: TargetClient, vaultingRequestId = conversation.createId()): Promise<Exchange> {
  try {
    return await conversation.send({ operation: "inquireVaulting", body: { vaultingRequestId } });
  } catch (error) {
    if (!(error instanceof ContractFailure)) throw error;
    const { baseUrl } = conversation.target;
    throw new AntomVaultError(
      "CONNECTION_FAILED",
      `No answer comes from ${baseUrl}. Is it the right address, and does it run?`,
    );
  }
}

/** A mock of ours gives the example that the ID names. */
async function returnsExamples(conversation: TargetClient): Promise<boolean> {
  const { body } = await inquire(conversation, "mock:FAIL_CARD_EXPIRED");
  return getField(body, "vaultingResultCode") === "CARD_EXPIRED";
}

/** Another mock gives the document's own token to everybody, and knows every ID. A gateway that only does one of the two is a gateway with a fault. */
async function isStateful(conversation: TargetClient): Promise<boolean> {
  const body = createRequestBody("vaultPaymentMethod", conversation.createId());
  const answer = await conversation.send({ operation: "vaultPaymentMethod", body });
  const token = getToken(answer.body);
  const examples = [...getResponseMessage("vaultPaymentMethod").examples.values()];
  if (token === undefined || !examples.some((each) => getToken(each) === token)) return true;
  return (await inquire(conversation)).resultCode === "VAULTING_NOT_EXIST";
}

const getToken = (body: unknown): unknown => getField(getCard(body), "cardToken");

/**
 * Asks a target one right thing, and says what a person should look at first where the answer is none; `undefined` where it is one. A target
 * may be wrong in just this way, so the checks are asked all the same.
 */
export async function diagnoseTarget(target: ContractTarget): Promise<string | undefined> {
  const conversation = await TargetClient.open(target);
  const body = { vaultingRequestId: conversation.createId() };
  const answer = await conversation.send({ operation: "inquireVaulting", body }).catch((error: unknown) => {
    if (error instanceof ContractFailure) return undefined;
    throw error;
  });
  if (!answer) return undefined;
  const { status, resultCode, signatureError } = answer;
  if (resultCode === "INVALID_SIGNATURE" || resultCode === "KEY_NOT_FOUND")
    return `The target refuses the signature of a right request (${resultCode}). Has it the public half of merchantPrivateKey, under this client ID?`;
  if (resultCode === undefined)
    return `What answers at ${target.baseUrl} is not the API: HTTP ${status}, and no result. Is it the right address, and the right base path?`;
  if (signatureError !== undefined)
    return `The target's answer does not verify. ${signatureError} Is antomPublicKey the key that it signs with?`;
  return undefined;
}
