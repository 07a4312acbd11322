import type { components } from "../../generated/control-types.ts";

/** The schemas of the control API by name. */
export type ControlSchemas = components["schemas"];
