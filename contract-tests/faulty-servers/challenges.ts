/** Faults around 3-D Secure, sessions, and what has failed. */
import { randomUUID } from "node:crypto";
import type { Fault } from "./fault.ts";
import { answering, type Body, type Call, parsed, utf8, type Wrong, withBody } from "./http-messages.ts";
import { answers, cardOf, isS, operationOf, refuses, resultOf, takes, withCard } from "./mutation-helpers.ts";

const idOf = (body: Body): string => String(body["vaultingRequestId"]);
const is = (operation: string, call: Call): boolean => operationOf(call) === operation;
const inProcess = (body: Body): boolean => resultOf(body).resultCode === "VERIFICATION_IN_PROCESS";
const SUCCESS = { resultCode: "SUCCESS", resultStatus: "S", resultMessage: "success." };
const TOKEN = `ALIPAY${"E".repeat(86)}==`;
const DETAIL = {
  paymentMethodType: "CARD",
  card: { brand: "VISA", cardToken: TOKEN, maskedCardNo: "************0768" },
};

/** Counts how often an ID was met. */
const times = () => {
  const counts = new Map<string, number>();
  return (id: string): number => {
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count;
  };
};

/** Changes answers, with the count of those to the same ID and operation; a memory of its own for each server. */
const counting =
  (change: (body: Body, count: number, call: Call) => Body | undefined): Wrong =>
  (right, keys) => {
    const count = times();
    return answers((body, asked, call) => change(body, count(`${operationOf(call)} ${idOf(asked)}`), call))(
      right,
      keys,
    );
  };

/** Answers under an ID that came before as if it were a new one, where `when` holds. */
const anew =
  (when: (first: Body, asked: Body, call: Call) => boolean): Wrong =>
  (right, keys) => {
    const firsts = new Map<string, { readonly asked: Body; readonly answer: Body }>();
    return async (call) => {
      const asked = parsed(utf8(call));
      const id = idOf(asked);
      const first = firsts.get(id);
      if (!is("vaultPaymentMethod", call)) return right(call);
      if (first && when(first.answer, { ...asked, before: first.asked }, call)) {
        const answer = await right(withBody(call, JSON.stringify({ ...asked, vaultingRequestId: randomUUID() }), keys));
        const body = { ...parsed(answer.text), vaultingRequestId: id };
        return answering(call, answer, JSON.stringify(body), keys);
      }
      const answer = await right(call);
      if (!first && resultOf(parsed(answer.text)).resultCode !== "PARAM_ILLEGAL")
        firsts.set(id, { asked, answer: parsed(answer.text) });
      return answer;
    };
  };

const sameContent = (asked: Body): boolean => {
  const { before, ...now } = asked;
  return JSON.stringify(before) === JSON.stringify(now);
};

