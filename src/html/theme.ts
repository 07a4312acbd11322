/** Colours and letters that the pages for developers share: the dashboard and the contract tests' report. @module */

/** A colour in light and in dark. */
export type ColorPair = readonly [light: string, dark: string];

/** Text of each kind has a contrast of 4.5 to 1 or more on each ground. */
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

/** Fonts that machines have. */
export const FONTS = `--text: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --display: Charter, "Bitstream Charter", "Iowan Old Style", "Sitka Text", Cambria, "Noto Serif", "Liberation Serif", Georgia, serif;
  --code: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Noto Sans Mono", "Liberation Mono", monospace;`;

/** Colours as CSS knows them by name: those of the light scheme (0) or the dark one (1). */
export const formatCustomProperties = (colours: Readonly<Record<string, ColorPair>>, scheme: 0 | 1): string =>
  Object.entries(colours)
    .map(([name, shades]) => `--${name}: ${shades[scheme]};`)
    .join(" ");
