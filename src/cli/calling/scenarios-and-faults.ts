import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";

/**
 * Returns a hint that lists the active scenarios and faults of a sandbox, which the user may have forgotten, or `undefined` if there are none.
 * Never rejects, because a hint is optional.
 */
export async function describeScenariosAndFaults(control: ControlClient): Promise<string | undefined> {
  const [{ scenarios }, { faults }] = await Promise.all([
    control.get<ControlSchemas["ScenarioList"]>("/scenarios"),
    control.get<ControlSchemas["FaultList"]>("/faults"),
  ]).catch(() => [{ scenarios: [] }, { faults: [] }] as const);
  const active = [
    ...scenarios.map(({ operation, resultCode }) => `scenario ${operation} ${resultCode}`),
    ...faults.map(({ fault }) => `fault ${fault}`),
  ];
  if (active.length === 0) return undefined;
  return `Active in this sandbox: ${active.join(", ")}. To clear scenarios and faults, open Controls on its dashboard.`;
}
