/** The API reference, and what its page loads and calls. */
import { Hono } from "hono";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { readGenerated } from "../../../machine/generated-documents.ts";
import { BODY_LIMIT } from "../../../protocol/json.ts";
import { FORM_LIMIT } from "../../access/read-form.ts";
import type { Control } from "../../control/sandbox-control.ts";
import type { Gate } from "../frame/gate.ts";
import { notFoundPage } from "../frame/messages.ts";
import { assetResponse, jsonResponse } from "../frame/page-layout.ts";
import { isApiPath, loadReference, type Reference, type SigningMerchant } from "./load-reference.ts";
import { referencePage } from "./reference-page.ts";

/** A body of the API in a form, where every byte may take three. */
const SIGN_FORM_LIMIT = 3 * BODY_LIMIT + FORM_LIMIT;

/** `merchant`: the first one, for which the sandbox signs what is tried in the reference. */
export function referenceRoutes(
  { protectedPage, sameOrigin, acceptForm }: Gate,
  control: Control,
  merchant: SigningMerchant,
): Hono {
  const app = new Hono();
  let opened: Promise<Reference> | undefined;
  const reference = () => (opened ??= loadReference(merchant));

  app.get(
    PAGE.reference,
    protectedPage(async ({ base, formToken }) => {
      const { baseUrl, file } = control.configuration();
      const { swaggerUi, sign, styles, scripts } = await reference();
      const body = referencePage({ swaggerUi, place: { baseUrl, file }, base, sign, formToken });
      return { title: "API reference", section: "reference", body, assets: { styles, scripts } };
    }),
  );
  app.get(
    `${PAGE.reference}/openapi.json`,
    protectedPage(async () => jsonResponse(readGenerated("openapi.json"))),
  );
  app.post(
    `${PAGE.reference}/sign`,
    acceptForm(SIGN_FORM_LIMIT, async (form) => {
      const path = form.get("path") ?? "";
      if (!isApiPath(path)) return notFoundPage();
      const { sign } = await reference();
      return jsonResponse(JSON.stringify(sign(path, form.get("body") ?? "").headers));
    }),
  );
  app.get(
    `${PAGE.assets}:name{(?:reference|swagger-ui)-.+}`,
    sameOrigin(async ({ url }) => {
      const { styles, scripts } = await reference();
      const asset = [...styles, ...scripts].find(({ name }) => url.pathname === PAGE.assets + name);
      return asset ? assetResponse(asset) : notFoundPage();
    }),
  );
  return app;
}
