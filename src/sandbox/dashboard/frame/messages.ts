/** What a page says after a form was sent, and pages that only say why there is nothing else to show. */
import { markup } from "../../../html/html-template.ts";
import { type Page, renderPage } from "./page-layout.ts";

export const messagePage = (title: string, words: string, status: NonNullable<Page["status"]>): Page => ({
  title,
  status,
  body: markup`<h1>${title}</h1><p class="lead">${words}</p>`,
});

export const notFoundPage = (): Page =>
  messagePage("There is no such page", "Nothing is known of what this address names.", 404);

export const internalErrorResponse = (base: string): Response =>
  renderPage(messagePage("This went wrong", "The sandbox could not do this. Try again.", 404), { base });

export function crossOriginResponse(base: string): Response {
  const words = "Open the sandbox by the address that it prints: a page of another site may not use it.";
  return renderPage(messagePage("Not from there", words, 403), { base });
}

export function expiredFormResponse(base: string): Response {
  const words = "What was sent did not come from a page of this sandbox as it is now. Nothing was done.";
  return renderPage(messagePage("Please open the page again", words, 403), { base });
}

/** What a page says after a form was sent. */
export const FLASH_MESSAGES = {
  clock: "The clock was moved.",
  scenario: "The scenario is on.",
  "scenario-over": "The scenario is over.",
  fault: "The fault is injected.",
  "faults-over": "No fault is left.",
  reset: "Everything is forgotten.",
  rotated: "The next key signs from now on.",
  resent: "The notification is sent again.",
  challenge: "The challenge has ended.",
  late: "The challenge had ended before.",
  "not-due": "Nothing is due any more.",
} as const;

export type FlashKey = keyof typeof FLASH_MESSAGES;
