import { escapeLines } from "../../protocol/escape-controls.ts";

/** A violation of the API contract. The message contains no card data, and no control characters except line feeds. */
export class ContractFailure extends Error {
  override readonly name = "ContractFailure";

  constructor(message: string) {
    super(escapeLines(message));
  }
}

/** Signals that a check does not apply to a target. The message is the reason. */
export class CheckSkipped extends Error {
  override readonly name = "CheckSkipped";

  constructor(message: string) {
    super(escapeLines(message));
  }
}

/** Returns the message of the {@link ContractFailure} that `expect` throws, or `undefined` if it throws nothing. Rethrows other errors. */
export function captureFailure(expect: () => void): string | undefined {
  try {
    expect();
    return undefined;
  } catch (error) {
    if (error instanceof ContractFailure) return error.message;
    throw error;
  }
}

/**
 * Runs a function for all items at the same time, and waits for all of them.
 * @throws {Error} the first {@link ContractFailure}, otherwise the first other error, because a skipped part must not hide a failure
 */
export async function runForEach<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(items.map(run));
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (errors.length > 0) throw errors.find((error) => error instanceof ContractFailure) ?? errors[0];
}
