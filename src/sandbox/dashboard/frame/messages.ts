/** Flash messages, and pages that contain only a message. */
import { markup } from "../../../html/html-template.ts";
import { type Page, renderPage } from "./page-layout.ts";

export const messagePage = (title: string, text: string, status: NonNullable<Page["status"]>): Page => ({
  title,
  status,
  body: markup`<h1>${title}</h1><p class="lead">${text}</p>`,
});

export const notFoundPage = (): Page =>
  messagePage("Page not found", "This page does not exist, or the sandbox was reset.", 404);

export const internalErrorResponse = (base: string): Response =>
  renderPage(messagePage("Something went wrong", "The sandbox could not complete your request. Try again.", 500), {
    base,
  });

export function crossOriginResponse(base: string): Response {
  const text = "Open the dashboard at the address that the sandbox prints. Pages on other sites cannot use it.";
  return renderPage(messagePage("Request not allowed", text, 403), { base });
}

export function expiredFormResponse(base: string): Response {
  const text = "Your form has expired, and nothing was changed. Open the page again and resubmit the form.";
  return renderPage(messagePage("Form expired", text, 403), { base });
}

/** Messages that a page shows after a form is submitted. */
export const FLASH_MESSAGES = {
  clock: "Clock moved.",
  "clock-ended-scenarios": "Clock moved. Expired scenarios have ended.",
  scenario: "Scenario started.",
  "scenario-ended": "Scenario ended.",
  fault: "Fault injected.",
  "faults-cleared": "Faults cleared.",
  reset: "Sandbox reset.",
  rotated: "Signing key rotated.",
  sent: "Call sent. This page shows the result.",
  resent: "Notification resent.",
  challenge: "Challenge completed.",
  "challenge-over": "The challenge has already ended.",
  "not-scheduled": "Nothing is scheduled for later.",
} as const;

export type FlashKey = keyof typeof FLASH_MESSAGES;
