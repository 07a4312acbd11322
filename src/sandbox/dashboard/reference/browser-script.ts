/** The script of the API reference. @module */

/** Runs Swagger UI with requests that the sandbox signs. Browsers run it unchanged, so it is plain JavaScript. */
export const REFERENCE_SCRIPT = `
"use strict";
{
const container = document.getElementById("swagger-ui");
const dark = matchMedia("(prefers-color-scheme: dark)");
const updateColorScheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", updateColorScheme);
updateColorScheme();

// Loads the OpenAPI document, replaces its servers with this sandbox, and adds examples that use only this sandbox and antom-vault listen.
// Omits jsonSchemaDialect, because Swagger UI warns about it and its value is the default.
async function loadDocument() {
  const response = await fetch(container.dataset.document);
  const document = await response.json();
  const examples = JSON.parse(container.dataset.examples);
  for (const { post } of Object.values(document.paths)) {
    const content = post.requestBody.content["application/json"];
    content.examples = { "Test card": { summary: "Test card", value: examples[post.operationId] }, ...content.examples };
  }
  return { ...document, servers: [{ url: container.dataset.server }], jsonSchemaDialect: undefined };
}

// Replaces the placeholders in a request body with a new ID or the ID of the last call.
let lastId;
const createId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
function replacePlaceholders(body) {
  if (body.includes("{new ID}") || lastId === undefined) lastId = createId();
  return body.replaceAll("{new ID}", lastId).replaceAll("{last ID}", lastId);
}
function readId(body) {
  try {
    const { vaultingRequestId } = JSON.parse(body);
    return typeof vaultingRequestId === "string" ? vaultingRequestId : undefined;
  } catch {
    return undefined;
  }
}
async function sign(request) {
  if (typeof request.body === "string") request.body = replacePlaceholders(request.body);
  // Sign the path that the gateway sees, without the prefix of a reverse proxy.
  const path = new URL(request.url, location.href).pathname.slice(document.documentElement.dataset.base.length);
  const form = new URLSearchParams({ token: container.dataset.token, path, body: request.body ?? "" });
  const signed = await fetch(container.dataset.sign, { method: "POST", body: form });
  // If the session has expired, the request is redirected to the sign-in page.
  if (!signed.ok || signed.redirected) throw new Error("The request was not signed. Reload the page.");
  const headers = await signed.json();
  Object.assign(request.headers, headers);
  lastCall = { clientId: headers["Client-Id"], id: readId(request.body) };
  return request;
}

// Links to the timeline of the vaulting that a call created or inquired about.
const encodeSegment = (text) => encodeURIComponent((/^(?:~|\\.\\.?$)/.test(text) ? "~" + text : text).toWellFormed());
let lastCall;
function showLink(response) {
  const id = lastCall?.id;
  const tried = document.getElementById("tried");
  tried.replaceChildren();
  if (id === undefined || !response.ok) return response;
  const link = document.createElement("a");
  link.href = document.documentElement.dataset.base + "/vaultings/" + encodeSegment(lastCall.clientId) + "/" + encodeSegment(id);
  link.textContent = "Open the timeline of " + id;
  tried.append(link);
  return response;
}
// In Swagger UI, these fields have no accessible name, and code blocks cannot receive keyboard focus.
const NAMES = { "textarea": "Request body", "select.examples-select-element": "Example" };
new MutationObserver(() => {
  for (const [selector, name] of Object.entries(NAMES)) {
    for (const element of container.querySelectorAll(selector + ":not([aria-label])")) element.setAttribute("aria-label", name);
  }
  for (const block of container.querySelectorAll("pre:not([tabindex])")) block.tabIndex = 0;
}).observe(container, { childList: true, subtree: true });

// Show only the description, the operations, and the webhooks. The sandbox signs requests, so the Authorize buttons are hidden.
const hidden = () => () => null;
const plugin = ({ React: { createElement } }) => ({
  components: {
    ReferenceLayout: ({ getComponent }) => createElement("div", { className: "swagger-ui" },
      ...["SvgAssets", "InfoContainer", "operations", "Webhooks"].map((name) => createElement(getComponent(name, true)))),
  },
  wrapComponents: { authorizeBtn: hidden, authorizeOperationBtn: hidden },
});
const show = async () => SwaggerUIBundle({
  domNode: container,
  spec: await loadDocument(),
  requestInterceptor: sign,
  responseInterceptor: showLink,
  plugins: [plugin],
  layout: "ReferenceLayout",
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  supportedSubmitMethods: ["post"],
  tryItOutEnabled: true,
  validatorUrl: null,
});
show();
}
`;
