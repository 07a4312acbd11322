/** The style sheet of the dashboard, for phones and desktops, in light and dark mode. It shares its palette with the contract report. @module */

import { type ColorPair, FONTS, formatCustomProperties, PALETTE } from "../../../html/theme.ts";
import { LIST_STYLE } from "./list-style.ts";

export const COLORS = {
  ...PALETTE,
  edge: ["#8c8779", "#7b7f86"],
  wait: ["#7a5200", "#e3bb62"],
} as const satisfies Readonly<Record<string, ColorPair>>;

export const STYLE = `
:root {
  color-scheme: light dark;
  ${formatCustomProperties(COLORS, 0)}
  ${FONTS}
  --side: max(clamp(1rem, 4vw, 3rem), calc((100vw - 82rem) / 2));
}
@media (prefers-color-scheme: dark) { :root { ${formatCustomProperties(COLORS, 1)} } }
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); font: 1rem/1.5 var(--text); text-size-adjust: 100%; -webkit-text-size-adjust: 100%; }
body { font-size: .9375rem; margin: 0; overflow-wrap: anywhere; }
h1, h2, h3, p, dl, dd, ul, ol, pre, table, fieldset { margin: 0; }
ul, ol { list-style: none; padding: 0; }
h1 { font: 400 clamp(1.75rem, 1.4rem + 1.4vw, 2.375rem)/1.15 var(--display); letter-spacing: -.01em; text-wrap: balance; }
h2 { font: 400 1.375rem/1.3 var(--display); }
h3 { font-size: 1rem; font-weight: 600; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { border-radius: 2px; outline: 2px solid var(--link); outline-offset: 2px; }
main:focus { outline: 0; }
code, pre, .code-word, .token { font-family: var(--code); font-size: .8125rem; }
.quiet, small { color: var(--quiet); }
.visually-hidden { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
.skip-link { background: var(--ground); left: 1rem; padding: .5rem 1rem; position: absolute; top: -4rem; z-index: 2; }
.skip-link:focus { top: .5rem; }
.digits, .number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.number { text-align: right; }
.state { font-weight: 500; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.lead { color: var(--quiet); margin-top: .5rem; max-width: 46rem; }

.page-header { align-items: baseline; display: flex; flex-wrap: wrap; gap: .25rem 2rem; padding: 1rem var(--side) .75rem; }
.page-header form { margin-left: auto; }
.brand { font-weight: 600; }
.brand a { color: inherit; text-decoration: none; }
.tag { border: 1px solid var(--edge); border-radius: 3px; color: var(--quiet); font-size: .75rem; font-weight: 400; margin-left: .25rem; padding: .0625rem .375rem; }
.page-header ul { display: flex; flex-wrap: wrap; gap: 0 1.375rem; }
.page-header nav a { border-bottom: 2px solid transparent; color: var(--quiet); display: inline-block; padding: .375rem 0; text-decoration: none; }
.page-header nav a:hover { color: var(--ink); }
.page-header nav [aria-current] { border-color: var(--good); color: var(--ink); }

.status-bar { background: var(--raised); border-block: 1px solid var(--line); padding: .625rem var(--side); position: relative; }
.status-bar dl { display: grid; gap: .5rem 2rem; grid-template-columns: auto auto auto 1fr; padding-right: 6rem; }
.status-bar dt, .facts dt { color: var(--quiet); font-size: .75rem; }
.status-bar dd { font-size: .875rem; font-variant-numeric: tabular-nums; }
.status-bar small { display: block; font-size: .75rem; }
.status-bar .wide ul { display: inline; } .status-bar .wide li { color: var(--wait); display: inline; } .status-bar .wide li::after { content: "; "; } .status-bar .wide li:last-child::after { content: ". "; }
.connection { color: var(--quiet); font-size: .75rem; position: absolute; right: var(--side); top: .625rem; }
.connection::before { background: currentcolor; border-radius: 50%; content: ""; display: none; height: .5rem; margin-right: .375rem; width: .5rem; }
.connection.up { color: var(--good); } .connection.down { color: var(--bad); } .connection:is(.up, .down)::before { display: inline-block; }

main { display: block; min-height: 60vh; padding: clamp(1.25rem, 3vw, 2.25rem) var(--side) 3rem; }
footer { border-top: 1px solid var(--line); color: var(--quiet); font-size: .8125rem; margin: 0 var(--side); padding: 1rem 0 2rem; }
section + section { margin-top: 2.75rem; } h1 + section, .lead + section { margin-top: 1.75rem; }
.flash { background: var(--marked); border-left: 3px solid var(--wait); margin-bottom: 1.25rem; padding: .5rem .875rem; }
.breadcrumb { font-size: .875rem; margin-bottom: .25rem; }
.title { align-items: baseline; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-bottom: 1.5rem; }
.title h1 { min-width: 0; }

input, select, button, .button { background: var(--ground); border: 1px solid var(--edge); border-radius: 4px; color: var(--ink); font: .9375rem/1.25 var(--text); min-height: 2.25rem; padding: .375rem .75rem; }
select { max-width: 100%; }
button, .button { cursor: pointer; display: inline-block; text-decoration: none; }
button:hover, .button:hover { background: var(--raised); border-color: var(--ink); }
button:disabled { border-color: var(--line); color: var(--quiet); cursor: default; }
button.bad { border-color: var(--bad); color: var(--bad); }
label { color: var(--quiet); font-size: .8125rem; }
label > input:not([type=checkbox]), label > select { display: block; margin-top: .25rem; width: 100%; }
fieldset { border: 0; min-width: 0; padding: 0; } legend { color: var(--quiet); font-size: .8125rem; margin-bottom: .25rem; padding: 0; }
.filter, .row { align-items: end; display: flex; flex-wrap: wrap; gap: .5rem .875rem; }
.filter { margin: 1.125rem 0 .75rem; }
.grow { flex: 1 1 16rem; max-width: 34rem; }
.panel { border: 1px solid var(--line); border-radius: 4px; display: grid; gap: 1rem; margin-top: 1rem; padding: 1rem; }
.clock { align-items: end; display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; }
.narrow { max-width: 24rem; } .narrow button { margin-top: .75rem; }
.error { color: var(--bad); }
.check { color: var(--ink); display: block; font-size: 1rem; margin: .75rem 0; } .check input { margin: 0 .375rem 0 0; min-height: 0; vertical-align: -.1em; }
.danger { margin-top: 1rem; max-width: 46rem; } .danger > form > button { margin-top: .5rem; }
.active-list { display: grid; gap: .5rem; margin-top: .75rem; } .active-list li { align-items: center; display: flex; flex-wrap: wrap; gap: .5rem 1rem; }
[data-live] > .active-list + form { margin-top: .75rem; }
[data-live] > .quiet { margin-top: .5rem; }
.copy { border-color: var(--line); color: var(--quiet); display: none; font-size: .75rem; min-height: 1.5rem; min-width: 3.75rem; padding: .0625rem .5rem; vertical-align: .1em; }
.js .copy { display: inline-block; }

table { border-collapse: collapse; width: 100%; }
.list { font-size: .875rem; }
th, td { border-bottom: 1px solid var(--line); font-weight: 400; padding: .4375rem 1.25rem .4375rem 0; text-align: left; vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-size: .75rem; white-space: nowrap; }
.list tbody tr:hover { background: var(--raised); }
.list td:first-child { white-space: nowrap; width: 1%; }
.list tbody th a { text-decoration: none; } .list tbody th a:hover { text-decoration: underline; }
.calls .note { color: var(--bad); font-size: .8125rem; max-width: 44rem; }
.cards { margin-top: .75rem; } .cards tbody th { white-space: nowrap; width: 1%; }
.cards button { min-height: 1.75rem; padding: .125rem .625rem; white-space: nowrap; }
.new { animation: highlight 2.5s ease-out; }
@keyframes highlight { from { background: var(--marked); } }
.empty form { margin: 1rem 0; } .empty .code { margin: .5rem auto; max-width: 34rem; text-align: left; } .empty p + p { margin-top: .5rem; }
.send textarea { background: var(--ground); border: 1px solid var(--edge); border-radius: 4px; color: var(--ink); display: block; font: .8125rem/1.5 var(--code); margin-top: .25rem; padding: .625rem .875rem; resize: vertical; width: 100%; }
.send-again { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: 1.25rem; }
.diff { margin: .375rem 0; } .diff :is(del, ins) { background: var(--marked); font-weight: 600; text-decoration-thickness: 1px; } .diff del { text-decoration: line-through; } .diff ins { text-decoration: underline; }
section > .facts + h3, section > p + h3, section > .steps + h3 { margin-top: 1.25rem; }
.lead + .flash { margin: 1rem 0 0; } .send + .lead { margin-top: 1.5rem; } .examples { display: flex; flex-wrap: wrap; gap: .25rem 1.375rem; }
.lead + form > section:first-of-type { margin-top: 1.75rem; }
@media (min-width: 62rem) { .cards .code-word { overflow-wrap: normal; } }
.empty { border: 1px dashed var(--edge); border-radius: 4px; margin-top: 1rem; padding: 2rem 1.25rem; text-align: center; }
.pager { display: flex; gap: 1.25rem; justify-content: flex-end; margin-top: 1rem; min-height: 1.5rem; }

.split { display: grid; gap: 2rem clamp(2rem, 5vw, 4rem); grid-template-columns: minmax(0, 1fr) minmax(16rem, 22rem); }
aside { align-self: start; border-top: 1px solid var(--line); padding-top: .875rem; }
aside h2 { font-size: 1.125rem; }
aside [data-live]:not(:empty) + [data-live] { margin-top: 1.75rem; } .facts + p { margin-top: .75rem; }
.actions { display: grid; gap: .875rem; margin-top: .625rem; } .actions label { display: block; margin-bottom: .375rem; } .actions button { width: 100%; } .actions .quiet { font-size: .8125rem; margin-top: .125rem; }
.facts { display: grid; gap: .75rem; margin-top: .625rem; }
main > section > .facts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); margin-bottom: 1rem; }
.token { overflow-wrap: anywhere; } .client { display: inline-block; margin-right: .75rem; }
.key { margin-top: 1.25rem; }
#keys + .lead + div .code, main > section > .code { max-width: 46rem; }

.timeline { margin-top: 1rem; }
.timeline > li { border-left: 1px solid var(--line); display: grid; gap: 0 1rem; grid-template-columns: 1fr auto; padding: 0 0 1.625rem 1.375rem; position: relative; }
.timeline > li:last-child { border-color: transparent; padding-bottom: 0; }
.timeline > li > * { grid-column: 1 / -1; color: var(--ink); min-width: 0; } .timeline > li > h3 { grid-column: 1; } .timeline > li > .when { grid-column: 2; }
.timeline > li::before { background: var(--ground); border: 2px solid currentcolor; border-radius: 50%; content: ""; height: .75rem; left: -.40625rem; position: absolute; top: .375rem; width: .75rem; }
.timeline > li:is(.good, .bad):not(.upcoming)::before { background: currentcolor; }
.timeline > .plain { color: var(--quiet); }
.timeline > .upcoming > h3 { font-weight: 400; }
.timeline .button { margin-top: .5rem; }
.when { color: var(--quiet) !important; font-size: .8125rem; font-variant-numeric: tabular-nums; text-align: right; }
.steps { display: grid; gap: .375rem 1rem; grid-template-columns: max-content minmax(0, 1fr); margin-top: .625rem; } .steps li { display: contents; } .steps .state { font-size: .8125rem; font-weight: 400; line-height: 1.4375rem; }
.call-details { margin-top: .625rem; }
.call-details.open { align-items: start; border-top: 1px solid var(--line); display: grid; gap: 0 1rem; grid-template-columns: minmax(0, 1fr); margin-top: .875rem; padding-top: .375rem; }
@media (min-width: 75rem) { .call-details.open:has(> :nth-child(3)) { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } .call-details.open > details:nth-child(n + 3) { grid-column: 1 / -1; } }
summary { cursor: pointer; padding: .25rem 0; width: fit-content; } summary:hover { color: var(--link); }
details > .quiet { font-size: .8125rem; margin: -.25rem 0 .75rem; }
.code { margin: .375rem 0 .75rem; position: relative; }
.code .copy { background: var(--raised); position: absolute; right: .375rem; top: .375rem; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 4px; line-height: 1.5; max-height: 28rem; overflow: auto; padding: .625rem .875rem; white-space: pre-wrap; }
.js .code pre { padding-right: 5rem; }

@media (max-width: 62rem) {
  .split { grid-template-columns: minmax(0, 1fr); }
  aside .facts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); }
  .status-bar dl { grid-template-columns: repeat(3, auto) ; justify-content: start; }
  .status-bar .wide { grid-column: 1 / -1; }
}
@media (max-width: 44rem) {
  .page-header { gap: .25rem 1rem; }
  .page-header ul { gap: 0 1.125rem; }
  .status-bar dl { gap: .5rem 1.25rem; grid-template-columns: 1fr 1fr; padding-right: 0; }
  .status-bar dl > :first-child { grid-column: 1 / -1; padding-right: 5rem; }
  .list thead { clip-path: inset(50%); display: block; height: 1px; overflow: hidden; position: absolute; width: 1px; }
  .list tbody tr { border-bottom: 1px solid var(--line); display: grid; gap: .0625rem 1rem; grid-template-columns: auto 1fr; padding: .625rem 0; }
  .list tbody tr > * { border: 0; padding: 0; width: auto !important; }
  .list tbody th { grid-column: 1 / -1; grid-row: 1; white-space: normal; }
  .list tbody td:empty { display: none; }
  .list tbody .number { grid-column: 2; grid-row: 2; justify-self: end; }
  .list tbody td.wide { grid-column: 1 / -1; }
  .cards tbody tr { grid-template-columns: auto 1fr; } .cards tbody .purpose { color: var(--quiet); grid-column: 1 / -1; }
  .timeline > li > h3, .timeline > li > .when { grid-column: 1 / -1; text-align: left; }
  .steps { grid-template-columns: minmax(0, 1fr); gap: 0; } .steps span + span { margin-bottom: .375rem; }
  .row > label { flex: 1 1 8rem; } .row > .grow { flex-basis: 100%; }
  .filter > label { flex: 1 1 8rem; } .filter > .grow { flex-basis: 100%; }
}
@media (prefers-reduced-motion: reduce) { .new { animation: none; outline: 1px solid var(--wait); } }
@media (forced-colors: active) { .timeline > li::before { border-color: CanvasText; } .timeline > li:is(.good, .bad):not(.upcoming)::before { background: CanvasText; } }
${LIST_STYLE}`;
