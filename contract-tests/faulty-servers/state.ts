/** Faults in what a server remembers. */
import { randomUUID } from "node:crypto";
import type { Fault } from "./fault.ts";
import { type Answer, answering, type Body, parsed, utf8, type Wrong, withBody } from "./http-messages.ts";
import { answers, cardOf, isS, operationOf, refuses, resultOf, takes, withCard } from "./mutation-helpers.ts";

const idOf = (body: Body): string => String(body["vaultingRequestId"]);
const effective = new Set(["vaultPaymentMethod", "createVaultingSession"]);

/** Each call is a vaulting of its own, where `when` holds; the answer says the ID that was asked for. */
const forgetful =
  (when: (id: string, call: Parameters<typeof operationOf>[0]) => boolean): Wrong =>
  (right, keys) =>
  async (call) => {
    const asked = parsed(utf8(call));
    if (!effective.has(operationOf(call)) || !when(idOf(asked), call) || idOf(asked).startsWith("mock:"))
      return right(call);
    // What is illegal is to be refused as ever.
    const first = await right(call);
    if (!isS(parsed(first.text))) return first;
    const answer = await right(withBody(call, JSON.stringify({ ...asked, vaultingRequestId: randomUUID() }), keys));
    const body = parsed(answer.text);
    const echoed = "vaultingRequestId" in body ? { ...body, vaultingRequestId: idOf(asked) } : body;
    return answering(call, answer, JSON.stringify(echoed), keys);
  };

/** Tells whether an ID came before. */
const seen = () => {
  const ids = new Set<string>();
  return (id: string): boolean => {
    const before = ids.has(id);
    ids.add(id);
    return before;
  };
};

export const stateFaults: readonly Fault[] = [
  {
    name: "idempotency-broken",
    by: "vaultPaymentMethod.idempotency.sequence",
    wrong: (right, keys) => forgetful(seen())(right, keys),
  },
  {
    name: "idempotency-broken-in-parallel",
    by: "vaultPaymentMethod.idempotency.parallel",
    wrong: (right, keys) => {
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
  {
    name: "stored-answer-with-its-keys-in-another-order",
    by: "vaultPaymentMethod.idempotency.sequence",
    wrong: (right, keys) => {
      const known = seen();
      return answers((body, asked, call) =>
        operationOf(call) === "vaultPaymentMethod" && isS(body) && known(idOf(asked))
          ? Object.fromEntries(Object.entries(body).reverse())
          : undefined,
      )(right, keys);
    },
  },
  {
    name: "two-vaultings-share-a-token",
    by: "vaultPaymentMethod.token.unique",
    wrong: answers((body) =>
      cardOf(body)["cardToken"] ? withCard(body, { cardToken: `ALIPAY${"A".repeat(86)}==` }) : undefined,
    ),
  },
  {
    name: "a-refused-id-is-used-up",
    by: "vaultPaymentMethod.idempotency.after-refusal",
    wrong: (right, keys) => {
      const used = new Map<string, Answer>();
      return async (call) => {
        const asked = parsed(utf8(call));
        const before = used.get(idOf(asked));
        if (before && effective.has(operationOf(call))) return answering(call, before, before.text, keys);
        const answer = await right(call);
        if (resultOf(parsed(answer.text)).resultCode === "PARAM_ILLEGAL" && "vaultingRequestId" in parsed(answer.text))
          used.set(idOf(asked), answer);
        return answer;
      };
    },
  },
  {
    name: "inquiry-forgets",
    by: "inquireVaulting.state.vaulted",
    wrong: takes((asked, call) =>
      operationOf(call) === "inquireVaulting" && idOf(asked).startsWith("contract-")
        ? { ...asked, vaultingRequestId: `${idOf(asked)}?` }
        : undefined,
    ),
  },
  {
    name: "inquiry-says-processing-when-vaulted",
    by: "inquireVaulting.state.vaulted",
    wrong: answers((body) =>
      body["vaultingStatus"] === "SUCCESS"
        ? { result: body["result"], vaultingRequestId: body["vaultingRequestId"], vaultingStatus: "PROCESSING" }
        : undefined,
    ),
  },
  {
    name: "inquiry-tells-another-token",
    by: "inquireVaulting.state.vaulted",
    wrong: answers((body) =>
      body["vaultingStatus"] === "SUCCESS" ? withCard(body, { cardToken: `ALIPAY${"B".repeat(86)}==` }) : undefined,
    ),
  },
  {
    name: "unknown-id-is-processing",
    by: "inquireVaulting.state.unknown",
    wrong: answers((body, asked) =>
      resultOf(body).resultCode === "VAULTING_NOT_EXIST"
        ? {
            result: { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." },
            vaultingRequestId: idOf(asked),
            vaultingStatus: "PROCESSING",
          }
        : undefined,
    ),
  },
  {
    name: "inquiry-does-not-know-sessions",
    by: "inquireVaulting.state.session",
    wrong: (right, keys) => {
      const sessions = new Set<string>();
      const broken = refuses(
        (asked, call) => operationOf(call) === "inquireVaulting" && sessions.has(idOf(asked)),
        "VAULTING_NOT_EXIST",
      )(right, keys);
      return async (call) => {
        if (operationOf(call) === "createVaultingSession") sessions.add(idOf(parsed(utf8(call))));
        return broken(call);
      };
    },
  },
];
