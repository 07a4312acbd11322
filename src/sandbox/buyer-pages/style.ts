/** The style sheet of the buyer pages, for phones and desktops, in light and dark mode. @module */
import { type ColorPair, formatCustomProperties } from "../../html/theme.ts";

/** Colors for light and dark mode. The contrast ratio with the background is at least 4.5:1 for text and at least 3:1 for field borders. */
export const COLORS = {
  ground: ["#edf0ef", "#0c1211"],
  sheet: ["#ffffff", "#151e1c"],
  inset: ["#f4f7f6", "#1c2725"],
  line: ["#d8dfdc", "#2e3b38"],
  edge: ["#71807b", "#75857f"],
  ink: ["#12211d", "#e9f0ed"],
  quiet: ["#50605b", "#a7b5b0"],
  act: ["#0b5d4e", "#86dcc4"],
  "act-over": ["#084639", "#a9ead7"],
  "on-act": ["#ffffff", "#06231c"],
  tint: ["#e0f0eb", "#16322b"],
  bad: ["#a3271b", "#ffa596"],
  "bad-tint": ["#fdf0ee", "#321b18"],
  mark: ["#fbe9b3", "#332a10"],
  "on-mark": ["#463504", "#f5dfa0"],
  stripe: ["#e0b53a", "#8f711d"],
} as const satisfies Readonly<Record<string, ColorPair>>;

