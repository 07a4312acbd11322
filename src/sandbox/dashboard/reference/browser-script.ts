/** The script of the API reference. @module */

/** Shows the document, and lets what is tried there be signed by the sandbox. Plain JavaScript, for it runs as it stands. */
export const REFERENCE_SCRIPT = `
"use strict";
{
const place = document.getElementById("renderer");
const dark = matchMedia("(prefers-color-scheme: dark)");
const shade = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", shade);
shade();

// With this sandbox as its only server. The dialect that it names is JSON Schema 2020-12 itself, of which the renderer warns.
async function theDocument() {
  const response = await fetch(place.dataset.document);
  return { ...(await response.json()), servers: [{ url: place.dataset.server }], jsonSchemaDialect: undefined };
}
async function sign(request) {
  // Signed is the path that the gateway sees. What stands before it belongs to a server that stands before the sandbox.
  const path = new URL(request.url, location.href).pathname.slice(document.documentElement.dataset.base.length);
  const form = new URLSearchParams({ token: place.dataset.token, path, body: request.body ?? "" });
  const signed = await fetch(place.dataset.sign, { method: "POST", body: form });
  // Whoever was signed out is led to the way in.
  if (!signed.ok || signed.redirected) throw new Error("The sandbox did not sign this. Open the page again.");
  Object.assign(request.headers, await signed.json());
  return request;
}

// What the renderer leaves without a name, or out of the keyboard's reach.
const NAMES = { "textarea": "Request body", "select.examples-select-element": "Example" };
new MutationObserver(() => {
  for (const [selector, name] of Object.entries(NAMES)) {
    for (const each of place.querySelectorAll(selector + ":not([aria-label])")) each.setAttribute("aria-label", name);
  }
  for (const each of place.querySelectorAll("pre:not([tabindex])")) each.tabIndex = 0;
}).observe(place, { childList: true, subtree: true });

// What the document says and its operations. Who signs is the sandbox, so there is nothing to be authorized by; a page has one main part.
const nothing = () => () => null;
const plugin = ({ React: { createElement } }) => ({
  components: {
    Parts: ({ getComponent }) => createElement("div", { className: "swagger-ui" },
      ...["SvgAssets", "InfoContainer", "operations", "Webhooks"].map((name) => createElement(getComponent(name, true)))),
  },
  wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing },
});
const show = async () => SwaggerUIBundle({
  domNode: place,
  spec: await theDocument(),
  requestInterceptor: sign,
  plugins: [plugin],
  layout: "Parts",
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  supportedSubmitMethods: ["post"],
  tryItOutEnabled: true,
  validatorUrl: null,
});
show();
}
`;
