/** The routes of the form that sends a call. */
import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { type OperationId, operations } from "../../../../generated/operations.ts";
import { testCardsByName } from "../../../cards/card-names.ts";
import { formatVaultingPath, PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup } from "../../../html/html-template.ts";
import { BODY_LIMIT } from "../../../protocol/json.ts";
import { getCard, getField } from "../../../protocol/json-fields.ts";
import { FORM_LIMIT } from "../../access/read-form.ts";
import type { Control } from "../../control/sandbox-control.ts";
import { FormError, type Gate, type Visit } from "../frame/gate.ts";
import { type Page, redirectTo } from "../frame/page-layout.ts";
import {
  BodyError,
  createSampleRequest,
  formatBody,
  getTestCard,
  guessTestCard,
  prefillBody,
  requireSafeBody,
} from "./request-body.ts";
import { canSendAgain } from "./send-again-link.ts";
import { type Draft, type SendPageOptions, sendPage } from "./send-page.ts";

/** The size limit of the form. Form encoding can triple the size of a request body. */
const SEND_FORM_LIMIT = 3 * BODY_LIMIT + FORM_LIMIT;

export function sendRoutes({ protectedPage, acceptForm }: Gate, control: Control): Hono {
  const app = new Hono();
  const listClients = async () => (await control.clients()).map(({ clientId }) => clientId);
  const toPage = (options: SendPageOptions, visit: Visit, status: NonNullable<Page["status"]> = 200): Page => ({
    title: "Send a call",
    section: "calls",
    status,
    body: sendPage(options, visit),
  });

  app.get(
    PAGE.send,
    protectedPage(async (visit) => {
      const filled = (await prefillFromCall(control, visit)) ?? { draft: createDraft(control, visit.url.searchParams) };
      return toPage({ ...filled, clients: await listClients() }, visit);
    }),
  );
  app.post(
    PAGE.send,
    acceptForm(SEND_FORM_LIMIT, async (form, visit) => {
      const { base } = visit;
      const draft = { ...createDraft(control, form), ...(form.has("body") ? { body: readText(form, "body") } : {}) };
      const clients = await listClients();
      try {
        if (!clients.includes(draft.clientId))
          throw new FormError("This client does not exist. Choose one from the list.");
        const body = requireSafeBody(draft.body);
        const text = draft.card === undefined ? draft.body : formatBody(replaceCard(body, draft.card));
        const { clientId, operation } = draft;
        const sequence = await control.sendCall({ clientId, operation, body: text });
        return redirectTo(base + (await getResultPath(control, draft, body, form.has("body"), sequence)));
      } catch (error) {
        if (!(error instanceof FormError)) throw error;
        const shown = error instanceof BodyError ? { ...draft, body: error.shownBody } : draft;
        return toPage({ draft: shown, clients, error: error.message }, visit, 422);
      }
    }),
  );
  return app;
}

/** Returns the text of a field. Browsers send line feeds as CRLF. */
const readText = (form: URLSearchParams, name: string): string => (form.get(name) ?? "").replaceAll("\r\n", "\n");

/** Creates a draft with an example body. The fields of a form or the parameters of a link select the operation, the client, and the card. */
function createDraft(control: Control, fields: URLSearchParams): Draft {
  const { firstClientId, baseUrl } = control.configuration();
  const operation = operations.find((name) => name === fields.get("operation")) ?? "vaultPaymentMethod";
  const cardName = [...testCardsByName.keys()].find((name) => name === fields.get("card"));
  const body = formatBody(createSampleRequest(operation, { id: randomUUID(), cardName, baseUrl }));
  return { operation, clientId: fields.get("clientId") || firstClientId, body, card: cardName };
}

/** Fills in the form with the logged call that the link identifies. Returns `undefined` if the link identifies no call that can be sent again. */
async function prefillFromCall(
  control: Control,
  { url, base }: Visit,
): Promise<Pick<SendPageOptions, "draft" | "hint"> | undefined> {
  const sequence = url.searchParams.get("call") ?? "";
  const call = /^\d{1,15}$/.test(sequence) ? await control.findCall(Number(sequence)) : undefined;
  if (!call || !canSendAgain(call)) return undefined;
  const { operation, request, clientId = "", vaultingRequestId } = call;
  const vaulting = vaultingRequestId === undefined ? undefined : await control.vaulting(vaultingRequestId, clientId);
  const keepsId = operation === "inquireVaulting" || url.searchParams.get("id") === "same";
  const { text, omitted } = prefillBody(
    request,
    guessTestCard(request, vaulting?.resultCode),
    keepsId ? undefined : randomUUID(),
  );
  const path = exactAttribute(`${base}${PAGE.calls}/${sequence}`);
  const hint = markup`Filled in from <a href="${path}">API call ${sequence}</a>. ${describeId(operation, keepsId, `${base}${PAGE.send}?call=${sequence}`)}${
    omitted.length === 0 ? "" : ` The call log masks these fields, so they were omitted: ${omitted.join(", ")}.`
  }`;
  return { draft: { operation, clientId, body: text }, hint };
}

function describeId(operation: OperationId, keepsId: boolean, path: string): Markup | string {
  if (operation === "inquireVaulting") return "";
  return keepsId
    ? markup`The vaultingRequestId is the same, so the sandbox returns the same result again. <a href="${exactAttribute(path)}">Use a new ID</a>.`
    : markup`The vaultingRequestId is new. <a href="${exactAttribute(`${path}&id=same`)}">Use the ID of that call</a>.`;
}

/** Replaces the card number in a body with that of a test card. Returns a body without a card unchanged. */
function replaceCard(body: unknown, name: string): unknown {
  const card = getCard(body);
  if (typeof card !== "object" || card === null || typeof body !== "object" || body === null) return body;
  const detail = getField(body, "paymentMethodDetail") as object;
  const replaced = { ...card, cardNo: getTestCard(name).number };
  return { ...body, paymentMethodDetail: { ...detail, card: replaced } };
}

/**
 * Returns the path of the page that shows the result. If the user clicked a test card instead of filling in the form, this is the page of the
 * vaulting, if it was created; otherwise, the page of the call.
 */
async function getResultPath(
  control: Control,
  { clientId }: Draft,
  body: unknown,
  isFilledIn: boolean,
  sequence: number | undefined,
): Promise<string> {
  const vaultingRequestId = getField(body, "vaultingRequestId");
  if (!isFilledIn && typeof vaultingRequestId === "string" && (await control.vaulting(vaultingRequestId, clientId)))
    return `${formatVaultingPath({ clientId, vaultingRequestId })}?done=sent`;
  return `${PAGE.calls}${sequence === undefined ? "" : `/${sequence}`}?done=sent`;
}
