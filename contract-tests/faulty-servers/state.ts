/** Faults in what a server remembers. */
import { TOKEN } from "../../src/testing/messages/client-messages.ts";
import { getCard, getId, getResult, isSuccess, parseBody, toProcessing, withCard } from "./bodies.ts";
import { type Call, decodeBody, type HttpResponse, isOperation, replaceBody } from "./http-messages.ts";
import {
  callWithOtherId,
  changeRequest,
  changeResponse,
  createCounter,
  type Mutation,
  type MutationTable,
  rejectRequest,
} from "./mutations.ts";

const isVaultingCall = (call: Call): boolean =>
  isOperation("vaultPaymentMethod", call) || isOperation("createVaultingSession", call);

/** Each call is a vaulting of its own, where `when` holds; the response has the ID that was sent. */
const forgetVaultings =
  (when: (id: string) => boolean): Mutation =>
  (right, keys) =>
  async (call) => {
    const id = getId(parseBody(decodeBody(call)));
    if (!isVaultingCall(call) || !when(id) || id.startsWith("mock:")) return right(call);
    // What is illegal is to be refused as ever.
    const first = await right(call);
    return isSuccess(parseBody(first.text)) ? callWithOtherId(right, call, keys) : first;
  };

export const stateMutations: MutationTable<Mutation> = {
  "vaultPaymentMethod.idempotency.sequence": {
    "idempotency-broken": (right, keys) => {
      const count = createCounter();
      return forgetVaultings((id) => count(id) > 1)(right, keys);
    },
    "stored-answer-with-its-keys-in-another-order": (right, keys) => {
      const count = createCounter();
      const changed = changeResponse((body, asked, call) =>
        isOperation("vaultPaymentMethod", call) && isSuccess(body) && count(getId(asked)) > 1
          ? Object.fromEntries(Object.entries(body).reverse())
          : undefined,
      );
      return changed(right, keys);
    },
  },
  "vaultPaymentMethod.idempotency.parallel": {
    "idempotency-broken-in-parallel": (right, keys) => {
      const under = new Map<string, number>();
      const broken = forgetVaultings((id) => (under.get(id) ?? 0) > 1)(right, keys);
      return async (call) => {
        const id = getId(parseBody(decodeBody(call)));
        under.set(id, (under.get(id) ?? 0) + 1);
        try {
          return await broken(call);
        } finally {
          under.set(id, (under.get(id) ?? 0) - 1);
        }
      };
    },
  },
  "vaultPaymentMethod.token.unique": {
    "two-vaultings-share-a-token": changeResponse((body) =>
      getCard(body)["cardToken"] ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
  },
  "vaultPaymentMethod.idempotency.after-rejection": {
    "a-refused-id-is-used-up": (right, keys) => {
      const used = new Map<string, HttpResponse>();
      return async (call) => {
        const asked = parseBody(decodeBody(call));
        const before = used.get(getId(asked));
        if (before && isVaultingCall(call)) return replaceBody(call, before, before.text, keys);
        const answer = await right(call);
        const body = parseBody(answer.text);
        if (getResult(body).resultCode === "PARAM_ILLEGAL" && "vaultingRequestId" in body)
          used.set(getId(asked), answer);
        return answer;
      };
    },
  },
  "inquireVaulting.state.vaulted": {
    "inquiry-forgets": changeRequest((asked, call) =>
      isOperation("inquireVaulting", call) && getId(asked).startsWith("contract-")
        ? { ...asked, vaultingRequestId: `${getId(asked)}?` }
        : undefined,
    ),
    "inquiry-says-processing-when-vaulted": changeResponse((body) =>
      body["vaultingStatus"] === "SUCCESS" ? toProcessing(body) : undefined,
    ),
    "inquiry-tells-another-token": changeResponse((body) =>
      body["vaultingStatus"] === "SUCCESS" ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
  },
  "inquireVaulting.state.unknown": {
    "unknown-id-is-processing": changeResponse((body, asked) =>
      getResult(body).resultCode === "VAULTING_NOT_EXIST" ? toProcessing(asked) : undefined,
    ),
  },
  "inquireVaulting.state.session": {
    "inquiry-does-not-know-sessions": (right, keys) => {
      const sessions = new Set<string>();
      const broken = rejectRequest(
        (asked, call) => isOperation("inquireVaulting", call) && sessions.has(getId(asked)),
        "VAULTING_NOT_EXIST",
      )(right, keys);
      return async (call) => {
        if (isOperation("createVaultingSession", call)) sessions.add(getId(parseBody(decodeBody(call))));
        return broken(call);
      };
    },
  },
};
