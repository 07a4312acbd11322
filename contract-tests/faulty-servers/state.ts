/** Faults in what a server remembers. */
import { TOKEN } from "../../src/testing/messages/client-messages.ts";
import { cardOf, idOf, isS, parsed, processing, resultOf, withCard } from "./bodies.ts";
import { answers, counter, type Faults, refuses, takes, underOtherId, type Wrong } from "./changes.ts";
import { type Answer, answering, type Call, is, utf8 } from "./http-messages.ts";

const effective = (call: Call): boolean => is("vaultPaymentMethod", call) || is("createVaultingSession", call);

/** Each call is a vaulting of its own, where `when` holds; the response has the ID that was sent. */
const forgetful =
  (when: (id: string) => boolean): Wrong =>
  (right, keys) =>
  async (call) => {
    const id = idOf(parsed(utf8(call)));
    if (!effective(call) || !when(id) || id.startsWith("mock:")) return right(call);
    // What is illegal is to be refused as ever.
    const first = await right(call);
    return isS(parsed(first.text)) ? underOtherId(right, call, keys) : first;
  };

export const stateFaults: Faults<Wrong> = {
  "vaultPaymentMethod.idempotency.sequence": {
    "idempotency-broken": (right, keys) => {
      const count = counter();
      return forgetful((id) => count(id) > 1)(right, keys);
    },
    "stored-answer-with-its-keys-in-another-order": (right, keys) => {
      const count = counter();
      const changed = answers((body, asked, call) =>
        is("vaultPaymentMethod", call) && isS(body) && count(idOf(asked)) > 1
          ? Object.fromEntries(Object.entries(body).reverse())
          : undefined,
      );
      return changed(right, keys);
    },
  },
  "vaultPaymentMethod.idempotency.parallel": {
    "idempotency-broken-in-parallel": (right, keys) => {
      const under = new Map<string, number>();
      const broken = forgetful((id) => (under.get(id) ?? 0) > 1)(right, keys);
      return async (call) => {
        const id = idOf(parsed(utf8(call)));
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
    "two-vaultings-share-a-token": answers((body) =>
      cardOf(body)["cardToken"] ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
  },
  "vaultPaymentMethod.idempotency.after-refusal": {
    "a-refused-id-is-used-up": (right, keys) => {
      const used = new Map<string, Answer>();
      return async (call) => {
        const asked = parsed(utf8(call));
        const before = used.get(idOf(asked));
        if (before && effective(call)) return answering(call, before, before.text, keys);
        const answer = await right(call);
        const body = parsed(answer.text);
        if (resultOf(body).resultCode === "PARAM_ILLEGAL" && "vaultingRequestId" in body) used.set(idOf(asked), answer);
        return answer;
      };
    },
  },
  "inquireVaulting.state.vaulted": {
    "inquiry-forgets": takes((asked, call) =>
      is("inquireVaulting", call) && idOf(asked).startsWith("contract-")
        ? { ...asked, vaultingRequestId: `${idOf(asked)}?` }
        : undefined,
    ),
    "inquiry-says-processing-when-vaulted": answers((body) =>
      body["vaultingStatus"] === "SUCCESS" ? processing(body) : undefined,
    ),
    "inquiry-tells-another-token": answers((body) =>
      body["vaultingStatus"] === "SUCCESS" ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
  },
  "inquireVaulting.state.unknown": {
    "unknown-id-is-processing": answers((body, asked) =>
      resultOf(body).resultCode === "VAULTING_NOT_EXIST" ? processing(asked) : undefined,
    ),
  },
  "inquireVaulting.state.session": {
    "inquiry-does-not-know-sessions": (right, keys) => {
      const sessions = new Set<string>();
      const broken = refuses(
        (asked, call) => is("inquireVaulting", call) && sessions.has(idOf(asked)),
        "VAULTING_NOT_EXIST",
      )(right, keys);
      return async (call) => {
        if (is("createVaultingSession", call)) sessions.add(idOf(parsed(utf8(call))));
        return broken(call);
      };
    },
  },
};
