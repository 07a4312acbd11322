/** What a target turns out to be: under which path it serves the API, what it can be asked, and what stands in the run's way. */
import { basePaths } from "../../../generated/operations.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import { cardOf, field } from "../../protocol/json-fields.ts";
import { environmentOf } from "../../protocol/operations.ts";
import { isLoopback } from "../../protocol/require-tls.ts";
import { hasControl } from "../conversation/control-api.ts";
import { Conversation } from "../conversation/target-client.ts";
import { responseOf } from "../document/openapi-document.ts";
import { bodyOf } from "../document/sample-requests.ts";
import type { Exchange } from "../model/exchange.ts";
import { ContractFailure } from "../model/failure.ts";
import type { Ability, Target } from "../model/target.ts";

/**
 * Asks a target some questions before the checks do: which base path it serves, and which abilities it has. Abilities that are given already
 * stay.
 *
 * @throws AntomVaultError `CONNECTION_FAILED` where nothing answers there; `KEY_INVALID`
 */
export async function meet(target: Target): Promise<Target> {
  const basePath = await findBasePath(target);
  const found = { ...target, basePath };
  const conversation = await Conversation.open(found);
  const abilities = new Set<Ability>(target.abilities);
  if (await serves(found, otherBasePath(basePath))) abilities.add("both-paths");
  if (await answersExamples(conversation)) abilities.add("examples").add("chosen-answers");
  else if (await remembers(conversation)) {
    abilities.add("state");
    // A listener of ours can be reached from this machine alone.
    if (isLoopback(new URL(target.baseUrl).hostname)) {
      abilities.add("notifies");
      if (await hasControl(target, "/clock", (body) => typeof field(body, "offsetMs") === "number"))
        abilities.add("clock");
      if (await hasControl(target, "/clients", (body) => Array.isArray(field(body, "clients"))))
        abilities.add("clients").add("chosen-answers");
    }
  }
  return { ...found, abilities: [...abilities] };
}

async function findBasePath(target: Target): Promise<string> {
  if (target.basePath !== undefined) return target.basePath;
  const own = basePaths[environmentOf(target.clientId)];
  for (const basePath of [own, otherBasePath(own), ""]) {
    if (await serves(target, basePath)) return basePath;
  }
  return own;
}

const otherBasePath = (basePath: string): string =>
  basePath === basePaths.sandbox ? basePaths.production : basePaths.sandbox;

async function serves(target: Target, basePath: string): Promise<boolean> {
  const { status, resultCode } = await inquire(await Conversation.open({ ...target, basePath }));
  return status !== 404 && resultCode !== "NO_INTERFACE_DEF";
}

/** An inquiry for an ID; without one, for an ID that nobody has used. */
async function inquire(conversation: Conversation, vaultingRequestId = conversation.freshId()): Promise<Exchange> {
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
async function answersExamples(conversation: Conversation): Promise<boolean> {
  const { body } = await inquire(conversation, "mock:FAIL_CARD_EXPIRED");
  return field(body, "vaultingResultCode") === "CARD_EXPIRED";
}

/** Another mock gives the document's own token to everybody, and knows every ID. A gateway that only does one of the two is a gateway with a fault. */
async function remembers(conversation: Conversation): Promise<boolean> {
  const body = bodyOf("vaultPaymentMethod", conversation.freshId());
  const answer = await conversation.send({ operation: "vaultPaymentMethod", body });
  const token = tokenIn(answer.body);
  const examples = [...responseOf("vaultPaymentMethod").examples.values()];
  if (token === undefined || !examples.some((each) => tokenIn(each) === token)) return true;
  return (await inquire(conversation)).resultCode === "VAULTING_NOT_EXIST";
}

const tokenIn = (body: unknown): unknown => field(cardOf(body), "cardToken");

/**
 * Asks a target one right thing, and says what a person should look at first where the answer is none; `undefined` where it is one. A target
 * may be wrong in just this way, so the checks are asked all the same.
 */
export async function doubtOf(target: Target): Promise<string | undefined> {
  const conversation = await Conversation.open(target);
  const body = { vaultingRequestId: conversation.freshId() };
  const answer = await conversation.send({ operation: "inquireVaulting", body }).catch((error: unknown) => {
    if (error instanceof ContractFailure) return undefined;
    throw error;
  });
  if (!answer) return undefined;
  const { status, resultCode, signatureFault } = answer;
  if (resultCode === "INVALID_SIGNATURE" || resultCode === "KEY_NOT_FOUND")
    return `The target refuses the signature of a right request (${resultCode}). Has it the public half of merchantPrivateKey, under this client ID?`;
  if (resultCode === undefined)
    return `What answers at ${target.baseUrl} is not the API: HTTP ${status}, and no result. Is it the right address, and the right base path?`;
  if (signatureFault !== undefined)
    return `The target's answer does not verify. ${signatureFault} Is antomPublicKey the key that it signs with?`;
  return undefined;
}
