/** Why a check did not pass. */
/** A target breaks the contract. The message shows no card data. */
export class ContractFailure extends Error {
  override readonly name = "ContractFailure";
}

/** What a check looks for cannot come about at a target; the message says why. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}
