/**
 * What a server can get wrong, each as a change of one thing in the right one. `BREAK=<name> npm test` shows how the contract tests tell it.
 * Nothing of this belongs into a gateway of your own.
 */
export const breakages = {
  "no-signature-check": (Right) =>
    class extends Right {
      verifies() {
        return true;
      }
    },

  "forgets-idempotency": (Right) =>
    class extends Right {
      #inquiring = false;
      inquireVaulting(...asked) {
        this.#inquiring = true;
        try {
          return super.inquireVaulting(...asked);
        } finally {
          this.#inquiring = false;
        }
      }
      recall(...key) {
        return this.#inquiring ? super.recall(...key) : undefined;
      }
    },

  "http-400": (Right) =>
    class extends Right {
      signed(request, value) {
        const status = value.result.resultStatus === "F" ? 400 : 200;
        return { ...super.signed(request, value), status };
      }
    },

  "leaks-card-number": (Right) =>
    class extends Right {
      vaultPaymentMethod(request, clientId) {
        const { cardNo } = request.paymentMethodDetail.card;
        const { result, ...answer } = super.vaultPaymentMethod(request, clientId);
        return { ...answer, result: { ...result, resultMessage: `Done with ${cardNo}.` } };
      }
    },

  "unsigned-answers": (Right) =>
    class extends Right {
      signed(request, value) {
        const { headers, ...answer } = super.signed(request, value);
        const { signature: _, ...unsigned } = headers;
        return { ...answer, headers: unsigned };
      }
    },
};

/** The gateway with one thing broken, or as it is where no name is given. */
export function broken(Right, name) {
  if (!name) return Right;
  if (!Object.hasOwn(breakages, name)) throw new Error(`BREAK is one of ${Object.keys(breakages).join(", ")}.`);
  return breakages[name](Right);
}
