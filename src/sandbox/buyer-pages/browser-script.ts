/** The script of the buyer's pages. Everything works without it; with it typing is easier, and a mistake is told before anything is sent. @module */
import { CARD_RANGES, getBrandName } from "../../cards/card-brand.ts";
import { CARD_RULES } from "./card-form.ts";

const BRANDS = JSON.stringify(CARD_RANGES.map(({ brand, first, last }) => [getBrandName(brand), first, last]));

/** Plain JavaScript, because browsers run it unchanged. It neither stores nor sends what the buyer types. */
export const SCRIPT = String.raw`
"use strict";
const RULES = { cardNo: ${CARD_RULES.cardNo}, expiry: ${CARD_RULES.expiry}, cvv: ${CARD_RULES.cvv} };
// Brand, first and last beginning; the longest beginnings come first.
const BRANDS = ${BRANDS};
const form = document.querySelector("form");
const status = document.getElementById("status");
// Full-width digits too, as an input method types them.
const digitsOf = (text) => text.normalize("NFKC").replace(/\D/g, "");

/** The brand, once no other one can come of more digits. Ranges inside a scheme's own are too narrow to wait for. */
function brandOf(number) {
  const found = BRANDS.find(([, first, last]) => {
    const beginning = number.slice(0, first.length);
    return beginning.length === first.length && first <= beginning && beginning <= last;
  });
  const open = BRANDS.some(([brand, first, last]) =>
    brand !== (found && found[0]) && first.length < 5 && first.length > number.length && number !== "" &&
    first.slice(0, number.length) <= number && number <= last.slice(0, number.length));
  return found && !open ? found[0] : "";
}

function grouped(number) {
  const brand = brandOf(number);
  const ends = brand === "American Express" ? [4, 10] : brand === "Diners Club" && number.length < 15 ? [4, 10] : [4, 8, 12, 16];
  let text = "";
  for (let at = 0; at < number.length; at++) text += (ends.includes(at) ? " " : "") + number[at];
  return text;
}

const SHAPES = {
  cardNo: (digits) => grouped(digits.slice(0, 19)),
  expiry: (digits, deletes) => {
    let text = /^[2-9]/.test(digits) ? "0" + digits : digits;
    if (/^\d\d20\d\d/.test(text)) text = text.slice(0, 2) + text.slice(4, 6);
    text = text.slice(0, /^\d\d20\d/.test(text) ? 5 : 4);
    return text.length > 2 || (text.length === 2 && !deletes) ? text.slice(0, 2) + "/" + text.slice(2) : text;
  },
  cvv: (digits) => digits.slice(0, 4),
  code: (digits) => digits.slice(0, 12),
};

/** Shapes what is typed, and keeps the caret behind the digit that it stood behind. */
function shapeAsTyped(input, shape, told) {
  let text = input.value;
  const apply = (event) => {
    if (event && event.isComposing) return;
    const kind = (event && event.inputType) || "";
    const deletes = kind.startsWith("delete");
    const caret = input.selectionEnd === null ? input.value.length : input.selectionEnd;
    let digits = digitsOf(input.value);
    let before = digitsOf(input.value.slice(0, caret)).length;
    // Only a blank or a stroke was deleted: the digit beyond it is meant.
    if (deletes && digits === digitsOf(text) && input.value.length < text.length) {
      const at = kind.includes("Forward") ? before : before - 1;
      if (at >= 0) {
        digits = digits.slice(0, at) + digits.slice(at + 1);
        before = at;
      }
    }
    text = shape(digits, deletes);
    if (before > 0) before += Math.max(digitsOf(text).length - digits.length, 0);
    if (input.value !== text) {
      input.value = text;
      let place = 0;
      for (let seen = 0; place < text.length && seen < before; place++) if (/\d/.test(text[place])) seen++;
      while (!deletes && place < text.length && /\D/.test(text[place])) place++;
      if (document.activeElement === input) input.setSelectionRange(place, place);
    }
    if (told) told(digitsOf(text));
  };
  input.addEventListener("input", apply);
  input.addEventListener("compositionend", apply);
  // A browser may have filled it in already.
  apply();
}

function passesLuhn(number) {
  let sum = 0;
  for (let at = 0; at < number.length; at++) {
    const digit = Number(number[number.length - 1 - at]) * (at % 2 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

function faultOf({ name, value }) {
  const text = name === "cardNo" ? value.replace(/[\s-]/g, "") : value.trim();
  if (text === "") return "missing";
  if (RULES[name] && !RULES[name].test(text)) return "form";
  return name === "cardNo" && !passesLuhn(text) ? "mistake" : "";
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Tells each mistake beside its field and above all of them, as the server does. Whether there is none. */
function checked() {
  for (const old of document.querySelectorAll(".wrong, .summary")) old.remove();
  const faulty = [];
  for (const input of form.querySelectorAll("input:not([type=hidden])")) {
    const message = input.dataset[faultOf(input)];
    const id = input.id + "-wrong";
    const others = (input.getAttribute("aria-describedby") || "").split(" ").filter((each) => each && each !== id);
    if (message) {
      const told = element("p", { className: "wrong", id }, message);
      if (!form.dataset.check) told.setAttribute("role", "alert");
      input.nextElementSibling.prepend(told);
      others.unshift(id);
      input.setAttribute("aria-invalid", "true");
      faulty.push([input, message]);
    } else input.removeAttribute("aria-invalid");
    input.setAttribute("aria-describedby", others.join(" "));
  }
  if (faulty.length === 0) return true;
  if (form.dataset.check) {
    const links = faulty.map(([input, message]) => {
      const link = element("a", { href: "#" + input.id }, message);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        input.focus();
      });
      return element("li", {}, link);
    });
    const summary = element("div", { className: "summary" }, element("h2", {}, form.dataset.check), element("ul", {}, ...links));
    summary.setAttribute("role", "alert");
    form.before(summary);
  }
  faulty[0][0].focus();
  return false;
}

let sent = false;
function setSent(value) {
  sent = value;
  form.setAttribute("aria-busy", String(value));
  status.textContent = value ? "One moment, please…" : "";
}
if (form) {
  const brand = document.getElementById("brand");
  for (const input of form.querySelectorAll("input:not([type=hidden])")) {
    shapeAsTyped(input, SHAPES[input.name], input.name === "cardNo" && brand && ((number) => {
      const name = brandOf(number);
      if (brand.value !== name) brand.value = name;
    }));
  }
  form.addEventListener("submit", (event) => {
    const cancels = event.submitter && event.submitter.value === "cancel";
    if (sent || !(cancels || checked())) return event.preventDefault();
    setSent(true);
    // Should no answer come, the buyer may try again.
    setTimeout(setSent, 10000, false);
  });
  // Back again on a page that the browser had kept.
  addEventListener("pageshow", (event) => event.persisted && setSent(false));
}

const copied = document.getElementById("copied");
for (const button of document.querySelectorAll(".copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.getAttribute("aria-describedby"));
    getSelection().selectAllChildren(source);
    try {
      // Where the page is not reached securely, there is no clipboard; what is selected can be copied the old way.
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
