/** The style sheet of the HTML report, for phones and wide screens, light and dark mode, and printing. @module */
import { FONTS, formatCustomProperties, PALETTE } from "../../html/theme.ts";

export const STYLE = `
:root {
  color-scheme: light dark;
  ${formatCustomProperties(PALETTE, 0)}
  ${FONTS}
}
@media (prefers-color-scheme: dark) { :root { ${formatCustomProperties(PALETTE, 1)} } }
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); font: 1rem/1.55 var(--text); text-size-adjust: 100%; -webkit-text-size-adjust: 100%; scroll-padding-top: 5.5rem; }
body { margin: 0 auto; max-width: 76rem; padding: clamp(1.5rem, 5vw, 4.5rem) clamp(1rem, 4vw, 3rem) 4rem; overflow-wrap: anywhere; }
h1, h2, h3, p, dl, dd, ul, pre, table { margin: 0; }
h1 { font-size: 1rem; font-weight: 600; letter-spacing: .01em; }
h1 b { font-family: var(--code); font-size: .9375em; font-weight: 600; }
h2 { border-top: 1px solid var(--line); font: 400 1.625rem/1.25 var(--display); padding-top: 1.5rem; margin: clamp(2.5rem, 6vw, 4rem) 0 1.25rem; text-wrap: balance; }
h3 { font-size: 1.0625rem; font-weight: 600; line-height: 1.4; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { border-radius: 2px; outline: 2px solid var(--link); outline-offset: 3px; }
code, pre, .id { font-family: var(--code); font-size: .8125rem; }
.quiet { color: var(--quiet); }
.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.passed td:first-child, .good { color: var(--good); }
.failed td:first-child, .bad { color: var(--bad); }
.skipped td:first-child { color: var(--quiet); }
.unseen { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; white-space: nowrap; width: 1px; }
.skip { background: var(--ground); left: 1rem; padding: .5rem 1rem; position: absolute; top: -4rem; }
.skip:focus { top: .5rem; }

.result { font: 400 clamp(2rem, 1.2rem + 3.6vw, 3.5rem)/1.1 var(--display); letter-spacing: -.015em; margin: .75rem 0 0; text-wrap: balance; }
.result span { font-family: var(--text); font-size: .8em; margin-right: .15em; }
.aside { color: var(--quiet); font-size: 1.125rem; margin-top: .5rem; }
.bar { display: block; height: .625rem; margin: 2rem 0 0; width: 100%; }
.bar .good { fill: var(--good); } .bar .bad { fill: var(--bad); } .bar .skipped { fill: var(--line); }
.totals { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; list-style: none; margin-top: .75rem; padding: 0; }
.totals b { font-variant-numeric: tabular-nums; }
.facts { border-top: 1px solid var(--line); display: grid; gap: 1rem 2.5rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); margin-top: 2rem; padding-top: 1.25rem; }
dt { color: var(--quiet); font-size: .8125rem; }

table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); font-weight: 400; padding: .5rem .75rem .5rem 0; text-align: left; vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-size: .8125rem; }
thead .number { white-space: normal; }

.kind { border-left: 3px solid var(--bad); margin-top: 2.5rem; padding-left: clamp(1rem, 2.5vw, 1.75rem); }
.kind h3 { font-size: 1.1875rem; margin-bottom: .75rem; }
.kind h3 span { color: var(--bad); }
.kind > * + p { margin-top: .25rem; }
.kind > .label { color: var(--quiet); font-size: .8125rem; margin: 1.25rem 0 .375rem; }
.kind details { margin-top: .5rem; }
.kind dl { display: grid; gap: 1.25rem; margin: 1.25rem 0; }
.kind dt { margin-bottom: .375rem; }
@media (min-width: 56rem) { .exchange { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); grid-template-rows: auto 1fr; } .request { grid-row: span 2; } }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 4px; line-height: 1.5; padding: .75rem 1rem; white-space: pre-wrap; }
pre.command { user-select: all; -webkit-user-select: all; }
summary { cursor: pointer; padding: .375rem 0; }
summary:hover { color: var(--link); }
.ids { columns: 24rem; column-gap: 2.5rem; list-style: none; padding: .25rem 0 0; }
.ids li { break-inside: avoid; padding: .1875rem 0 .1875rem 1rem; text-indent: -1rem; }
.counted { display: grid; gap: .75rem; list-style: none; padding: 0; }
.counted li { align-items: baseline; display: grid; gap: 1rem; grid-template-columns: 2.75rem 1fr; }
.counted b { font: 400 1.5rem/1 var(--display); font-variant-numeric: tabular-nums; }
p + .counted { margin-top: .75rem; }

.operation { border-top: 1px solid var(--line); }
.operation > summary { align-items: baseline; display: flex; flex-wrap: wrap; gap: .125rem 1rem; list-style: none; padding: .875rem 0; }
.operation > summary::-webkit-details-marker { display: none; }
.operation > summary::before { color: var(--quiet); content: "+"; font-family: var(--code); width: 1rem; }
.operation[open] > summary::before { content: "−"; }
.operation > summary > span { margin-left: auto; }
.operation table { margin-bottom: 2.5rem; table-layout: fixed; }
.operation th:first-child { width: 7rem; }
.operation th:last-child { width: 42%; }
.operation tbody th { color: var(--quiet); font: .75rem/1.5 var(--code); }
.operation td:first-child { white-space: nowrap; }
.operation td p { color: var(--quiet); font-size: .875rem; margin-top: .125rem; }
.operation td a { color: var(--bad); }
tr:target > * { background: var(--marked); }
tr:target > :first-child { box-shadow: inset 3px 0 var(--bad); padding-left: .75rem; }
[hidden] { display: none !important; }

#filter { align-items: end; background: var(--ground); display: flex; flex-wrap: wrap; gap: .5rem 1rem; margin-bottom: 1rem; padding: .75rem 0; position: sticky; top: 0; z-index: 1; }
#filter label { color: var(--quiet); font-size: .8125rem; }
#filter label:first-child { flex: 1 1 14rem; max-width: 30rem; }
input, select, button { background: var(--ground); border: 1px solid var(--quiet); border-radius: 4px; color: var(--ink); font: 1rem/1.25 var(--text); min-height: 2.5rem; padding: .375rem .75rem; }
input, select { display: block; margin-top: .25rem; width: 100%; }
button { cursor: pointer; float: right; font-size: .8125rem; margin: .375rem; min-height: 2rem; }
#filter output { min-height: 1.5em; padding-bottom: .5rem; }
footer { border-top: 1px solid var(--line); color: var(--quiet); font-size: .875rem; margin-top: 4rem; padding-top: 1.25rem; }

@media screen and (max-width: 44rem) {
  .operation thead { clip-path: inset(50%); position: absolute; }
  .operation tbody tr { border-bottom: 1px solid var(--line); display: grid; gap: .125rem; padding: .75rem 0; }
  .operation tbody tr > * { border: 0; padding: 0; width: auto !important; }
  .operation td:first-child { font-size: .875rem; }
  #filter { position: static; }
  .operation > summary > span { margin-left: 2rem; width: 100%; }
  tr:target { background: var(--marked); box-shadow: -.75rem 0 var(--marked), .75rem 0 var(--marked); }
  tr:target > :first-child { box-shadow: none; }
  .overview th { font-size: .75rem; } .overview td { font-size: .875rem; } .overview :is(th, td):not(:last-child) { padding-right: .5rem; }
  .overview :is(th, td) { overflow-wrap: normal; white-space: normal; }
  #filter output { width: 100%; }
  .facts { gap: .375rem; grid-template-columns: 1fr; } .facts div { align-items: baseline; display: grid; grid-template-columns: 6rem 1fr; }
}
@media screen and (max-width: 22rem) { .overview tbody th { overflow-wrap: anywhere; } }
@media (forced-colors: active) { .bar rect { stroke: CanvasText; } .bar .good { fill: CanvasText; } .bar .skipped { fill: Canvas; } }
@media print {
  :root { color-scheme: light; ${formatCustomProperties(PALETTE, 0)} }
  @page { margin: 16mm 14mm; }
  html { background: none; font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  h2 { margin-top: 2rem; } h2, h3, summary, dt { break-after: avoid; }
  tr, .counted li { break-inside: avoid; }
  th, td { padding-bottom: .25rem; padding-top: .25rem; }
  thead { display: table-header-group; }
  a { color: inherit; text-decoration: none; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  .operation > summary::before, #filter, button, .skip { display: none; }
  .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
