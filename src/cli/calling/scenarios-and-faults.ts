import type { ControlClient } from "../../control-api/control-client.ts";
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { writeText } from "../console/output.ts";
import type { Sink } from "../console/terminal-capabilities.ts";
import type { Outcome } from "./format-outcome.ts";

/**
 * Returns a hint that lists the scenarios and faults that affected the calls with this ID, and the active scenarios and faults, which the user might
 * have forgotten. Returns `undefined` if there are none. Never rejects, because a hint is optional.
 */
export async function describeScenariosAndFaults(
  control: ControlClient | undefined,
  vaultingRequestId?: string,
): Promise<string | undefined> {
  const hints = control && (await Promise.all([describeApplied(control, vaultingRequestId), describeActive(control)]));
  return hints?.filter(Boolean).join(" ") || undefined;
}

/** Prints the hint, unless the outcome is a success. */
export async function printScenariosAndFaults(
  stderr: Sink,
  control: ControlClient | undefined,
  { outcome, vaultingRequestId }: Outcome,
): Promise<void> {
  if (outcome === "vaulted" || outcome === "created") return;
  const hint = await describeScenariosAndFaults(control, vaultingRequestId);
  if (hint !== undefined) writeText(stderr, hint);
}

/** Describes the scenarios and faults in the call log. A fault that has occurred might no longer be active. */
async function describeApplied(control: ControlClient, id: string | undefined): Promise<string | undefined> {
  if (id === undefined) return undefined;
  const { calls } = await control.get<ControlSchemas["CallList"]>("/calls?limit=100").catch(() => ({ calls: [] }));
  const applied = calls
    .filter(({ vaultingRequestId }) => vaultingRequestId === id)
    .flatMap(({ fault, scenario }) => [fault && `fault ${fault}`, scenario && `scenario ${scenario}`])
    .filter((text) => text !== undefined);
  return applied.length > 0 ? `The sandbox applied: ${[...new Set(applied)].join(", ")}.` : undefined;
}

async function describeActive(control: ControlClient): Promise<string | undefined> {
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
