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

// Loads the OpenAPI document, and replaces its servers with this sandbox. Omits jsonSchemaDialect, because Swagger UI warns about it and its value is the default.
async function loadDocument() {
  const response = await fetch(container.dataset.document);
  return { ...(await response.json()), servers: [{ url: container.dataset.server }], jsonSchemaDialect: undefined };
}
async function sign(request) {
  // Sign the path that the gateway sees, without the prefix of a reverse proxy.
  const path = new URL(request.url, location.href).pathname.slice(document.documentElement.dataset.base.length);
  const form = new URLSearchParams({ token: container.dataset.token, path, body: request.body ?? "" });
  const signed = await fetch(container.dataset.sign, { method: "POST", body: form });
  // If the session has expired, the response is redirected to the sign-in page.
  if (!signed.ok || signed.redirected) throw new Error("The request was not signed. Reload the page.");
  Object.assign(request.headers, await signed.json());
  return request;
}

// Swagger UI leaves these elements without an accessible name or keyboard focus.
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
