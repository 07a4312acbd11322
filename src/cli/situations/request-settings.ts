/** The `--set` option of `trigger`, which changes fields of a situation's request. @module */
import { isCardField } from "../../cards/mask-card-data.ts";
import type { VaultPaymentMethodRequest } from "../../client/index.ts";
import { usageError } from "../console/usage-error.ts";

/** The request fields that have their own options. */
const OWN_OPTIONS: Readonly<Record<string, string>> = {
  vaultingRequestId: "--id",
  vaultingNotificationUrl: "--notification-url",
  metadata: "--metadata",
};

export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * Parses `--set path=value`. A value that is valid JSON is sent as JSON; any other value, as text.
 *
 * @throws AntomVaultError `CONFIGURATION_INVALID` for card data, an invalid path, or a field that has its own option
 */
export function parseSetting(text: string): Setting {
  const [, name = "", given = ""] = /^([\w.]+)=(.*)$/s.exec(text) ?? [];
  const path = name.split(".");
  if (path.includes("") || path.includes("__proto__"))
    throw usageError("--set must be a path and a value, such as env.osType=IOS or merchantRegion=DE.");
  const [first = ""] = path;
  const option = Object.hasOwn(OWN_OPTIONS, first) ? OWN_OPTIONS[first] : undefined;
  if (option !== undefined) throw usageError(`--set cannot change ${first}. Use ${option}.`);
  const value = parseValue(given);
  if (
    name === "paymentMethodDetail" ||
    name === "paymentMethodDetail.card" ||
    path.some(isCardField) ||
    containsCardField(value)
  )
    throw usageError(
      `--set does not accept card data, because a command line is visible in the shell history and in process lists. The situation determines the test card.`,
    );
  return { path, value };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Reports whether a JSON value contains a field with the name of a card data field. */
const containsCardField = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).some(([name, inner]) => isCardField(name) || containsCardField(inner));

/** Returns a copy of the request with the settings applied. The client validates the copy before sending it. */
export function applySettings(
  request: VaultPaymentMethodRequest,
  settings: readonly Setting[],
): VaultPaymentMethodRequest {
  const copy = structuredClone(request);
  for (const { path, value } of settings) {
    let target: Record<string, unknown> = Object(copy);
    for (const name of path.slice(0, -1)) {
      const inner = target[name];
      if (typeof inner !== "object" || inner === null) target[name] = {};
      target = Object(target[name]);
    }
    target[path.at(-1) ?? ""] = value;
  }
  return copy;
}
