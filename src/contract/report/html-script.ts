/** The script of the HTML report. The report is readable without it. @module */

/** Filters checks as the user types, copies commands, and opens the targets of links. Plain JavaScript, because browsers run it directly. */
export const SCRIPT = `
"use strict";
const filter = document.getElementById("filter");
const text = document.getElementById("filter-text");
const status = document.getElementById("filter-status");
const shown = document.getElementById("filter-shown");
const groups = [...document.querySelectorAll("details.operation")].map((details) => ({
  details,
  open: details.open,
  rows: [...details.querySelectorAll("tbody tr")].map((row) => ({ row, words: row.textContent.toLowerCase() })),
}));
const total = groups.reduce((sum, { rows }) => sum + rows.length, 0);
let filtering = false;
function apply() {
  const wanted = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const active = wanted.length > 0 || status.value !== "";
  if (!filtering && active) for (const group of groups) group.open = group.details.open;
  let count = 0;
  for (const { details, open, rows } of groups) {
    let own = 0;
    for (const { row, words } of rows) {
      row.hidden = !(wanted.every((word) => words.includes(word)) && (status.value === "" || row.className === status.value));
      if (!row.hidden) own += 1;
    }
    details.hidden = own === 0;
    details.open = active ? own > 0 : filtering ? open : details.open;
    count += own;
  }
  filtering = active;
  shown.textContent = !active ? "" : count === 0 ? "No checks match." : count + " of " + total + " checks";
}
function reveal() {
  let id = "";
  try {
    id = decodeURIComponent(location.hash.slice(1));
  } catch {}
  const target = id && document.getElementById(id);
  if (!target) return;
  if (target.hidden || target.closest("[hidden]")) {
    text.value = "";
    status.value = "";
    apply();
  }
  const details = target.closest("details");
  if (details && !details.open) details.open = true;
  target.scrollIntoView();
}
if (filter) {
  filter.hidden = false;
  text.addEventListener("input", apply);
  status.addEventListener("change", apply);
  addEventListener("hashchange", reveal);
  // A browser might restore the input after a reload.
  apply();
  if (location.hash) reveal();
}
if (navigator.clipboard) {
  for (const command of document.querySelectorAll("pre.command")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(command.textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Select the text to copy";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    command.before(button);
  }
}
`;