export const STYLE = `
:root {
  color-scheme: light dark;
  ${formatCustomProperties(COLORS, 0)}
  --text: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --code: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono", "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) { :root { ${formatCustomProperties(COLORS, 1)} } }
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); font: 1rem/1.5 var(--text); text-size-adjust: 100%; -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; overflow-wrap: anywhere; }
h1, h2, p, ul, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; }
svg { display: block; fill: none; flex: none; height: 1.25em; stroke: currentColor; stroke-linecap: round; stroke-linejoin: round; stroke-width: 1.6; width: 1.25em; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
[hidden] { display: none !important; }

.banner { background: var(--mark); color: var(--on-mark); font-size: .875rem; }
.banner::before { background: repeating-linear-gradient(-45deg, var(--stripe) 0 .5rem, transparent .5rem 1rem); content: ""; display: block; height: .3125rem; }
.banner .banner-label, .panel { margin: 0 auto; max-width: 64rem; padding: .5rem clamp(1rem, 5vw, 1.75rem); }
.banner-label { align-items: center; display: flex; gap: .25rem 1rem; justify-content: space-between; list-style: none; min-height: 2.75rem; }
.banner-label::-webkit-details-marker { display: none; }
.banner-label b { margin-right: .5em; }
summary { cursor: pointer; }
summary:focus-visible { outline-color: var(--on-mark); outline-offset: -4px; }
.more { align-items: center; display: flex; flex: none; font-weight: 600; gap: .375rem; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em; }
[open] > summary .more svg { transform: rotate(180deg); }
.panel { padding-bottom: 1rem; }
.panel dl { display: grid; gap: 0 2.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); margin-bottom: .75rem; }
.panel dl > div { align-content: start; border-top: 1px solid var(--stripe); display: grid; gap: 0 .75rem; grid-template-columns: 1fr auto; padding: .4375rem 0; }
.panel dt { align-items: baseline; display: flex; flex-wrap: wrap; gap: 0 .75rem; }
.panel dd.use { grid-column: 1; }
.panel dd.action { align-self: center; grid-column: 2; grid-row: 1 / span 2; }
code { font-family: var(--code); font-size: .9375rem; font-variant-numeric: tabular-nums; font-weight: 600; user-select: all; -webkit-user-select: all; white-space: nowrap; }
code.long { font-size: .75rem; font-weight: 400; overflow-wrap: anywhere; white-space: normal; }
.one-time-code { align-items: center; display: flex; gap: 1rem; margin: .375rem 0; }
.one-time-code code { font-size: 1.375rem; letter-spacing: .12em; }
.copy { background: none; border: 1px solid currentColor; border-radius: .4375rem; color: inherit; cursor: pointer; font: inherit; min-height: 2.25rem; padding: .125rem .75rem; }
.copy:hover { background: var(--on-mark); color: var(--mark); }

.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: 1.125rem; box-shadow: 0 1px 2px rgb(9 30 24 / .05), 0 1.25rem 3rem -1.25rem rgb(9 30 24 / .18); margin: clamp(1.5rem, 7vh, 4.5rem) auto 3rem; max-width: 28rem; padding: 2rem 2.25rem 2.25rem; width: calc(100% - 2rem); }
.kind { align-items: center; color: var(--act); display: flex; font-size: .875rem; font-weight: 600; gap: .5rem; }
h1 { font-size: 1.625rem; font-weight: 650; letter-spacing: -.012em; line-height: 1.25; margin-top: .625rem; text-wrap: balance; }
h1 + p { color: var(--quiet); margin-top: .625rem; text-wrap: pretty; }
.result { background: var(--tint); border-radius: 50%; color: var(--act); display: grid; height: 3.5rem; margin-bottom: 1.25rem; place-items: center; width: 3.5rem; }
.result svg { height: 1.75rem; width: 1.75rem; }
.result.calm { background: var(--inset); color: var(--quiet); }
.result.bad { background: var(--bad-tint); color: var(--bad); }
.next { margin-top: 1.75rem; }
.card { align-items: center; background: var(--inset); border: 1px solid var(--line); border-radius: .75rem; display: flex; font-variant-numeric: tabular-nums; font-weight: 600; gap: .75rem; margin-top: 1.25rem; padding: .75rem 1rem; }
.card svg { color: var(--act); height: 1.5rem; width: 1.5rem; }
form { margin-top: 1.5rem; }
.fields { display: grid; gap: 1.25rem 1rem; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.field { align-content: start; display: grid; grid-column: 1 / -1; }
.half { align-content: end; grid-column: auto; grid-row: span 3; grid-template-rows: subgrid; gap: 0; }
.field label { align-self: end; font-weight: 600; }
.label-row { align-items: end; display: flex; gap: 1rem; justify-content: space-between; }
output { color: var(--act); font-size: .875rem; font-weight: 600; line-height: 1.7; text-align: right; }
.hint { color: var(--quiet); font-size: .875rem; margin-top: .375rem; }
input { appearance: none; background: var(--sheet); border: 1px solid var(--edge); border-radius: .625rem; color: inherit; font: inherit; font-size: 1.125rem; font-variant-numeric: tabular-nums; height: 3.25rem; margin-top: .375rem; min-width: 0; padding: 0 .875rem; width: 100%; }
input:hover { border-color: var(--ink); }
input:focus-visible { border-color: var(--act); outline-offset: 0; outline-width: 2px; }
input[aria-invalid] { border-color: var(--bad); border-width: 2px; padding: 0 .8125rem; }
input[aria-invalid]:focus-visible { outline-color: var(--bad); }
#code { font-size: 1.5rem; letter-spacing: .18em; }
.error { color: var(--bad); font-size: .9375rem; font-weight: 600; margin-top: .5rem; }
.summary { background: var(--bad-tint); border: 1px solid var(--bad); border-left-width: .375rem; border-radius: .625rem; margin-top: 1.25rem; padding: .875rem 1rem; }
.summary h2 { font-size: 1rem; line-height: 1.4; }
.summary a { color: var(--bad); display: inline-block; padding: .1875rem 0; text-underline-offset: .2em; }
.summary p { font-size: .9375rem; margin-top: .25rem; }
.notes { color: var(--quiet); display: grid; font-size: .875rem; gap: .375rem; margin-top: 1.25rem; }
.notes li { display: flex; gap: .5rem; }
.notes svg { margin-top: .1em; }
.buttons { display: grid; gap: .75rem; margin-top: 1.5rem; }
.button { align-items: center; background: var(--act); border: 1px solid transparent; border-radius: .625rem; color: var(--on-act); cursor: pointer; display: flex; font: inherit; font-weight: 600; justify-content: center; min-height: 3.25rem; padding: .5rem 1.25rem; text-align: center; text-decoration: none; width: 100%; }
.button:hover { background: var(--act-over); }
.button.secondary { background: none; border-color: var(--edge); color: var(--ink); }
.button.secondary:hover { background: var(--inset); border-color: var(--ink); }
[aria-busy=true] .button { cursor: progress; opacity: .6; }
#status { color: var(--quiet); font-size: .9375rem; text-align: center; }
#status:not(:empty) { margin-top: .75rem; }
.visually-hidden { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }

@media (max-width: 30rem) {
  html { background: var(--sheet); }
  .sheet { border: 0; border-radius: 0; box-shadow: none; margin: 0; max-width: none; padding: 1.5rem clamp(1rem, 5vw, 1.5rem) 2.5rem; width: auto; }
  .banner-label b { display: block; }
}
@media (prefers-reduced-motion: no-preference) {
  .button, input, .copy { transition: background-color .15s, border-color .15s; }
  .more svg { transition: transform .15s; }
}
@media (prefers-contrast: more) { :root { --quiet: var(--ink); --line: var(--edge); } }
@media (forced-colors: active) {
  .banner { border-bottom: 1px solid; }
  .banner::before { forced-color-adjust: none; }
  .banner, .banner-label span { color: CanvasText; }
  .kind svg, .card svg, .result svg { color: CanvasText; }
  .button { border-color: ButtonText; }
  .button:not(.secondary) { background: Highlight; color: HighlightText; forced-color-adjust: none; }
  .result { border: 2px solid; }
}
`;
