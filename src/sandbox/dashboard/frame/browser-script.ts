/** The script of the dashboard. Every page also works without it. @module */

/**
 * Refreshes the page when events arrive, filters lists while the user types, updates the clock, and copies text. Browsers run it unchanged,
 * so it is plain JavaScript. A refresh requests the same page and replaces its live parts, so that only the server renders them.
 */
export const SCRIPT = `
"use strict";
const root = document.documentElement;
const base = root.dataset.base;
const connection = document.getElementById("connection");
root.classList.add("js");

const getKey = (node) => node.dataset.key;
let lastRequest = 0;
let lastApplied = 0;
// With force, also applies updates that would move the text that the user is reading.
async function refresh(force = false) {
  const request = ++lastRequest;
  let text;
  try {
    const response = await fetch(location.href, { headers: { accept: "text/html" } });
    // The session has expired, so the reload shows the sign-in page.
    if (response.redirected) return location.reload();
    if (!response.ok) {
      if (vaulting) location.reload();
      return;
    }
    text = await response.text();
  } catch {
    return;
  }
  if (request < lastApplied) return;
  lastApplied = request;
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = page.querySelector('[data-live="' + part.dataset.live + '"]');
    if (next) replaceContents(part, next, force);
  }
}
function replaceContents(part, next, force) {
  if (deferUpdate(part, next, force)) return;
  // Do not replace a part that contains a field that the user is editing. A later refresh updates the part.
  if (part.contains(document.activeElement) && document.activeElement.matches("select, input")) return;
  if (part.dataset.rendered === undefined) part.dataset.rendered = getContents(part);
  if (part.dataset.rendered === getContents(next)) return;
  const known = new Set([...part.querySelectorAll("tr[data-key]")].map(getKey));
  const opened = new Map([...part.querySelectorAll("details[data-key]")].map((details) => [getKey(details), details.open]));
  const focused = part.contains(document.activeElement) ? createSelector(document.activeElement) : undefined;
  part.dataset.rendered = getContents(next);
  part.replaceChildren(...[...next.childNodes].map((node) => document.importNode(node, true)));
  for (const details of part.querySelectorAll("details[data-key]")) details.open = opened.get(getKey(details)) ?? details.open;
  if (known.size > 0) {
    for (const row of part.querySelectorAll("tr[data-key]")) if (!known.has(getKey(row))) row.classList.add("new");
  }
  if (focused) part.querySelector(focused)?.focus({ preventScroll: true });
  tick();
}
// Creates a selector that finds the focused element again, by its link, its name and value, or the section that it expands.
function createSelector(node) {
  if (node.href) return 'a[href="' + CSS.escape(node.getAttribute("href")) + '"]';
  if (node.matches("summary")) return 'details[data-key="' + CSS.escape(getKey(node.parentElement) ?? "") + '"] > summary';
  if (node.name) return '[name="' + CSS.escape(node.name) + '"][value="' + CSS.escape(node.value) + '"]';
  return undefined;
}

let refreshTimer;
let lastRefresh = 0;
function scheduleRefresh() {
  if (refreshTimer !== undefined) return;
  refreshTimer = setTimeout(() => { refreshTimer = undefined; lastRefresh = Date.now(); refresh(); }, Math.max(120, lastRefresh + 800 - Date.now()));
}
const vaulting = document.querySelector("[data-vaulting]")?.dataset.vaulting;
function isRelevant(event) {
  if (vaulting === undefined || event.vaultingRequestId === undefined) return true;
  return JSON.stringify([event.clientId, event.vaultingRequestId]) === vaulting;
}
if (connection) {
  const showConnection = (state, text) => { connection.className = "connection " + state; connection.textContent = text; };
  let source;
  const connect = () => {
    source = new EventSource(base + "/_sandbox/events");
    source.addEventListener("open", () => {
      showConnection("up", "Live");
      // The data might have changed since the page was rendered.
      scheduleRefresh();
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) showConnection("down", "Disconnected: reload the page");
      else showConnection("down", "Reconnecting…");
    });
    for (const kind of ["call", "vaulting", "notification", "clock", "reset", "missed"]) {
      source.addEventListener(kind, (message) => { if (isRelevant(JSON.parse(message.data))) scheduleRefresh(); });
    }
  };
  // Browsers limit the number of connections per host, so a hidden page closes its connection.
  const updateConnection = () => {
    source?.close();
    if (!document.hidden) connect();
  };
  document.addEventListener("visibilitychange", updateConnection);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  updateConnection();
}

const filter = document.getElementById("filter");
if (filter) {
  let filterTimer;
  const apply = () => {
    const query = new URLSearchParams([...new FormData(filter)].filter(([, value]) => value !== ""));
    history.replaceState(null, "", query.size > 0 ? "?" + query : location.pathname);
    refresh(true);
  };
  filter.addEventListener("input", () => { clearTimeout(filterTimer); filterTimer = setTimeout(apply, 200); });
  filter.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(filterTimer); apply(); });
}

// The sandbox clock runs at the speed of the system clock.
function tick() {
  for (const node of document.querySelectorAll("[data-clock]")) {
    node.offsetMs ??= Date.parse(node.dataset.clock) - Date.now();
    const now = Date.now() + node.offsetMs;
    node.textContent = new Date(now).toISOString().slice(0, 19).replace("T", " ");
    for (const element of document.querySelectorAll("[data-until]")) element.textContent = formatDuration(Date.parse(element.dataset.until) - now);
  }
}
function formatDuration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [[Math.floor(seconds / 86400), "d"], [Math.floor(seconds % 86400 / 3600), "h"], [Math.floor(seconds % 3600 / 60), "min"], [seconds % 60, "s"]];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "0 s";
  return parts.slice(first, first + 2).filter(([count]) => count > 0).map((part) => part.join(" ")).join(" ");
}
tick();
setInterval(tick, 1000);

addEventListener("click", async (event) => {
  const button = event.target.closest?.("button.copy");
  if (!button) return;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    // Browsers disable the clipboard without HTTPS, except on localhost, so select the text instead.
    const code = button.parentElement.querySelector("pre");
    if (code) getSelection().selectAllChildren(code);
    button.textContent = code ? "Selected" : "Cannot copy";
  }
  setTimeout(() => { button.textContent = label === "Copied" ? "Copy" : label; }, 1500);
});

// Show a flash message only once, even if the user reloads the page.
if (new URLSearchParams(location.search).has("done")) {
  const url = new URL(location.href);
  url.searchParams.delete("done");
  history.replaceState(null, "", url.pathname + url.search);
}
`;
