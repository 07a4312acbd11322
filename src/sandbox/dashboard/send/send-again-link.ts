/** The link to the form that sends a logged call again. */
import type { OperationId } from "../../../../generated/operations.ts";
import type { ControlSchemas } from "../../../control-api/control-schemas.ts";
import { PAGE } from "../../../control-api/sandbox-paths.ts";
import { exactAttribute, type Markup, markup, nothing } from "../../../html/html-template.ts";

type CallView = ControlSchemas["ApiCall"];

/** Returns whether the call log contains everything that is needed to send a call again. */
export const canSendAgain = (call: CallView): call is CallView & { readonly operation: OperationId } =>
  call.operation !== undefined && call.request !== "";

export const sendAgainLink = (call: CallView | undefined, base: string): Markup =>
  call && canSendAgain(call)
    ? markup`<p class="send-again"><a class="button" href="${exactAttribute(`${base}${PAGE.send}?call=${call.sequence}`)}">Edit and resend</a></p>`
    : nothing;
