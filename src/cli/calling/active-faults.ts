import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";

/**
 * A sentence on what makes a sandbox go wrong on purpose, since somebody may have forgotten it; `undefined` where nothing does, or nobody can
 * say. It is only a hint, so it never rejects.
 */
export async function describeActiveFaults(control: ControlClient): Promise<string | undefined> {
  const [{ scenarios }, { faults }] = await Promise.all([
    control.get<ControlSchemas["ScenarioList"]>("/scenarios"),
    control.get<ControlSchemas["FaultList"]>("/faults"),
  ]).catch(() => [{ scenarios: [] }, { faults: [] }] as const);
  const on = [
    ...scenarios.map(({ operation, resultCode }) => `the scenario ${operation} ${resultCode}`),
    ...faults.map(({ fault }) => `the fault ${fault}`),
  ];
  if (on.length === 0) return undefined;
  return `Switched on in this sandbox: ${on.join(", ")}. Its dashboard ends that, under Controls.`;
}
