/** The script of the dashboard. Every page can be read and used without it. @module */

/**
 * Renews the parts of a page when something happens, filters while somebody types, lets the clock run and copies. Plain JavaScript, for it
 * runs as it stands. A page is renewed by asking for it again and taking over its live parts, so that there is one way only to make them.
 */
export const SCRIPT = `
"use strict";
const root = document.documentElement;
const base = root.dataset.base;
const live = document.getElementById("live");
root.classList.add("js");

const keyOf = (node) => node.dataset.key;
let asked = 0;
let taken = 0;
async function renew() {
  const mine = ++asked;
  let text;
  try {
    const response = await fetch(location.href, { headers: { accept: "text/html" } });
    // Whoever was signed out is shown the way in.
    if (response.redirected) return location.reload();
    if (!response.ok) {
      if (of) location.reload();
      return;
    }
    text = await response.text();
  } catch {
    return;
  }
  if (mine < taken) return;
  taken = mine;
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = page.querySelector('[data-live="' + part.dataset.live + '"]');
    if (next) takeOver(part, next);
  }
}
function takeOver(part, next) {
  // Whoever is about to choose or press something keeps it; the next news renews it.
  if (part.contains(document.activeElement) && document.activeElement.matches("select, input")) return;
  if (part.dataset.was === undefined) part.dataset.was = part.innerHTML;
  if (part.dataset.was === next.innerHTML) return;
  const known = new Set([...part.querySelectorAll("tr[data-key]")].map(keyOf));
  const opened = new Map([...part.querySelectorAll("details[data-key]")].map((each) => [keyOf(each), each.open]));
  const focused = part.contains(document.activeElement) ? pathTo(document.activeElement, part) : undefined;
  part.dataset.was = next.innerHTML;
  part.replaceChildren(...[...next.childNodes].map((each) => document.importNode(each, true)));
  for (const each of part.querySelectorAll("details[data-key]")) each.open = opened.get(keyOf(each)) ?? each.open;
  if (known.size > 0) {
    for (const row of part.querySelectorAll("tr[data-key]")) if (!known.has(keyOf(row))) row.classList.add("new");
  }
  if (focused) part.querySelector(focused)?.focus({ preventScroll: true });
  tick();
}
// What has the focus is known again by what it leads to or does, or by the part that it opens.
function pathTo(node, part) {
  if (node.href) return 'a[href="' + CSS.escape(node.getAttribute("href")) + '"]';
  if (node.matches("summary")) return 'details[data-key="' + CSS.escape(keyOf(node.parentElement) ?? "") + '"] > summary';
  if (node.name) return '[name="' + CSS.escape(node.name) + '"][value="' + CSS.escape(node.value) + '"]';
  return undefined;
}

let timer;
let last = 0;
function soon() {
  if (timer !== undefined) return;
  timer = setTimeout(() => { timer = undefined; last = Date.now(); renew(); }, Math.max(120, last + 800 - Date.now()));
}
const of = document.querySelector("[data-of]")?.dataset.of;
function concerns(event) {
  if (of === undefined || event.vaultingRequestId === undefined) return true;
  return JSON.stringify([event.clientId, event.vaultingRequestId]) === of;
}
if (live) {
  const say = (state, text) => { live.className = "live " + state; live.textContent = text; };
  let source;
  const connect = () => {
    source = new EventSource(base + "/_sandbox/events");
    source.addEventListener("open", () => {
      say("up", "Live");
      // Something may have happened since the page was made.
      soon();
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) say("down", "Not live: reload for news");
      else say("down", "The sandbox does not answer");
    });
    for (const kind of ["call", "vaulting", "notification", "clock", "reset", "missed"]) {
      source.addEventListener(kind, (message) => { if (concerns(JSON.parse(message.data))) soon(); });
    }
  };
  // Browsers keep few connections to a host, and every open page has one: who is not looked at gives it up.
  const follow = () => {
    source?.close();
    if (!document.hidden) connect();
  };
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  follow();
}

const filter = document.getElementById("filter");
if (filter) {
  let typing;
  const apply = () => {
    const query = new URLSearchParams([...new FormData(filter)].filter(([, value]) => value !== ""));
    const wanted = query.size > 0 ? "?" + query : location.pathname;
    history.replaceState(null, "", wanted);
    renew();
  };
  filter.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(apply, 200); });
  filter.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(typing); apply(); });
}

// The clock of the sandbox runs with the machine's.
function tick() {
  for (const node of document.querySelectorAll("[data-clock]")) {
    node.ahead ??= Date.parse(node.dataset.clock) - Date.now();
    const now = Date.now() + node.ahead;
    node.textContent = new Date(now).toISOString().slice(0, 19).replace("T", " ");
    for (const each of document.querySelectorAll("[data-until]")) each.textContent = spoken(Date.parse(each.dataset.until) - now);
  }
}
function spoken(ms) {
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
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    // Without https on another machine there is no clipboard; what is to be copied is selected then.
    const code = button.parentElement.querySelector("pre");
    if (code) getSelection().selectAllChildren(code);
    button.textContent = code ? "Selected" : "Cannot copy";
  }
  setTimeout(() => { button.textContent = said === "Copied" ? "Copy" : said; }, 1500);
});

// What was said once is not said again after a reload.
if (new URLSearchParams(location.search).has("done")) {
  const url = new URL(location.href);
  url.searchParams.delete("done");
  history.replaceState(null, "", url.pathname + url.search);
}
`;
