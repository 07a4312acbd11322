/** The API reference, and what its page loads and calls. */
import { Hono } from "hono";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { readGenerated } from "../../../machine/generated-documents.ts";
import { BODY_LIMIT } from "../../../protocol/json.ts";
import { FORM_LIMIT } from "../../access/read-form.ts";
import type { Control } from "../../control/sandbox-control.ts";
import type { Gate } from "../frame/gate.ts";
import { notFound } from "../frame/messages.ts";
import { assetResponse, jsonResponse } from "../frame/page-layout.ts";
import { isCallOfApi, openReference, type Reference, type SigningMerchant } from "./load-reference.ts";
import { referencePage } from "./reference-page.ts";

/** A body of the API in a form, where every byte may take three. */
const CALL_LIMIT = 3 * BODY_LIMIT + FORM_LIMIT;

/** `merchant`: the first one, for which the sandbox signs what is tried in the reference. */
export function referenceRoutes({ get, own, take }: Gate, control: Control, merchant: SigningMerchant): Hono {
  const app = new Hono();
  let opened: Promise<Reference> | undefined;
  const reference = () => (opened ??= openReference(merchant));

  app.get(
    PAGE.reference,
    get(async ({ base, formToken }) => {
      const { baseUrl, file } = control.configuration();
      const { renderer, sign, styles, scripts } = await reference();
      const body = referencePage({ renderer, place: { baseUrl, file }, base, sign, formToken });
      return { title: "API reference", part: "reference", body, assets: { styles, scripts } };
    }),
  );
  app.get(
    `${PAGE.reference}/openapi.json`,
    get(async () => jsonResponse(readGenerated("openapi.json"))),
  );
  app.post(
    `${PAGE.reference}/sign`,
    take(CALL_LIMIT, async (form) => {
      const path = form.get("path") ?? "";
      if (!isCallOfApi(path)) return notFound();
      const { sign } = await reference();
      return jsonResponse(JSON.stringify(sign(path, form.get("body") ?? "").headers));
    }),
  );
  app.get(
    `${PAGE.assets}:name{(?:reference|swagger-ui)-.+}`,
    own(async ({ url }) => {
      const { styles, scripts } = await reference();
      const asset = [...styles, ...scripts].find(({ name }) => url.pathname === PAGE.assets + name);
      return asset ? assetResponse(asset) : notFound();
    }),
  );
  return app;
}
