/** The styles of filters, live lists, JSON, choices, and the keyboard shortcuts. @module */
import { MAX_DEPTH } from "./json-block.ts";

const jsonDepths = Array.from(
  { length: MAX_DEPTH + 1 },
  (_, depth) => `.d${depth} { padding-left: ${2 * depth + 4}ch; text-indent: -${2 * depth + 4}ch; }`,
).join(" ");

export const LIST_STYLE = `
.chips { align-items: center; display: flex; flex-wrap: wrap; gap: .5rem 1rem; justify-content: space-between; margin-bottom: .5rem; }
.chips ul { align-items: center; display: flex; flex-wrap: wrap; gap: .375rem; }
.chip { border: 1px solid var(--line); border-radius: 1rem; color: var(--ink); display: inline-block; font-size: .8125rem; min-height: 1.75rem; padding: .1875rem .625rem; text-decoration: none; }
.chip:hover { background: var(--raised); border-color: var(--ink); }
.chip.active { background: var(--raised); border-color: var(--edge); }
.chips b { font-variant-numeric: tabular-nums; font-weight: 600; }
.chips li.quiet { font-size: .8125rem; padding: .1875rem .375rem; }
.export, .pager a, .breadcrumb a, .contents a, .status-bar .wide a, .empty a { display: inline-block; min-height: 1.5rem; }
.age { color: var(--quiet); display: inline-block; font-size: .75rem; font-variant-numeric: tabular-nums; margin-left: .25rem; min-width: 4.75rem; text-align: right; }
.timeline .age, .facts .age { min-width: 0; }
.js .list tbody tr[data-key] { cursor: pointer; }
.list tbody a { display: inline-block; min-height: 1.5rem; }
.list tbody tr:focus-within { background: var(--raised); }
.code-link { color: inherit; text-decoration: underline dotted; text-underline-offset: .2em; }
.page-header nav a { min-height: 1.5rem; } .brand a { display: inline-block; min-height: 1.5rem; }
.paused .connection.up::after { content: " (paused)"; }
@media (max-width: 44rem) { .list .age { display: block; min-width: 0; } .js .code pre { padding: 2.25rem .875rem .625rem; } }
.pill-holder { height: 0; position: sticky; text-align: center; top: .75rem; z-index: 1; }
.pill { background: var(--link); border-color: var(--link); border-radius: 1.25rem; box-shadow: 0 .125rem .5rem rgb(0 0 0 / .25); color: var(--ground); transform: translateY(-50%); }
.pill:hover { background: var(--ink); border-color: var(--ink); }
.connection-box button, .help { font-size: .75rem; min-height: 1.75rem; padding: .125rem .625rem; } .connection-box button { margin-left: .625rem; } .help { margin-top: .5rem; }
.json-line { display: block; }
.json-line b { font-weight: 400; } .json-line .string { color: var(--good); } .json-line .literal { color: var(--wait); }
${jsonDepths}
.codes { margin-top: .75rem; table-layout: fixed; } .codes th:nth-child(1) { width: 19rem; } .codes th:nth-child(2) { width: 8rem; } .codes tbody th { overflow-wrap: anywhere; white-space: normal; } .codes tbody tr { scroll-margin-top: 1rem; } .codes tbody tr:target { background: var(--marked); }
dialog { background: var(--ground); border: 1px solid var(--edge); border-radius: 6px; color: var(--ink); max-width: 26rem; padding: 1.25rem 1.5rem 1.5rem; }
dialog::backdrop { background: rgb(0 0 0 / .4); }
dialog dl { display: grid; gap: .375rem 1.25rem; grid-template-columns: max-content 1fr; margin: .875rem 0 1rem; } dialog dt { color: var(--ink); }
kbd { border: 1px solid var(--edge); border-radius: 3px; font: .8125rem var(--code); padding: .0625rem .375rem; }
.choices { border: 1px solid var(--line); border-radius: 4px; max-height: 22rem; overflow-y: auto; overscroll-behavior: contain; padding: .5rem .75rem; position: relative; }
.choices fieldset + fieldset { margin-top: .75rem; } .choices legend { color: var(--ink); font-weight: 600; }
.choice { border-radius: 3px; color: var(--ink); display: grid; font-size: .875rem; gap: 0 .5rem; grid-template-columns: auto 1fr; min-height: 1.5rem; padding: .25rem; } .choice:hover { background: var(--raised); }
.choice input { margin: .25rem 0 0; min-height: 1rem; } .choice small { font-size: .8125rem; grid-column: 2; }
.row.below { margin-top: .875rem; } .connection-box { align-items: center; display: flex; gap: .25rem; position: absolute; right: var(--side); top: .375rem; } .connection-box .connection { position: static; }
.choices-search { margin-bottom: .5rem; max-width: 24rem; } .choice[hidden], fieldset[hidden] { display: none; }
html:not(.js) .choices-search { display: none; }
`;
