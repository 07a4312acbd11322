/** The schemas of the control API, by name. */
import type { components } from "../../generated/control-types.ts";

export type ControlSchemas = components["schemas"];
