/**
 * Common server errors, each implemented as one change to the gateway. `BREAK=<name> npm test` shows how the contract tests report one of them. Do
 * not copy this file into your gateway.
 */
export const breakages = {
  "no-signature-check": (Base) =>
    class extends Base {
      isSignatureValid() {
        return true;
      }
    },

  "no-idempotency": (Base) =>
    class extends Base {
      #inquiring = false;
      inquireVaulting(...parameters) {
        this.#inquiring = true;
        try {
          return super.inquireVaulting(...parameters);
        } finally {
          this.#inquiring = false;
        }
      }
      findVaulting(...key) {
        return this.#inquiring ? super.findVaulting(...key) : undefined;
      }
    },

  "http-400": (Base) =>
    class extends Base {
      sign(request, value) {
        const status = value.result.resultStatus === "F" ? 400 : 200;
        return { ...super.sign(request, value), status };
      }
    },

  "card-number-in-response": (Base) =>
    class extends Base {
      vaultPaymentMethod(request, clientId) {
        const { cardNo } = request.paymentMethodDetail.card;
        const { result, ...response } = super.vaultPaymentMethod(request, clientId);
        return { ...response, result: { ...result, resultMessage: `Done with ${cardNo}.` } };
      }
    },

  "unsigned-responses": (Base) =>
    class extends Base {
      sign(request, value) {
        const { headers, ...response } = super.sign(request, value);
        const { signature: _, ...unsigned } = headers;
        return { ...response, headers: unsigned };
      }
    },
};

/** Returns the gateway class with the named error, or the unchanged class if `name` is empty. */
export function addBreakage(Base, name) {
  if (!name) return Base;
  if (!Object.hasOwn(breakages, name)) throw new Error(`BREAK must be one of ${Object.keys(breakages).join(", ")}.`);
  return breakages[name](Base);
}
