/** What can be done to a sandbox from outside the API, and seen of it. The same for a test in the process and for the control API. */
import type { ControlParts } from "./control-parts.ts";
import { createLooks, type Looks } from "./dashboard-queries.ts";
import { createMerchantControls, type MerchantControls } from "./merchant-controls.ts";
import { createStatusControls, type StatusControls } from "./status-controls.ts";
import { createSwitchControls, type SwitchControls } from "./switch-controls.ts";
import { createVaultingControls, type VaultingControls } from "./vaulting-controls.ts";

export interface Control extends Looks, MerchantControls, StatusControls, SwitchControls, VaultingControls {}

export function createControl(parts: ControlParts): Control {
  const vaultingControls = createVaultingControls(parts);
  return {
    ...createLooks({ ...parts, notification: vaultingControls.notification }),
    ...createMerchantControls(parts),
    ...createStatusControls(parts),
    ...createSwitchControls(parts),
    ...vaultingControls,
  };
}
