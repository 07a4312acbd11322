/** The routes of the API reference. */
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
import { resultCodesPage } from "./result-codes-page.ts";

/** The size limit of the signing form. Form encoding can triple the size of a request body. */
const SIGN_FORM_LIMIT = 3 * BODY_LIMIT + FORM_LIMIT;

/** Creates the routes. `merchant` is the first client, whose key signs the calls that users try out. */
export function referenceRoutes(
  { protectedPage, sameOrigin, acceptForm }: Gate,
  control: Control,
  merchant: SigningMerchant,
): Hono {
  const app = new Hono();
  let reference: Promise<Reference> | undefined;
  const getReference = () => (reference ??= loadReference(merchant));

  app.get(
    PAGE.reference,
    protectedPage(async ({ base, formToken }) => {
      const { baseUrl, credentialsFile } = control.configuration();
      const { swaggerUi, sign, styles, scripts } = await getReference();
      const body = referencePage({ swaggerUi, target: { baseUrl, credentialsFile }, base, sign, formToken });
      return { title: "API reference", section: "reference", body, assets: { styles, scripts } };
    }),
  );
  app.get(
    `${PAGE.reference}/result-codes`,
    protectedPage(({ base }) => ({ title: "Result codes", section: "reference", body: resultCodesPage(base) })),
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
      const { sign } = await getReference();
      return jsonResponse(JSON.stringify(sign(path, form.get("body") ?? "").headers));
    }),
  );
  app.get(
    `${PAGE.assets}:name{(?:reference|swagger-ui)-.+}`,
    sameOrigin(async ({ url }) => {
      const { styles, scripts } = await getReference();
      const asset = [...styles, ...scripts].find(({ name }) => url.pathname === PAGE.assets + name);
      return asset ? assetResponse(asset) : notFoundPage();
    }),
  );
  return app;
}
