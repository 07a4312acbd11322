/** A target breaks the contract. The message shows no card data. */
export class ContractFailure extends Error {
  override readonly name = "ContractFailure";
}

/** What a check looks for cannot come about at a target; the message says why. */
export class CheckSkipped extends Error {
  override readonly name = "NotApplicable";
}

/** The message of the contract failure that an expectation throws; `undefined` where it holds. */
export function captureFailure(expect: () => void): string | undefined {
  try {
    expect();
    return undefined;
  } catch (error) {
    if (error instanceof ContractFailure) return error.message;
    throw error;
  }
}