export const challengeFaults: readonly Fault[] = [
  {
    name: "the-challenges-address-changes",
    by: "vaultPaymentMethod.challenge.repeated",
    wrong: counting((body, count) => (inProcess(body) && count > 1 ? withQuery(body, count) : undefined)),
  },
  {
    name: "every-parallel-call-gets-an-address",
    by: "vaultPaymentMethod.challenge.parallel",
    wrong: answers((body) => (inProcess(body) ? withQuery(body, randomUUID()) : undefined)),
  },
  {
    name: "all-challenges-share-an-address",
    by: "vaultPaymentMethod.challenge.unique",
    wrong: answers((body) => (inProcess(body) ? { ...body, normalUrl: "http://127.0.0.1:1/3ds/1" } : undefined)),
  },
  {
    name: "in-process-is-refused-as-a-repetition",
    by: "vaultPaymentMethod.challenge.repeated",
    wrong: counting((body, count) =>
      inProcess(body) && count > 1
        ? {
            result: { resultCode: "REPEAT_REQ_INCONSISTENT", resultStatus: "F", resultMessage: "No." },
            vaultingRequestId: idOf(body),
          }
        : undefined,
    ),
  },
  {
    name: "in-process-turns-into-success-by-asking",
    by: "vaultPaymentMethod.challenge.repeated",
    wrong: counting((body, count) =>
      inProcess(body) && count > 1
        ? { result: SUCCESS, vaultingRequestId: idOf(body), paymentMethodDetail: DETAIL }
        : undefined,
    ),
  },
  {
    name: "token-while-in-process",
    by: "vaultPaymentMethod.answer.documented",
    wrong: answers((body) => (inProcess(body) ? { ...body, paymentMethodDetail: DETAIL } : undefined)),
  },
  {
    name: "inquiry-says-success-while-in-process",
    by: "inquireVaulting.state.in-process",
    wrong: answers((body) =>
      body["vaultingStatus"] === "PROCESSING"
        ? {
            result: SUCCESS,
            vaultingRequestId: idOf(body),
            vaultingStatus: "SUCCESS",
            vaultingResultCode: "SUCCESS",
            paymentMethodDetail: DETAIL,
          }
        : undefined,
    ),
  },
  {
    name: "inquiry-says-fail-while-in-process",
    by: "inquireVaulting.state.in-process",
    wrong: answers((body) =>
      body["vaultingStatus"] === "PROCESSING"
        ? {
            result: SUCCESS,
            vaultingRequestId: idOf(body),
            vaultingStatus: "FAIL",
            vaultingResultCode: "PROCESS_FAIL",
          }
        : undefined,
    ),
  },
  {
    name: "inquiry-gives-a-token-while-in-process",
    by: "inquireVaulting.state.in-process",
    wrong: answers((body) =>
      body["vaultingStatus"] === "PROCESSING" ? { ...body, paymentMethodDetail: DETAIL } : undefined,
    ),
  },
  {
    name: "inquiry-knows-no-vaulting-in-process",
    by: "inquireVaulting.state.in-process",
    wrong: answers((body) =>
      body["vaultingStatus"] === "PROCESSING"
        ? {
            result: { resultCode: "VAULTING_NOT_EXIST", resultStatus: "F", resultMessage: "No." },
            vaultingRequestId: idOf(body),
          }
        : undefined,
    ),
  },
  {
    name: "inquiry-leads-to-another-address",
    by: "inquireVaulting.state.in-process",
    wrong: answers((body) =>
      body["vaultingStatus"] === "PROCESSING" && "normalUrl" in body ? withQuery(body, 2) : undefined,
    ),
  },
  {
    name: "passed-and-still-in-process",
    by: "vaultPaymentMethod.challenge.passed",
    wrong: (right, keys) => {
      const asked3ds = new Set<string>();
      return answers((body, asked, call) => {
        if (inProcess(body) && is("vaultPaymentMethod", call)) asked3ds.add(idOf(asked));
        return asked3ds.has(idOf(asked)) && body["vaultingStatus"] === "SUCCESS"
          ? { result: SUCCESS, vaultingRequestId: idOf(body), vaultingStatus: "PROCESSING" }
          : undefined;
      })(right, keys);
    },
  },
  {
    name: "another-token-after-the-challenge",
    by: "vaultPaymentMethod.challenge.passed",
    wrong: (right, keys) => {
      const asked3ds = new Set<string>();
      return answers((body, asked, call) => {
        if (!is("vaultPaymentMethod", call)) return undefined;
        if (inProcess(body)) asked3ds.add(idOf(asked));
        return asked3ds.has(idOf(asked)) && isS(body) ? withCard(body, { cardToken: TOKEN }) : undefined;
      })(right, keys);
    },
  },
  {
    name: "the-buyer-is-led-elsewhere",
    by: "vaultPaymentMethod.challenge.passed",
    wrong: takes((asked, call) =>
      is("vaultPaymentMethod", call) && String(asked["redirectUrl"]).startsWith("https://merchant.example/cards")
        ? { ...asked, redirectUrl: "https://elsewhere.example/" }
        : undefined,
    ),
  },
  {
    name: "the-challenges-page-is-not-there",
    by: "vaultPaymentMethod.challenge.passed",
    wrong: answers((body) =>
      inProcess(body) && typeof body["normalUrl"] === "string"
        ? { ...body, normalUrl: body["normalUrl"].replace("/3ds/", "/3ds/none/") }
        : undefined,
    ),
  },
  {
    name: "cancelled-and-still-in-process",
    by: "vaultPaymentMethod.challenge.cancelled",
    wrong: answers((body) =>
      body["vaultingResultCode"] === "USER_PAYMENT_VERIFICATION_FAILED"
        ? { result: SUCCESS, vaultingRequestId: idOf(body), vaultingStatus: "PROCESSING" }
        : undefined,
    ),
  },
  {
    name: "a-final-state-turns-back",
    by: "inquireVaulting.state.vaulted",
    wrong: counting((body, count) =>
      body["vaultingStatus"] === "SUCCESS" && count > 2
        ? { result: SUCCESS, vaultingRequestId: idOf(body), vaultingStatus: "PROCESSING" }
        : undefined,
    ),
  },
  {
    name: "idempotency-broken-after-failure",
    by: "vaultPaymentMethod.idempotency.after-failure",
    wrong: anew((first) => resultOf(first).resultStatus === "F"),
  },
  {
    name: "other-content-is-vaulted-anew",
    by: "vaultPaymentMethod.idempotency.other-content",
    wrong: anew((_, asked) => !sameContent(asked)),
  },
  {
    name: "other-content-is-illegal",
    by: "vaultPaymentMethod.idempotency.other-content",
    wrong: (right, keys) => {
      const contents = new Map<string, string>();
      return refuses((asked, call) => {
        if (!is("vaultPaymentMethod", call)) return false;
        const { vaultingRequestId: _, ...content } = asked;
        const text = JSON.stringify(content);
        const before = contents.get(idOf(asked));
        contents.set(idOf(asked), before ?? text);
        return before !== undefined && before !== text;
      })(right, keys);
    },
  },
  {
    name: "sessions-share-their-secret",
    by: "createVaultingSession.session.unique",
    wrong: answers((body) =>
      "vaultingSessionData" in body ? { ...body, vaultingSessionData: "c2Vzc2lvbg==" } : undefined,
    ),
  },
  {
    name: "idempotency-of-sessions-broken",
    by: "createVaultingSession.idempotency.sequence",
    wrong: counting((body, count, call) =>
      is("createVaultingSession", call) && isS(body) && count > 1
        ? { ...body, vaultingSessionData: Buffer.from(`again ${count}`).toString("base64") }
        : undefined,
    ),
  },
  {
    name: "the-sessions-page-is-not-there",
    by: "createVaultingSession.page.vaults",
    wrong: answers((body, _, call) =>
      is("createVaultingSession", call) && typeof body["normalUrl"] === "string"
        ? { ...body, normalUrl: body["normalUrl"].replace("/card/", "/card/none/") }
        : undefined,
    ),
  },
  {
    name: "inquiry-says-processing-when-failed",
    by: "inquireVaulting.state.failed",
    wrong: answers((body) =>
      body["vaultingStatus"] === "FAIL"
        ? { result: SUCCESS, vaultingRequestId: idOf(body), vaultingStatus: "PROCESSING" }
        : undefined,
    ),
  },
  {
    name: "inquiry-gives-a-token-when-failed",
    by: "inquireVaulting.state.failed",
    wrong: answers((body) =>
      body["vaultingStatus"] === "FAIL" ? withCard(body, { ...cardOf(body), cardToken: TOKEN }) : undefined,
    ),
  },
  {
    name: "inquiry-loses-metadata",
    by: "inquireVaulting.state.metadata",
    wrong: answers(({ metadata: _, ...body }, __, call) => (is("inquireVaulting", call) ? body : undefined)),
  },
  {
    name: "inquiries-at-once-differ",
    by: "inquireVaulting.state.parallel",
    wrong: (right, keys) => {
      let under = 0;
      const broken = answers((body) =>
        isS(body) && "metadata" in body === false ? { ...body, metadata: "x" } : undefined,
      );
      return async (call) => {
        if (!is("inquireVaulting", call)) return right(call);
        under += 1;
        try {
          return await (under > 1 ? broken(right, keys)(call) : right(call));
        } finally {
          under -= 1;
        }
      };
    },
  },
];

/** The same page under an address that is written otherwise. */
const withQuery = (body: Body, value: number | string): Body => ({
  ...body,
  normalUrl: `${String(body["normalUrl"])}?n=${value}`,
});
