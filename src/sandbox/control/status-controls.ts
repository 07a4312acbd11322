/** How the sandbox is: its health, its deliveries, its call log and its events. */
import type { ControlSchemas } from "../../control-api/control-schemas.ts";
import { packageVersion } from "../../machine/package-version.ts";
import type { ControlParts } from "./control-parts.ts";
import { openEventStream } from "./event-stream.ts";
import { clockView, exchangeView, time } from "./serializers.ts";

type Schemas = ControlSchemas;

export type StatusControls = Readonly<ReturnType<typeof createStatusControls>>;

export function createStatusControls({ store, clock, journal, dispatcher, events, credentials }: ControlParts) {
  const { engine, vaultings, outbox } = store;
  const started = Date.now();
  const mark = started.toString(36);

  async function delivery(): Promise<Schemas["Delivery"]> {
    const { running, lastTurnAt, underWay } = dispatcher.status();
    const pending = await outbox.pending();
    return { running: running && isAlive(lastTurnAt), lastTurnAt: time(lastTurnAt), pending, underWay };
  }

  return {
    delivery,
    health: async (): Promise<Schemas["Health"]> => ({
      status: isAlive(dispatcher.status().lastTurnAt) ? "ok" : "degraded",
      version: packageVersion(),
      startedAt: time(started),
      engine: engine.name,
      clock: clockView(clock),
      delivery: await delivery(),
      vaultings: await vaultings.count(),
      baseUrl: credentials().baseUrl,
    }),
    journal: ({
      limit = 100,
      after,
    }: {
      readonly limit?: number | undefined;
      readonly after?: number | undefined;
    } = {}): readonly Schemas["Exchange"][] => journal.list({ limit, after }).map(exchangeView),
    /** The events from now on, for whoever saw `lastEventId` last. `undefined` where too many follow them. */
    events: (lastEventId?: string): ReadableStream<Uint8Array> | undefined =>
      openEventStream({ events, journal, mark }, lastEventId ?? null),
  };
}

/** Whether the delivery loop has looked for what is due not long ago. */
const isAlive = (lastTurnAt: number): boolean => Date.now() - lastTurnAt < 10_000;
