/** Faults around 3-D Secure, sessions, and what has failed. */
import { randomUUID } from "node:crypto";
import { failure, success, TOKEN, vaulted } from "../../src/testing/messages/client-messages.ts";
import { type Body, idOf, isS, parsed, processing, resultOf, withCard } from "./bodies.ts";
import { answers, counter, type Faults, refuses, takes, underOtherId, type Wrong } from "./changes.ts";
import { type Call, is, operationOf, utf8 } from "./http-messages.ts";

const { paymentMethodDetail } = vaulted;
const inProcess = (body: Body): boolean => resultOf(body).resultCode === "VERIFICATION_IN_PROCESS";

/** Changes responses about a challenge that is not finished. */
const challenged = (change: (body: Body) => Body): Wrong =>
  answers((body) => (inProcess(body) ? change(body) : undefined));

/** Changes the inquiry's responses about vaultings of one status. */
const inquired = (status: string, change: (body: Body) => Body): Wrong =>
  answers((body) => (body["vaultingStatus"] === status ? change(body) : undefined));

/** Changes responses, with the count of those to the same ID and operation; a memory of its own for each server. */
const counting =
  (change: (body: Body, count: number, call: Call) => Body | undefined): Wrong =>
  (right, keys) => {
    const count = counter();
    const changed = answers((body, asked, call) => change(body, count(`${operationOf(call)} ${idOf(asked)}`), call));
    return changed(right, keys);
  };

/** Changes the second and later responses about a challenge. */
const challengedAgain = (change: (body: Body, count: number) => Body): Wrong =>
  counting((body, count) => (inProcess(body) && count > 1 ? change(body, count) : undefined));

/** Changes responses about vaultings that had a challenge. */
const afterChallenge =
  (change: (body: Body, call: Call) => Body | undefined): Wrong =>
  (right, keys) => {
    const ids = new Set<string>();
    const changed = answers((body, asked, call) => {
      if (inProcess(body)) ids.add(idOf(asked));
      return ids.has(idOf(asked)) ? change(body, call) : undefined;
    });
    return changed(right, keys);
  };

interface First {
  readonly asked: Body;
  readonly answer: Body;
}

/** Vaults again under an ID that came before, where `when` holds. */
const anew =
  (when: (first: First, asked: Body) => boolean): Wrong =>
  (right, keys) => {
    const firsts = new Map<string, First>();
    return async (call) => {
      if (!is("vaultPaymentMethod", call)) return right(call);
      const asked = parsed(utf8(call));
      const first = firsts.get(idOf(asked));
      if (first && when(first, asked)) return underOtherId(right, call, keys);
      const answer = await right(call);
      const body = parsed(answer.text);
      if (!first && resultOf(body).resultCode !== "PARAM_ILLEGAL") firsts.set(idOf(asked), { asked, answer: body });
      return answer;
    };
  };

const differ = (one: Body, other: Body): boolean => JSON.stringify(one) !== JSON.stringify(other);

/** The same page under a different address. */
const withQuery = (body: Body, value: number | string): Body => ({
  ...body,
  normalUrl: `${String(body["normalUrl"])}?n=${value}`,
});

