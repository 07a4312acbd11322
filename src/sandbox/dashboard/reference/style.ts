/** The style sheet of the API reference, including Swagger UI. @module */
export const REFERENCE_STYLE = `
html.dark-mode { background: var(--ground); }
.contents + section { margin-top: 1.75rem; }
.contents { display: flex; flex-wrap: wrap; gap: 0 1.375rem; margin-top: .75rem; }
section > h3 { margin-top: 1.75rem; }
.signature-steps { display: grid; gap: 1.25rem; margin-top: 1.25rem; }
.signature-steps > li, .signature-steps ~ .code { max-width: 56rem; }
.signature-steps p { color: var(--quiet); }
#swagger-ui { margin-top: 1.25rem; }
#swagger-ui .swagger-ui { overflow-wrap: break-word; }

#swagger-ui .swagger-ui .wrapper { max-width: none; padding: 0; }
#swagger-ui .swagger-ui, #swagger-ui .swagger-ui :is(h2, h3, h4, h5, p, li, td, th, label, input, select, textarea, button, .btn, .opblock-tag, .opblock-summary-description, .parameter__name, .parameter__in, .markdown) { font-family: var(--text); }
#swagger-ui .swagger-ui :is(code, pre, .opblock-summary-path, .opblock-summary-path__deprecated, textarea) { font-family: var(--code); }
#swagger-ui .swagger-ui :is(.markdown, .renderedMarkdown) code { background: var(--raised); color: var(--ink); font-weight: 400; }
#swagger-ui .swagger-ui .info { margin: 0 0 1.5rem; max-width: 56rem; } #swagger-ui .swagger-ui .info__license, #swagger-ui .swagger-ui .info .main { display: none; }
#swagger-ui .swagger-ui .scheme-container { display: none; }
#swagger-ui .swagger-ui :is(.info li, .info p, .info table, .info a, .opblock-description-wrapper p) { color: inherit; font-size: .9375rem; }
#swagger-ui .swagger-ui .info :is(h1, h2, h3) { color: inherit; font: 600 1rem/1.4 var(--text); margin: 1.5rem 0 .5rem; }
#swagger-ui .swagger-ui :is(.opblock-description-wrapper p, .header-col, .examples-select__section-label, .parameter__in, .opblock-title_normal p) { color: var(--ink); }
#swagger-ui .swagger-ui .opblock-summary-method, #swagger-ui .swagger-ui .btn.execute { background: var(--good); border-color: var(--good); color: var(--ground); text-shadow: none; }
#swagger-ui .swagger-ui .btn.cancel { border-color: var(--bad); color: var(--bad); }
#swagger-ui .swagger-ui .download-contents { background: var(--ink); color: var(--ground); }
#swagger-ui .swagger-ui .opblock-tag { font-size: 1.125rem; padding-left: 0; }

@media (max-width: 44rem) {
  #swagger-ui .swagger-ui .opblock .opblock-summary-path { max-width: none; overflow-wrap: anywhere; word-break: normal; }
  #swagger-ui .swagger-ui .opblock .opblock-summary { flex-wrap: wrap; }
  #swagger-ui .swagger-ui .tab-header .tab-item { white-space: nowrap; }
  #swagger-ui .swagger-ui table.parameters td, #swagger-ui .swagger-ui .opblock-body { overflow-x: auto; }
}
`;
