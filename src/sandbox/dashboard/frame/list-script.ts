/** The part of the dashboard's script that handles lists: deferred updates, keyboard shortcuts, clickable rows, and ages. @module */

/** Runs after the main script, in the same scope. Browsers run it unchanged, so it is plain JavaScript. */
export const LIST_SCRIPT = `
// If new rows would move the rows that the user is reading, a button announces the new rows. While updates are paused, only the status bar and the
// filters are updated.
let isPaused = false;
let pill;
const SCROLLED = 40;
const getRows = (part) => [...part.querySelectorAll("tbody tr[data-key]")];
function hasSelection(part) {
  const selection = getSelection();
  return !selection.isCollapsed && selection.rangeCount > 0 && selection.getRangeAt(0).intersectsNode(part);
}
function deferUpdate(part, next, force) {
  if (part.closest(".status-bar") || part.dataset.live === "filters") return !force && hasSelection(part);
  const rows = getRows(part);
  const isReading = !force && (isPaused || hasSelection(part) || (rows.length > 0 && (scrollY > SCROLLED || part.querySelector("details[open]") !== null)));
  if (!isReading) {
    if (pill?.nextElementSibling === part) hidePill();
    return false;
  }
  if (rows.length === 0) {
    if ((part.dataset.rendered ?? getContents(part)) !== getContents(next)) showPill(part, "New activity");
    return true;
  }
  const known = new Map(rows.map((row) => [getKey(row), row]));
  const added = getRows(next).filter((row) => !known.has(getKey(row)));
  if (!isPaused && !hasSelection(part)) {
    for (const row of getRows(next)) {
      const old = known.get(getKey(row));
      if (!old || getContents(old) === getContents(row)) continue;
      const hasFocus = old.contains(document.activeElement);
      old.replaceChildren(...[...row.childNodes].map((node) => document.importNode(node, true)));
      if (hasFocus) old.querySelector("th a")?.focus({ preventScroll: true });
    }
  }
  const all = getRows(next).length;
  if (added.length > 0) showPill(part, added.length + (added.length === all ? "+" : "") + " new");
  return true;
}
// The script changes ages and titles, so comparisons ignore them.
const getContents = (node) => node.innerHTML.replace(/(data-age="[^"]*">)[^<]*/g, "$1").replace(/ title="[^"]*"/g, "");
function hidePill() {
  pill?.remove();
  pill = undefined;
}
function showPill(part, text) {
  if (!pill) {
    pill = document.createElement("div");
    pill.className = "pill-holder";
    pill.setAttribute("role", "status");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "pill";
    button.addEventListener("click", showWaitingRows);
    pill.append(button);
    part.before(pill);
  }
  if (pill.firstChild.textContent !== text) pill.firstChild.textContent = text;
}
async function showWaitingRows() {
  const part = pill?.nextElementSibling;
  hidePill();
  getSelection().removeAllRanges();
  await refresh(true);
  if (!part || getRows(part).length === 0) return;
  scrollTo({ top: 0 });
  part.querySelector("tbody th a")?.focus({ preventScroll: true });
}

if (connection) {
  const pause = document.createElement("button");
  pause.type = "button";
  pause.textContent = "Pause";
  pause.title = "Stop updating this page";
  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? "Resume" : "Pause";
    root.classList.toggle("paused", isPaused);
    if (!isPaused) { hidePill(); refresh(true); }
  });
  const box = document.createElement("div");
  box.className = "connection-box";
  connection.before(box);
  box.append(connection, pause);
}

// Updates ages, and shows the local time when the pointer is over a time.
function updateAges() {
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  const now = Date.now() + (clock.offsetMs ?? 0);
  for (const node of document.querySelectorAll("[data-age]")) {
    const text = describeAge(now - Date.parse(node.dataset.age));
    if (node.textContent !== text) node.textContent = text;
  }
}
function describeAge(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds === 0) return "now";
  const [length, unit] = [[86400, "d"], [3600, "h"], [60, "min"]].find(([length]) => seconds >= length) ?? [1, "s"];
  return Math.floor(seconds / length) + " " + unit + " ago";
}
setInterval(updateAges, 1000);
addEventListener("mouseover", (event) => {
  const time = event.target.closest?.("time[datetime]");
  if (!time) return;
  const local = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
  time.title = time.dateTime + " (sandbox clock)\\n" + local + " (your time zone)";
});

// A click on a row opens its page, unless the user clicked a link or control in the row, or selected text.
addEventListener("click", (event) => {
  const row = event.target.closest?.(".list tbody tr[data-key]");
  if (!row || event.defaultPrevented || event.target.closest("a, button, summary, label, input, select") || !getSelection().isCollapsed) return;
  const link = row.querySelector("th a");
  if (!link) return;
  if (event.ctrlKey || event.metaKey) open(link.href, undefined, "noopener");
  else link.click();
});

// Keyboard shortcuts. The user can turn off /, j, and k, because speech input can trigger them.
const SHORTCUTS = [["/", "Search"], ["j or ↓", "Next row"], ["k or ↑", "Previous row"], ["Enter", "Open the row"], ["Escape", "Leave the search field, or close this dialog"], ["?", "Show keyboard shortcuts"]];
const OFF = "antom-vault-shortcuts-off";
const areShortcutsOff = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
function showShortcuts() {
  let dialog = document.getElementById("shortcuts");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "shortcuts";
    dialog.setAttribute("aria-labelledby", "shortcuts-title");
    const keys = SHORTCUTS.map(([key, text]) => "<dt><kbd>" + key.replace(" or ", "</kbd> or <kbd>") + "</kbd></dt><dd>" + text + "</dd>").join("");
    dialog.innerHTML = '<h2 id="shortcuts-title">Keyboard shortcuts</h2><dl>' + keys + '</dl><label class="check"><input type="checkbox"> Turn off the shortcuts /, j, and k</label><form method="dialog"><button autofocus>Close</button></form>';
    const checkbox = dialog.querySelector("input");
    checkbox.checked = areShortcutsOff();
    checkbox.addEventListener("change", () => { try { localStorage.setItem(OFF, checkbox.checked ? "1" : "0"); } catch {} });
    document.body.append(dialog);
  }
  dialog.showModal();
}
function moveToRow(step) {
  const links = [...document.querySelectorAll(".list tbody tr[data-key] th a")];
  if (links.length === 0) return false;
  const row = document.activeElement.closest?.("tr[data-key]");
  const index = row ? links.findIndex((link) => row.contains(link)) : -1;
  links[Math.min(Math.max(index < 0 ? 0 : index + step, 0), links.length - 1)].focus();
  return true;
}
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const { key } = event;
  const field = event.target.closest?.("input, select, textarea, [contenteditable]");
  if (field) {
    if (key === "Escape" && field.type === "search") field.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (key === "ArrowDown" || key === "ArrowUp") {
    // Outside the rows of a list, the arrow keys scroll.
    if (event.target.closest?.("tr[data-key]") && moveToRow(key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    return;
  }
  if (areShortcutsOff() && key !== "?") return;
  const search = document.querySelector('#filter [type="search"], .choices-search input');
  if (key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (key === "j" || key === "k") {
    if (moveToRow(key === "j" ? 1 : -1)) event.preventDefault();
  } else if (key === "?") {
    event.preventDefault();
    showShortcuts();
  }
});
const footer = document.querySelector("footer");
if (footer) {
  const help = document.createElement("button");
  help.type = "button";
  help.className = "help";
  help.innerHTML = "Keyboard shortcuts <kbd>?</kbd>";
  help.addEventListener("click", showShortcuts);
  footer.append(help);
}
`;
