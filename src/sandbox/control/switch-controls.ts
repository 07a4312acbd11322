/** What the sandbox does next: its clock, scenarios, faults, and forgetting everything. */
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { AntomVaultError } from "../../protocol/errors.ts";
import type { Fault } from "../switches/faults.ts";
import type { Scenarios } from "../switches/scenarios.ts";
import type { ControlParts } from "./control-parts.ts";
import { clockView, present, time } from "./serializers.ts";

type Schemas = ControlSchemas;

export type SwitchControls = Readonly<ReturnType<typeof createSwitchControls>>;

export function createSwitchControls({ store, clock, scenarios, faults, journal, events }: ControlParts) {
  return {
    clock: (): Schemas["Clock"] => clockView(clock),
    moveClock: async ({ advanceMs, now, reset }: Schemas["ClockRequest"]): Promise<Schemas["Clock"]> => {
      // 23:60:00 with an offset of a minute is a date-time by its format, and no time.
      const at = now === undefined ? 0 : Date.parse(now);
      if (Number.isNaN(at)) throw new AntomVaultError("CONFIGURATION_INVALID", "now must be a time that there is.");
      if (reset) await clock.moveTo(0);
      else if (now !== undefined) await clock.moveTo(at - Date.now());
      else await clock.moveTo((offsetMs) => offsetMs + (advanceMs ?? 0));
      return clockView(clock);
    },
    scenarios: (): readonly Schemas["Scenario"][] => scenarios.list().map(scenarioView),
    /** @throws AntomVaultError `CONFIGURATION_INVALID` where the operation has no such code */
    startScenario: (request: Schemas["ScenarioRequest"]): Schemas["Scenario"] => scenarioView(scenarios.start(request)),
    endScenarios: scenarios.end,
    faults: (): readonly Schemas["Fault"][] => faults.list().map(faultView),
    injectFault: (request: Schemas["FaultRequest"]): Schemas["Fault"] => faultView(faults.inject(request)),
    clearFaults: faults.clear,
    /** Forgets vaultings, notifications, journal, scenarios, faults and the clock's offset. Clients and keys stay. */
    reset: async (): Promise<void> => {
      scenarios.end();
      faults.clear();
      await clock.moveTo(0);
      await store.forget();
      journal.clear();
      events.tell(() => ({ kind: "reset" }));
    },
  };
}

const scenarioView = ({ until, ...scenario }: ReturnType<Scenarios["start"]>): Schemas["Scenario"] => ({
  ...scenario,
  until: time(until),
});

const faultView = ({ fault, operation, times = 1, ms, clientId, remaining }: Fault): Schemas["Fault"] => ({
  fault,
  ...present({ operation }),
  times,
  ...present({ ms, clientId }),
  remaining,
});
