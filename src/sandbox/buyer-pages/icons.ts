/** The icons of the buyer pages, drawn on a 24-by-24 grid in the color of the surrounding text. @module */
import { html, raw } from "hono/html";
import type { Markup } from "./layout.ts";

const PATHS = {
  shield: "M12 3l7.5 2.8v5.4c0 4.6-3 8.2-7.5 9.8-4.5-1.6-7.5-5.2-7.5-9.8V5.8zM8.6 12l2.4 2.4 4.4-4.6",
  lock: "M6.5 10.5h11a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 19v-7a1.5 1.5 0 0 1 1.5-1.5zM8 10.5V7.6a4 4 0 0 1 8 0v2.9M12 14.5v2",
  card: "M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5zM3 9.5h18M6.5 15h3",
  clock: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 7.5V12l3 2",
  info: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 11v5M12 8h.01",
  tick: "M5.5 12.5l4.5 4.5 8.5-9.5",
  cross: "M7 7l10 10M17 7L7 17",
  chain: "M10 7.5H8a4.5 4.5 0 0 0 0 9h2M14 7.5h2a4.5 4.5 0 0 1 0 9h-2M4 4l16 16",
  turn: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15",
  down: "M6 9.5l6 6 6-6",
} as const;

export type Icon = keyof typeof PATHS;

/** Renders a decorative icon that is hidden from screen readers. */
export const icon = (name: Icon): Markup =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${raw(PATHS[name])}"/></svg>`;
