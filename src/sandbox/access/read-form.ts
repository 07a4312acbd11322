/** Reads submitted HTML forms. */
import { readBody } from "../../protocol/http.ts";

export const FORM_LIMIT = 4096;

/** Returns the fields of a form, or `undefined` if the body is not a form or is too large. */
export async function readForm(request: Request, limit = FORM_LIMIT): Promise<URLSearchParams | undefined> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)) return undefined;
  const bytes = await readBody(request.body, limit);
  return bytes && new URLSearchParams(new TextDecoder().decode(bytes));
}