export const challengeFaults: Faults<Wrong> = {
  "vaultPaymentMethod.challenge.repeated": {
    "the-challenges-address-changes": challengedAgain(withQuery),
    "in-process-is-refused-as-a-repetition": challengedAgain(({ vaultingRequestId }) => ({
      result: failure("REPEAT_REQ_INCONSISTENT"),
      vaultingRequestId,
    })),
    "in-process-turns-into-success-by-asking": challengedAgain(({ vaultingRequestId }) => ({
      ...vaulted,
      vaultingRequestId,
    })),
  },
  "vaultPaymentMethod.challenge.parallel": {
    "every-parallel-call-gets-an-address": challenged((body) => withQuery(body, randomUUID())),
  },
  "vaultPaymentMethod.challenge.unique": {
    "all-challenges-share-an-address": challenged((body) => ({ ...body, normalUrl: "http://127.0.0.1:1/3ds/1" })),
  },
  "vaultPaymentMethod.answer.documented": {
    "token-while-in-process": challenged((body) => ({ ...body, paymentMethodDetail })),
  },
  "inquireVaulting.state.in-process": {
    "inquiry-says-success-while-in-process": inquired("PROCESSING", ({ vaultingRequestId }) => ({
      ...vaulted,
      vaultingRequestId,
      vaultingStatus: "SUCCESS",
      vaultingResultCode: "SUCCESS",
    })),
    "inquiry-says-fail-while-in-process": inquired("PROCESSING", ({ vaultingRequestId }) => ({
      result: success,
      vaultingRequestId,
      vaultingStatus: "FAIL",
      vaultingResultCode: "PROCESS_FAIL",
    })),
    "inquiry-gives-a-token-while-in-process": inquired("PROCESSING", (body) => ({ ...body, paymentMethodDetail })),
    "inquiry-knows-no-vaulting-in-process": inquired("PROCESSING", ({ vaultingRequestId }) => ({
      result: failure("VAULTING_NOT_EXIST"),
      vaultingRequestId,
    })),
    "inquiry-leads-to-another-address": inquired("PROCESSING", (body) =>
      "normalUrl" in body ? withQuery(body, 2) : body,
    ),
  },
  "vaultPaymentMethod.challenge.passed": {
    "passed-and-still-in-process": afterChallenge((body) =>
      body["vaultingStatus"] === "SUCCESS" ? processing(body) : undefined,
    ),
    "another-token-after-the-challenge": afterChallenge((body, call) =>
      is("vaultPaymentMethod", call) && isS(body) ? withCard(body, { cardToken: TOKEN }) : undefined,
    ),
    "the-buyer-is-led-elsewhere": takes((asked, call) =>
      is("vaultPaymentMethod", call) && String(asked["redirectUrl"]).startsWith("https://merchant.example/cards")
        ? { ...asked, redirectUrl: "https://elsewhere.example/" }
        : undefined,
    ),
    "the-challenges-page-is-not-there": challenged((body) => ({
      ...body,
      normalUrl: String(body["normalUrl"]).replace("/3ds/", "/3ds/none/"),
    })),
  },
  "vaultPaymentMethod.challenge.cancelled": {
    "cancelled-and-still-in-process": answers((body) =>
      body["vaultingResultCode"] === "USER_PAYMENT_VERIFICATION_FAILED" ? processing(body) : undefined,
    ),
  },
  "inquireVaulting.state.vaulted": {
    "a-final-state-turns-back": counting((body, count) =>
      body["vaultingStatus"] === "SUCCESS" && count > 2 ? processing(body) : undefined,
    ),
  },
  "vaultPaymentMethod.idempotency.after-failure": {
    "idempotency-broken-after-failure": anew(({ answer }) => resultOf(answer).resultStatus === "F"),
  },
  "vaultPaymentMethod.idempotency.other-content": {
    "other-content-is-vaulted-anew": anew((first, asked) => differ(first.asked, asked)),
    "other-content-is-illegal": (right, keys) => {
      const firsts = new Map<string, Body>();
      const refusing = refuses((asked, call) => {
        if (!is("vaultPaymentMethod", call)) return false;
        const first = firsts.get(idOf(asked)) ?? asked;
        firsts.set(idOf(asked), first);
        return differ(first, asked);
      });
      return refusing(right, keys);
    },
  },
  "createVaultingSession.session.unique": {
    "sessions-share-their-secret": answers((body) =>
      "vaultingSessionData" in body ? { ...body, vaultingSessionData: "c2Vzc2lvbg==" } : undefined,
    ),
  },
  "createVaultingSession.idempotency.sequence": {
    "idempotency-of-sessions-broken": counting((body, count, call) =>
      is("createVaultingSession", call) && isS(body) && count > 1
        ? { ...body, vaultingSessionData: Buffer.from(`again ${count}`).toString("base64") }
        : undefined,
    ),
  },
  "createVaultingSession.page.vaults": {
    "the-sessions-page-is-not-there": answers((body, _, call) =>
      is("createVaultingSession", call) && typeof body["normalUrl"] === "string"
        ? { ...body, normalUrl: body["normalUrl"].replace("/card/", "/card/none/") }
        : undefined,
    ),
  },
  "inquireVaulting.state.failed": {
    "inquiry-says-processing-when-failed": inquired("FAIL", processing),
    "inquiry-gives-a-token-when-failed": inquired("FAIL", (body) => withCard(body, { cardToken: TOKEN })),
  },
  "inquireVaulting.state.metadata": {
    "inquiry-loses-metadata": answers(({ metadata: _, ...body }, __, call) =>
      is("inquireVaulting", call) ? body : undefined,
    ),
  },
  "inquireVaulting.state.parallel": {
    "inquiries-at-once-differ": (right, keys) => {
      let under = 0;
      const broken = answers((body) => (isS(body) && !("metadata" in body) ? { ...body, metadata: "x" } : undefined));
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
};
