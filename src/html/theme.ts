/** Colors and fonts of the dashboard and the contract report. @module */

/** A color in the light and the dark color scheme. */
export type ColorPair = readonly [light: string, dark: string];

/** The shared colors. Each text color has a contrast ratio of at least 4.5:1 with each background color. */
export const PALETTE = {
  ground: ["#fcfbf8", "#15171a"],
  raised: ["#f4f2ec", "#1d2024"],
  marked: ["#fdf1c9", "#3a3216"],
  line: ["#e2ded3", "#33373d"],
  ink: ["#1e1c18", "#e9e7e2"],
  quiet: ["#5d594f", "#a9a69e"],
  good: ["#1b6642", "#7fd1a3"],
  bad: ["#a3271b", "#ff9d8b"],
  link: ["#1d4f91", "#9cc2f7"],
} as const satisfies Readonly<Record<string, ColorPair>>;

/** CSS custom properties with fonts that common operating systems include. */
export const FONTS = `--text: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --display: Charter, "Bitstream Charter", "Iowan Old Style", "Sitka Text", Cambria, "Noto Serif", "Liberation Serif", Georgia, serif;
  --code: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Noto Sans Mono", "Liberation Mono", monospace;`;

/** Formats colors as CSS custom properties for the light (0) or the dark (1) color scheme. */
export const formatCustomProperties = (colors: Readonly<Record<string, ColorPair>>, scheme: 0 | 1): string =>
  Object.entries(colors)
    .map(([name, pair]) => `--${name}: ${pair[scheme]};`)
    .join(" ");
