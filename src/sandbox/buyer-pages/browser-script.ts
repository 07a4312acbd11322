/** The browser script of the buyer pages. It formats and validates input, but the pages also work without it. @module */
import { CARD_RANGES, getBrandName } from "../../cards/card-brand.ts";
import { CARD_RULES } from "./card-form.ts";

const BRANDS = JSON.stringify(CARD_RANGES.map(({ brand, first, last }) => [getBrandName(brand), first, last]));

/** Browsers run it unchanged, so it is plain JavaScript. It does not store the buyer's input, and sends the input only by submitting the form. */
export const SCRIPT = String.raw`
"use strict";
const RULES = { cardNo: ${CARD_RULES.cardNo}, expiry: ${CARD_RULES.expiry}, cvv: ${CARD_RULES.cvv} };
// Each entry contains a brand and the first and last prefix of a range. Longer prefixes are listed first.
const BRANDS = ${BRANDS};
const form = document.querySelector("form");
const status = document.getElementById("status");
// NFKC converts the full-width digits of East Asian input methods to ASCII digits.
const getDigits = (text) => text.normalize("NFKC").replace(/\D/g, "");

/** Returns the brand if more digits cannot change it; otherwise, an empty string. Ignores prefixes of 5 or more digits until they are complete. */
function findBrand(number) {
  const found = BRANDS.find(([, first, last]) => {
    const prefix = number.slice(0, first.length);
    return prefix.length === first.length && first <= prefix && prefix <= last;
  });
  const isAmbiguous = BRANDS.some(([brand, first, last]) =>
    brand !== (found && found[0]) && first.length < 5 && first.length > number.length && number !== "" &&
    first.slice(0, number.length) <= number && number <= last.slice(0, number.length));
  return found && !isAmbiguous ? found[0] : "";
}

function groupDigits(number) {
  const brand = findBrand(number);
  const groupEnds = brand === "American Express" ? [4, 10] : brand === "Diners Club" && number.length < 15 ? [4, 10] : [4, 8, 12, 16];
  let text = "";
  for (let index = 0; index < number.length; index++) text += (groupEnds.includes(index) ? " " : "") + number[index];
  return text;
}

const FORMATS = {
  cardNo: (digits) => groupDigits(digits.slice(0, 19)),
  expiry: (digits, isDeletion) => {
    let text = /^[2-9]/.test(digits) ? "0" + digits : digits;
    if (/^\d\d20\d\d/.test(text)) text = text.slice(0, 2) + text.slice(4, 6);
    text = text.slice(0, /^\d\d20\d/.test(text) ? 5 : 4);
    return text.length > 2 || (text.length === 2 && !isDeletion) ? text.slice(0, 2) + "/" + text.slice(2) : text;
  },
  cvv: (digits) => digits.slice(0, 4),
  code: (digits) => digits.slice(0, 12),
};

/** Formats the input while the buyer types, and keeps the caret after the same digit. */
function formatInput(input, format, onChange) {
  let text = input.value;
  const apply = (event) => {
    if (event && event.isComposing) return;
    const kind = (event && event.inputType) || "";
    const isDeletion = kind.startsWith("delete");
    const caret = input.selectionEnd === null ? input.value.length : input.selectionEnd;
    let digits = getDigits(input.value);
    let before = getDigits(input.value.slice(0, caret)).length;
    // If only a separator was deleted, delete the adjacent digit.
    if (isDeletion && digits === getDigits(text) && input.value.length < text.length) {
      const index = kind.includes("Forward") ? before : before - 1;
      if (index >= 0) {
        digits = digits.slice(0, index) + digits.slice(index + 1);
        before = index;
      }
    }
    text = format(digits, isDeletion);
    if (before > 0) before += Math.max(getDigits(text).length - digits.length, 0);
    if (input.value !== text) {
      input.value = text;
      let position = 0;
      for (let count = 0; position < text.length && count < before; position++) if (/\d/.test(text[position])) count++;
      while (!isDeletion && position < text.length && /\D/.test(text[position])) position++;
      if (document.activeElement === input) input.setSelectionRange(position, position);
    }
    if (onChange) onChange(getDigits(text));
  };
  input.addEventListener("input", apply);
  input.addEventListener("compositionend", apply);
  // The browser might already have filled in the field.
  apply();
}

function isLuhnValid(number) {
  let sum = 0;
  for (let index = 0; index < number.length; index++) {
    const digit = Number(number[number.length - 1 - index]) * (index % 2 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

function validateField({ name, value }) {
  const text = name === "cardNo" ? value.replace(/[\s-]/g, "") : value.trim();
  if (text === "") return "missing";
  if (RULES[name] && !RULES[name].test(text)) return "invalid";
  return name === "cardNo" && !isLuhnValid(text) ? "checksum" : "";
}

function createElement(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** Shows errors as the server does: next to the fields and, on the card page, in a summary. Returns whether the form is valid. */
function validateForm() {
  for (const old of document.querySelectorAll(".error, .summary")) old.remove();
  const errors = [];
  for (const input of form.querySelectorAll("input:not([type=hidden])")) {
    const message = input.dataset[validateField(input)];
    const id = input.id + "-error";
    const others = (input.getAttribute("aria-describedby") || "").split(" ").filter((other) => other && other !== id);
    if (message) {
      const error = createElement("p", { className: "error", id }, message);
      if (!form.dataset.check) error.setAttribute("role", "alert");
      input.nextElementSibling.prepend(error);
      others.unshift(id);
      input.setAttribute("aria-invalid", "true");
      errors.push([input, message]);
    } else input.removeAttribute("aria-invalid");
    input.setAttribute("aria-describedby", others.join(" "));
  }
  if (errors.length === 0) return true;
  if (form.dataset.check) {
    const links = errors.map(([input, message]) => {
      const link = createElement("a", { href: "#" + input.id }, message);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        input.focus();
      });
      return createElement("li", {}, link);
    });
    const title = createElement("h2", {}, form.dataset.check);
    const summary = createElement("div", { className: "summary" }, title, createElement("ul", {}, ...links));
    summary.setAttribute("role", "alert");
    form.before(summary);
  }
  errors[0][0].focus();
  return false;
}

let isSubmitted = false;
let isReady = false;
function setSubmitted(value) {
  isSubmitted = value;
  form.setAttribute("aria-busy", String(value));
  status.textContent = value ? "Processing…" : "";
}
/** Submits the form only if the server responds. Without this check, the browser could show its own error page, and the input would be lost. */
async function submitIfReachable(submitter) {
  const request = { method: "HEAD", cache: "no-store", credentials: "omit" };
  const url = new URL("../assets/icon.svg", new URL(form.getAttribute("action"), location.origin));
  const isReachable = await fetch(url, request).then(() => true, () => false);
  isReady = isReachable;
  if (isReachable) form.requestSubmit(submitter);
  else {
    setSubmitted(false);
    for (const old of document.querySelectorAll(".summary")) old.remove();
    const text = createElement("p", {}, "The server is not responding, so nothing was sent. Your entries are still here. Try again in a moment.");
    const summary = createElement("div", { className: "summary" }, text);
    summary.setAttribute("role", "alert");
    form.before(summary);
  }
  isReady = false;
}
if (form) {
  const brand = document.getElementById("brand");
  for (const input of form.querySelectorAll("input:not([type=hidden])")) {
    formatInput(input, FORMATS[input.name], input.name === "cardNo" && brand && ((number) => {
      const name = findBrand(number);
      if (brand.value !== name) brand.value = name;
    }));
  }
  form.addEventListener("submit", (event) => {
    if (isReady) return;
    event.preventDefault();
    const isCancel = event.submitter && event.submitter.value === "cancel";
    if (isSubmitted || !(isCancel || validateForm())) return;
    setSubmitted(true);
    submitIfReachable(event.submitter);
    // If no response arrives within 10 seconds, let the buyer try again.
    setTimeout(setSubmitted, 10000, false);
  });
  // The browser might restore the page from its cache when the buyer goes back.
  addEventListener("pageshow", (event) => event.persisted && setSubmitted(false));
}

const copied = document.getElementById("copied");
for (const button of document.querySelectorAll(".copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.getAttribute("aria-describedby"));
    getSelection().selectAllChildren(source);
    try {
      // Without HTTPS, browsers disable the Clipboard API, except on localhost, but can still copy the selection.
      if (navigator.clipboard) await navigator.clipboard.writeText(source.textContent);
      else if (!document.execCommand("copy")) return;
    } catch {
      return;
    }
    copied.textContent = button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
      copied.textContent = "";
    }, 1500);
  });
}
`;
