import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import type { VaultingKey } from "../../control-api/sandbox-paths.ts";

/** Returns the path of a vaulting in the control API. */
export const formatControlPath = ({ clientId, vaultingRequestId }: VaultingKey, action = ""): string =>
  `/vaultings/${encodeURIComponent(vaultingRequestId)}${action}?clientId=${encodeURIComponent(clientId)}`;

/** Returns a vaulting with its notifications, or `undefined` if it does not exist. */
export const findVaulting = (
  control: ControlClient,
  key: VaultingKey,
): Promise<ControlSchemas["Vaulting"] | undefined> => control.find(formatControlPath(key));
